#include "brigade/core/run/input.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace core = brigade::core;
using namespace std::string_view_literals;

namespace {

core::input document(std::string text) {
  return {"doc1", "notes.md", std::move(text)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(input)

BOOST_AUTO_TEST_CASE(a_line_end_at_the_end_starts_no_further_line) {
  BOOST_TEST(document("").line_count() == 1u);
  BOOST_TEST(document("a").line_count() == 1u);
  BOOST_TEST(document("a\n").line_count() == 1u);
  BOOST_TEST(document("a\nb").line_count() == 2u);
  BOOST_TEST(document("a\nb\n").line_count() == 2u);
  BOOST_TEST(document("\n").line_count() == 1u);
  BOOST_TEST(document("\n\n").line_count() == 2u);
}

BOOST_AUTO_TEST_CASE(lines_come_without_their_ends) {
  const auto d = document("one\n\nthree\r\nfour");
  BOOST_TEST(d.line(1) == "one");
  BOOST_TEST(d.line(2) == "");
  BOOST_TEST(d.line(3) == "three");
  BOOST_TEST(d.line(4) == "four");
  BOOST_TEST(d.line(0) == "");
  BOOST_TEST(d.line(5) == "");
  BOOST_TEST(document("").line(1) == "");
}

BOOST_AUTO_TEST_CASE(ranges_of_lines_are_clamped_to_the_text) {
  const auto d = document("one\ntwo\nthree\n");
  BOOST_TEST(d.lines(1, 2) == "one\ntwo");
  BOOST_TEST(d.lines(2, 2) == "two");
  BOOST_TEST(d.lines(0, 99) == "one\ntwo\nthree");
  BOOST_TEST(d.lines(3, 2) == "");
  BOOST_TEST(d.lines(4, 9) == "");
  BOOST_TEST(d.lines(4'294'967'295u, 4'294'967'295u) == "");
}

BOOST_AUTO_TEST_CASE(a_document_can_be_moved_and_copied) {
  core::input_set inputs;
  for (int i = 1; i < 40; ++i)
    inputs.emplace_back("doc" + std::to_string(i), "n", "a\nb");
  const auto copy = inputs;
  const auto* found = core::find_input(copy, "doc7");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->line(2) == "b");
  BOOST_TEST(core::find_input(copy, "doc40") == nullptr);
  BOOST_TEST(core::find_input({}, "doc1") == nullptr);
}

BOOST_AUTO_TEST_CASE(ranges_read_back_as_they_are_written) {
  for (auto text : {"doc1", "doc2:10-80", "doc2:10", "A_b-9:1-4294967295"}) {
    const auto range = core::parse_input_range(text);
    BOOST_REQUIRE_MESSAGE(range.has_value(), text);
    BOOST_TEST(core::to_string(*range) == text);
  }
  BOOST_TEST((core::parse_input_range("doc2:10")
              == core::input_range{"doc2", 10, 10}));
  BOOST_TEST((core::parse_input_range("doc2") == core::input_range{"doc2"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_range_is_refused) {
  for (auto text : {"",
                    ":",
                    "doc1:",
                    "doc1:-",
                    "doc1:0",
                    "doc1:0-3",
                    "doc1:3-2",
                    "doc1:1-",
                    "doc1:-1",
                    "doc1:1-2-3",
                    "doc1:+1",
                    "doc1: 1",
                    "doc1:01",
                    "doc1:1.5",
                    "doc1:4294967296",
                    "doc 1",
                    "doc1\n",
                    "../etc",
                    "doc1:1:2",
                    "d\xC3\xB6"
                    "c"})
    BOOST_TEST(!core::parse_input_range(text), text);
  BOOST_TEST(core::parse_input_range(std::string(32, 'd')).has_value());
  BOOST_TEST(!core::parse_input_range(std::string(33, 'd')).has_value());
}

BOOST_AUTO_TEST_CASE(text_is_utf8_without_nul) {
  for (auto text :
       {""sv, "plain"sv, "\xC3\xA9"sv, "\xE2\x82\xAC"sv, "\xF0\x9F\x8D\xB3"sv,
        "\xEE\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv, "\t\r\n\x1b\x7f"sv,
        "12345678\xC2\x80\x31\x32\x33\x34"sv})
    BOOST_TEST(core::is_text(text));
}

BOOST_AUTO_TEST_CASE(anything_else_is_not_text) {
  for (auto bytes : {"\0"sv, "a\0b"sv, "12345678\0"sv, "1234567\0"sv, "\x80"sv,
                     "\xC3"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x80\x80"sv,
                     "\xE2\x82"sv, "\xED\xA0\x80"sv, "\xF0\x80\x80\x80"sv,
                     "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF\xFE"sv,
                     "\xF0\x9F\x8D"sv, "12345678\xC3(345678"sv})
    BOOST_TEST(!core::is_text(bytes));
}

BOOST_AUTO_TEST_CASE(bad_bytes_are_found_at_every_place) {
  std::string text(40, 'x');
  for (std::size_t at = 0; at < text.size(); ++at)
    for (char bad : {'\0', '\x80', '\xC3', '\xFF'}) {
      auto spoiled = text;
      spoiled[at] = bad;
      BOOST_TEST(!core::is_text(spoiled));
    }
  BOOST_TEST(core::is_text(text));
}

BOOST_AUTO_TEST_SUITE_END()
