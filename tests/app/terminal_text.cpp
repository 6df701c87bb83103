#include "brigade/app/terminal_text.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace brigade::app;

namespace {

constexpr const char* mark = "\xEF\xBF\xBD";

} // namespace

BOOST_AUTO_TEST_SUITE(terminal_text)

BOOST_AUTO_TEST_CASE(plain_text_passes_unchanged) {
  std::string text = "a line\n\tnext: gr\u00FC\u00DFe \u65E5\u672C \U0001F600";
  BOOST_TEST(terminal_safe(text) == text);
}

BOOST_AUTO_TEST_CASE(escape_sequences_lose_their_escape) {
  BOOST_TEST(terminal_safe("\x1b[31mred\x1b[0m")
             == std::string{mark} + "[31mred" + mark + "[0m");
  BOOST_TEST(terminal_safe("\x1b]0;title\x07")
             == std::string{mark} + "]0;title" + mark);
}

BOOST_AUTO_TEST_CASE(c1_controls_are_replaced_in_both_encodings) {
  // U+009B is CSI, as UTF-8 and as a lone byte.
  BOOST_TEST(terminal_safe("\u009B2J") == std::string{mark} + "2J");
  BOOST_TEST(terminal_safe("\x9B"
                           "2J")
             == std::string{mark} + "2J");
}

BOOST_AUTO_TEST_CASE(direction_overrides_are_replaced) {
  for (const auto* code :
       {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D",
        "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    BOOST_TEST(terminal_safe("a" + std::string{code} + "b")
               == std::string{"a"} + mark + "b");
  }
  // Their neighbours are harmless; U+2028 and U+2029 become line ends.
  BOOST_TEST(terminal_safe("\u202F\u2065\u206A") == "\u202F\u2065\u206A");
}

BOOST_AUTO_TEST_CASE(a_carriage_return_cannot_overwrite_a_line) {
  BOOST_TEST(terminal_safe("a\r\nb") == "a\nb");
  BOOST_TEST(terminal_safe("safe\revil")
             == std::string{"safe"} + mark + "evil");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_replaced_one_by_one) {
  BOOST_TEST(terminal_safe("a\xFF\xC3") == std::string{"a"} + mark + mark);
  // Overlong, surrogate, above the last code point.
  BOOST_TEST(terminal_safe("\xC0\xAF") == std::string{mark} + mark);
  BOOST_TEST(terminal_safe("\xED\xA0\x80") == std::string{mark} + mark + mark);
  BOOST_TEST(terminal_safe("\xF4\x90\x80\x80").find('\x90')
             == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_byte_string_leaves_a_control_character) {
  const unsigned seed = 20260821;
  std::mt19937 random{seed};
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (int i = 0; i < 40; ++i) {
      bytes += static_cast<char>(random() % 256);
    }
    std::string_view rest;
    auto safe = terminal_safe(bytes);
    rest = safe;
    while (!rest.empty()) {
      auto [code, length] = decode_utf8(rest);
      BOOST_TEST_REQUIRE(((code >= 0x20 || code == '\n' || code == '\t')
                          && !(code >= 0x7F && code <= 0x9F)
                          && !(code == 0xFFFD && length == 1)),
                         "seed " << seed << " round " << round);
      rest.remove_prefix(length);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_line_has_no_line_ends_and_single_spaces) {
  BOOST_TEST(terminal_line("  a\n\n b\t c\u2028d \n") == "a b c d");
  BOOST_TEST(terminal_line(" \n ") == "");
}

BOOST_AUTO_TEST_CASE(width_counts_columns_and_not_bytes) {
  BOOST_TEST(display_width("abc") == 3U);
  BOOST_TEST(display_width("gr\u00FC\u00DF") == 4U);
  BOOST_TEST(display_width("\u65E5\u672C") == 4U);
  BOOST_TEST(display_width("e\u0301") == 1U);
  BOOST_TEST(display_width("\U0001F600") == 2U);
}

BOOST_AUTO_TEST_CASE(a_line_that_fits_exactly_is_not_cut) {
  BOOST_TEST(fit("abcd", 4) == "abcd");
  BOOST_TEST(fit("abcde", 4) == "abc\u2026");
  BOOST_TEST(fit("abcde", 4, true) == "abc~");
  BOOST_TEST(fit("abc", 0) == "");
  BOOST_TEST(fit("abc", 1) == "\u2026");
}

BOOST_AUTO_TEST_CASE(a_cut_never_splits_a_character_or_exceeds_the_columns) {
  std::string text = "\u65E5a\u672C\u8A9Eb\U0001F600c\u00FCe\u0301";
  for (std::size_t columns = 0; columns <= 14; ++columns) {
    auto cut = fit(text, columns);
    BOOST_TEST(display_width(cut) <= columns);
    BOOST_TEST(terminal_safe(cut) == cut);
  }
  BOOST_TEST(fit(text, 3) == "\u65E5\u2026");
  BOOST_TEST(fit("\u65E5\u672C", 2) == "\u2026");
}

BOOST_AUTO_TEST_CASE(padding_reaches_exactly_the_columns) {
  BOOST_TEST(fit_padded("\u65E5", 4) == "\u65E5  ");
  BOOST_TEST(display_width(fit_padded("\u65E5\u672C\u8A9E", 4)) == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
