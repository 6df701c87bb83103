// Roles, finish reasons and shared text.

#include "brigade/core/model/model.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(roles_and_finish_reasons_survive_their_text_forms) {
  for (auto role :
       {call_role::planner, call_role::worker, call_role::synthesizer})
    BOOST_TEST((parse_call_role(to_string(role)) == role));
  for (auto reason :
       {finish_reason::stop, finish_reason::length, finish_reason::refused})
    BOOST_TEST((parse_finish_reason(to_string(reason)) == reason));
  BOOST_TEST(to_string(call_role::synthesizer) == "synthesizer");
  BOOST_TEST(to_string(finish_reason::length) == "length");
}

BOOST_AUTO_TEST_CASE(unknown_names_and_values_out_of_range_are_nothing) {
  for (const auto* text : {"", "Worker", "worker ", "chef"}) {
    BOOST_TEST(!parse_call_role(text).has_value());
    BOOST_TEST(!parse_finish_reason(text).has_value());
  }
  BOOST_TEST(to_string(static_cast<call_role>(99)).empty());
}

BOOST_AUTO_TEST_CASE(copies_of_shared_text_share_their_bytes) {
  const shared_text text{std::string(100, 'x')};
  const auto copy = text;
  BOOST_TEST(copy.str().data() == text.str().data());
  BOOST_TEST((copy == text));
  BOOST_TEST((shared_text{} == shared_text{""}));
  BOOST_TEST(shared_text{}.empty());
  BOOST_TEST(shared_text{}.view().empty());
}

BOOST_AUTO_TEST_SUITE_END()
