#include "brigade/core/plan/plan_words.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <utility>

namespace core = brigade::core;
namespace data = boost::unit_test::data;

namespace {

const std::array vague{
    "Research the topic thoroughly and report.",
    "Analyze the input.",
    "Do the task that was given to you.",
    "Do part 3 of the job.",
    "Gather all relevant information about the subject",
    "Please summarise the given documents in detail.",
    "Provide a comprehensive answer to the question",
    "Extract the key findings from the text.",
    "12 34 567",
    "...... ------ !!!!!!",
};

const std::array precise{
    "Summarise the interviews in doc2.",
    "Find the price of the product.",
    "List all competitors mentioned.",
    "Extract quarterly revenue figures",
    "Compare the results of t1 and t2.",
    "Translate the text into French.",
    "What happened in 1989?",
    "Research the market thoroughly.",
    "\xE5\x88\x86\xE6\x9E\x90\xE5\xB8\x82\xE5\x9C\xBA",
    "Analyse den Markt f\xC3\xBCr W\xC3\xA4rmepumpen",
};

bool near(std::string_view lhs, std::string_view rhs) {
  const auto a = core::words_of(lhs);
  const auto b = core::words_of(rhs);
  BOOST_TEST(core::are_near(a, b) == core::are_near(b, a));
  return core::are_near(a, b);
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_words)

BOOST_DATA_TEST_CASE(generic_descriptions_are_vague, data::make(vague), text) {
  BOOST_TEST(core::is_vague(text));
}

BOOST_DATA_TEST_CASE(descriptions_with_a_subject_are_not_vague,
                     data::make(precise), text) {
  BOOST_TEST(!core::is_vague(text));
}

BOOST_AUTO_TEST_CASE(rephrasings_of_one_order_are_near) {
  BOOST_TEST(near("Gather facts about the pricing of the product in Germany.",
                  "Collect information on product pricing in Germany"));
  BOOST_TEST(near("List the suppliers of Acme", "list supplier of ACME!"));
  BOOST_TEST(
      near("Measure demand against pricing in region north, report licensing "
           "figures with sources for the years since inception",
           "Measure demand against pricing in region north, report licensing "
           "figures with sources for the years since inception today"));
}

BOOST_AUTO_TEST_CASE(rows_of_one_table_are_not_near) {
  BOOST_TEST(!near("Extract revenue for region 1 with sources as a table",
                   "Extract revenue for region 2 with sources as a table"));
  BOOST_TEST(!near("Describe how Acme prices its plans and tiers today",
                   "Describe how Bolt prices its plans and tiers today"));
  BOOST_TEST(!near("List events before the merger", "List events after it"));
  BOOST_TEST(!near("When was Acme founded", "Where was Acme founded"));
  BOOST_TEST(!near("Summarise chapter 3", "Review chapter 3"));
  BOOST_TEST(!near("Find the margin of Acme", "Find the margin of Acme Labs"));
}

BOOST_AUTO_TEST_CASE(texts_without_words_of_their_own_are_not_near) {
  BOOST_TEST(!near("", ""));
  BOOST_TEST(!near("the task", "the job"));
}

BOOST_AUTO_TEST_SUITE_END()
