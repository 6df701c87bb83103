#include "brigade/core/extractive/facts.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core::extractive;
using brigade::core::numbered_line;

namespace {

document read(std::string_view name, std::string_view text) {
  std::vector<numbered_line> lines;
  std::uint32_t number = 0;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    lines.push_back({++number, std::string{text.substr(0, end)}});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return read_document(name, name, lines);
}

std::vector<conflict> between(std::string_view a, std::string_view b,
                              std::string_view ending = ".md") {
  std::string names[] = {"a", "b"};
  std::vector<document> docs{read(names[0].append(ending), a),
                             read(names[1].append(ending), b)};
  return find_conflicts(docs, find_claims(docs));
}

} // namespace

BOOST_AUTO_TEST_CASE(different_values_of_one_thing_are_a_conflict) {
  auto found = between("The Basic plan costs $10 per month.",
                       "Customers pay $12 per month for the Basic plan.");
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST_REQUIRE(found[0].sides.size() == 2u);
  BOOST_TEST(found[0].sides[0].shown == "$10");
  BOOST_TEST(found[0].sides[1].shown == "$12");
  BOOST_TEST(!found[0].subject.empty());
}

BOOST_AUTO_TEST_CASE(names_in_slots_conflict) {
  BOOST_TEST(between("Northwind is led by Maria Keller.",
                     "The CEO of Northwind is Tom Reed.")
                 .size()
             == 1u);
  BOOST_TEST(between("Northwind is led by Maria Keller.",
                     "M. Keller is the chief executive of Northwind.")
                 .empty());
  BOOST_TEST(between("We visited Northwind, which is based in Oslo.",
                     "The headquarters of Northwind are in Bremen.")
                 .size()
             == 1u);
}

BOOST_AUTO_TEST_CASE(yes_and_no_conflict) {
  BOOST_TEST(between("The app supports offline mode.",
                     "The app does not support offline mode.")
                 .size()
             == 1u);
  BOOST_TEST(
      between("Dogs are allowed in the park.", "Dogs are allowed in the park.")
          .empty());
}

BOOST_AUTO_TEST_CASE(keys_rows_and_sentences_are_compared) {
  BOOST_TEST(between("## Northwind\n\nHeadcount: 240\n",
                     "Last year Northwind employed 260 people.")
                 .size()
             == 1u);
  BOOST_TEST(
      between("| Plan | Price |\n|---|---|\n| Basic | $10 |\n| Pro | $20 "
              "|\n",
              "| Plan | Price |\n|---|---|\n| Basic | $12 |\n| Pro | $20 "
              "|\n")
          .size()
      == 1u);
  BOOST_TEST(between("name,length (km)\nHarbour Bridge,1.2\n",
                     "name,length (km)\nHarbour Bridge,1.4\n", ".csv")
                 .size()
             == 1u);
}

BOOST_AUTO_TEST_CASE(a_value_said_in_another_form_is_no_conflict) {
  BOOST_TEST(
      between("Revenue was $4.5 million.", "Revenue was $4,500,000.").empty());
  BOOST_TEST(between("The centre opened on 5 March 2024.",
                     "The centre opened on 2024-03-05.")
                 .empty());
}

BOOST_AUTO_TEST_CASE(other_things_years_and_cases_are_no_conflict) {
  BOOST_TEST(between("The Basic plan costs $10, and the Pro plan costs $20.",
                     "The Pro plan costs $20 per month.")
                 .empty());
  BOOST_TEST(between("In 2021, revenue was $5 million.",
                     "In 2022, revenue was $6 million.")
                 .empty());
  BOOST_TEST(between("An adult ticket costs $12.", "A child ticket costs $8.")
                 .empty());
  BOOST_TEST(between("We employ Northwind, which has 40 trucks.",
                     "We employ Contoso, which has 50 trucks.")
                 .empty());
  BOOST_TEST(
      between("The fence took 3 weeks.", "The wall took 5 months.").empty());
}

BOOST_AUTO_TEST_CASE(a_document_does_not_conflict_with_itself) {
  BOOST_TEST(
      between("The plan costs $10. The plan costs $12.", "Hello.").empty());
}

BOOST_AUTO_TEST_CASE(a_statement_that_agrees_elsewhere_is_settled) {
  BOOST_TEST(between("The plan costs $10.",
                     "The plan costs $10.\n\nThe plan costs $12.")
                 .empty());
}

BOOST_AUTO_TEST_CASE(many_claims_take_bounded_work) {
  std::string a;
  std::string b;
  for (int i = 0; i < 20'000; ++i) {
    a += "The plan costs $" + std::to_string(i) + " per month.\n\n";
    b += "The plan costs $" + std::to_string(i + 7) + " per month.\n\n";
  }
  std::vector<document> docs{read("a", a), read("b", b)};
  auto claims = find_claims(docs);
  BOOST_TEST(claims.size() <= claims_max + 2 * values_max);
  find_conflicts(docs, claims);
}
