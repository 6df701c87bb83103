#include "brigade/app/terminal.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace brigade::app;

namespace {

terminal_traits traits(bool is_terminal, bool no_color,
                       std::map<std::string, std::string, std::less<>> env) {
  return traits_of(is_terminal, no_color,
                   [env = std::move(env)](
                       std::string_view name) -> std::optional<std::string> {
                     auto i = env.find(name);
                     if (i == env.end()) {
                       return std::nullopt;
                     }
                     return i->second;
                   });
}

} // namespace

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(only_a_real_terminal_is_live) {
  BOOST_TEST(traits(true, false, {{"TERM", "xterm"}}).live);
  BOOST_TEST(!traits(false, false, {{"TERM", "xterm"}}).live);
  BOOST_TEST(!traits(true, false, {{"TERM", "dumb"}}).live);
  BOOST_TEST(!traits(true, false, {}).live);
}

BOOST_AUTO_TEST_CASE(colour_follows_the_conventions) {
  BOOST_TEST(traits(true, false, {{"TERM", "xterm"}}).color);
  BOOST_TEST(!traits(true, true, {{"TERM", "xterm"}}).color);
  BOOST_TEST(
      !traits(true, false, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}).color);
  // An empty NO_COLOR means nothing.
  BOOST_TEST(traits(true, false, {{"TERM", "xterm"}, {"NO_COLOR", ""}}).color);
  BOOST_TEST(traits(false, false, {{"CLICOLOR_FORCE", "1"}}).color);
  BOOST_TEST(!traits(false, false, {{"CLICOLOR_FORCE", "0"}}).color);
  BOOST_TEST(!traits(false, true, {{"CLICOLOR_FORCE", "1"}}).color);
  BOOST_TEST(!traits(false, false, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}})
                  .color);
}

BOOST_AUTO_TEST_CASE(the_locale_decides_about_ascii) {
  BOOST_TEST(!traits(true, false, {}).ascii);
  BOOST_TEST(!traits(true, false, {{"LANG", "de_DE.UTF-8"}}).ascii);
  BOOST_TEST(!traits(true, false, {{"LANG", "C.utf8"}}).ascii);
  BOOST_TEST(traits(true, false, {{"LANG", "C"}}).ascii);
  BOOST_TEST(
      traits(true, false, {{"LC_ALL", "C"}, {"LANG", "en_US.UTF-8"}}).ascii);
  BOOST_TEST(
      !traits(true, false, {{"LC_ALL", ""}, {"LANG", "en_US.UTF-8"}}).ascii);
}

BOOST_AUTO_TEST_CASE(an_unknown_size_is_eighty_by_twenty_four) {
  auto size = size_of_terminal(-1);
  BOOST_TEST(size.columns == 80U);
  BOOST_TEST(size.rows == 24U);
}

BOOST_AUTO_TEST_SUITE_END()
