#include "brigade/core/run/history.hpp"

#include "run_story.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;
using namespace brigade::test;

namespace {

run_history folded(const run_story& story) {
  run_history result;
  for (const auto& e : story.events)
    result.apply(e);
  return result;
}

events::run_resumed resumed(std::uint32_t epoch, std::string reason) {
  events::run_resumed e;
  e.epoch = epoch;
  e.reason = std::move(reason);
  return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(each_attempt_keeps_its_times_and_its_end) {
  run_story story;
  story.submit().accept({planned("a"), planned("b")}, 100);
  story.then(events::task_started{"a", 1}, 10)
      .then(events::task_retried{"a", 1, 50, "crashed", "It fell."}, 20)
      .then(events::task_started{"a", 2}, 50)
      .then(events::task_succeeded{"a", 2, shared_text{"x"}}, 30);
  const auto h = folded(story);
  BOOST_TEST_REQUIRE(h.attempts.size() == 2u);
  BOOST_TEST(h.attempts[1].empty());
  BOOST_TEST_REQUIRE(h.attempts[0].size() == 2u);
  const auto& first = h.attempts[0][0];
  BOOST_TEST(first.started_ms == 110);
  BOOST_TEST(first.ended_ms.value() == 130);
  BOOST_TEST((first.end == attempt_end::retried));
  BOOST_TEST(first.code == "crashed");
  BOOST_TEST(first.message == "It fell.");
  BOOST_TEST(first.delay_ms == 50);
  const auto& second = h.attempts[0][1];
  BOOST_TEST(second.attempt == 2u);
  BOOST_TEST(second.started_ms == 180);
  BOOST_TEST(second.ended_ms.value() == 210);
  BOOST_TEST((second.end == attempt_end::succeeded));
}

BOOST_AUTO_TEST_CASE(a_failure_in_the_wait_for_a_retry_leaves_the_attempt) {
  run_story story;
  story.submit().accept({planned("a")});
  story.then(events::task_started{"a", 1})
      .then(events::task_retried{"a", 1, 50, "crashed", ""}, 20)
      .then(events::task_failed{"a", 1, "deadline", ""}, 20);
  const auto h = folded(story);
  BOOST_TEST_REQUIRE(h.attempts[0].size() == 1u);
  BOOST_TEST(h.attempts[0][0].code == "crashed");
  BOOST_TEST(h.attempts[0][0].ended_ms.value() == 20);
}

BOOST_AUTO_TEST_CASE(a_call_keeps_what_was_sent_and_answered_and_when) {
  run_story story;
  story.submit();
  events::call_intended sent;
  sent.id = call_id{1};
  sent.request = shared_text{"{}"};
  sent.request_hash = "abc";
  sent.waited_ms = 7;
  sent.epoch = 1;
  story.then(sent, 10);
  events::call_settled got;
  got.id = call_id{1};
  got.reply = shared_text{"yes"};
  got.http_status = 200;
  got.request_id = "r1";
  got.charged_tokens = 15;
  story.then(got, 25).then(got, 1);
  const auto h = folded(story);
  BOOST_TEST_REQUIRE(h.calls.size() == 1u);
  const auto& call = h.calls[0];
  BOOST_TEST(call.request.str() == "{}");
  BOOST_TEST(call.request_hash == "abc");
  BOOST_TEST(call.reply.str() == "yes");
  BOOST_TEST(call.started_ms == 10);
  BOOST_TEST(call.ended_ms.value() == 35);
  BOOST_TEST(call.intended_seq == 2u);
  BOOST_TEST(call.ended_seq == 3u);
  BOOST_TEST(call.waited_ms == 7);
  BOOST_TEST(call.http_status == 200);
  BOOST_TEST(call.request_id == "r1");
  BOOST_TEST(call.charged_tokens == 15u);
}

BOOST_AUTO_TEST_CASE(a_call_in_doubt_has_an_end_and_no_reply) {
  run_story story;
  story.submit().intend(1, call_role::planner, "", 100);
  events::call_in_doubt lost;
  lost.id = call_id{1};
  lost.charged_tokens = 9;
  story.then(lost, 5);
  const auto h = folded(story);
  BOOST_TEST(h.calls.at(0).ended_ms.value() == 5);
  BOOST_TEST(h.calls[0].reply.empty());
  BOOST_TEST((h.calls[0].rule == money_rule::charge_in_full));
  BOOST_TEST(h.state.calls[0].in_doubt);
}

BOOST_AUTO_TEST_CASE(a_suspension_ends_a_life_and_its_attempts) {
  run_story story;
  story.submit().accept({planned("a")});
  story.then(events::task_started{"a", 1}, 10)
      .then(events::run_suspended{"interrupt"}, 10);
  auto h = folded(story);
  BOOST_TEST_REQUIRE(h.lives.size() == 1u);
  BOOST_TEST(h.lives[0].ended_by == "interrupt");
  BOOST_TEST((h.attempts[0][0].end == attempt_end::interrupted));
  BOOST_TEST(h.attempts[0][0].ended_ms.value() == 20);
  story.then(resumed(2, "user"), 5)
      .then(events::task_started{"a", 2}, 5)
      .then(events::task_succeeded{"a", 2, shared_text{"x"}}, 5)
      .then(events::run_finished{run_status::succeeded, {}, {}, {}}, 5);
  h = folded(story);
  BOOST_TEST_REQUIRE(h.lives.size() == 2u);
  BOOST_TEST(h.lives[1].epoch == 2u);
  BOOST_TEST(h.lives[1].begun_by == "user");
  BOOST_TEST(h.lives[1].started_ms == 25);
  BOOST_TEST(h.lives[1].last_ms == 40);
  BOOST_TEST(h.lives[1].ended_by == "finished");
  BOOST_TEST(h.attempts[0].size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_life_without_an_end_was_lost) {
  run_story story;
  story.submit().accept({planned("a")});
  story.then(events::task_started{"a", 1}, 10)
      .then(events::budget_warned{}, 10)
      .then(resumed(2, "restart"), 100);
  const auto h = folded(story);
  BOOST_TEST_REQUIRE(h.lives.size() == 2u);
  BOOST_TEST(h.lives[0].ended_by == "lost");
  BOOST_TEST(h.lives[0].last_ms == 20);
  BOOST_TEST(h.lives[1].ended_by.empty());
  BOOST_TEST((h.attempts[0][0].end == attempt_end::interrupted));
  BOOST_TEST(h.attempts[0][0].ended_ms.value() == 20);
}

BOOST_AUTO_TEST_CASE(what_comes_late_twice_or_from_nowhere_is_ignored) {
  run_history h;
  h.apply({5, 0, 10, events::task_started{"a", 1}});
  h.apply({6, 0, 10, events::call_settled{}});
  h.apply({7, 0, 10, resumed(1, "user")});
  h.apply({7, 0, 10, events::call_intended{}});
  BOOST_TEST(h.calls.empty());
  BOOST_TEST(h.attempts.empty());
  BOOST_TEST(h.lives.size() == 1u);
  h.apply({8, 0, 12, events::run_finished{}});
  h.apply({9, 0, 90, events::run_suspended{"interrupt"}});
  BOOST_TEST(h.lives[0].ended_by == "finished");
  BOOST_TEST(h.lives[0].last_ms == 12);
}

BOOST_AUTO_TEST_SUITE_END()
