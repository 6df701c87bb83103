#include "brigade/core/plan/plan_names.hpp"

#include <boost/test/unit_test.hpp>

namespace core = brigade::core;

BOOST_AUTO_TEST_SUITE(plan_names)

BOOST_AUTO_TEST_CASE(a_shown_name_is_one_short_line) {
  BOOST_TEST(core::shown_name("t1") == "`t1`");
  BOOST_TEST(core::shown_name("a\nb\x1b[31m`c`\x7f") == "`ab[31mc`");
  BOOST_TEST(core::shown_name("a\xC2\x9B"
                              "b\xC2\xA0")
             == "`ab\xC2\xA0`");
  BOOST_TEST(core::shown_name("a\xC2") == "`a\xC2`");
  BOOST_TEST(core::shown_name(std::string(64, 'x')).size() == 66u);
  BOOST_TEST(core::shown_name(std::string(65, 'x')).size() == 66u);
  BOOST_TEST(core::shown_name(std::string(1'000'000, 'x')).size() == 66u);
}

BOOST_AUTO_TEST_CASE(a_cut_name_ends_at_a_characters_border) {
  const std::string name = std::string(63, 'x') + "\xC3\xA9";
  BOOST_TEST(core::shown_name(name) == "`" + std::string(63, 'x') + "`");
}

BOOST_AUTO_TEST_CASE(only_so_many_names_are_listed) {
  const std::vector<std::string_view> names(34, "n");
  const auto text = core::shown_names(names);
  BOOST_TEST(text.ends_with("`n` and 2 more"));
  BOOST_TEST(core::shown_names({"a", "b"}) == "`a`, `b`");
  BOOST_TEST(core::shown_names({}) == "");
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_near_enough_or_not_there) {
  const std::vector<std::string_view> names{"researcher", "analyst", "writer"};
  BOOST_TEST(core::nearest_name("reseacher", names) == "researcher");
  BOOST_TEST(core::nearest_name("Analyst", names) == "analyst");
  BOOST_TEST(core::nearest_name("writers", names) == "writer");
  BOOST_TEST(core::nearest_name("plumber", names) == "");
  BOOST_TEST(core::nearest_name("", names) == "");
  BOOST_TEST(core::nearest_name(std::string(65, 'r'), names) == "");
  BOOST_TEST(core::nearest_name("t2", {"t1", "t3"}) == "t1");
}

BOOST_AUTO_TEST_SUITE_END()
