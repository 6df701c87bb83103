// The parts of documents that a planner may choose from.

#include "brigade/core/model/input_sections.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

using namespace brigade::core;

namespace {

/// A document with `lines` lines and a heading at each multiple of `every`.
input document(std::string id, std::uint32_t lines, std::uint32_t every = 0,
               std::size_t width = 20) {
  std::string text;
  for (std::uint32_t i = 1; i <= lines; ++i) {
    if (every != 0 && i % every == 0)
      text += "## Part " + std::to_string(i) + "\n";
    else
      text += std::string(width, 'x') + "\n";
  }
  auto name = id + ".md";
  return {std::move(id), std::move(name), std::move(text)};
}

void check_covers(const std::vector<input_section>& sections,
                  std::uint32_t lines) {
  std::uint32_t next = 1;
  for (auto part : sections) {
    BOOST_TEST_REQUIRE(part.first == next);
    BOOST_TEST_REQUIRE(part.last >= part.first);
    next = part.last + 1;
  }
  BOOST_TEST_REQUIRE(next == lines + 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(input_sections)

BOOST_AUTO_TEST_CASE(a_document_of_120_lines_is_whole_and_of_121_is_divided) {
  BOOST_TEST(sections_of(document("doc1", 120, 30), 99).size() == 1U);
  BOOST_TEST(sections_of(document("doc1", 121, 30), 99).size() > 1U);
  BOOST_TEST(sections_of(input{"doc1", "", ""}, 99).size() == 1U);
}

BOOST_AUTO_TEST_CASE(sections_begin_at_headings) {
  const auto sections = sections_of(document("doc1", 200, 50), 99);
  const std::vector<input_section> expected{
      {1, 49}, {50, 99}, {100, 149}, {150, 200}};
  BOOST_TEST((sections == expected));
}

BOOST_AUTO_TEST_CASE(sections_without_headings_have_80_lines) {
  const auto sections = sections_of(document("doc1", 200), 99);
  const std::vector<input_section> expected{{1, 80}, {81, 160}, {161, 200}};
  BOOST_TEST((sections == expected));
}

BOOST_AUTO_TEST_CASE(sections_end_between_paragraphs_where_they_can) {
  std::string text;
  for (int i = 1; i <= 200; ++i)
    text += i % 70 == 0 ? "\n" : "line\n";
  const auto sections = sections_of(input{"doc1", "a", text}, 99);
  BOOST_TEST((sections.front() == input_section{1, 70}));
}

BOOST_AUTO_TEST_CASE(too_many_sections_are_joined_at_their_borders) {
  const auto sections = sections_of(document("doc1", 250, 50), 3);
  const std::vector<input_section> expected{{1, 99}, {100, 199}, {200, 250}};
  BOOST_TEST((sections == expected));
  BOOST_TEST(sections_of(document("doc1", 250, 50), 1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(headings_close_together_make_no_tiny_sections) {
  for (auto part : sections_of(document("doc1", 400, 2), 99))
    BOOST_TEST(part.last - part.first + 1 >= 20U);
}

BOOST_AUTO_TEST_CASE(code_between_fences_has_no_headings) {
  std::string text = "```\n";
  for (int i = 1; i <= 150; ++i)
    text += "# comment\n";
  text += "```\n";
  const auto sections = sections_of(input{"doc1", "a", text}, 99);
  BOOST_TEST((sections.front() == input_section{1, 80}));
}

BOOST_AUTO_TEST_CASE(sections_cover_the_document_within_their_number) {
  const std::uint64_t seed = 8;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (auto lines = 1 + random() % 3000; lines > 0; --lines)
      text += random() % 40 == 0  ? "# Heading\n"
              : random() % 9 == 0 ? "\n"
                                  : "text\n";
    const input subject{"doc1", "a", text};
    const auto sections_max = 1 + random() % 60;
    const auto sections = sections_of(subject, sections_max);
    BOOST_TEST_CONTEXT("seed " << seed << ", round " << round) {
      check_covers(sections, subject.line_count());
      BOOST_TEST_REQUIRE(sections.size() <= sections_max);
    }
  }
}

BOOST_AUTO_TEST_CASE(choices_are_the_documents_and_their_sections) {
  const input_set inputs{document("doc1", 10), document("doc2", 160)};
  BOOST_TEST(input_choices(inputs)
                 == (std::vector<std::string>{"doc1", "doc2", "doc2:1-80",
                                              "doc2:81-160"}),
             boost::test_tools::per_element());
  BOOST_TEST(input_choices({}).empty());
}

BOOST_AUTO_TEST_CASE(there_are_never_more_than_200_choices) {
  for (std::size_t count : {1, 2, 10, 64}) {
    input_set inputs;
    for (std::size_t i = 1; i <= count; ++i)
      inputs.push_back(document("doc" + std::to_string(i), 9000, 25));
    const auto choices = input_choices(inputs);
    BOOST_TEST(choices.size() <= input_choices_max, count);
    BOOST_TEST(choices.size() >= 2 * count, count);
    BOOST_TEST(std::set<std::string>(choices.begin(), choices.end()).size()
               == choices.size());
    for (const auto& choice : choices)
      BOOST_TEST_REQUIRE(parse_input_range(choice).has_value(), choice);
  }
}

BOOST_AUTO_TEST_SUITE_END()
