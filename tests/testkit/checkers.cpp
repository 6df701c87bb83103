#include "checkers_story.hpp"

#include "brigade/testkit/checkers/trace_hash.hpp"

namespace brigade::testkit {

namespace {

using core::outcome_code;

void tell_healthy(story& s) {
  s.begin();
  s.buy("plan");
  s.plan({story::task("a"), story::task("b", {{"a", {}}})});
  s.work("a");
  s.now = 10;
  s.work("b");
  s.say(ev::synthesis_started{"llm", 2, 0});
  s.buy("synth");
  s.say(ev::synthesis_succeeded{core::shared_text{"answer"}});
  s.finish();
}

BOOST_AUTO_TEST_SUITE(checkers)

BOOST_AUTO_TEST_CASE(a_healthy_run_breaks_no_rule) {
  story s;
  tell_healthy(s);
  s.checkers.at_rest({});
  BOOST_TEST(s.is_sound());
}

BOOST_AUTO_TEST_CASE(after_a_reset_the_same_story_is_told_from_the_start) {
  story s;
  for (int i = 0; i < 3; ++i) {
    tell_healthy(s);
    s.checkers.at_rest({});
    BOOST_TEST(s.is_sound());
    s.checkers.reset();
    s.seq.clear();
    s.ended.clear();
    s.tries.clear();
    s.calls = 0;
    s.now = 0;
  }
}

BOOST_AUTO_TEST_CASE(serials_are_learnt_from_the_first_try) {
  story s;
  s.begin();
  const auto e = s.intent("plan");
  s.say(e);
  auto line = s.line(e.id);
  line.call.role = core::call_role::planner;
  s.checkers.served(line);
  BOOST_TEST(s.is_sound());
}

// -- money --------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(money_above_the_ceiling_breaks_m1) {
  for (std::int64_t less : {0, 1}) {
    story s;
    s.order.ceiling = core::pico_usd{worst - less};
    s.begin();
    s.intend("plan");
    BOOST_TEST((less == 0 ? s.is_sound() : s.breaks("M1")));
  }
}

BOOST_AUTO_TEST_CASE(tokens_above_the_ceiling_break_m1) {
  for (std::uint64_t less : {0, 1}) {
    auto c = plain_crew();
    c.limits.tokens_max = worst_tokens - less;
    story s{c};
    s.begin();
    s.intend("plan");
    BOOST_TEST((less == 0 ? s.is_sound() : s.breaks("M1")));
  }
}

BOOST_AUTO_TEST_CASE(
    calls_above_the_ceiling_break_m1_but_released_ones_do_not) {
  for (auto code : {outcome_code::connect_failed, outcome_code::timed_out}) {
    auto c = plain_crew();
    c.limits.calls_max = 1;
    story s{c};
    s.begin();
    ev::call_settled end;
    end.id = s.intend("plan");
    end.code = code;
    end.rule = code == outcome_code::timed_out
                   ? core::money_rule::charge_in_full
                   : core::money_rule::release;
    if (code == outcome_code::timed_out) {
      end.charged = {worst};
      end.charged_tokens = worst_tokens;
    }
    s.say(end);
    s.intend("plan");
    BOOST_TEST(
        (code == outcome_code::timed_out ? s.breaks("M1") : s.is_sound()));
  }
}

BOOST_AUTO_TEST_CASE(a_bill_above_what_is_held_breaks_m2) {
  story s;
  s.begin();
  s.checkers.serial(s.order.id, 7);
  const auto id = s.intend("plan");
  s.serve(id);
  s.answer(id, 80'000'000);
  s.say(story::paid(id));
  BOOST_TEST(s.breaks("M2"));
}

BOOST_AUTO_TEST_CASE(a_try_without_an_intent_breaks_m3) {
  story s;
  s.begin();
  s.checkers.serial(s.order.id, 7);
  s.serve(core::call_id{1});
  BOOST_TEST(s.breaks("M3"));
}

BOOST_AUTO_TEST_CASE(a_try_that_is_not_what_was_bought_breaks_m3) {
  const std::vector<void (*)(served_call&)> changes{
      [](auto& l) { l.call.model = "dearer"; },
      [](auto& l) { l.call.body[0] = 'y'; },
      [](auto& l) { l.call.output_tokens_max = 101; }};
  for (auto change : changes) {
    story s;
    s.begin();
    s.checkers.serial(s.order.id, 7);
    auto line = s.line(s.intend("plan"));
    change(line);
    s.checkers.served(line);
    BOOST_TEST(s.breaks("M3"));
  }
}

BOOST_AUTO_TEST_CASE(a_reservation_below_the_worst_case_breaks_m3) {
  for (int which : {0, 1}) {
    story s;
    s.begin();
    s.checkers.serial(s.order.id, 7);
    auto e = s.intent("plan");
    if (which == 0)
      e.reserved = e.worst_case = {worst - 1};
    else
      e.reserved_tokens = worst_tokens - 1;
    s.say(e);
    s.serve(e.id);
    BOOST_TEST(s.breaks("M3"));
  }
}

BOOST_AUTO_TEST_CASE(the_dearest_tier_that_the_input_can_reach_counts) {
  story s;
  s.begin();
  s.checkers.serial(s.order.id, 7);
  auto e = s.intent("plan");
  const std::string large(1000, 'x');
  e.request_hash = hex_of(large);
  e.reserved = e.worst_case = {1064 * 1'000'000 + 200'000'000};
  e.reserved_tokens = 1164;
  s.say(e);
  auto line = s.line(e.id);
  line.call.body = large;
  s.checkers.served(line);
  BOOST_TEST(s.breaks("M3"));
}

BOOST_AUTO_TEST_CASE(a_call_that_ends_twice_breaks_m4) {
  story s;
  s.begin();
  const auto id = s.intend("plan");
  s.say(story::paid(id));
  s.say(story::paid(id));
  BOOST_TEST(s.breaks("M4"));
}

BOOST_AUTO_TEST_CASE(a_call_without_an_end_breaks_m4) {
  story s;
  s.begin();
  s.intend("plan");
  s.finish(core::run_status::failed);
  BOOST_TEST(s.breaks("M4"));
}

BOOST_AUTO_TEST_CASE(a_failed_journal_excuses_an_end_that_is_not_seen) {
  story s;
  s.begin();
  s.intend("plan");
  s.checkers.journal_failed(s.order.id);
  s.checkers.at_rest({});
  BOOST_TEST(s.is_sound());
}

BOOST_AUTO_TEST_CASE(a_wrong_charge_breaks_m4) {
  const std::vector<void (*)(ev::call_settled&)> changes{
      [](auto& e) { --e.charged.value; },
      [](auto& e) { --e.charged_tokens; },
      [](auto& e) { e.usage_known = false; },
      [](auto& e) {
        e.rule = core::money_rule::release;
        e.code = outcome_code::timed_out;
        e.charged = {};
        e.charged_tokens = 0;
      },
      [](auto& e) {
        e.rule = core::money_rule::charge_in_full;
        e.code = outcome_code::timed_out;
      },
      [](auto& e) {
        e.rule = core::money_rule::charge_in_full;
        e.code = outcome_code::not_sent;
        e.charged = {worst};
        e.charged_tokens = worst_tokens;
      }};
  for (auto change : changes) {
    story s;
    s.begin();
    auto e = story::paid(s.intend("plan"));
    change(e);
    s.say(e);
    BOOST_TEST(s.breaks("M4"));
  }
}

BOOST_AUTO_TEST_CASE(a_paid_call_that_is_bought_again_breaks_m5) {
  story s;
  s.begin();
  s.buy("plan");
  s.buy("plan");
  BOOST_TEST(s.breaks("M5"));
}

BOOST_AUTO_TEST_CASE(a_try_that_arrives_twice_breaks_m5) {
  story s;
  s.begin();
  s.checkers.serial(s.order.id, 7);
  const auto id = s.intend("plan");
  s.serve(id);
  s.serve(id);
  BOOST_TEST(s.breaks("M5"));
}

BOOST_AUTO_TEST_CASE(a_call_that_takes_from_the_share_breaks_m6) {
  for (std::int64_t less : {0, 1}) {
    story s;
    s.order.ceiling = core::pico_usd{70'000'000 + 2 * worst - less};
    s.begin_with({story::task("a")});
    s.start("a");
    s.intend("a");
    BOOST_TEST((less == 0 ? s.is_sound() : s.breaks("M6")));
  }
}

BOOST_AUTO_TEST_CASE(a_run_out_of_money_without_an_answer_breaks_m6) {
  story s;
  s.begin();
  ev::run_finished e;
  e.status = core::run_status::partial;
  e.reason = "over_budget";
  s.end(s.order.id, e);
  BOOST_TEST(s.breaks("M6"));
}

ev::call_settled overlong(core::call_id id) {
  auto e = story::paid(id);
  e.tokens.output_tokens = 1000;
  e.charged = {50'000'000 + 2'000'000'000};
  e.charged_tokens = 1050;
  return e;
}

BOOST_AUTO_TEST_CASE(a_bill_above_its_reservation_without_a_breach_breaks_m7) {
  story s;
  s.begin();
  s.say(overlong(s.intend("plan")));
  s.finish(core::run_status::failed);
  BOOST_TEST(s.breaks("M7"));
}

BOOST_AUTO_TEST_CASE(a_breach_without_reason_breaks_m7) {
  story s;
  s.begin();
  const auto id = s.intend("plan");
  s.say(story::paid(id));
  s.say(ev::budget_breached{id, "m", {worst}, {1}, worst_tokens, 1});
  BOOST_TEST(s.breaks("M7"));
}

BOOST_AUTO_TEST_CASE(a_model_that_is_used_after_its_breach_breaks_m7) {
  story s;
  s.begin();
  const auto id = s.intend("plan");
  const auto end = overlong(id);
  s.say(end);
  s.say(ev::budget_breached{id, "m", {worst}, end.charged, worst_tokens, 1050});
  BOOST_TEST(s.is_sound());
  auto again = s.intent("plan");
  again.key.generation = 1;
  again.try_no = 1;
  s.say(again);
  BOOST_TEST(s.breaks("M7"));
}

BOOST_AUTO_TEST_CASE(a_wrong_warning_breaks_its_rule) {
  for (int which : {0, 1, 2}) {
    auto c = plain_crew();
    c.limits.warn_at_percent = {50};
    story s{c};
    s.order.ceiling = core::pico_usd{which == 1 ? 2 * worst : worst};
    s.begin();
    s.say(ev::call_in_doubt{s.intend("plan"), {worst}, "", worst_tokens});
    if (which == 0)
      s.say(ev::budget_warned{"tokens", 50, {worst}});
    s.say(ev::budget_warned{"cost", 50, {which == 2 ? worst - 1 : worst}});
    if (which == 1)
      s.say(ev::budget_warned{"cost", 50, {worst}});
    BOOST_TEST(s.breaks("warned"));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_warning_breaks_its_rule) {
  auto c = plain_crew();
  c.limits.warn_at_percent = {10};
  story s{c};
  s.order.ceiling = core::pico_usd{worst};
  s.begin();
  s.say(story::paid(s.intend("plan")));
  s.finish(core::run_status::failed);
  BOOST_TEST(s.breaks("warned"));
}

// -- results ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_gap_in_the_sequence_breaks_r1) {
  story s;
  s.begin();
  ++s.seq[s.order.id.text];
  s.finish();
  BOOST_TEST(s.breaks("R1"));
}

BOOST_AUTO_TEST_CASE(a_second_success_breaks_r2) {
  story s;
  s.begin_with({story::task("a")});
  s.work("a");
  s.say(ev::task_succeeded{"a", 1, core::shared_text{"other"}});
  BOOST_TEST(s.breaks("R2"));
}

BOOST_AUTO_TEST_CASE(a_call_after_a_success_breaks_r2) {
  story s;
  s.begin_with({story::task("a")});
  s.work("a");
  auto e = s.intent("a");
  e.key.generation = 1;
  e.try_no = 1;
  s.say(e);
  BOOST_TEST(s.breaks("R2"));
}

BOOST_AUTO_TEST_CASE(traces_differ_by_any_field_and_by_order) {
  const core::run_id id{"01ARZ3NDEKTSV4RRFFQ69G5FAV"};
  const core::event one{1, 0, 5, ev::task_started{"a", 1}};
  const core::event two{1, 0, 5, ev::task_started{"a", 2}};
  trace_hash a, b, c;
  a.add(id, one);
  a.add(id, two);
  b.add(id, two);
  b.add(id, one);
  c.add(id, one);
  c.add(id, two);
  BOOST_TEST(a.value() != b.value());
  BOOST_TEST(a.value() == c.value());
  // Fixed: the same in any process and any build.
  BOOST_TEST(a.value() == 15911572138244617961U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace brigade::testkit
