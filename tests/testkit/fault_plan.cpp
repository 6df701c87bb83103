// Which faults strike: the same for the same seed, and any of them can be
// masked off.
#include "brigade/testkit/fault_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace brigade;
using testkit::fault;
using testkit::fault_count;
using testkit::fault_plan;
using testkit::fault_set;

namespace {

fault at(std::size_t i) {
  return static_cast<fault>(i);
}

/// The first seed above `from` that draws `wanted`.
std::uint64_t seed_with(fault wanted, std::uint64_t from = 0) {
  for (auto seed = from + 1;; ++seed)
    if (fault_plan{seed}.is_on(wanted))
      return seed;
}

std::vector<bool> decisions(fault_plan& plan, fault f) {
  std::vector<bool> made;
  for (int i = 0; i < 200; ++i)
    made.push_back(plan.happens(f));
  return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_fault_has_a_name_that_is_read_back) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < fault_count; ++i) {
    const auto name = to_string(at(i));
    BOOST_TEST(!name.empty());
    BOOST_TEST(names.insert(name).second, name);
    BOOST_TEST((testkit::parse_fault(name) == at(i)));
  }
  BOOST_TEST(!testkit::parse_fault("gremlin"));
}

BOOST_AUTO_TEST_CASE(the_same_seed_decides_the_same) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    fault_plan one{seed}, other{seed};
    BOOST_TEST(one.on() == other.on());
    for (std::size_t i = 0; i < fault_count; ++i)
      BOOST_TEST(decisions(one, at(i)) == decisions(other, at(i)),
                 "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_mask_leaves_the_other_faults_as_they_were) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    auto mask = testkit::all_faults();
    mask.reset(static_cast<std::size_t>(fault::silence));
    fault_plan all{seed}, masked{seed, mask};
    BOOST_TEST(!masked.is_on(fault::silence));
    BOOST_TEST(masked.permille(fault::silence) == 0u);
    for (std::size_t i = 0; i < fault_count; ++i) {
      if (at(i) == fault::silence)
        continue;
      // Interleaved with decisions that only one of them makes.
      all.happens(fault::silence);
      BOOST_TEST(decisions(all, at(i)) == decisions(masked, at(i)),
                 "seed " << seed);
    }
  }
}

BOOST_AUTO_TEST_CASE(faults_that_are_off_never_happen) {
  fault_plan plan{1, fault_set{}};
  for (std::size_t i = 0; i < fault_count; ++i)
    for (int n = 0; n < 100; ++n)
      BOOST_TEST(!plan.happens(at(i)));
  BOOST_TEST(plan.text().empty());
}

BOOST_AUTO_TEST_CASE(what_happens_is_counted_and_told) {
  const auto seed = seed_with(fault::cancel);
  fault_plan plan{seed};
  int told = 0;
  plan.on_fault([&](fault f) {
    ++told;
    BOOST_TEST((f == fault::cancel));
  });
  const auto made = decisions(plan, fault::cancel);
  const auto hits = std::count(made.begin(), made.end(), true);
  BOOST_TEST(told == hits);
  BOOST_TEST(plan.count(fault::cancel) == hits);
  BOOST_TEST(hits > 0, "seed " << seed);
  BOOST_TEST(plan.text() == "cancel x" + std::to_string(hits));
}

BOOST_AUTO_TEST_CASE(seeds_differ_and_together_draw_every_fault) {
  fault_set drawn;
  bool some_have_none = false;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const auto on = fault_plan{seed}.on();
    drawn |= on;
    some_have_none = some_have_none || on.none();
  }
  BOOST_TEST(drawn.all());
  BOOST_TEST(some_have_none);
}

BOOST_AUTO_TEST_CASE(a_fault_is_as_likely_as_its_plan_says) {
  const auto seed = seed_with(fault::silence);
  fault_plan plan{seed};
  constexpr int draws = 20'000;
  int hits = 0, rare_hits = 0;
  for (int i = 0; i < draws; ++i) {
    hits += plan.happens(fault::silence) ? 1 : 0;
    rare_hits += plan.happens(fault::silence, 10) ? 1 : 0;
  }
  const auto expected = draws / 1000.0 * plan.permille(fault::silence);
  BOOST_TEST(hits > expected * 0.8, "seed " << seed);
  BOOST_TEST(hits < expected * 1.2, "seed " << seed);
  BOOST_TEST(rare_hits < hits / 4, "seed " << seed);
}
