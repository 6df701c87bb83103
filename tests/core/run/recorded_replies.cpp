#include "brigade/core/run/recorded_replies.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade::core;

namespace {

event intended(std::uint64_t id, const std::string& path,
               const std::string& hash, const std::string& nested = {}) {
  events::call_intended body;
  body.id = call_id{id};
  body.key = {path, 0, 0};
  body.request_hash = hash;
  body.nested_run = nested;
  return {0, 0, 0, body};
}

event settled(std::uint64_t id, outcome_code code, const std::string& reply) {
  events::call_settled body;
  body.id = call_id{id};
  body.code = code;
  if (code == outcome_code::ok)
    body.reply = shared_text{reply};
  else
    body.message = reply;
  return {0, 0, 0, body};
}

event in_doubt(std::uint64_t id) {
  return {0, 0, 0, events::call_in_doubt{call_id{id}, {}, "", 0}};
}

std::string texts(const std::vector<outcome>& outcomes) {
  std::string all;
  for (const auto& x : outcomes)
    all += std::string{to_string(x.code)} + ":" + x.reply.text.str() + " ";
  return all;
}

recorded_replies replies_of(const std::vector<event>& events) {
  recorded_replies replies;
  for (const auto& e : events)
    replies.apply(e);
  return replies;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recorded)

BOOST_AUTO_TEST_CASE(a_reply_is_found_by_key_and_request) {
  const auto replies =
      replies_of({intended(1, "task/t1", "h1"), intended(2, "task/t2", "h2"),
                  settled(2, outcome_code::ok, "two"),
                  settled(1, outcome_code::ok, "one")});
  const auto* found = replies.find({"task/t1", 0, 0}, "h1");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->succeeded()->reply.text.str() == "one");
  BOOST_TEST(replies.find({"task/t1", 0, 0}, "h2") == nullptr);
  BOOST_TEST(replies.find({"task/t1", 1, 0}, "h1") == nullptr);
  BOOST_TEST(replies.find({"task/t3", 0, 0}, "h1") == nullptr);
}

BOOST_AUTO_TEST_CASE(failures_come_before_what_succeeded_in_their_order) {
  const auto replies = replies_of(
      {intended(1, "plan", "h"), settled(1, outcome_code::rate_limited, ""),
       intended(2, "plan", "h"), settled(2, outcome_code::server_error, ""),
       intended(3, "plan", "h"), settled(3, outcome_code::ok, "done")});
  const auto* found = replies.find({"plan", 0, 0}, "h");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(texts(found->outcomes) == "rate_limited: server_error: ok:done ");
  BOOST_TEST(found->succeeded()->reply.text.str() == "done");
}

BOOST_AUTO_TEST_CASE(what_was_not_answered_has_no_outcome) {
  const auto replies = replies_of(
      {intended(1, "plan", "h"), in_doubt(1),
       settled(1, outcome_code::ok, "late"), intended(2, "synth", "s"),
       settled(9, outcome_code::ok, "nobody asked")});
  BOOST_TEST(replies.find({"plan", 0, 0}, "h")->outcomes.empty());
  BOOST_TEST(replies.find({"plan", 0, 0}, "h")->succeeded() == nullptr);
  BOOST_TEST(replies.find({"synth", 0, 0}, "s")->outcomes.empty());
  BOOST_TEST(replies.all().size() == 2U);
}

BOOST_AUTO_TEST_CASE(everything_that_a_settled_call_keeps_comes_back) {
  events::call_settled e;
  e.code = outcome_code::ok;
  e.reply = shared_text{"text"};
  e.finish = finish_reason::length;
  e.tokens = {3, 1, 2};
  e.usage_known = true;
  e.http_status = 200;
  e.request_id = "r1";
  auto result = outcome_of(e);
  BOOST_TEST((result.code == outcome_code::ok));
  BOOST_TEST(result.reply.text.str() == "text");
  BOOST_TEST((result.reply.finish == finish_reason::length));
  BOOST_TEST((result.reply.usage == usage{3, 1, 2}));
  BOOST_TEST(result.http_status == 200);
  BOOST_TEST(result.request_id == "r1");
  e.usage_known = false;
  BOOST_TEST(!outcome_of(e).reply.usage.has_value());
}

BOOST_AUTO_TEST_CASE(a_script_holds_the_run_and_those_nested_in_it) {
  run_export run;
  run.events = {intended(1, "plan", "p"), settled(1, outcome_code::ok, "plan"),
                intended(2, "task/t1", "n", "01NESTED"),
                settled(2, outcome_code::ok, "of the nested run")};
  run_export below;
  below.events = {
      intended(1, "plan", "p"), settled(1, outcome_code::ok, "again"),
      intended(2, "task/t1", "q"), settled(2, outcome_code::ok, "below")};
  run.nested.push_back(below);
  const auto script = script_of(run);
  BOOST_TEST(script.size() == 2U);
  BOOST_TEST(texts(script.at("p")) == "ok:plan ok:again ");
  BOOST_TEST(texts(script.at("q")) == "ok:below ");
}

// A try that we ended says nothing of what the provider would have said.
BOOST_AUTO_TEST_CASE(a_script_leaves_out_tries_that_were_cancelled) {
  run_export run;
  run.events = {intended(1, "a", "h"), settled(1, outcome_code::cancelled, ""),
                intended(2, "a", "h"), settled(2, outcome_code::ok, "yes"),
                intended(3, "b", "i"), settled(3, outcome_code::cancelled, "")};
  const auto script = script_of(run);
  BOOST_TEST(texts(script.at("h")) == "ok:yes ");
  BOOST_TEST(texts(script.at("i")) == "cancelled: ");
}

BOOST_AUTO_TEST_SUITE_END()
