#include "till_fixture.hpp"

#include <memory>

using namespace brigade::core;
using namespace brigade::test;
namespace act = till_actions;

namespace {

/// The log of one till, as its actor would write it.
struct books {
  std::vector<event_ptr> log;

  void add(event_body body) {
    log.push_back(std::make_shared<const event>(
        event{log.size() + 1, 0, 0, std::move(body)}));
  }

  /// Buys and answers; `end` null: the process dies first.
  void call(till& t, const char* key, const outcome* end) {
    const auto step = t.buy(first, ask(key, 50, 40), 0);
    const auto intent = only<act::send_call>(step).intent;
    add(intent);
    if (end == nullptr) {
      add(events::call_in_doubt{intent.id, intent.worst_case, "died",
                                intent.reserved_tokens});
      return;
    }
    const auto settled = t.tried(intent.id, *end, 1);
    add(only<act::settle_call>(settled).settled);
  }

  till restored(crew_ptr crew = one_model()) const {
    auto options = room(1000);
    options.epoch = 2;
    till again{std::move(crew), options};
    again.restore(log);
    return again;
  }
};

purchase ask_again(const char* key) {
  auto what = ask(key, 50, 40);
  what.epoch = 2;
  return what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(till_restore)

BOOST_AUTO_TEST_CASE(what_is_paid_is_recalled_and_what_is_spent_stays_spent) {
  till t{one_model(), room(1000)};
  books b;
  const auto good = answered(20, 5);
  b.call(t, "task/t1", &good);
  auto again = b.restored();
  BOOST_TEST((again.money().spent() == t.money().spent()));
  const auto step = again.buy(second, ask_again("task/t1"), 2);
  BOOST_TEST(only<act::recall>(step).result.reply.text.str() == "text");
  BOOST_TEST(again.money().spent().cost.value == 25);
}

BOOST_AUTO_TEST_CASE(a_call_in_doubt_is_charged_and_made_again) {
  till t{one_model(), room(1000)};
  books b;
  b.call(t, "task/t1", nullptr);
  auto again = b.restored();
  BOOST_TEST(again.money().spent().cost.value == 100);
  const auto step = again.buy(second, ask_again("task/t1"), 2);
  const auto& intent = only<act::send_call>(step).intent;
  BOOST_TEST(intent.try_no == 2U);
  BOOST_TEST((intent.id == call_id{2}));
  BOOST_TEST(intent.epoch == 2U);
}

BOOST_AUTO_TEST_CASE(a_call_in_doubt_is_not_made_again_when_the_crew_says_so) {
  till t{one_model(), room(1000)};
  books b;
  b.call(t, "task/t1", nullptr);
  auto strict = std::make_shared<crew>(*one_model());
  strict->limits.in_doubt = in_doubt_policy::fail;
  auto again = b.restored(strict);
  const auto step = again.buy(second, ask_again("task/t1"), 2);
  BOOST_TEST(only<act::refuse>(step).code == "in_doubt");
}

BOOST_AUTO_TEST_CASE(another_request_is_refused_unless_changes_were_accepted) {
  till t{one_model(), room(1000)};
  books b;
  const auto good = answered(20, 5);
  b.call(t, "task/t1", &good);
  auto other = ask_again("task/t1");
  other.request_hash = "another";
  auto strict = b.restored();
  BOOST_TEST(only<act::refuse>(strict.buy(second, other, 2)).code
             == "request_changed");
  events::run_resumed resumed;
  resumed.changes_accepted = true;
  b.add(std::move(resumed));
  auto lenient = b.restored();
  BOOST_TEST(only<act::send_call>(lenient.buy(second, other, 2)).intent.try_no
             == 2U);
}

BOOST_AUTO_TEST_CASE(the_calls_of_a_subtask_are_counted_over_all_lives) {
  till t{one_model(), room(100'000)};
  books b;
  const auto bad = ended(outcome_code::rate_limited, 429);
  const auto most = one_model()->limits.calls_per_task_max;
  for (std::uint32_t i = 0; i < most; ++i)
    b.call(t, "task/t1", &bad);
  auto again = b.restored();
  BOOST_TEST(only<act::refuse>(again.buy(second, ask_again("task/t1"), 2)).code
             == "calls_exhausted");
}

BOOST_AUTO_TEST_CASE(a_model_that_billed_too_much_is_not_used_in_another_life) {
  books b;
  b.add(events::budget_breached{call_id{1}, "m", {1}, {2}});
  auto again = b.restored();
  BOOST_TEST(only<act::refuse>(again.buy(second, ask_again("task/t1"), 2)).code
             == "model_stopped");
}

BOOST_AUTO_TEST_CASE(a_nested_run_that_stands_still_is_in_flight) {
  books b;
  events::call_intended intent;
  intent.id = call_id{1};
  intent.key = {"task/t1", 0, 0};
  intent.task = "t1";
  intent.model = "crew/inner";
  intent.request_hash = ask("task/t1", 50, 40).request_hash;
  intent.reserved = intent.worst_case = pico_usd{300};
  intent.nested_run = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  b.add(intent);
  auto again = b.restored();
  BOOST_TEST(again.money().reserved().cost.value == 300);
  // Its worker asks for it again: joined, not bought.
  BOOST_TEST(again.buy(second, ask_again("task/t1"), 2).empty());
  outcome end;
  end.code = outcome_code::ok;
  end.bill = allowance{pico_usd{120}, 7, 3, 2};
  const auto step = again.tried(call_id{1}, end, 3);
  BOOST_TEST(only<act::settle_call>(step).settled.charged.value == 120);
  BOOST_TEST((only<act::settle_call>(step).buyer == second));
  BOOST_TEST(again.money().spent().tasks == 2U);
  BOOST_TEST(again.idle());
}

BOOST_AUTO_TEST_SUITE_END()
