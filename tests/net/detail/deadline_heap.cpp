#include "brigade/net/detail/deadline_heap.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace {

struct item {
  int deadline = 0;
  std::size_t heap_index = static_cast<std::size_t>(-1);
};

using heap = brigade::net::detail::deadline_heap<item>;

} // namespace

BOOST_AUTO_TEST_SUITE(net_detail_deadline_heap)

BOOST_AUTO_TEST_CASE(the_top_is_always_the_earliest_deadline) {
  std::random_device device;
  auto seed = device();
  BOOST_TEST_INFO_SCOPE("seed " << seed);
  std::mt19937 random{seed};
  std::vector<item> items(200);
  heap deadlines;
  std::multiset<int> expected;
  for (auto step = 0; step < 20'000; ++step) {
    auto& one = items[random() % items.size()];
    if (one.heap_index == heap::not_in_heap) {
      one.deadline = static_cast<int>(random() % 1000);
      deadlines.push(one);
      expected.insert(one.deadline);
    } else {
      deadlines.erase(one);
      expected.erase(expected.find(one.deadline));
    }
    BOOST_REQUIRE_EQUAL(deadlines.size(), expected.size());
    if (!expected.empty())
      BOOST_REQUIRE_EQUAL(deadlines.top().deadline, *expected.begin());
  }
}

BOOST_AUTO_TEST_CASE(erasing_what_is_not_in_it_changes_nothing) {
  heap deadlines;
  item in;
  item out;
  deadlines.push(in);
  deadlines.erase(out);
  BOOST_TEST(deadlines.size() == 1);
  deadlines.erase(in);
  deadlines.erase(in);
  BOOST_TEST(deadlines.empty());
}

BOOST_AUTO_TEST_SUITE_END()
