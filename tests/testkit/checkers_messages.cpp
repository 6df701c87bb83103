#include "checkers_story.hpp"

namespace brigade::testkit {

namespace {

BOOST_AUTO_TEST_SUITE(checkers_of_messages)

BOOST_AUTO_TEST_CASE(a_message_of_another_attempt_breaks_h3) {
  const std::vector<core::event_body> late{
      ev::task_succeeded{"a", 1, {}},
      ev::task_failed{"a", 1, "refused", ""},
      ev::task_retried{"a", 1, 1, "crashed", ""},
      ev::task_cancelled{"a", 1, "deadline"},
      ev::task_skipped{"a", {}},
      ev::task_started{"a", 3}};
  for (const auto& what : late) {
    story s;
    s.begin_with({story::task("a")});
    s.start("a");
    s.say(ev::task_retried{"a", 1, 1, "crashed", ""});
    s.start("a", 2);
    BOOST_TEST(s.is_sound());
    s.say(what);
    BOOST_TEST(s.breaks("H3"));
  }
}

BOOST_AUTO_TEST_CASE(a_start_after_the_end_breaks_h3) {
  story s;
  s.begin_with({story::task("a")});
  s.start("a");
  s.say(ev::task_failed{"a", 1, "refused", ""});
  s.start("a", 2);
  BOOST_TEST(s.breaks("H3"));
}

BOOST_AUTO_TEST_CASE(a_retry_that_fails_in_its_wait_is_sound) {
  story s;
  s.begin_with({story::task("a"), story::task("b")});
  s.start("a");
  s.say(ev::task_retried{"a", 1, 1, "crashed", ""});
  s.say(ev::task_failed{"a", 1, "task_timeout", ""});
  s.say(ev::task_failed{"b", 0, "nested_too_deep", ""});
  BOOST_TEST(s.is_sound());
}

BOOST_AUTO_TEST_CASE(a_failure_that_no_call_of_the_attempt_had_breaks_h3) {
  for (const bool is_late : {false, true}) {
    story s;
    s.begin_with({story::task("a")});
    s.start("a");
    const auto call = s.intend("a");
    auto failed = story::paid(call);
    failed.code = core::outcome_code::server_error;
    failed.rule = core::money_rule::charge_in_full;
    failed.usage_known = false;
    failed.charged = {worst};
    failed.charged_tokens = worst_tokens;
    s.say(failed);
    if (is_late) {
      s.say(ev::task_retried{"a", 1, 1, "crashed", ""});
      s.now += 10;
      s.start("a", 2);
    }
    s.say(ev::task_failed{"a", is_late ? 2U : 1U, "server_error", ""});
    BOOST_TEST((is_late ? s.breaks("H3") : s.is_sound()));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_of_what_fits_breaks_its_rule) {
  const auto refused = [](const char* needed, const char* left) {
    auto crew = plain_crew();
    crew.limits.cost = {1'000'000'000'000};
    story s{crew};
    s.begin();
    s.plan({story::task("a")}, 0);
    s.start("a");
    s.say(ev::task_failed{
        "a", 1, "over_budget",
        std::string{"the call task/a#0.0 could cost up to $"} + needed
            + " but only $" + left
            + " of the ceiling of $1 is left; raise limits.cost_usd"});
    return s.is_sound() ? "sound" : s.breaks("fits") ? "fits" : "another rule";
  };
  BOOST_TEST(refused("1.000000000001", "1") == "sound");
  // It fits.
  BOOST_TEST(refused("1", "1") == "fits");
  BOOST_TEST(refused("0.1", "1") == "fits");
  // Nothing is spent, so more is left than that.
  BOOST_TEST(refused("2", "0.999999999999") == "fits");
}

BOOST_AUTO_TEST_CASE(a_doubt_about_a_call_that_was_answered_breaks_m4) {
  for (const bool lost : {false, true}) {
    story s;
    s.begin_with({story::task("a")});
    s.start("a");
    const auto call = s.intend("a");
    s.serve(call);
    s.answer(call, 70'000'000);
    if (lost)
      s.checkers.gateway_lost();
    s.now += 5000;
    s.say(ev::call_in_doubt{call, {worst}, "", worst_tokens});
    BOOST_TEST((lost ? s.is_sound() : s.breaks("M4")));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace brigade::testkit
