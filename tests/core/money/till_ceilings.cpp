// Ceilings, prices, estimates, nested runs and doubles.
#include "till_fixture.hpp"

using namespace brigade::core;
using namespace brigade::test;
namespace act = till_actions;

BOOST_AUTO_TEST_CASE(a_purchase_of_an_earlier_life_is_refused) {
  auto options = room(1000);
  options.epoch = 2;
  till t{one_model(), options};
  auto old = ask("task/t1", 1, 1);
  BOOST_TEST(only<act::refuse>(t.buy(first, old, 0)).code == "stale_epoch");
  old.epoch = 2;
  BOOST_TEST(only<act::send_call>(t.buy(first, old, 0)).intent.epoch == 2u);
}

BOOST_AUTO_TEST_CASE(usage_that_cannot_be_true_is_charged_in_full_and_flagged) {
  const auto settled = [](const outcome& end) {
    till t{one_model(), room(1000)};
    const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
    return only<act::settle_call>(
               t.tried(only<act::send_call>(bought).intent.id, end, 1))
        .settled;
  };
  // Nothing read, nothing written although there is text, more than any model.
  for (const auto& lie :
       {answered(0, 5), answered(5, 0), answered(std::uint64_t{1} << 60, 5)}) {
    BOOST_TEST(settled(lie).charged.value == 100);
    BOOST_TEST(!settled(lie).usage_known);
    BOOST_TEST((settled(lie).rule == money_rule::charge_in_full));
  }
  BOOST_TEST(settled(answered(1, 1)).usage_known);
}

