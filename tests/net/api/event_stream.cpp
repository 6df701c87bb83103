// A run's events as a stream: reconnects, slow clients, heartbeats, the end.
#include "api_fixture.hpp"

#include <algorithm>
#include <charconv>

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;

namespace {

struct stream_fixture : api_fixture {
  fake_ptr follow(const core::run_id& run, std::vector<http_field> fields = {},
                  const std::string& query = {}) {
    return get("/api/v1/runs/" + run.text + "/events" + query,
               std::move(fields));
  }

  /// What a client has that has read all events above `after`.
  std::string log_of(const core::run_id& run, std::uint64_t after = 0) {
    std::string out;
    for (const auto& e : runs.of(run).events)
      if (e->seq > after)
        out += *feed_item{e}.frame();
    return out;
  }
};

constexpr std::string_view begin = "retry: 2000\n\n";

/// Whole frames with an id; comments and cut frames are left out.
std::string frames_with_id(const std::string& text, std::string* last = {}) {
  std::string out;
  std::size_t from = 0;
  for (auto end = text.find("\n\n"); end != std::string::npos;
       end = text.find("\n\n", from)) {
    const auto frame = text.substr(from, end + 2 - from);
    if (frame.starts_with("id: ")) {
      out += frame;
      if (last != nullptr)
        *last = frame.substr(4, frame.find('\n') - 4);
    }
    from = end + 2;
  }
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_streams, stream_fixture)

BOOST_AUTO_TEST_CASE(a_stream_is_the_log_and_ends_with_the_run) {
  on_io([this] {
    const auto run = runs.begin();
    const auto early = follow(run);
    BOOST_TEST(early->status() == 200);
    BOOST_TEST(early->field("Content-Type") == "text/event-stream");
    BOOST_TEST(early->field("Cache-Control") == "no-cache");
    BOOST_TEST(early->field("X-Accel-Buffering") == "no");
    BOOST_TEST(early->field("X-Run-Id") == run.text);
    play(runs, run, "Hi");
    const auto late = follow(run);
    for (const auto& each : {early, late}) {
      BOOST_TEST(each->ended());
      BOOST_TEST((each->text() == std::string{begin} + log_of(run)));
      BOOST_TEST(!each->has_callbacks());
    }
    BOOST_TEST(runs.feed().subscriptions() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(a_client_that_is_cut_off_anywhere_goes_on_exactly) {
  on_io([this] {
    const auto run = runs.begin();
    play(runs, run, "Hi");
    const auto count = runs.of(run).events.size();
    for (std::uint64_t after = 0; after < count; ++after) {
      const auto id = std::to_string(after);
      const auto by_field = follow(run, {{"last-event-id", id}});
      const auto by_query = follow(run, {}, "?after=" + id);
      BOOST_TEST((frames_with_id(by_field->text()) == log_of(run, after)));
      BOOST_TEST(by_query->text() == by_field->text());
    }
    // The header is the newer one: a browser keeps the address it had.
    BOOST_TEST((frames_with_id(
                    follow(run, {{"last-event-id", "9"}}, "?after=2")->text())
                == log_of(run, 9)));
  });
}

BOOST_AUTO_TEST_CASE(pieces_of_any_length_make_up_the_log) {
  on_io([this] {
    for (std::size_t bytes = 1; bytes < 1500; bytes += 37) {
      const auto run = runs.begin();
      std::string have;
      std::string last = "0";
      std::uint64_t call = 1;
      while (true) {
        const auto stream = follow(run, {{"last-event-id", last}});
        if (stream->status() == 204)
          break;
        if (call < 6) {
          runs.publish(run, intended(call));
          runs.publish(run, settled(call));
        } else if (call == 6) {
          runs.publish(run, finished(core::run_status::succeeded, "Hi"));
        }
        ++call;
        // The connection is cut somewhere in what came, at least one frame on.
        const auto& text = stream->text();
        const auto second = text.find("\n\n", begin.size());
        const auto cut =
            std::max(bytes, second == std::string::npos ? bytes : second + 2);
        have += frames_with_id(text.substr(0, cut), &last);
        stream->leave();
        BOOST_REQUIRE(call < 1000);
      }
      BOOST_TEST((have == log_of(run)));
    }
  });
}

BOOST_AUTO_TEST_CASE(after_the_end_a_browser_is_told_to_stop_asking) {
  on_io([this] {
    const auto run = runs.begin();
    play(runs, run, "Hi");
    const auto last = runs.of(run).events.size();
    const auto at_end = follow(run, {{"last-event-id", std::to_string(last)}});
    BOOST_TEST(at_end->status() == 204);
    BOOST_TEST(at_end->text().empty());
    BOOST_TEST(follow(run, {}, "?after=99999")->status() == 204);
    BOOST_TEST(
        follow(run, {{"last-event-id", std::to_string(last - 1)}})->status()
        == 200);
    // Of a run that goes on there will be more.
    const auto going = runs.begin();
    BOOST_TEST(follow(going, {}, "?after=1")->streams());
  });
}

BOOST_AUTO_TEST_CASE(what_is_no_id_is_refused) {
  on_io([this] {
    const auto run = runs.begin();
    for (const char* id : {"x", "-1", "1.5", "1x", " 1", "+1", "",
                           "18446744073709551616", "0x1"}) {
      const auto refused = follow(run, {{"last-event-id", id}});
      BOOST_TEST(refused->status() == 400, id);
      BOOST_TEST(at(refused, "/code") == "invalid_query");
    }
    BOOST_TEST(follow(run, {}, "?after=")->status() == 400);
    BOOST_TEST(get("/api/v1/runs/nonsense/events")->status() == 404);
    BOOST_TEST(get("/api/v1/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/events")->status()
               == 404);
  });
}

BOOST_AUTO_TEST_CASE(a_slow_client_is_fed_slowly_and_reads_the_same_log) {
  options.jobs.events.waiting_bytes_max = 4'000;
  on_io([this] {
    const auto run = runs.begin();
    const auto slow =
        send(request_of("GET", "/api/v1/runs/" + run.text + "/events"),
             [](fake_exchange& each) { each.be_slow(); });
    const auto quick = follow(run);
    for (int i = 0; i < 500; ++i)
      runs.publish(run, core::events::task_started{"t1", 1});
    const auto reads = runs.reads;
    for (int i = 0; i < 500; ++i)
      runs.publish(run, core::events::task_started{"t1", 1});
    // It costs nothing while it takes nothing.
    BOOST_TEST(runs.reads == reads);
    play(runs, run, "Hi");
    BOOST_TEST(quick->ended());
    while (!slow->ended()) {
      const auto before = slow->text().size();
      slow->take();
      BOOST_REQUIRE(slow->text().size() > before);
    }
    BOOST_TEST(slow->text() == quick->text());
    BOOST_TEST(slow->queued_max() < 6'000u);
  });
}

BOOST_AUTO_TEST_CASE(an_event_larger_than_what_may_wait_passes_in_pieces) {
  options.jobs.events.waiting_bytes_max = 100'000;
  on_io([this] {
    const auto run = runs.begin();
    const auto slow =
        send(request_of("GET", "/api/v1/runs/" + run.text + "/events"),
             [](fake_exchange& each) { each.be_slow(); });
    slow->take();
    play(runs, run, std::string(3'000'000, 'a'));
    while (!slow->ended()) {
      BOOST_REQUIRE(slow->queued_bytes() > 0u);
      slow->take();
    }
    BOOST_TEST((slow->text() == std::string{begin} + log_of(run)));
    BOOST_TEST(slow->queued_max() < 200'000u);
  });
}

BOOST_AUTO_TEST_CASE(who_goes_away_leaves_nothing_behind) {
  on_io([this] {
    const auto run = runs.begin();
    const auto stream = follow(run);
    BOOST_TEST(runs.feed().subscriptions() == 1u);
    stream->leave();
    BOOST_TEST(runs.feed().subscriptions() == 0u);
    BOOST_TEST(!stream->has_callbacks());
    // While its page is under way.
    runs.be_slow();
    const auto other = follow(run);
    runs.answer_next();
    BOOST_TEST(other->streams());
    BOOST_TEST(runs.waiting() == 1u);
    other->leave();
    runs.answer_all();
    BOOST_TEST(runs.feed().subscriptions() == 0u);
    // A run is nobody's to cancel who only looks at it.
    BOOST_TEST(runs.cancelled.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_read_ends_the_stream) {
  on_io([this] {
    const auto run = runs.begin();
    runs.read_refusal = refusal{503, "storage", "/var/lib/x is full"};
    const auto stream = follow(run);
    BOOST_TEST(stream->ended());
    BOOST_TEST(stream->text() == begin);
  });
}

BOOST_AUTO_TEST_CASE(a_quiet_stream_shows_that_it_lives) {
  options.jobs.events.heartbeat = std::chrono::milliseconds{1};
  options.jobs.events.retry = std::chrono::milliseconds{77};
  fake_ptr stream;
  core::run_id run;
  on_io([&, this] {
    run = runs.begin();
    stream = follow(run);
    BOOST_TEST(stream->text().starts_with("retry: 77\n\n"));
  });
  // However long it is quiet.
  BOOST_TEST(comes_true([&] {
    std::string many;
    for (int i = 0; i < 10; ++i)
      many += ": still here\n\n";
    return stream->text().find(many) != std::string::npos;
  }));
  on_io([&, this] {
    play(runs, run, "Hi");
    BOOST_TEST((frames_with_id(stream->text()) == log_of(run)));
  });
}

BOOST_AUTO_TEST_CASE(what_nobody_told_of_is_found_by_the_heartbeat) {
  options.jobs.events.heartbeat = std::chrono::milliseconds{1};
  fake_ptr stream;
  on_io([&, this] {
    const auto run = runs.begin();
    stream = follow(run);
    // As another process would write it.
    core::event end;
    end.seq = 2;
    end.body = finished(core::run_status::succeeded, "Hi");
    runs.of(run).events.push_back(std::make_shared<const core::event>(end));
  });
  BOOST_TEST(comes_true([&] { return stream->ended(); }));
}

BOOST_AUTO_TEST_CASE(no_more_streams_are_open_than_there_may_be) {
  options.jobs.streams_max = 2;
  on_io([this] {
    const auto run = runs.begin();
    const auto first = follow(run);
    BOOST_TEST(follow(run)->streams());
    const auto third = follow(run);
    BOOST_TEST(third->status() == 503);
    BOOST_TEST(at(third, "/code") == "too_many_streams");
    BOOST_TEST(third->field("Retry-After") == "5");
    first->leave();
    BOOST_TEST(follow(run)->streams());
    BOOST_TEST(send(request_of("HEAD", "/api/v1/runs/" + run.text + "/events"))
                   ->status()
               == 200);
  });
}

BOOST_AUTO_TEST_CASE(a_thousand_who_follow_share_each_frame) {
  options.jobs.streams_max = 1000;
  on_io([this] {
    const auto run = runs.begin();
    for (int i = 0; i < 1000; ++i)
      follow(run);
    BOOST_TEST(runs.feed().subscriptions() == 1000u);
    const auto reads = runs.reads;
    play(runs, run, "Hi");
    BOOST_TEST(runs.reads == reads);
    for (const auto& each : sent)
      BOOST_REQUIRE(each->text() == sent.front()->text());
    BOOST_TEST(runs.feed().subscriptions() == 0u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
