#include "brigade/core/run/worker_machine.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;

namespace {

model_request question() {
  model_request request;
  request.model = "m";
  request.messages = {{speaker::system, "You count."},
                      {speaker::user, "How many boats?"}};
  request.output_tokens_max = 50;
  return request;
}

worker_machine machine(std::uint64_t result_bytes_max = 1000) {
  limits bounds;
  bounds.tries_max = 3;
  bounds.repairs_max = 1;
  return {"task/t1", question(), bounds, 60'000, result_bytes_max};
}

outcome answered(std::string text, finish_reason finish = finish_reason::stop) {
  outcome result;
  result.code = outcome_code::ok;
  result.reply.text = shared_text{std::move(text)};
  result.reply.finish = finish;
  return result;
}

outcome failed(outcome_code code) {
  outcome result;
  result.code = code;
  result.message = "it broke";
  return result;
}

template <class Step>
const Step& as(const work_step& step) {
  BOOST_REQUIRE(std::holds_alternative<Step>(step));
  return std::get<Step>(step);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_good_reply_is_the_result) {
  auto m = machine();
  BOOST_TEST(to_string(as<buy_call>(m.start()).key) == "task/t1#0.0");
  BOOST_TEST(as<work_done>(m.on_outcome(answered("Seven."), 0, 0)).result.str()
             == "Seven.");
}

BOOST_AUTO_TEST_CASE(a_passing_fault_is_tried_again_under_the_same_key) {
  auto m = machine();
  m.start();
  const auto wait = m.on_outcome(failed(outcome_code::server_error), 0, 0);
  BOOST_TEST(as<wait_and_buy>(wait).delay_ms == 500);
  BOOST_TEST(to_string(as<buy_call>(m.on_wait_over()).key) == "task/t1#0.0");
}

BOOST_AUTO_TEST_CASE(tries_are_bounded) {
  auto m = machine();
  m.start();
  as<wait_and_buy>(m.on_outcome(failed(outcome_code::server_error), 0, 0));
  as<wait_and_buy>(m.on_outcome(failed(outcome_code::server_error), 0, 0));
  const auto end = m.on_outcome(failed(outcome_code::server_error), 0, 0);
  BOOST_TEST(as<work_failed>(end).code == "server_error");
  BOOST_TEST(as<work_failed>(end).message == "it broke (after 3 tries)");
}

BOOST_AUTO_TEST_CASE(nothing_is_tried_again_at_its_deadline) {
  auto m = machine();
  m.start();
  as<work_failed>(m.on_outcome(failed(outcome_code::server_error), 59'900, 0));
}

BOOST_AUTO_TEST_CASE(an_empty_reply_raises_the_generation_and_then_fails) {
  auto m = machine();
  m.start();
  const auto repair = m.on_outcome(answered(" \n"), 0, 0);
  BOOST_TEST(to_string(as<buy_call>(repair).key) == "task/t1#1.0");
  BOOST_TEST(as<buy_call>(repair).request.messages.back().content.find(
                 "the reply was empty")
             != std::string::npos);
  BOOST_TEST(as<work_failed>(m.on_outcome(answered(""), 0, 0)).code
             == "empty_reply");
}

BOOST_AUTO_TEST_CASE(a_refusal_fails_without_another_call) {
  auto m = machine();
  m.start();
  const auto end =
      m.on_outcome(answered("I will not.", finish_reason::refused), 0, 0);
  BOOST_TEST(as<work_failed>(end).code == "refused");
}

BOOST_AUTO_TEST_CASE(a_reply_that_was_cut_says_so) {
  auto m = machine();
  m.start();
  const auto end =
      m.on_outcome(answered("Seven bo", finish_reason::length), 0, 0);
  BOOST_TEST(as<work_done>(end).result.str()
             == "Seven bo\n\n[cut: the model stopped at its output limit of 50 "
                "tokens]");
}

BOOST_AUTO_TEST_CASE(a_result_fits_its_limit_also_when_it_is_all_escapes) {
  for (std::uint64_t limit : {100u, 150u, 151u, 152u, 400u}) {
    for (auto finish : {finish_reason::stop, finish_reason::length}) {
      auto m = machine(limit);
      m.start();
      const auto end =
          m.on_outcome(answered(std::string(500, '"'), finish), 0, 0);
      BOOST_TEST(json_bytes(as<work_done>(end).result.view())
                 <= std::max<std::uint64_t>(limit, 160));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cut_never_splits_a_character) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "\xE2\x82\xAC";
  for (std::uint64_t limit = 70; limit < 200; ++limit) {
    const auto cut = cut_visibly(text, limit);
    BOOST_TEST(is_text(cut));
    BOOST_TEST(json_bytes(cut) <= limit);
  }
  BOOST_TEST(cut_visibly("short", 5) == "short");
}

BOOST_AUTO_TEST_CASE(a_byte_counts_the_same_wherever_it_stands) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, '~');
      text[place] = one[0];
      BOOST_TEST(json_bytes(text) == json_bytes(one) + 19);
    }
    BOOST_TEST(json_bytes(std::string(21, one[0])) == 21 * json_bytes(one));
  }
}

BOOST_AUTO_TEST_CASE(json_bytes_counts_what_escaping_adds) {
  BOOST_TEST(json_bytes("abc") == 3u);
  BOOST_TEST(json_bytes("\"\\\b\f\n\r\t") == 14u);
  BOOST_TEST(json_bytes(std::string_view{"\0\x1f\x7f", 3}) == 13u);
  BOOST_TEST(json_bytes("\xE2\x82\xAC") == 3u);
}
