#include "brigade/core/extractive/goal.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core::extractive;

namespace {

void check(std::string_view goal, const std::vector<std::string>& expected) {
  auto topics = split_goal(goal).topics;
  BOOST_TEST(topics == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_CASE(questions_are_split) {
  check("When should I use routing and what are its risks?",
        {"When should I use routing", "what are its risks?"});
  check("Who leads Acme? Where is it based?",
        {"Who leads Acme?", "Where is it based?"});
}

BOOST_AUTO_TEST_CASE(lists_are_split_with_their_tail) {
  check("Compare the price, capacity and battery life of the Alpha",
        {"price of the Alpha", "capacity of the Alpha",
         "battery life of the Alpha"});
  check("List the costs of routing and chaining",
        {"costs of routing", "costs of chaining"});
}

BOOST_AUTO_TEST_CASE(one_topic_stays_whole) {
  check("Compare the cost considerations", {"cost considerations"});
  check("What changed between May and June?",
        {"What changed between May and June?"});
}

BOOST_AUTO_TEST_CASE(a_goal_without_subject_has_no_topics) {
  check("Summarise the documents.", {});
  check("", {});
  check("...?!", {});
}

BOOST_AUTO_TEST_CASE(manner_is_no_topic) {
  check("Who leads Acme? Do not guess. Be brief.", {"Who leads Acme?"});
}

BOOST_AUTO_TEST_CASE(quotes_and_length_are_tamed) {
  for (auto& t :
       split_goal("Find \"x\" in " + std::string(9'000, 'y')).topics) {
    BOOST_TEST(t.find('"') == std::string::npos);
    BOOST_TEST(t.size() <= topic_bytes_max);
  }
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "What is thing" + std::to_string(i) + "? ";
  BOOST_TEST(split_goal(many).topics.size() == topics_max);
}

BOOST_AUTO_TEST_CASE(pronouns_lean_on_the_subject) {
  BOOST_TEST(leans_on_subject("what are its risks?"));
  BOOST_TEST(!leans_on_subject("risks of routing"));
  BOOST_TEST(split_goal("What is routing, and what are its risks?").subject
             == "routing");
}
