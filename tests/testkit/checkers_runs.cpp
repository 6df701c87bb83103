#include "checkers_story.hpp"

namespace brigade::testkit {

namespace {

BOOST_AUTO_TEST_SUITE(checkers_of_runs)

// -- life ---------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_run_without_an_end_breaks_l1) {
  story s;
  s.begin();
  s.checkers.at_rest({});
  BOOST_TEST(s.breaks("L1"));
}

BOOST_AUTO_TEST_CASE(a_run_with_two_ends_breaks_l1) {
  story s;
  s.begin();
  s.finish();
  s.finish();
  BOOST_TEST(s.breaks("L1"));
}

BOOST_AUTO_TEST_CASE(an_order_that_nobody_answers_breaks_l1) {
  for (bool refused : {true, false}) {
    story s;
    s.checkers.submitted(s.order);
    if (refused)
      s.checkers.refused(s.order.id);
    s.checkers.at_rest({});
    BOOST_TEST((refused ? s.is_sound() : s.breaks("L1")));
  }
}

BOOST_AUTO_TEST_CASE(a_suspended_run_needs_no_other_end) {
  story s;
  s.begin();
  s.say(ev::run_suspended{"shutdown"});
  s.checkers.at_rest({});
  BOOST_TEST(s.is_sound());
}

BOOST_AUTO_TEST_CASE(an_event_after_the_end_breaks_l2) {
  story s;
  s.begin();
  s.finish();
  s.intend("plan");
  BOOST_TEST(s.breaks("L2"));
}

BOOST_AUTO_TEST_CASE(a_call_after_the_end_breaks_l2) {
  story s;
  s.begin();
  s.checkers.serial(s.order.id, 7);
  const auto id = s.intend("plan");
  s.checkers.journal_failed(s.order.id);
  s.finish();
  s.serve(id);
  BOOST_TEST(s.breaks("L2"));
}

BOOST_AUTO_TEST_CASE(a_late_end_breaks_l3) {
  for (int late : {0, 1}) {
    story s;
    s.begin();
    s.now = s.order.crew->limits.run_deadline_ms + 6000 + late;
    s.finish();
    BOOST_TEST((late == 0 ? s.is_sound() : s.breaks("L3")));
  }
}

// -- time ---------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_call_after_the_end_of_its_attempt_breaks_s3) {
  for (int late : {-1, 0}) {
    story s;
    s.begin_with({story::task("a")});
    s.start("a");
    s.now = s.order.crew->limits.attempt_timeout_ms + late;
    s.intend("a");
    BOOST_TEST((late < 0 ? s.is_sound() : s.breaks("S3")));
  }
}

BOOST_AUTO_TEST_CASE(a_call_after_the_end_of_its_subtask_breaks_s3) {
  auto c = plain_crew();
  c.limits.task_timeout_ms = 70'000;
  for (int late : {-1, 0}) {
    story s{c};
    s.begin_with({story::task("a")});
    s.start("a");
    s.now = 60'000;
    s.say(ev::task_retried{"a", 1, 1, "crashed", ""});
    s.start("a", 2);
    s.now = 70'000 + late;
    s.intend("a", 2);
    BOOST_TEST((late < 0 ? s.is_sound() : s.breaks("S3")));
  }
}

BOOST_AUTO_TEST_CASE(a_call_after_the_runs_deadline_breaks_s3) {
  auto c = plain_crew();
  c.limits.run_deadline_ms = 1000;
  for (int late : {-1, 0}) {
    story s{c};
    s.begin();
    s.now = 1000 + late;
    s.intend("plan");
    BOOST_TEST((late < 0 ? s.is_sound() : s.breaks("S3")));
  }
}

BOOST_AUTO_TEST_CASE(a_call_that_arrives_after_the_deadline_breaks_s3) {
  auto c = plain_crew();
  c.limits.run_deadline_ms = 1000;
  for (int late : {-1, 0}) {
    story s{c};
    s.begin();
    s.checkers.serial(s.order.id, 7);
    const auto id = s.intend("plan");
    s.now = 1000 + late;
    s.serve(id);
    BOOST_TEST((late < 0 ? s.is_sound() : s.breaks("S3")));
  }
}

// -- structure ----------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_dependant_that_is_started_early_breaks_s1) {
  story s;
  s.begin_with({story::task("a"), story::task("b", {{"a", {}}})});
  s.start("a");
  s.start("b");
  BOOST_TEST(s.breaks("S1"));
}

