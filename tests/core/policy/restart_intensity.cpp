#include "brigade/core/policy/restart_intensity.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;

BOOST_AUTO_TEST_SUITE(restarts)

BOOST_AUTO_TEST_CASE(no_window_holds_more_than_its_limit) {
  restart_intensity r{2, 100};
  BOOST_TEST(r.allow(0));
  BOOST_TEST(r.allow(99));
  BOOST_TEST(!r.allow(99));
  // The first one has just left the window.
  BOOST_TEST(r.allow(100));
  BOOST_TEST(!r.allow(198));
  BOOST_TEST(r.allow(199));
}

BOOST_AUTO_TEST_CASE(a_refused_restart_does_not_count) {
  restart_intensity r{1, 10};
  BOOST_TEST(r.allow(0));
  for (int at = 1; at < 10; ++at)
    BOOST_TEST(!r.allow(at));
  BOOST_TEST(r.allow(10));
}

BOOST_AUTO_TEST_CASE(none_at_all_can_be_asked_for) {
  restart_intensity r{0, 10};
  BOOST_TEST(!r.allow(0));
}

BOOST_AUTO_TEST_SUITE_END()
