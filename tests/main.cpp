// The one translation unit with Boost.Test's main; every test links it.
#define BOOST_TEST_MODULE brigade
#include <boost/test/unit_test.hpp>
