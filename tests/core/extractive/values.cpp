#include "brigade/core/extractive/values.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core::extractive;

namespace {

value only(std::string_view text) {
  auto found = find_values(text);
  BOOST_TEST_REQUIRE(found.size() == 1u, text);
  return found[0];
}

bool same(std::string_view a, std::string_view b) {
  auto x = only(a);
  auto y = only(b);
  BOOST_TEST(are_comparable(x, y), a << " and " << b);
  BOOST_TEST(agree(x, y) == agree(y, x));
  return agree(x, y);
}

} // namespace

BOOST_AUTO_TEST_CASE(one_value_in_two_forms_agrees) {
  BOOST_TEST(same("1,200 people", "1200 people"));
  BOOST_TEST(same("1 200 people", "1,200 people"));
  BOOST_TEST(same("$4.5 million", "$4,500,000"));
  BOOST_TEST(same("USD 4.5m", "4.5 million dollars"));
  BOOST_TEST(same("12%", "12 percent"));
  BOOST_TEST(same("1.5 km", "1,500 m"));
  BOOST_TEST(same("90 minutes", "1.5 hours"));
  BOOST_TEST(same("2 years", "24 months"));
  BOOST_TEST(same("14 days", "2 weeks"));
  BOOST_TEST(same("twelve rooms", "12 rooms"));
  BOOST_TEST(same("on 5 March 2024", "on 2024-03-05"));
  BOOST_TEST(same("on March 5th, 2024", "on 05/03/2024"));
  BOOST_TEST(same("in March 2024", "on 5 Mar 2024"));
  BOOST_TEST(same("at 9 am", "at 9:00"));
  BOOST_TEST(same("at 5:30 pm", "at 17:30"));
  BOOST_TEST(same("10-12 days", "10 to 12 days"));
}

BOOST_AUTO_TEST_CASE(different_values_do_not_agree) {
  BOOST_TEST(!same("1,200 people", "1,300 people"));
  BOOST_TEST(!same("$4.5 million", "$4.6 million"));
  BOOST_TEST(!same("$10", "$10.50"));
  BOOST_TEST(!same("12%", "13%"));
  BOOST_TEST(!same("1.5 km", "1.5 m"));
  BOOST_TEST(!same("on 5 March 2024", "on 6 March 2024"));
  BOOST_TEST(!same("in March 2024", "on 5 April 2024"));
  BOOST_TEST(!same("at 9 am", "at 9 pm"));
  BOOST_TEST(!same("10-12 days", "13 days"));
}

BOOST_AUTO_TEST_CASE(hedges_and_bounds_give_room) {
  BOOST_TEST(same("about 240 people", "250 people"));
  BOOST_TEST(!same("about 240 people", "300 people"));
  BOOST_TEST(same("more than 50 clubs", "64 clubs"));
  BOOST_TEST(!same("more than 50 clubs", "40 clubs"));
  BOOST_TEST(same("$4.5 million", "$4,512,000"));
  BOOST_TEST(same("10-12 days", "11 days"));
}

BOOST_AUTO_TEST_CASE(values_of_different_kinds_are_not_compared) {
  BOOST_TEST(!are_comparable(only("$10"), only("10 days")));
  BOOST_TEST(!are_comparable(only("$10"), only("10 euros")));
  BOOST_TEST(!are_comparable(only("10 kg"), only("10 km")));
  BOOST_TEST(!are_comparable(only("$10 per month"), only("$120 per year")));
  BOOST_TEST(!are_comparable(only("in 2024"), only("on 5 March")));
}

BOOST_AUTO_TEST_CASE(names_and_numbering_are_no_values) {
  for (auto text : {"step 3 of it", "see section 4", "the A4 road", "B2B",
                    "the 2nd try", "one of them"})
    BOOST_TEST(find_values(text).empty(), text);
}

BOOST_AUTO_TEST_CASE(a_count_knows_what_it_counts) {
  auto v = only("we have 240 full-time employees here");
  BOOST_TEST((v.kind == value_kind::count));
  auto staff = tokenize("staff")[0].meaning;
  BOOST_TEST(
      (std::find(v.nouns.begin(), v.nouns.end(), staff) != v.nouns.end()));
}

BOOST_AUTO_TEST_CASE(numbers_at_every_cut_are_safe) {
  std::string_view text = "$4.5 million, 1,200 km/h \xE2\x82\xAC"
                          "5 on 2024-03-05 "
                          "at 9:00 a.m., Q1 2024, v1.2.3, 10-12 days, 5/";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    find_values(text.substr(0, n));
    find_values(text.substr(n));
  }
  std::string digits(5'000, '9');
  BOOST_TEST(find_values(digits).size() <= values_max);
}
