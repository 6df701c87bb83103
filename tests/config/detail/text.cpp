// Names in messages and the nearest valid one.
#include "brigade/config/detail/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config::detail;

BOOST_AUTO_TEST_CASE(typos_find_their_name) {
  const std::vector<std::string_view> names{"cost_usd", "tasks_max",
                                            "depth_max"};
  BOOST_TEST(nearest("cost_usb", names) == "cost_usd");
  BOOST_TEST(nearest("cots_usd", names) == "cost_usd");
  BOOST_TEST(nearest("COST_USD", names) == "cost_usd");
  BOOST_TEST(nearest("task_max", names) == "tasks_max");
  BOOST_TEST(nearest("maxtasks", names) == "");
  BOOST_TEST(nearest("", names) == "");
  BOOST_TEST(nearest("cost_usb", {}) == "");
}

BOOST_AUTO_TEST_CASE(another_word_of_the_same_length_is_not_near) {
  BOOST_TEST(nearest("abc", {"xyz"}) == "");
  BOOST_TEST(nearest("a", {"b"}) == "");
  BOOST_TEST(nearest("slow", {"fast"}) == "");
  BOOST_TEST(nearest(std::string(1000, 'a'), {"aaaa"}) == "");
}

BOOST_AUTO_TEST_CASE(quoted_text_is_safe_for_a_terminal) {
  BOOST_TEST(quoted("a b") == "\"a b\"");
  BOOST_TEST(quoted("\x1b[31m\n\x7f\xff") == "\"?[31m???\"");
  BOOST_TEST(quoted(std::string(64, 'a')).size() == 66u);
  BOOST_TEST(quoted(std::string(65, 'a'))
             == '"' + std::string(64, 'a') + "...\"");
}

BOOST_AUTO_TEST_CASE(lists_are_sentences_with_an_end) {
  BOOST_TEST(quoted_list({}) == "");
  BOOST_TEST(quoted_list({"a"}) == "\"a\"");
  BOOST_TEST(quoted_list({"a", "b", "c"}) == "\"a\", \"b\" or \"c\"");
  const std::vector<std::string_view> many(13, "x");
  BOOST_TEST(quoted_list(many).ends_with(", ..."));
}

BOOST_AUTO_TEST_CASE(names_are_one_to_64_plain_characters) {
  BOOST_TEST(is_name("a"));
  BOOST_TEST(is_name("gpt-5.4_mini"));
  BOOST_TEST(is_name(std::string(64, 'a')));
  BOOST_TEST(!is_name(std::string(65, 'a')));
  for (const auto* bad : {"", "a b", "a/b", "\xc3\xa4", "a\n"})
    BOOST_TEST(!is_name(bad), bad);
}