BOOST_AUTO_TEST_CASE(reasoning_counts_as_output_in_the_worst_case) {
  crew c = *one_model();
  c.models[0].reasoning_tokens_max = 7;
  till t{std::make_shared<const crew>(c), room(1000)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  const auto& intent = only<act::send_call>(bought).intent;
  BOOST_TEST(intent.reserved.value == 107);
  BOOST_TEST(intent.worst_case.value == 107);
  BOOST_TEST(intent.reserved_tokens == 107u);
}

BOOST_AUTO_TEST_CASE(the_dearest_tier_that_the_bytes_can_reach_is_reserved) {
  crew c = *one_model();
  c.models[0].price->tiers.push_back({50, {{3}, {2}, {}}});
  till t{std::make_shared<const crew>(c), room(1000)};
  // 41 + 10 bytes are above 50 tokens at worst.
  const auto dear = t.buy(first, ask("task/t1", 41, 10), 0);
  BOOST_TEST(only<act::send_call>(dear).intent.reserved.value == 51 * 3 + 20);
  const auto cheap = t.buy(first, ask("task/t2", 40, 10), 0);
  BOOST_TEST(only<act::send_call>(cheap).intent.reserved.value == 60);
}

BOOST_AUTO_TEST_CASE(a_ceiling_on_tokens_holds_and_its_refusal_says_so) {
  auto options = room(1'000'000);
  options.ceiling.tokens = 100;
  till t{one_model(), options};
  const auto bought = t.buy(first, ask("task/t1", 40, 40), 0);
  BOOST_TEST(only<act::send_call>(bought).intent.reserved_tokens == 90u);
  const auto late = t.buy(second, ask("task/t2", 90, 1), 0);
  BOOST_TEST(only<act::refuse>(late).code == "over_budget");
  BOOST_TEST(only<act::refuse>(late).message.find("limits.tokens_max")
             != std::string::npos);
  // One that may still fit waits.
  BOOST_TEST(t.buy(second, ask("task/t3", 10, 1), 0).empty());
}

BOOST_AUTO_TEST_CASE(a_ceiling_on_calls_counts_what_was_sent) {
  auto options = room(1'000'000);
  options.ceiling.calls = 2;
  till t{one_model(), options};
  const auto never = t.buy(first, ask("task/t1", 1, 1), 0);
  t.tried(only<act::send_call>(never).intent.id,
          ended(outcome_code::connect_failed), 0);
  for (const char* path : {"task/t2", "task/t3"})
    t.tried(only<act::send_call>(t.buy(first, ask(path, 1, 1), 0)).intent.id,
            answered(1, 1), 0);
  BOOST_TEST(only<act::refuse>(t.buy(first, ask("task/t4", 1, 1), 0))
                 .message.find("limits.calls_max")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_model_bounded_by_tokens_needs_a_ceiling_on_tokens) {
  crew c = *one_model(false);
  c.models[0].price_basis = price_basis::tokens_only;
  const auto bounded = std::make_shared<const crew>(c);
  till without{bounded, room(1)};
  BOOST_TEST(only<act::refuse>(without.buy(first, ask("task/t1", 1, 1), 0)).code
             == "no_price");
  auto options = room(1);
  options.ceiling.tokens = 12;
  till with{bounded, options};
  const auto bought = with.buy(first, ask("task/t1", 1, 1), 0);
  const auto id = only<act::send_call>(bought).intent.id;
  const auto settled = with.tried(id, answered(2, 1), 0);
  BOOST_TEST(only<act::settle_call>(settled).settled.charged.value == 0);
  BOOST_TEST(with.money().spent().tokens == 3u);
}

BOOST_AUTO_TEST_CASE(each_share_of_a_ceiling_is_warned_of_once) {
  till t{one_model(), room(100)};
  const auto spend = [&t](const std::string& path, std::uint64_t pico) {
    const auto bought = t.buy(first, ask(path, 0, 10), 0);
    const auto id = only<act::send_call>(bought).intent.id;
    const auto step = t.tried(id, answered(pico - 1, 1), 0);
    std::vector<std::uint32_t> percents;
    for (const auto& warning : only<act::settle_call>(step).warnings) {
      BOOST_TEST(warning.ceiling == "cost");
      percents.push_back(warning.percent);
    }
    return percents;
  };
  using list = std::vector<std::uint32_t>;
  BOOST_TEST((spend("task/a", 20) == list{}));
  BOOST_TEST((spend("task/b", 20) == list{}));
  BOOST_TEST((spend("task/c", 10) == list{50}));
  BOOST_TEST((spend("task/d", 20) == list{}));
  BOOST_TEST((spend("task/e", 10) == list{80}));
  BOOST_TEST((spend("task/f", 10) == list{}));
}

BOOST_AUTO_TEST_CASE(an_estimate_is_learnt_and_its_excess_is_no_breach) {
  crew c = *one_model();
  c.limits.estimate = estimate_kind::typical;
  till t{std::make_shared<const crew>(c), room(100'000)};
  const auto buy_and_settle = [&t](const std::string& path,
                                   std::uint64_t cost) {
    const auto bought = t.buy(first, ask(path, 50, 40), 0);
    const auto intent = only<act::send_call>(bought).intent;
    const auto step = t.tried(intent.id, answered(cost - 1, 1), 0);
    BOOST_TEST(!only<act::settle_call>(step).breach);
    BOOST_TEST(intent.worst_case.value == 100);
    return intent.reserved.value;
  };
  for (const char* path : {"task/a", "task/b", "task/c"})
    BOOST_TEST(buy_and_settle(path, 20) == 100);
  // A quarter above the dearest so far.
  BOOST_TEST(buy_and_settle("task/d", 60) == 25);
  BOOST_TEST(buy_and_settle("task/e", 20) == 75);
}

BOOST_AUTO_TEST_CASE(a_nested_run_is_bought_with_its_crews_ceiling) {
  auto nested = std::make_shared<run_order>();
  crew inner;
  inner.name = "inner";
  inner.limits.cost = {60};
  inner.limits.calls_max = 4;
  nested->crew = std::make_shared<const crew>(inner);
  auto what = ask("task/t1", 5, 0);
  what.call = std::make_shared<const prepared_call>(prepared_call{
      "crew/inner", call_role::worker, shared_text{"goal"}, 0, nested});
  till t{one_model(), room(100)};
  const auto step = t.buy(first, what, 0);
  const auto& sent = only<act::send_call>(step);
  BOOST_TEST(sent.slice.cost.value == 60);
  BOOST_TEST(sent.slice.calls == 4u);
  BOOST_TEST(is_run_id(sent.intent.nested_run));
  // No second one fits while the first is out.
  auto other = what;
  other.key.path = "task/t2";
  BOOST_TEST(t.buy(second, other, 0).empty());
  outcome end;
  end.code = outcome_code::ok;
  end.bill = allowance{{35}, 70, 3, 2};
  const auto settled = t.tried(sent.intent.id, end, 1);
  BOOST_REQUIRE(settled.size() == 2u);
  BOOST_TEST(std::get<act::settle_call>(settled[0]).settled.charged.value
             == 35);
  BOOST_TEST(t.money().spent().calls == 3u);
  BOOST_TEST(std::get<act::send_call>(settled[1]).intent.nested_run
             != sent.intent.nested_run);
}

BOOST_AUTO_TEST_CASE(a_nested_run_gets_what_is_left_when_its_turn_comes) {
  crew inner = *one_model();
  inner.limits.cost = {60};
  auto nested = std::make_shared<run_order>();
  nested->crew = std::make_shared<const crew>(inner);
  auto what = ask("task/t2", 5, 0);
  what.call = std::make_shared<const prepared_call>(prepared_call{
      "crew/inner", call_role::worker, shared_text{"goal"}, 0, nested});
  auto options = room(100);
  options.ceiling.tokens = 1000;
  till t{one_model(), options};
  const auto out = t.buy(first, ask("task/t1", 30, 20), 0);
  // It has no ceiling on tokens of its own, and waits for the money.
  BOOST_TEST(t.buy(second, what, 0).empty());
  const auto step =
      t.tried(only<act::send_call>(out).intent.id, answered(10, 10), 1);
  BOOST_REQUIRE(step.size() == 2u);
  BOOST_TEST(std::get<act::send_call>(step[1]).slice.tokens == 980u);
}

BOOST_AUTO_TEST_CASE(an_attempt_is_given_up_without_the_one_after_it) {
  till t{one_model(), room(10'000)};
  auto what = ask("task/t1", 50, 40);
  what.task = "t1";
  t.buy(first, what, 0);
  what.attempt = 2;
  // The second life joins the call of the first.
  BOOST_TEST(t.buy(second, what, 1).empty());
  // A late message about the first life changes nothing.
  BOOST_TEST(t.abandon("t1", 1, 1).empty());
  BOOST_TEST(t.abandon("t1", 2, 1).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_free_model_that_ignores_its_limit_is_stopped_too) {
  crew c = *one_model();
  c.models[0].price = price{};
  till t{std::make_shared<const crew>(c), room(0)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  const auto step =
      t.tried(only<act::send_call>(bought).intent.id, answered(50, 51), 0);
  const auto& breach = only<act::settle_call>(step).breach;
  BOOST_REQUIRE(breach);
  BOOST_TEST(breach->reserved_tokens == 100u);
  BOOST_TEST(breach->charged_tokens == 101u);
}

BOOST_AUTO_TEST_CASE(what_waits_is_asked_anew_when_its_turn_comes) {
  till t{one_model(), room(150)};
  const auto bought = t.buy(first, ask("task/t1", 50, 40), 0);
  // Two lives of one worker wait for the same call; then another model's worth.
  BOOST_TEST(t.buy(ticket_id{2}, ask("task/t2", 50, 40), 0).empty());
  BOOST_TEST(t.buy(ticket_id{3}, ask("task/t2", 50, 40), 0).empty());
  const auto id = only<act::send_call>(bought).intent.id;
  const auto step = t.tried(id, answered(5, 5), 1);
  // One try, which the newer life joins.
  BOOST_REQUIRE(step.size() == 2u);
  const auto second_id = std::get<act::send_call>(step[1]).intent.id;
  const auto done = t.tried(second_id, answered(5, 5), 2);
  BOOST_TEST((only<act::settle_call>(done).buyer == ticket_id{3}));
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_model_that_is_stopped_is_refused) {
  till t{one_model(), room(1000)};
  const auto bought = t.buy(first, ask("task/t1", 500, 400), 0);
  BOOST_TEST(t.buy(second, ask("task/t2", 50, 40), 0).empty());
  const auto id = only<act::send_call>(bought).intent.id;
  const auto step = t.tried(id, answered(500, 411), 1);
  BOOST_TEST(std::get<act::settle_call>(step.at(0)).breach.has_value());
  BOOST_TEST(std::get<act::refuse>(step.at(1)).code == "model_stopped");
}
