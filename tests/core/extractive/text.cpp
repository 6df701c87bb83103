#include "brigade/core/extractive/text.hpp"

#include "brigade/core/extractive/document.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core::extractive;

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (auto& t : tokenize(text))
    result.emplace_back(text.substr(t.offset, t.size));
  return result;
}

std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> result;
  for (auto& s : split_sentences(text))
    result.emplace_back(text.substr(s.first, s.last - s.first));
  return result;
}

bool same(const std::vector<std::string>& a,
          const std::vector<std::string>& b) {
  return a == b;
}

} // namespace

BOOST_AUTO_TEST_CASE(words_of_one_stem_are_found_as_one) {
  BOOST_TEST(stem("Prices") == stem("pricing"));
  BOOST_TEST(stem("planned") == stem("plans"));
  BOOST_TEST(stem("companies") == stem("company"));
  BOOST_TEST(stem("Northwind's") == stem("Northwind"));
  BOOST_TEST(stem("1,200") == stem("1200"));
  BOOST_TEST(stem("bus") != stem("bu"));
}

BOOST_AUTO_TEST_CASE(words_end_where_a_reader_ends_them) {
  BOOST_TEST(same(words("a well-known \xE2\x80\x9Cidea\xE2\x80\x9D."),
                  {"a", "well", "known", "idea"}));
  BOOST_TEST(same(words("it's 4.5, or 1,200"), {"it's", "4.5", "or", "1,200"}));
  BOOST_TEST(words("\xE6\x9D\xB1\xE4\xBA\xAC").size() == 2u);
  BOOST_TEST(words("...!?").empty());
}

BOOST_AUTO_TEST_CASE(broken_utf8_is_no_trouble) {
  BOOST_TEST(words("abc\xC3").size() == 1u);
  BOOST_TEST(words("\xFF\xFE\x80 x").size() == 1u);
  BOOST_TEST(clip("ab\xC3\xA9", 3) == "ab");
  BOOST_TEST(clip("ab\xC3\xA9", 4) == "ab\xC3\xA9");
}

BOOST_AUTO_TEST_CASE(opposites_are_contrasts_and_synonyms_are_not) {
  auto meaning = [](std::string_view word) {
    return tokenize(word)[0].meaning;
  };
  BOOST_TEST((contrast_bits(meaning("adult")) & contrast_bits(meaning("child")))
             != 0u);
  BOOST_TEST((contrast_bits(meaning("adult")) & contrast_bits(meaning("north")))
             == 0u);
  BOOST_TEST(meaning("staff") == meaning("employees"));
  BOOST_TEST(meaning("staff") != meaning("customers"));
}

BOOST_AUTO_TEST_CASE(sentences_survive_abbreviations_and_decimals) {
  BOOST_TEST(same(sentences("It costs 4.5 euros. Dr. Reed paid, e.g. in cash. "
                            "\xE2\x80\x9CReally?\xE2\x80\x9D Yes."),
                  {"It costs 4.5 euros.", "Dr. Reed paid, e.g. in cash.",
                   "\xE2\x80\x9CReally?\xE2\x80\x9D", "Yes."}));
  BOOST_TEST(sentences("Sold by Acme Inc. The price rose.").size() == 2u);
  BOOST_TEST(sentences("Sold by Acme Inc. Berlin.").size() == 1u);
  BOOST_TEST(sentences("J. Keller leads it.").size() == 1u);
  BOOST_TEST(sentences("").empty());
}

BOOST_AUTO_TEST_CASE(a_sentence_without_end_is_split) {
  std::string endless(10'000, 'x');
  for (std::size_t i = 50; i < endless.size(); i += 50)
    endless[i] = ' ';
  for (auto& s : sentences(endless))
    BOOST_TEST(s.size() <= unit_bytes_max);
}

BOOST_AUTO_TEST_CASE(blanks_and_control_characters_fold) {
  BOOST_TEST(fold_blanks("  a \t\x1B b\n") == "a b");
  BOOST_TEST(fold_blanks("\x01\x02") == "");
}

BOOST_AUTO_TEST_CASE(similarity_goes_from_none_to_all) {
  auto of = [](std::string_view a, std::string_view b) {
    return similarity(tokenize(a), tokenize(b));
  };
  BOOST_TEST(of("the red house", "a red house") == 1.0);
  BOOST_TEST(of("red house", "blue boat") == 0.0);
  BOOST_TEST(of("", "x") == 0.0);
  BOOST_TEST(of("red house", "red boat") > 0.3);
}