BOOST_AUTO_TEST_CASE(a_dependant_of_a_failure_starts_only_with_its_policy) {
  using core::failure_policy;
  for (auto policy : {failure_policy::run_with_gap, failure_policy::skip}) {
    story s;
    s.begin_with({story::task("a"), story::task("b", {{"a", policy}})});
    s.start("a");
    s.say(ev::task_failed{"a", 1, "refused", ""});
    s.start("b");
    BOOST_TEST((policy == failure_policy::run_with_gap ? s.is_sound()
                                                       : s.breaks("S1")));
  }
}

BOOST_AUTO_TEST_CASE(a_skip_without_a_missing_dependency_breaks_s1) {
  story s;
  s.begin_with({story::task("a"), story::task("b", {{"a", {}}})});
  s.work("a");
  s.say(ev::task_skipped{"b", {"a"}});
  BOOST_TEST(s.breaks("S1"));
}

BOOST_AUTO_TEST_CASE(too_many_workers_at_once_break_s1) {
  auto c = plain_crew();
  c.limits.parallel_max = 1;
  story s{c};
  s.begin_with({story::task("a"), story::task("b")});
  s.start("a");
  BOOST_TEST(s.is_sound());
  s.start("b");
  BOOST_TEST(s.breaks("S1"));
}

BOOST_AUTO_TEST_CASE(a_plan_beyond_its_limits_breaks_s1) {
  auto c = plain_crew();
  c.limits.tasks_max = 3;
  c.limits.depth_max = 2;
  const auto chain = story::task("b", {{"a", {}}});
  const std::vector<std::vector<core::subtask>> plans{
      {story::task("a"), story::task("b"), story::task("c"), story::task("d")},
      {story::task("a"), chain, story::task("c", {{"b", {}}})},
      {story::task("a", {{"b", {}}}), chain},
      {story::task("a"), story::task("a")},
      {chain}};
  for (const auto& tasks : plans) {
    story s{c};
    s.begin_with(tasks);
    BOOST_TEST(s.breaks("S1"));
  }
  story sound{c};
  sound.begin_with({story::task("a"), chain, story::task("c")});
  BOOST_TEST(sound.is_sound());
}

/// A crew whose worker is a crew of its own.
core::crew nesting_crew() {
  auto inner = plain_crew();
  inner.limits.cost = {2 * worst};
  auto outer = plain_crew();
  outer.workers[0].nested = std::make_shared<const core::crew>(inner);
  return outer;
}

const core::run_id child{"01ARZ3NDEKTSV4RRFFQ69G5FAW"};

ev::run_submitted begin_nested(story& s) {
  s.begin_with({story::task("a")});
  s.start("a");
  auto e = s.intent("a");
  e.model = "crew/plain";
  e.nested_run = child.text;
  e.reserved = e.worst_case = {2 * worst};
  e.reserved_tokens = 10'000;
  s.say(e);
  auto begun = s.accepted();
  begun.ceiling = {2 * worst};
  begun.tokens_max = 10'000;
  begun.parent_run = s.order.id.text;
  begun.parent_task = "a";
  return begun;
}

