#include "brigade/app/state_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace brigade::app;

namespace {

environment having(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) {
    auto i = values.find(name);
    return i == values.end() ? std::nullopt
                             : std::optional<std::string>{i->second};
  };
}

std::string chosen(std::string_view option, const environment& env) {
  return std::get<std::string>(state_directory(option, env));
}

} // namespace

BOOST_AUTO_TEST_SUITE(state_directory_of_runs)

BOOST_AUTO_TEST_CASE(the_option_goes_first_then_xdg_then_home) {
  auto both = having({{"XDG_STATE_HOME", "/x/state"}, {"HOME", "/h"}});
  BOOST_TEST(chosen("here", both) == "here");
  BOOST_TEST(chosen("", both) == "/x/state/brigade");
  BOOST_TEST(chosen("", having({{"HOME", "/h"}})) == "/h/.local/state/brigade");
  BOOST_TEST(chosen("", having({{"HOME", "/"}})) == "/.local/state/brigade");
}

BOOST_AUTO_TEST_CASE(an_empty_or_relative_variable_is_ignored) {
  auto env = having({{"XDG_STATE_HOME", "state"}, {"HOME", "/h"}});
  BOOST_TEST(chosen("", env) == "/h/.local/state/brigade");
  env = having({{"XDG_STATE_HOME", ""}, {"HOME", "/h"}});
  BOOST_TEST(chosen("", env) == "/h/.local/state/brigade");
}

BOOST_AUTO_TEST_CASE(without_a_home_the_option_is_asked_for) {
  auto fault = std::get<problem>(state_directory("", having({})));
  BOOST_TEST(fault.message.find("HOME") != std::string::npos);
  BOOST_TEST(fault.hint.find("--state") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
