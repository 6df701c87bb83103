#include "brigade/core/money/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace brigade::core;

namespace {

constexpr reservation_id id(std::uint64_t n) {
  return reservation_id{n};
}

/// A ceiling on money alone.
allowance room(std::int64_t pico) {
  auto result = allowance::max();
  result.cost = {pico};
  return result;
}

allowance money(std::int64_t pico) {
  return {{pico}, 0, 0, 0};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_reservation_fits_up_to_the_ceiling_and_not_above) {
  ledger l{room(100)};
  BOOST_TEST(!l.reserve(id(1), money(101), false));
  BOOST_TEST(l.reserve(id(1), money(100), false));
  BOOST_TEST(!l.reserve(id(2), money(1), false));
  BOOST_TEST(l.reserve(id(3), money(0), false));
}

BOOST_AUTO_TEST_CASE(an_id_is_used_once) {
  ledger l{room(100)};
  BOOST_TEST(l.reserve(id(1), money(10), false));
  BOOST_TEST(!l.reserve(id(1), money(10), false));
  BOOST_TEST(l.reserved().cost.value == 10);
}

BOOST_AUTO_TEST_CASE(settling_frees_the_rest_and_only_once) {
  ledger l{room(100)};
  BOOST_TEST(l.reserve(id(1), money(60), false));
  BOOST_TEST(l.settle(id(1), money(25))->cost.value == 0);
  BOOST_TEST(!l.settle(id(1), money(25)));
  BOOST_TEST(l.spent().cost.value == 25);
  BOOST_TEST(l.reserved().cost.value == 0);
  BOOST_TEST(l.available(false).cost.value == 75);
  BOOST_TEST(l.idle());
}

BOOST_AUTO_TEST_CASE(a_bill_above_its_reservation_is_charged_and_reported) {
  ledger l{room(100)};
  BOOST_TEST(l.reserve(id(1), money(60), false));
  BOOST_TEST(l.settle(id(1), money(130))->cost.value == 70);
  BOOST_TEST(l.spent().cost.value == 130);
  BOOST_TEST(l.available(true).cost.value == 0);
  BOOST_TEST(!l.reserve(id(2), money(1), true));
}

BOOST_AUTO_TEST_CASE(only_the_synthesis_touches_the_share) {
  ledger l{room(100)};
  l.keep_back(money(40));
  BOOST_TEST(!l.reserve(id(1), money(61), false));
  BOOST_TEST(l.reserve(id(1), money(60), false));
  BOOST_TEST(!l.reserve(id(2), money(1), false));
  BOOST_TEST(l.reserve(id(2), money(40), true));
}

BOOST_AUTO_TEST_CASE(what_a_failed_synthesis_gives_back_is_kept_back_again) {
  ledger l{room(100)};
  l.keep_back(money(40));
  BOOST_TEST(l.reserve(id(1), money(40), true));
  // Nothing was sent: the share must not fall to the workers.
  BOOST_TEST(l.settle(id(1), money(0))->cost.value == 0);
  BOOST_TEST(l.kept_back().cost.value == 40);
  BOOST_TEST(!l.reserve(id(2), money(61), false));
}

BOOST_AUTO_TEST_CASE(spent_and_reserved_never_exceed_the_ceiling) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random{seed};
    const auto draw = [&random](std::int64_t max) {
      return std::uniform_int_distribution<std::int64_t>{0, max}(random);
    };
    ledger l{room(draw(1000))};
    std::vector<std::pair<reservation_id, std::int64_t>> open;
    if (draw(1) == 1)
      l.keep_back(money(draw(300)));
    for (std::uint64_t step = 1; step <= 200; ++step) {
      if (open.empty() || draw(2) > 0) {
        const auto amount = draw(200);
        if (l.reserve(id(step), money(amount), draw(3) == 0))
          open.emplace_back(id(step), amount);
      } else {
        const auto last = open.back();
        open.pop_back();
        BOOST_TEST(l.settle(last.first, money(draw(last.second)))->cost.value
                   == 0);
      }
      BOOST_REQUIRE_MESSAGE(fits(l.spent() + l.reserved(), l.ceiling()),
                            "seed " << seed << " step " << step);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_part_has_its_own_ceiling) {
  ledger l{{{100}, 50, 2, 3}};
  BOOST_TEST(!l.reserve(id(1), {{1}, 51, 1, 0}, false));
  BOOST_TEST(!l.reserve(id(1), {{1}, 1, 3, 0}, false));
  BOOST_TEST(!l.reserve(id(1), {{1}, 1, 1, 4}, false));
  BOOST_TEST(l.reserve(id(1), {{10}, 50, 2, 3}, false));
  BOOST_TEST(!l.reserve(id(2), {{0}, 1, 0, 0}, false));
  // A call that was never sent gives everything back.
  BOOST_TEST((*l.settle(id(1), {}) == allowance{}));
  BOOST_TEST(l.reserve(id(2), {{100}, 1, 1, 1}, false));
}

BOOST_AUTO_TEST_CASE(what_has_no_ceiling_never_runs_out) {
  ledger l{allowance::max()};
  BOOST_TEST(l.reserve(id(1), {{5}, unlimited, unlimited, 1}, false));
  BOOST_TEST(l.reserve(id(2), {{5}, 1'000'000, 1, 1}, false));
  BOOST_TEST(l.available(false).tokens == unlimited);
}

BOOST_AUTO_TEST_CASE(the_share_keeps_every_part) {
  ledger l{{{100}, 100, 2, 0}};
  l.keep_back({{10}, 60, 1, 0});
  BOOST_TEST(!l.reserve(id(1), {{1}, 41, 1, 0}, false));
  BOOST_TEST(l.reserve(id(1), {{1}, 40, 1, 0}, false));
  BOOST_TEST(!l.reserve(id(2), {{1}, 0, 1, 0}, false));
  BOOST_TEST(l.reserve(id(2), {{1}, 60, 1, 0}, true));
}
