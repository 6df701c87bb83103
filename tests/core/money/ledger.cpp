#include "brigade/core/money/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace brigade::core;

namespace {

constexpr reservation_id id(std::uint64_t n) {
  return reservation_id{n};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_reservation_fits_up_to_the_ceiling_and_not_above) {
  ledger l{{100}};
  BOOST_TEST(!l.reserve(id(1), {101}, false));
  BOOST_TEST(l.reserve(id(1), {100}, false));
  BOOST_TEST(!l.reserve(id(2), {1}, false));
  BOOST_TEST(l.reserve(id(3), {0}, false));
}

BOOST_AUTO_TEST_CASE(an_id_is_used_once) {
  ledger l{{100}};
  BOOST_TEST(l.reserve(id(1), {10}, false));
  BOOST_TEST(!l.reserve(id(1), {10}, false));
  BOOST_TEST(l.reserved().value == 10);
}

BOOST_AUTO_TEST_CASE(settling_frees_the_rest_and_only_once) {
  ledger l{{100}};
  BOOST_TEST(l.reserve(id(1), {60}, false));
  BOOST_TEST(l.settle(id(1), {25})->value == 0);
  BOOST_TEST(!l.settle(id(1), {25}));
  BOOST_TEST(l.spent().value == 25);
  BOOST_TEST(l.reserved().value == 0);
  BOOST_TEST(l.available(false).value == 75);
  BOOST_TEST(l.idle());
}

BOOST_AUTO_TEST_CASE(a_bill_above_its_reservation_is_charged_and_reported) {
  ledger l{{100}};
  BOOST_TEST(l.reserve(id(1), {60}, false));
  BOOST_TEST(l.settle(id(1), {130})->value == 70);
  BOOST_TEST(l.spent().value == 130);
  BOOST_TEST(l.available(true).value == 0);
  BOOST_TEST(!l.reserve(id(2), {1}, true));
}

BOOST_AUTO_TEST_CASE(only_the_synthesis_touches_the_share) {
  ledger l{{100}};
  l.keep_back({40});
  BOOST_TEST(!l.reserve(id(1), {61}, false));
  BOOST_TEST(l.reserve(id(1), {60}, false));
  BOOST_TEST(!l.reserve(id(2), {1}, false));
  BOOST_TEST(l.reserve(id(2), {40}, true));
}

BOOST_AUTO_TEST_CASE(what_a_failed_synthesis_gives_back_is_kept_back_again) {
  ledger l{{100}};
  l.keep_back({40});
  BOOST_TEST(l.reserve(id(1), {40}, true));
  // Nothing was sent: the share must not fall to the workers.
  BOOST_TEST(l.settle(id(1), {0})->value == 0);
  BOOST_TEST(l.kept_back().value == 40);
  BOOST_TEST(!l.reserve(id(2), {61}, false));
}

BOOST_AUTO_TEST_CASE(spent_and_reserved_never_exceed_the_ceiling) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random{seed};
    const auto draw = [&random](std::int64_t max) {
      return std::uniform_int_distribution<std::int64_t>{0, max}(random);
    };
    ledger l{{draw(1000)}};
    std::vector<std::pair<reservation_id, std::int64_t>> open;
    if (draw(1) == 1)
      l.keep_back({draw(300)});
    for (std::uint64_t step = 1; step <= 200; ++step) {
      if (open.empty() || draw(2) > 0) {
        const auto amount = draw(200);
        if (l.reserve(id(step), {amount}, draw(3) == 0))
          open.emplace_back(id(step), amount);
      } else {
        const auto last = open.back();
        open.pop_back();
        BOOST_TEST(l.settle(last.first, {draw(last.second)})->value == 0);
      }
      BOOST_REQUIRE_MESSAGE((l.spent() + l.reserved() <= l.ceiling()),
                            "seed " << seed << " step " << step);
    }
  }
}
