#include "brigade/core/money/estimate.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;

BOOST_AUTO_TEST_SUITE(estimate)

BOOST_AUTO_TEST_CASE(too_few_calls_say_nothing) {
  typical_estimate e;
  BOOST_TEST(e.amount_for({1000}).value == 1000);
  e.learn({100}, {1});
  e.learn({100}, {1});
  BOOST_TEST(e.amount_for({1000}).value == 1000);
  e.learn({100}, {1});
  // 10 thousandths and a quarter more, rounded up.
  BOOST_TEST(e.amount_for({1000}).value == 13);
}

BOOST_AUTO_TEST_CASE(the_dearest_of_the_last_calls_counts) {
  typical_estimate e;
  e.learn({100}, {80});
  for (int i = 0; i < 31; ++i)
    e.learn({100}, {20});
  BOOST_TEST(e.amount_for({1000}).value == 1000);
  e.learn({100}, {20});
  BOOST_TEST(e.amount_for({1000}).value == 250);
}

BOOST_AUTO_TEST_CASE(it_never_exceeds_the_worst_case_nor_its_own_range) {
  typical_estimate e;
  for (int i = 0; i < 3; ++i)
    e.learn({10}, {30});
  BOOST_TEST(e.amount_for({77}).value == 77);
  typical_estimate huge;
  for (int i = 0; i < 3; ++i)
    huge.learn(pico_usd::max(), {pico_usd::max().value / 2});
  const auto amount = huge.amount_for(pico_usd::max());
  BOOST_TEST(amount.value > pico_usd::max().value / 2);
  BOOST_TEST(amount.value < pico_usd::max().value);
}

BOOST_AUTO_TEST_CASE(a_call_that_could_cost_nothing_teaches_nothing) {
  typical_estimate e;
  for (int i = 0; i < 9; ++i)
    e.learn({0}, {0});
  BOOST_TEST(e.amount_for({5}).value == 5);
}

BOOST_AUTO_TEST_SUITE_END()
