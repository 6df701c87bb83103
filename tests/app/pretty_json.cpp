#include "brigade/app/pretty_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

using namespace brigade::app;

BOOST_AUTO_TEST_SUITE(pretty_json_)

BOOST_AUTO_TEST_CASE(structure_is_indented_and_lists_of_scalars_are_not) {
  auto value = boost::json::parse(
      R"({"a":[{"id":"t1","on":["x","y"],"none":[]}],"b":{},"c":"q\"\n"})");
  BOOST_TEST(pretty_json(value) == R"({
  "a": [
    {
      "id": "t1",
      "on": ["x", "y"],
      "none": []
    }
  ],
  "b": {},
  "c": "q\"\n"
}
)");
}

BOOST_AUTO_TEST_CASE(what_is_printed_reads_back_the_same) {
  auto value = boost::json::parse(
      R"([1, null, true, -0.5, "\u00fc", [[], [1, [2]]], {"k": {"l": [{}]}}])");
  BOOST_TEST(boost::json::parse(pretty_json(value)) == value);
}

BOOST_AUTO_TEST_SUITE_END()
