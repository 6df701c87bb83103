// `${NAME}`, `${NAME:-default}` and `$$` in strings that are not prompts.
#include "../support.hpp"

#include "brigade/config/detail/context.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;
using test::fake;

namespace {

/// The text, or `fault: ` and what was reported.
std::string expanded(std::string_view text) {
  const auto options = fake({{"A", "1"}, {"EMPTY", ""}, {"NEST", "${A}"}});
  detail::fault_sink sink{"c.toml"};
  const detail::context ctx{sink, options, ""};
  const auto result = detail::interpolate(ctx, text, {0, 2, 3});
  BOOST_TEST(result.has_value() == !sink.any());
  if (result)
    return *result;
  return "fault: " + to_string(sink.take_faults().at(0));
}

} // namespace

BOOST_AUTO_TEST_CASE(variables_and_defaults_are_replaced) {
  BOOST_TEST(expanded("") == "");
  BOOST_TEST(expanded("x${A}y${A}") == "x1y1");
  BOOST_TEST(expanded("${EMPTY}") == "");
  BOOST_TEST(expanded("${A:-2}") == "1");
  BOOST_TEST(expanded("${NOT_SET:-2}") == "2");
  BOOST_TEST(expanded("${EMPTY:-2}") == "2");
  BOOST_TEST(expanded("${NOT_SET:-}") == "");
  BOOST_TEST(expanded("${NOT_SET:-https://x:1/v1}") == "https://x:1/v1");
}

BOOST_AUTO_TEST_CASE(dollars_that_are_not_variables_stay) {
  BOOST_TEST(expanded("$$") == "$");
  BOOST_TEST(expanded("$${A}") == "${A}");
  BOOST_TEST(expanded("$5 and $A $") == "$5 and $A $");
}

BOOST_AUTO_TEST_CASE(what_a_variable_holds_is_not_expanded_again) {
  BOOST_TEST(expanded("${NEST}") == "${A}");
}

BOOST_AUTO_TEST_CASE(an_unset_variable_without_default_is_a_fault) {
  BOOST_TEST(expanded("a${NOT_SET}b")
             == "fault: c.toml:2:3: environment variable NOT_SET is not set: "
                "export NOT_SET=... or write ${NOT_SET:-default}");
}

BOOST_AUTO_TEST_CASE(bad_forms_are_faults) {
  for (const auto* bad : {"${}", "${1}", "${a b}", "${:-x}", "${A-x}"})
    BOOST_TEST(expanded(bad).starts_with("fault: c.toml:2:3: bad variable "),
               bad);
  BOOST_TEST(expanded("${A").starts_with("fault: c.toml:2:3: \"${\" without"));
}
