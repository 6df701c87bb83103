#include "brigade/core/extractive/document.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core::extractive;
using brigade::core::numbered_line;

namespace {

document read(std::string_view text, std::string_view name = "a.md") {
  std::vector<numbered_line> lines;
  std::uint32_t number = 0;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    lines.push_back({++number, std::string{text.substr(0, end)}});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return read_document("doc1", name, lines);
}

const unit* find(const document& doc, std::string_view part) {
  for (auto& u : doc.units)
    if (u.text.find(part) != std::string::npos)
      return &u;
  return nullptr;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_wrapped_sentence_knows_its_lines) {
  auto doc = read("One stands alone on the first line. The second\ngoes on to "
                  "the next line. "
                  "Third.\n");
  BOOST_TEST_REQUIRE(doc.units.size() == 3u);
  BOOST_TEST(doc.units[1].text == "The second goes on to the next line.");
  BOOST_TEST(citation(doc, doc.units[1]) == "a.md:1-2");
  BOOST_TEST(citation(doc, doc.units[2]) == "a.md:2");
}

BOOST_AUTO_TEST_CASE(headings_of_all_kinds_open_sections) {
  auto doc = read("# Title\n\n## Costs\nIt costs 5.\n\nSetext\n------\nMore "
                  "text.\n\nWhen to use it\nUse it when the number of parts "
                  "depends on what comes in.\n\nRisks\n- It is slow.\n");
  std::vector<std::string> headings;
  for (auto& s : doc.sections)
    headings.push_back(s.heading);
  BOOST_TEST((headings
              == std::vector<std::string>{"", "Title", "Costs", "Setext",
                                          "When to use it", "Risks"}));
  auto* slow = find(doc, "slow");
  BOOST_TEST_REQUIRE(slow != nullptr);
  BOOST_TEST(doc.sections[slow->section].heading == "Risks");
  BOOST_TEST((slow->kind == unit_kind::item));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_wrapped_paragraph_is_no_heading) {
  auto doc = read("The house has many rooms and a garden that reaches down "
                  "to the\nRiver Main\n\nNext paragraph is here and it is long "
                  "enough.\n");
  BOOST_TEST(doc.sections.size() == 1u);
}

BOOST_AUTO_TEST_CASE(tables_have_headers_and_rows) {
  auto doc = read("| Plan | Price |\n|------|-------|\n| Basic | $10 |\n");
  BOOST_TEST_REQUIRE(doc.units.size() == 1u);
  BOOST_TEST(doc.units[0].text == "Basic | $10");
  BOOST_TEST((doc.units[0].kind == unit_kind::row));
  BOOST_TEST_REQUIRE(doc.units[0].header == 1u);
  BOOST_TEST(doc.headers[0][1] == "Price");
}

BOOST_AUTO_TEST_CASE(csv_files_have_headers_and_quoted_cells) {
  auto doc = read("name,city,note\nAcme,Oslo,\"big, old\"\n", "x.csv");
  BOOST_TEST_REQUIRE(doc.units.size() == 1u);
  BOOST_TEST_REQUIRE(doc.units[0].header == 1u);
  BOOST_TEST((split_cells(doc.units[0].text)
              == std::vector<std::string>{"Acme", "Oslo", "big, old"}));
}

BOOST_AUTO_TEST_CASE(pairs_are_read_in_their_many_forms) {
  for (auto text : {"Price: $10", "**Price:** $10", "\"Price\": \"$10\",",
                    "**Price**: $10", "Price = $10"}) {
    auto pair = split_pair(text);
    BOOST_TEST(pair.key == "Price", text);
    BOOST_TEST(pair.value == "$10", text);
  }
  BOOST_TEST(split_pair("http://example.org").key.empty());
  BOOST_TEST(split_pair("open from 10:30").key.empty());
  BOOST_TEST(split_pair("no colon").key.empty());
  BOOST_TEST(split_pair(":").key.empty());
}

BOOST_AUTO_TEST_CASE(code_is_passed_over) {
  auto doc = read("Text here.\n\n```\nint x = 5;\n```\n\nimport os\n"
                  "result = run(a, b)\n    return f(x)[0]\n\nMore text.\n");
  BOOST_TEST(find(doc, "int x") == nullptr);
  BOOST_TEST(find(doc, "import") == nullptr);
  BOOST_TEST(find(doc, "return") == nullptr);
  BOOST_TEST(find(doc, "More text.") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_question_heads_its_answer) {
  auto doc = read("- How do I stop it?\n- Set a limit and keep to it.\n");
  BOOST_TEST_REQUIRE(doc.units.size() == 2u);
  BOOST_TEST((doc.units[0].kind == unit_kind::question));
  BOOST_TEST(doc.units[1].question == 1u);
}

BOOST_AUTO_TEST_CASE(a_label_stays_with_its_sentence) {
  auto doc = read("Vague subtasks. The planner writes too little.\n");
  BOOST_TEST_REQUIRE(doc.units.size() == 1u);
  BOOST_TEST(doc.units[0].text
             == "Vague subtasks. The planner writes too little.");
}

BOOST_AUTO_TEST_CASE(ranges_of_one_document_become_one) {
  std::vector<brigade::core::prompt_block> blocks(2);
  for (auto& b : blocks)
    b.tag = "document";
  blocks[0].attributes = {{"id", "doc1"}, {"name", "a"}, {"lines", "5-5"}};
  blocks[0].content = "5| Five is here.";
  blocks[1].attributes = {{"id", "doc1"}, {"name", "a"}, {"lines", "2-2"}};
  blocks[1].content = "2| Two is here.";
  auto docs = read_documents(blocks);
  BOOST_TEST_REQUIRE(docs.size() == 1u);
  BOOST_TEST_REQUIRE(docs[0].units.size() == 2u);
  BOOST_TEST(docs[0].units[0].first_line == 2u);
  BOOST_TEST(docs[0].units[1].first_line == 5u);
}
