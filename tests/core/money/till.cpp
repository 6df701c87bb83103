#include "till_fixture.hpp"

using namespace brigade::core;
using namespace brigade::test;
namespace act = till_actions;

BOOST_AUTO_TEST_CASE(a_call_reserves_the_bytes_the_overhead_and_the_output) {
  till t{one_model(), room(1000)};
  const auto step = t.buy(first, ask("task/t1", 50, 40), 0);
  BOOST_TEST(only<act::send_call>(step).intent.reserved.value == 100);
  BOOST_TEST(t.money().reserved().cost.value == 100);
}

BOOST_AUTO_TEST_CASE(a_paid_call_is_recalled_and_never_bought_again) {
  till t{one_model(), room(1000)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  const auto id = only<act::send_call>(bought).intent.id;
  const auto settled = t.tried(id, answered(20, 5), 1);
  BOOST_TEST(only<act::settle_call>(settled).settled.charged.value == 25);
  const auto again = t.buy(second, ask("task/t1", 50, 40), 2);
  BOOST_TEST(only<act::recall>(again).result.reply.text.str() == "text");
  BOOST_TEST(t.money().spent().cost.value == 25);
}

BOOST_AUTO_TEST_CASE(a_call_in_flight_is_joined_by_the_next_life_of_its_buyer) {
  till t{one_model(), room(1000)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  BOOST_TEST(t.buy(second, ask("task/t1", 50, 40), 1).empty());
  const auto settled =
      t.tried(only<act::send_call>(bought).intent.id, answered(1, 1), 2);
  BOOST_TEST((only<act::settle_call>(settled).buyer == second));
}

BOOST_AUTO_TEST_CASE(the_same_key_with_another_request_is_refused) {
  till t{one_model(), room(1000)};
  t.buy(first, ask("task/t1", 50, 40), 0);
  auto other = ask("task/t1", 50, 40);
  other.request_hash = "another";
  BOOST_TEST(only<act::refuse>(t.buy(second, other, 0)).code
             == "request_changed");
}

BOOST_AUTO_TEST_CASE(a_model_without_a_price_is_refused) {
  till t{one_model(false), room(1000)};
  BOOST_TEST(only<act::refuse>(t.buy(first, ask("task/t1", 1, 1), 0)).code
             == "no_price");
}

BOOST_AUTO_TEST_CASE(a_late_or_duplicate_outcome_is_a_no_op) {
  till t{one_model(), room(1000)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  const auto id = only<act::send_call>(bought).intent.id;
  t.tried(id, answered(1, 1), 1);
  BOOST_TEST(t.tried(id, answered(1, 1), 1).empty());
  BOOST_TEST(t.tried(call_id{99}, answered(1, 1), 1).empty());
  BOOST_TEST(t.money().spent().cost.value == 2);
}

BOOST_AUTO_TEST_CASE(each_end_costs_what_its_rule_says) {
  const auto charge = [](const outcome& end) {
    till t{one_model(), room(1000)};
    const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
    return only<act::settle_call>(
               t.tried(only<act::send_call>(bought).intent.id, end, 1))
        .settled.charged.value;
  };
  BOOST_TEST(charge(answered(7, 3)) == 10);
  BOOST_TEST(charge(ended(outcome_code::rate_limited, 429)) == 0);
  BOOST_TEST(charge(ended(outcome_code::connect_failed)) == 0);
  BOOST_TEST(charge(ended(outcome_code::server_error, 500)) == 100);
  BOOST_TEST(charge(ended(outcome_code::timed_out)) == 100);
  BOOST_TEST(charge(ended(outcome_code::cancelled)) == 100);
  auto silent = answered(1, 1);
  silent.reply.usage.reset();
  BOOST_TEST(charge(silent) == 100);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_waits_for_what_may_come_back) {
  till t{one_model(), room(150)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  BOOST_TEST(t.buy(second, ask("task/t2", 50, 40), 0).empty());
  const auto step =
      t.tried(only<act::send_call>(bought).intent.id, answered(20, 5), 1);
  BOOST_REQUIRE(step.size() == 2u);
  BOOST_TEST(std::get<act::send_call>(step[1]).intent.key.path == "task/t2");
  BOOST_TEST(std::get<act::send_call>(step[1]).intent.waited_ms == 1);
}

BOOST_AUTO_TEST_CASE(what_can_never_fit_is_refused_at_once) {
  till t{one_model(), room(150)};
  t.buy(first, ask("task/t1", 50, 40), 0);
  BOOST_TEST(only<act::refuse>(t.buy(second, ask("task/t2", 141, 0), 0)).code
             == "over_budget");
}

BOOST_AUTO_TEST_CASE(grants_follow_the_plan_without_overtaking) {
  till t{one_model(), room(150)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40, 1), 0);
  // The later subtask would fit, but an earlier one waits.
  BOOST_TEST(t.buy(ticket_id{3}, ask("task/t3", 80, 10, 2), 0).empty());
  BOOST_TEST(t.buy(ticket_id{4}, ask("task/t4", 10, 10, 3), 0).empty());
  BOOST_TEST(t.buy(ticket_id{5}, ask("task/t2", 100, 0, 1), 0).empty());
  const auto step =
      t.tried(only<act::send_call>(bought).intent.id, answered(1, 1), 1);
  BOOST_REQUIRE(step.size() == 2u);
  BOOST_TEST(std::get<act::send_call>(step[1]).intent.key.path == "task/t2");
}

BOOST_AUTO_TEST_CASE(no_call_starts_at_or_after_its_deadline) {
  till t{one_model(), room(1000)};
  BOOST_TEST(only<act::refuse>(t.buy(first, ask("task/t1", 1, 1), 1000)).code
             == "deadline");
  till u{one_model(), room(1000)};
  only<act::send_call>(u.buy(first, ask("task/t1", 1, 1), 999));
}

BOOST_AUTO_TEST_CASE(calls_of_a_subtask_are_bounded) {
  till t{one_model(), room(10'000)};
  for (int i = 0; i < 3; ++i) {
    const auto bought = t.buy(first, ask("task/t1", 1, 1), 0);
    t.tried(only<act::send_call>(bought).intent.id,
            ended(outcome_code::server_error, 500), 0);
  }
  BOOST_TEST(only<act::refuse>(t.buy(first, ask("task/t1", 1, 1), 0)).code
             == "calls_exhausted");
}

BOOST_AUTO_TEST_CASE(a_model_that_bills_above_its_reservation_is_stopped) {
  till t{one_model(), room(10'000)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  const auto step =
      t.tried(only<act::send_call>(bought).intent.id, answered(50, 500), 0);
  const auto& settled = only<act::settle_call>(step);
  BOOST_TEST(settled.settled.charged.value == 550);
  BOOST_TEST(settled.breach.has_value());
  BOOST_TEST(only<act::refuse>(t.buy(first, ask("task/t2", 1, 1), 0)).code
             == "model_stopped");
}

BOOST_AUTO_TEST_CASE(a_closed_till_refuses_cancels_and_still_recalls) {
  till t{one_model(), room(10'000)};
  const auto paid = t.buy(first, ask("task/t1", 50, 40), 0);
  t.tried(only<act::send_call>(paid).intent.id, answered(1, 1), 0);
  const auto open = t.buy(first, ask("task/t2", 50, 40), 0);
  const auto step = t.close();
  BOOST_TEST((only<act::cancel_call>(step).id
              == only<act::send_call>(open).intent.id));
  BOOST_TEST(!t.idle());
  BOOST_TEST(only<act::refuse>(t.buy(second, ask("task/t3", 1, 1), 0)).code
             == "closed");
  only<act::recall>(t.buy(second, ask("task/t1", 50, 40), 0));
  const auto doubt = t.give_up();
  BOOST_REQUIRE(doubt.size() == 1u);
  BOOST_TEST(doubt[0].charged.value == 100);
  BOOST_TEST(t.idle());
  BOOST_TEST(t.money().spent().cost.value == 102);
}

BOOST_AUTO_TEST_CASE(who_waits_behind_what_is_given_up_is_served) {
  till t{one_model(), room(150)};
  t.buy(first, ask("task/t1", 50, 40), 0);
  auto dear = ask("task/t2", 80, 40, 2);
  dear.task = "t2";
  BOOST_TEST(t.buy(second, dear, 0).empty());
  // It would fit, but the one before it waits.
  BOOST_TEST(t.buy(ticket_id{3}, ask("task/t3", 10, 20, 3), 0).empty());
  BOOST_TEST(only<act::send_call>(t.abandon("t2", 1, 5)).intent.task
             == "task/t3");
}

BOOST_AUTO_TEST_CASE(an_abandoned_try_is_not_joined) {
  till t{one_model(), room(10'000)};
  auto what = ask("task/t1", 50, 40);
  what.task = "t1";
  const auto bought = t.buy(first, what, 0);
  const auto old = only<act::send_call>(bought).intent.id;
  BOOST_TEST((only<act::cancel_call>(t.abandon("t1", 1, 1)).id == old));
  BOOST_TEST(!t.is_wanted(old));
  const auto next = t.buy(second, what, 1);
  BOOST_TEST(only<act::send_call>(next).intent.try_no == 2u);
  // The end of the old try goes to nobody.
  BOOST_TEST(
      !only<act::settle_call>(t.tried(old, ended(outcome_code::cancelled), 2))
           .buyer);
}
