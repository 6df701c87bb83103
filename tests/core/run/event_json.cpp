// The JSON form of events: what is written is read back whole, and nothing
// else is read.

#include "event_samples.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace brigade::core;
namespace json = boost::json;

namespace {

event intended() {
  event result;
  result.seq = 7;
  result.wall_ms = 1'700'000'000'000;
  result.at_ms = 12;
  events::call_intended body;
  body.id = call_id{3};
  body.key = {"task/t1", 1, 0};
  body.task = "t1";
  body.attempt = 2;
  body.model = "fast";
  body.request_hash = "ab12";
  body.reserved = {43'200'000'000};
  result.body = std::move(body);
  return result;
}

/// `intended` with one member of `data` replaced.
json::value with_data(std::string_view key, json::value value) {
  auto result = to_json(intended());
  result.at("data").as_object()[key] = std::move(value);
  return result;
}

/// Every way of spoiling one member somewhere below `value`; `whole` is the
/// document that holds it.
void check_spoiled(json::value& value, const json::value& whole) {
  if (auto* object = value.if_object()) {
    const json::object copy = *object;
    for (const auto& member : copy) {
      object->erase(member.key());
      BOOST_TEST(!event_from_json(whole).has_value(),
                 "without " << member.key());
      *object = copy;
      check_spoiled(object->at(member.key()), whole);
    }
    (*object)["surplus"] = 1;
    BOOST_TEST(!event_from_json(whole).has_value());
    *object = copy;
    return;
  }
  if (auto* array = value.if_array()) {
    for (auto& element : *array)
      check_spoiled(element, whole);
    array->push_back(nullptr);
    BOOST_TEST(!event_from_json(whole).has_value());
    array->pop_back();
    const json::value copy = value;
    value = "[]";
    BOOST_TEST(!event_from_json(whole).has_value());
    value = copy;
    return;
  }
  const json::value copy = value;
  const json::value wrong[] = {1.5, json::value(json::array{}), json::object{}};
  for (const auto& other : wrong) {
    value = other;
    BOOST_TEST(!event_from_json(whole).has_value(), "instead of " << copy);
  }
  value = copy;
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_json)

BOOST_AUTO_TEST_CASE(an_event_has_the_documented_form) {
  BOOST_TEST(
      json::serialize(to_json(intended()))
      == R"({"seq":7,"wall_ms":1700000000000,"at_ms":12,)"
         R"("type":"call.intended","data":{"id":3,)"
         R"("key":{"path":"task/t1","generation":1,"step":0},)"
         R"("role":"worker","task":"t1","attempt":2,"try_no":1,)"
         R"("model":"fast","request_hash":"ab12","reserved_usd":"0.0432",)"
         R"("reserved_tokens":0,"worst_case_usd":"0","epoch":1,)"
         R"("nested_run":"","waited_ms":0,"reserved_calls":1,)"
         R"("reserved_tasks":0,"request":""}})");
}

BOOST_AUTO_TEST_CASE(random_events_survive_the_text_of_their_json) {
  const std::uint64_t seed = 31'337;
  brigade::test::event_sampler sampler{seed};
  for (int round = 0; round < 5000; ++round) {
    const auto first = to_json(sampler.next());
    const auto text = json::serialize(first);
    const auto again = event_from_json(json::parse(text));
    BOOST_TEST_REQUIRE(again.has_value(), "seed " << seed << ": " << text);
    BOOST_TEST_REQUIRE(json::serialize(to_json(*again)) == text,
                       "seed " << seed);
  }
}

// The text form alone could lose a field on both sides alike.
BOOST_AUTO_TEST_CASE(every_field_of_an_event_comes_back) {
  const auto text = json::serialize(to_json(intended()));
  const auto again = event_from_json(json::parse(text));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->seq == 7U);
  BOOST_TEST(again->wall_ms == 1'700'000'000'000);
  BOOST_TEST(again->at_ms == 12);
  const auto& body = std::get<events::call_intended>(again->body);
  const auto before = intended();
  const auto& expected = std::get<events::call_intended>(before.body);
  BOOST_TEST((body.id == expected.id));
  BOOST_TEST((body.key == expected.key));
  BOOST_TEST((body.role == expected.role));
  BOOST_TEST(body.task == expected.task);
  BOOST_TEST(body.attempt == expected.attempt);
  BOOST_TEST(body.try_no == expected.try_no);
  BOOST_TEST(body.model == expected.model);
  BOOST_TEST(body.request_hash == expected.request_hash);
  BOOST_TEST((body.reserved == expected.reserved));
}

BOOST_AUTO_TEST_CASE(a_plan_comes_back_whole) {
  plan before;
  before.analysis = "why";
  before.answer = "42";
  before.tasks.push_back(
      {"t1", "reader", "Read it.", {}, {{"doc1", 0, 0}}, "", ""});
  before.tasks.push_back(
      {"t2",
       "writer",
       "Write it.",
       {{"t1", failure_policy::run_with_gap}, {"t0", std::nullopt}},
       {{"doc2", 10, 80}, {"doc2", 9, 9}},
       "context",
       "a table"});
  event e;
  e.body = events::plan_accepted{std::make_shared<const plan>(before), {5}};
  const auto again = event_from_json(json::parse(json::serialize(to_json(e))));
  BOOST_REQUIRE(again.has_value());
  const auto& body = std::get<events::plan_accepted>(again->body);
  BOOST_TEST((*body.plan == before));
  BOOST_TEST((body.synthesis_share == pico_usd{5}));
}

BOOST_AUTO_TEST_CASE(a_missing_mistyped_or_surplus_member_is_refused) {
  brigade::test::event_sampler sampler{5};
  for (std::size_t i = 0; i < std::variant_size_v<event_body>; ++i)
    for (int round = 0; round < 20; ++round) {
      event e;
      e.body = sampler.body(i);
      auto whole = to_json(e);
      BOOST_REQUIRE(event_from_json(whole).has_value());
      check_spoiled(whole, whole);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_read_from_integers_in_range_only) {
  BOOST_TEST(event_from_json(with_data("attempt", 0)).has_value());
  BOOST_TEST(event_from_json(with_data("attempt", 4'294'967'295)).has_value());
  BOOST_TEST(
      event_from_json(with_data("attempt", std::uint64_t{9})).has_value());
  BOOST_TEST(!event_from_json(with_data("attempt", 4'294'967'296)).has_value());
  BOOST_TEST(!event_from_json(with_data("attempt", -1)).has_value());
  BOOST_TEST(!event_from_json(with_data("attempt", 2.0)).has_value());
  BOOST_TEST(!event_from_json(with_data("attempt", "2")).has_value());
  BOOST_TEST(!event_from_json(with_data("attempt", true)).has_value());
  BOOST_TEST(!event_from_json(with_data("attempt", nullptr)).has_value());
  BOOST_TEST(!event_from_json(with_data("id", -3)).has_value());
}

BOOST_AUTO_TEST_CASE(money_is_read_from_its_exact_text_only) {
  BOOST_TEST(event_from_json(with_data("reserved_usd", "0")).has_value());
  BOOST_TEST(event_from_json(with_data("reserved_usd", "9223372.036854775807"))
                 .has_value());
  for (const json::value& wrong :
       {json::value("-1"), json::value("0.50"), json::value("1e3"),
        json::value(""), json::value("01"), json::value(1), json::value(0.5)})
    BOOST_TEST(!event_from_json(with_data("reserved_usd", wrong)).has_value(),
               wrong);
}

BOOST_AUTO_TEST_CASE(unknown_names_are_refused) {
  auto whole = to_json(intended());
  for (const auto* type : {"", "call.intended ", "CALL.INTENDED", "x"}) {
    whole.as_object()["type"] = type;
    BOOST_TEST(!event_from_json(whole).has_value(), type);
  }
  BOOST_TEST(!event_from_json(with_data("role", "chef")).has_value());
  BOOST_TEST(!event_from_json(with_data("role", 1)).has_value());
}

BOOST_AUTO_TEST_CASE(the_data_of_another_type_are_refused) {
  auto whole = to_json(intended());
  whole.as_object()["type"] = "call.settled";
  BOOST_TEST(!event_from_json(whole).has_value());
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_null_is_refused) {
  event e;
  e.body = events::plan_accepted{nullptr, {}};
  BOOST_TEST(!event_from_json(to_json(e)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_an_object_is_refused) {
  for (const auto* text : {"null", "[]", "{}", "1", "\"run.resumed\"", "true",
                           R"({"seq":1,"wall_ms":1,"at_ms":1,"data":{}})",
                           R"({"seq":1,"type":"run.resumed","data":{}})",
                           R"({"seq":1,"wall_ms":1,"at_ms":1,)"
                           R"("type":"run.resumed"})",
                           R"({"seq":1,"wall_ms":1,"at_ms":1,)"
                           R"("type":"run.resumed","data":[]})"})
    BOOST_TEST(!event_from_json(json::parse(text)).has_value(), text);
  BOOST_TEST(event_from_json(json::parse(R"({"data":{"reason":"user"},"seq":1,)"
                                         R"("wall_ms":1,"at_ms":1,)"
                                         R"("type":"run.suspended"})"))
                 .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