BOOST_AUTO_TEST_CASE(a_nested_run_beyond_its_slice_breaks_s1) {
  for (int which : {0, 1, 2}) {
    story s{nesting_crew()};
    auto begun = begin_nested(s);
    if (which == 1)
      begun.tokens_max = 10'001;
    if (which == 2)
      ++begun.deadline_ms;
    s.say(child, begun);
    BOOST_TEST((which == 0 ? s.is_sound() : s.breaks("S1")));
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_is_nested_too_deep_breaks_s1) {
  auto c = nesting_crew();
  c.limits.nesting_max = 0;
  story s{c};
  s.say(child, begin_nested(s));
  BOOST_TEST(s.breaks("S1"));
}

BOOST_AUTO_TEST_CASE(a_nested_run_is_charged_what_it_spent) {
  for (std::int64_t wrong : {0, 1}) {
    story s{nesting_crew()};
    s.say(child, begin_nested(s));
    const auto id = s.calls;
    auto call = s.intent("plan");
    call.id = core::call_id{1};
    call.try_no = 1;
    s.say(child, call);
    s.say(child, story::paid(call.id));
    s.end(child, ev::run_finished{core::run_status::failed, "", "", {}});
    auto end = story::paid(core::call_id{id});
    end.charged.value += wrong;
    s.say(end);
    BOOST_TEST((wrong == 0 ? s.is_sound() : s.breaks("M4")));
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_nobody_ordered_breaks_s4) {
  story s;
  s.begin();
  s.say(child, s.accepted());
  BOOST_TEST(s.breaks("S4"));
}

BOOST_AUTO_TEST_CASE(a_subtask_that_is_not_in_the_plan_breaks_s4) {
  story s;
  s.begin_with({story::task("a")});
  s.start("b");
  BOOST_TEST(s.breaks("S4"));
}

BOOST_AUTO_TEST_CASE(a_call_for_another_model_than_the_workers_breaks_s4) {
  story s;
  s.begin_with({story::task("a")});
  s.start("a");
  auto e = s.intent("a");
  e.model = "dearer";
  s.say(e);
  BOOST_TEST(s.breaks("S4"));
}

BOOST_AUTO_TEST_CASE(restarts_beyond_their_window_break_s2) {
  auto c = plain_crew();
  c.limits.restarts_max = 1;
  c.limits.restart_window_ms = 1000;
  for (int late : {0, -1}) {
    story s{c};
    s.begin_with({story::task("a"), story::task("b")});
    for (const auto* id : {"a", "b"}) {
      s.start(id);
      s.say(ev::task_retried{id, 1, 1, "crashed", ""});
    }
    s.start("a", 2);
    s.now = 1000 + late;
    s.start("b", 2);
    BOOST_TEST((late == 0 ? s.is_sound() : s.breaks("S2")));
  }
}

BOOST_AUTO_TEST_CASE(too_many_attempts_break_s2) {
  story s;
  s.begin_with({story::task("a")});
  for (std::uint32_t attempt : {1U, 2U, 3U, 4U}) {
    BOOST_TEST(s.is_sound());
    s.start("a", attempt);
    s.say(ev::task_retried{"a", attempt, 1, "crashed", ""});
  }
  BOOST_TEST(s.breaks("S2"));
}

BOOST_AUTO_TEST_CASE(too_many_calls_and_tries_break_s2) {
  for (bool same_key : {true, false}) {
    auto c = plain_crew();
    c.limits.calls_per_task_max = same_key ? 12 : 2;
    c.limits.tries_max = same_key ? 1 : 3;
    c.limits.attempts_max = same_key ? 2 : 3;
    story s{c};
    s.begin_with({story::task("a")});
    s.start("a");
    for (std::uint32_t i = 0; i < 3; ++i) {
      BOOST_TEST(s.is_sound());
      auto e = s.intent("a");
      if (!same_key) {
        e.key.generation = i;
        e.try_no = 1;
      }
      s.say(e);
    }
    BOOST_TEST(s.breaks("S2"));
  }
}

BOOST_AUTO_TEST_CASE(a_call_of_an_older_epoch_breaks_its_rule) {
  story s;
  s.begin();
  auto e = s.intent("plan");
  e.epoch = 2;
  s.say(e);
  s.intend("plan");
  BOOST_TEST(s.breaks("epoch"));
}

// -- hygiene ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_is_left_behind_breaks_h1) {
  story s;
  hygiene left;
  left.timers = 1;
  s.checkers.at_rest(left);
  BOOST_TEST(s.breaks("H1"));
}

BOOST_AUTO_TEST_CASE(a_secret_in_any_form_breaks_h2) {
  const std::string secret = "sk-canary?12";
  // Base64 of "sk-canary?12", "asecret", "aa" and "aaa" before it.
  const std::vector<std::string> shown{
      "key=sk-canary?12.", "c2stY2FuYXJ5PzEy",
      "YXNrLWNhbmFyeT8xMg==", "YWFzay1jYW5hcnk_MTI", "%73k-canary%3F12"};
  for (const auto& text : shown) {
    story s;
    s.checkers.shown("a log line", text, secret);
    BOOST_TEST_INFO(text);
    BOOST_TEST(s.breaks("H2"));
  }
  story s;
  s.checkers.shown("a log line", "sk-canary?1 2 c2stY2FuYXJ5 %73k", secret);
  BOOST_TEST(s.is_sound());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace brigade::testkit
