// Feeds and followers: gaps, pauses, and events that come while others are
// read.
#include "brigade/net/api/run_follower.hpp"

#include "fake_backend.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::net::api;
using namespace brigade::net::api::test;

namespace {

core::event_ptr event_of(std::uint64_t seq) {
  core::event out;
  out.seq = seq;
  out.body = core::events::task_started{"t1", 1};
  return std::make_shared<const core::event>(out);
}

struct feed_fixture {
  run_feed feed;
  core::run_id run{"R"};
  std::string told;

  run_feed::subscription listen(const std::string& name) {
    return feed.subscribe(run, [this, name](const feed_item_ptr& item) {
      told += name + std::to_string(item->event().seq) + " ";
    });
  }
};

struct follower_fixture {
  fake_backend runs;
  core::run_id run = runs.begin();
  std::string told;
  std::string end;
  /// Events that are taken before it says no.
  int room = 1000;
  std::shared_ptr<run_follower> follower;

  void follow(std::uint64_t after = 0) {
    follower = std::make_shared<run_follower>(
        runs, run, after,
        [this](const feed_item_ptr& item) {
          told += std::to_string(item->event().seq) + " ";
          return --room > 0;
        },
        [this](const std::optional<refusal>& why) {
          end += why ? why->code : "end";
        });
    follower->start();
  }

  void publish(int count) {
    for (int i = 0; i < count; ++i)
      runs.publish(run, core::events::task_started{"t1", 1});
  }

