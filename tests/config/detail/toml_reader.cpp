// Hostile files: a fault with a place, never a crash, never a long wait.
#include "../support.hpp"

#include "brigade/config/detail/node.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <random>
#include <sstream>

using namespace brigade::config;
using namespace brigade::config::detail;

namespace {

std::string example(const std::string& name) {
  std::ifstream in{BRIGADE_SOURCE_DIR "/examples/crews/" + name};
  std::ostringstream out;
  out << in.rdbuf();
  BOOST_TEST_REQUIRE(out.str().size() > 100u);
  return out.str();
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += part;
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(keys_keep_their_places_and_order) {
  const auto doc = read_toml("# \xc3\xa4\n[z]\n  b = 1\n\xef\xbb\xbf", 0);
  BOOST_TEST(!doc.root.has_value());
  const auto good = read_toml("[z]\n  b = 1\n a = '\xc3\xa4'\n[a.b]\n", 3);
  BOOST_TEST_REQUIRE(good.root.has_value());
  const auto& root = *good.root;
  BOOST_TEST_REQUIRE(root.members.size() == 2u);
  BOOST_TEST(root.members[0].key == "z");
  BOOST_TEST(root.members[1].key == "a");
  const auto& z = root.members[0].value.members;
  BOOST_TEST_REQUIRE(z.size() == 2u);
  BOOST_TEST(z[0].key == "b");
  BOOST_TEST((z[0].where == place{3, 2, 3}));
  BOOST_TEST((z[0].value.where == place{3, 2, 7}));
}

BOOST_AUTO_TEST_CASE(a_header_that_begins_with_no_key_is_a_syntax_error) {
  for (const auto* text :
       {"[>a]", "[[>a]]", "[a.>]", "[", "[[", "[ ", "[a.", "[\"", "[=]", "[\n]",
        "[\t#]", "a.", "a.>=1", "\"\"\"a\"\"\"=1", "['''a''']"}) {
    const auto doc = read_toml(text, 0);
    BOOST_TEST(!doc.root.has_value(), text);
    BOOST_TEST(doc.where.line > 0u, text);
  }
}

BOOST_AUTO_TEST_CASE(letters_that_are_not_ascii_are_text_in_strings_only) {
  const auto good = read_toml("a = \"\"\"x\\\n  \xc3\xa4\"\"\"\n", 0);
  BOOST_TEST_REQUIRE(good.root.has_value());
  BOOST_TEST(good.root->members.at(0).value.text == "x\xc3\xa4");
  // U+00E4, U+045A, U+00A0, U+1F600.
  for (const std::string letter :
       {"\xc3\xa4", "\xd1\x9a", "\xc2\xa0", "\xf0\x9f\x98\x80"})
    for (const std::string& text :
         {letter, "a" + letter, "a = " + letter, "a = 1" + letter,
          "[" + letter + "]", "[a" + letter + "]", "a = [" + letter + "]",
          "a = {" + letter + "}", "a = \"\"\"\\" + letter + "\"\"\""})
      BOOST_TEST(!read_toml(text, 0).root.has_value(), text);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_crew_ends_in_a_value_or_faults) {
  const auto text = example("local.toml");
  const auto options = test::fake();
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto result =
        parse_crew(std::string_view{text}.substr(0, size), "c", options);
    BOOST_TEST_REQUIRE(result.value.has_value() == result.faults.empty(),
                       "cut at " << size);
  }
}

BOOST_AUTO_TEST_CASE(every_single_byte_change_ends_in_a_value_or_faults) {
  const unsigned seed = std::random_device{}();
  BOOST_TEST_CONTEXT("seed " << seed) {
    std::mt19937 random{seed};
    const auto text = test::parts{}.text();
    const auto options = test::fake();
    for (int i = 0; i < 3000; ++i) {
      auto changed = text;
      const auto at = random() % changed.size();
      changed[at] = static_cast<char>(random() % 256);
      const auto result = parse_crew(changed, "c", options);
      BOOST_TEST_REQUIRE(result.value.has_value() == result.faults.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(dotted_keys_may_have_32_parts) {
  BOOST_TEST(read_toml(repeated("a.", 30) + "a = 1", 0).root.has_value());
  BOOST_TEST(!read_toml(repeated("a.", 32) + "a = 1", 0).root.has_value());
  const auto deep = read_toml("\n" + repeated("a . ", 400'000) + "a = 1", 0);
  BOOST_TEST(deep.error == "a dotted key has more than 32 parts");
  BOOST_TEST(deep.where.line == 2u);
}

BOOST_AUTO_TEST_CASE(strings_and_comments_do_not_hide_deep_keys) {
  const auto dots = repeated("a.", 100'000) + "a = 1";
  for (const auto* before :
       {"# '''\n", "x = '''a'''\n", "x = '''a''''\n", "x = '''a'''''\n",
        "x = \"\"\"a\\\"\"\"\"\n", "x = \"\\\"\"\n", "x = '\\'\n",
        "x = \"'\"\n", "x = {p = \"\"\"y\"\"\"\", "})
    BOOST_TEST(read_toml(before + dots, 0).error
                   == "a dotted key has more than 32 parts",
               before);
  // Dots inside of them are only text.
  BOOST_TEST(read_toml("# " + dots, 0).root.has_value());
  BOOST_TEST(read_toml("x = '" + dots + "'", 0).root.has_value());
  BOOST_TEST(read_toml("x = '''\n" + dots + "\n'''", 0).root.has_value());
}

BOOST_AUTO_TEST_CASE(nesting_and_the_number_of_values_have_limits) {
  BOOST_TEST(!read_toml("x = " + repeated("[", 400'000), 0).root.has_value());
  BOOST_TEST(!read_toml("x = " + repeated("{a=", 300'000), 0).root.has_value());
  BOOST_TEST(!read_toml(repeated("a.", 20) + "b = " + repeated("[", 20)
                            + repeated("]", 20),
                        0)
                  .root.has_value());
  BOOST_TEST(
      read_toml("x = [" + repeated("1,", 19'990) + "]", 0).root.has_value());
  BOOST_TEST(read_toml("x = [" + repeated("1,", 400'000) + "]", 0).error
             == "more than 20000 values in one file");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_large_or_not_text_is_refused_whole) {
  const auto options = test::fake();
  const auto message = [&](const std::string& text) {
    return test::faults_of(parse_crew(text, "c", options));
  };
  BOOST_TEST(message(std::string(file_bytes_max + 1, '\n'))
             == "c: is larger than 1048576 bytes\n");
  BOOST_TEST(message(std::string(file_bytes_max, '\n')).find("larger")
             == std::string::npos);
  BOOST_TEST(message(std::string("a\0b", 3)) == "c: is not UTF-8 text\n");
  BOOST_TEST(message("\x7f"
                     "ELF\xff\xfe")
             == "c: is not UTF-8 text\n");
}
