#include "brigade/net/upstream_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;
using net::clean_upstream;

namespace {

const net::secret_list no_secrets;

net::secret_list one_secret(std::string text) {
  return {core::secret{std::move(text)}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_upstream_text)

BOOST_AUTO_TEST_CASE(control_characters_become_one_space) {
  BOOST_TEST(clean_upstream("a\r\n\tb\x7F"
                            "c\x1B[31md",
                            no_secrets)
             == "a b c [31md");
  BOOST_TEST(clean_upstream("\n\na\n", no_secrets) == "a");
  BOOST_TEST(clean_upstream(std::string_view{"a\0b", 3}, no_secrets) == "a b");
  // U+009B, the one-character form of ESC [.
  BOOST_TEST(clean_upstream("a\xC2\x9B"
                            "b",
                            no_secrets)
             == "a b");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_left_out) {
  BOOST_TEST(clean_upstream("a\xFF\xC3(b\xC3\xA9", no_secrets)
             == "a (b\xC3\xA9");
  BOOST_TEST(clean_upstream("a\xED\xA0\x80"
                            "b\xF0\x9F\x98",
                            no_secrets)
             == "a b");
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_between_characters) {
  BOOST_TEST(clean_upstream(std::string(300, 'a'), no_secrets).size() == 300);
  auto cut = clean_upstream(std::string(301, 'a'), no_secrets);
  BOOST_TEST(cut.size() == 300);
  BOOST_TEST(cut.substr(297) == "...");
  // Two bytes each: the limit falls into one of them.
  std::string umlauts;
  for (auto i = 0; i < 10; ++i)
    umlauts += "\xC3\xA9";
  BOOST_TEST(clean_upstream(umlauts, no_secrets, 10)
             == "\xC3\xA9\xC3\xA9\xC3\xA9...");
}

BOOST_AUTO_TEST_CASE(a_secret_is_masked_wherever_it_stands) {
  auto secrets = one_secret("sk-canary-1");
  BOOST_TEST(clean_upstream("sk-canary-1sk-canary-1 x sk-canary-1", secrets)
             == "****** x ***");
  // Cleaning must not put a secret together, nor cutting show half of one.
  BOOST_TEST(clean_upstream("sk-can\xFF"
                            "ary-1",
                            secrets)
             == "sk-can ary-1");
  auto text = clean_upstream(std::string(292, 'a') + "sk-canary-1", secrets);
  BOOST_TEST(text == std::string(292, 'a') + "***");
}

BOOST_AUTO_TEST_CASE(a_secret_too_short_to_be_one_is_not_looked_for) {
  BOOST_TEST(clean_upstream("banana", one_secret("a")) == "banana");
  BOOST_TEST(clean_upstream("xabcdex", one_secret("abcde")) == "xabcdex");
  BOOST_TEST(clean_upstream("xabcdefx", one_secret("abcdef")) == "x***x");
}

BOOST_AUTO_TEST_SUITE_END()