  void finish() {
    runs.publish(run, finished(core::run_status::succeeded, "Hi"));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(run_feeds, feed_fixture)

BOOST_AUTO_TEST_CASE(listeners_hear_of_their_run_until_they_are_dropped) {
  auto a = listen("a");
  {
    auto b = listen("b");
    feed.publish(run, event_of(1));
    feed.publish(core::run_id{"other"}, event_of(7));
    BOOST_TEST(feed.subscriptions() == 2u);
  }
  feed.publish(run, event_of(2));
  a.drop();
  a.drop();
  feed.publish(run, event_of(3));
  BOOST_TEST(told == "a1 b1 a2 ");
  BOOST_TEST(feed.subscriptions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_subscription_can_be_moved) {
  auto a = listen("a");
  auto b = listen("b");
  auto c = std::move(a);
  b = std::move(c);
  feed.publish(run, event_of(1));
  // What was assigned to is dropped with the one that it went to.
  BOOST_TEST(feed.subscriptions() == 2u);
  c.drop();
  feed.publish(run, event_of(2));
  BOOST_TEST(told == "a1 b1 a2 ");
}

BOOST_AUTO_TEST_CASE(a_listener_may_drop_itself_and_others_while_it_hears) {
  std::vector<run_feed::subscription> all(3);
  for (auto& each : all)
    each = feed.subscribe(run, [&](const feed_item_ptr&) {
      told += "x";
      for (auto& other : all)
        other.drop();
    });
  feed.publish(run, event_of(1));
  BOOST_TEST(told == "x");
  BOOST_TEST(feed.subscriptions() == 0u);
}

BOOST_AUTO_TEST_CASE(who_comes_while_others_hear_hears_from_the_next_on) {
  std::vector<run_feed::subscription> late;
  const auto first = feed.subscribe(
      run, [&](const feed_item_ptr&) { late.push_back(listen("n")); });
  feed.publish(run, event_of(1));
  BOOST_TEST(told.empty());
  feed.publish(run, event_of(2));
  BOOST_TEST(told == "n2 ");
}

BOOST_AUTO_TEST_CASE(a_frame_is_written_once_and_is_one_line) {
  core::event e;
  e.seq = 12;
  e.body = core::events::task_failed{"t1", 1, "crashed", "two\nlines\r\n"};
  const feed_item item{std::make_shared<const core::event>(e)};
  const auto& frame = *item.frame();
  BOOST_TEST(frame.starts_with("id: 12\nevent: task.failed\ndata: {"));
  BOOST_TEST(frame.ends_with("}\n\n"));
  BOOST_TEST(frame.find('\n', frame.find("data: ")) == frame.size() - 2);
  BOOST_TEST(frame.find('\r') == std::string::npos);
  BOOST_TEST(item.frame().get() == &frame);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(run_followers, follower_fixture)

BOOST_AUTO_TEST_CASE(the_past_comes_first_then_the_present_each_event_once) {
  publish(6);
  follow();
  BOOST_TEST(told == "1 2 3 4 5 6 7 ");
  publish(2);
  finish();
  BOOST_TEST(told == "1 2 3 4 5 6 7 8 9 10 ");
  BOOST_TEST(end == "end");
  BOOST_TEST(runs.feed().subscriptions() == 0u);
}

BOOST_AUTO_TEST_CASE(it_begins_anywhere) {
  publish(6);
  finish();
  for (std::uint64_t after = 0; after < 8; ++after) {
    told.clear();
    end.clear();
    follow(after);
    std::string expected;
    for (auto seq = after + 1; seq <= 8; ++seq)
      expected += std::to_string(seq) + " ";
    BOOST_TEST(told == expected);
    BOOST_TEST(end == "end");
  }
}

BOOST_AUTO_TEST_CASE(
    what_comes_while_a_page_is_read_is_neither_lost_nor_twice) {
  runs.be_slow();
  publish(4);
  follow();
  // Each page is of the time at which it was asked for.
  while (runs.waiting() > 0 || told.size() < 18) {
    publish(1);
    BOOST_REQUIRE(runs.waiting() > 0);
    runs.answer_next();
    if (runs.of(run).events.size() > 20) {
      finish();
      runs.answer_all();
      break;
    }
  }
  std::string expected;
  for (std::size_t seq = 1; seq <= runs.of(run).events.size(); ++seq)
    expected += std::to_string(seq) + " ";
  BOOST_TEST(told == expected);
  BOOST_TEST(end == "end");
}

BOOST_AUTO_TEST_CASE(a_gap_in_what_is_published_is_read) {
  follow();
  // Durable, and not told: as after a crash of who tells.
  auto& events = runs.of(run).events;
  for (std::uint64_t seq = 2; seq <= 5; ++seq)
    events.push_back(event_of(seq));
  runs.feed().publish(run, events.back());
  BOOST_TEST(told == "1 2 3 4 5 ");
  // Told once more: nothing.
  runs.feed().publish(run, events.back());
  runs.feed().publish(run, events.front());
  BOOST_TEST(told == "1 2 3 4 5 ");
}

BOOST_AUTO_TEST_CASE(an_event_that_is_told_and_cannot_be_read_ends_it) {
  follow();
  runs.feed().publish(run, event_of(9));
  BOOST_TEST(told == "1 ");
  BOOST_TEST(end == "unreadable");
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_read_ends_it) {
  runs.read_refusal = refusal{503, "storage", "later"};
  follow();
  BOOST_TEST(end == "storage");
  BOOST_TEST(runs.feed().subscriptions() == 0u);
}

BOOST_AUTO_TEST_CASE(it_pauses_after_any_event_and_goes_on) {
  publish(6);
  for (int pause = 1; pause <= 8; ++pause) {
    told.clear();
    room = pause;
    follow();
    room = 1000;
    BOOST_TEST(told.size()
               == 2u * static_cast<std::size_t>(std::min(pause, 7)));
    follower->go_on();
    BOOST_TEST(told == "1 2 3 4 5 6 7 ");
    // Nothing to go on with.
    follower->go_on();
    BOOST_TEST(told == "1 2 3 4 5 6 7 ");
  }
}

BOOST_AUTO_TEST_CASE(a_pause_in_the_present_reads_what_came_meanwhile) {
  room = 1;
  follow();
  publish(5);
  BOOST_TEST(told == "1 ");
  const auto reads = runs.reads;
  BOOST_TEST(runs.reads == reads);
  room = 3;
  follower->go_on();
  BOOST_TEST(told == "1 2 3 4 ");
  room = 1000;
  finish();
  BOOST_TEST(told == "1 2 3 4 ");
  follower->go_on();
  BOOST_TEST(told == "1 2 3 4 5 6 7 ");
  BOOST_TEST(end == "end");
}

BOOST_AUTO_TEST_CASE(a_pause_while_a_page_is_under_way_reads_one_at_a_time) {
  runs.be_slow();
  publish(3);
  room = 2;
  follow();
  BOOST_TEST(runs.waiting() == 1u);
  follower->go_on();
  BOOST_TEST(runs.waiting() == 1u);
  runs.answer_next();
  BOOST_TEST(told == "1 2 ");
  BOOST_TEST(runs.waiting() == 0u);
  room = 1000;
  follower->go_on();
  follower->go_on();
  BOOST_TEST(runs.waiting() == 1u);
  runs.answer_all();
  BOOST_TEST(told == "1 2 3 4 ");
}

BOOST_AUTO_TEST_CASE(nothing_is_told_after_it_was_stopped) {
  runs.be_slow();
  publish(3);
  follow();
  follower->stop();
  runs.answer_all();
  publish(1);
  finish();
  follower->go_on();
  BOOST_TEST(told.empty());
  BOOST_TEST(end.empty());
}

BOOST_AUTO_TEST_CASE(who_drops_it_is_told_nothing_more) {
  runs.be_slow();
  publish(3);
  follow();
  const std::weak_ptr<run_follower> weak = follower;
  follower->stop();
  follower.reset();
  // The page under way keeps it.
  BOOST_TEST(!weak.expired());
  runs.answer_all();
  BOOST_TEST(weak.expired());
  BOOST_TEST(told.empty());
  BOOST_TEST(runs.feed().subscriptions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_long_log_is_read_without_growing_the_stack) {
  runs.page_events_max = 1;
  room = 100'000;
  publish(20'000);
  finish();
  follow();
  BOOST_TEST(end == "end");
  BOOST_TEST(follower->position() == 20'002u);
}

BOOST_AUTO_TEST_SUITE_END()
