// The JSON form of crews: nothing is left out, nothing else is read.

#include "brigade/core/crew/crew_json.hpp"

#include "brigade/core/crew/crew_fields.hpp"
#include "brigade/core/model/digest.hpp"
#include "crew_samples.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace brigade::core;
namespace json = boost::json;

namespace {

/// Equality that looks into nested crews.
bool same(const crew& a, const crew& b) {
  if (a.workers.size() != b.workers.size())
    return false;
  auto x = a;
  auto y = b;
  for (std::size_t i = 0; i < x.workers.size(); ++i) {
    auto left = std::exchange(x.workers[i].nested, nullptr);
    auto right = std::exchange(y.workers[i].nested, nullptr);
    if (!left != !right || (left && !same(*left, *right)))
      return false;
  }
  return x == y;
}

/// A crew with something in every optional member and every list.
crew full_crew() {
  crew c = builtin_crew();
  c.limits.tokens_max = 5;
  c.limits.calls_max = 6;
  c.limits.tasks_total_max = 7;
  c.limits.cost_per_day = pico_usd{8};
  auto& model = c.models.front();
  model.price = price{{{1}, {2}, pico_usd{3}}, {{10, {{4}, {5}, {}}}}};
  model.quirks.temperature_milli = 700;
  auto& worker = c.workers.front();
  worker.if_dependency_failed = failure_policy::abort;
  worker.attempt_timeout_ms = 9;
  c.workers[1].nested = std::make_shared<const crew>(builtin_crew());
  return c;
}

crew nested_crew(std::size_t levels) {
  auto c = full_crew();
  c.workers[1].nested =
      levels == 0 ? nullptr
                  : std::make_shared<const crew>(nested_crew(levels - 1));
  return c;
}

/// Calls `check` once for every value below `value`, which it may change.
void each_value(json::value& value,
                const std::function<void(json::value&)>& f) {
  f(value);
  if (auto* object = value.if_object())
    for (auto& member : *object)
      each_value(member.value(), f);
  if (auto* array = value.if_array())
    for (auto& element : *array)
      each_value(element, f);
}

/// Other values of the same kind, of which a reader takes one at least unless
/// the value is a structure.
std::vector<json::value> others(const json::value& value) {
  if (value.is_string()) {
    std::vector<json::value> all;
    for (const auto* text :
         {"x", "1", "2", "prompt", "tool", "worst_case", "billed", "merge",
          "llm", "typical", "strict", "skip", "abort", "fail", "plan"})
      if (value.as_string() != text)
        all.emplace_back(text);
    return all;
  }
  if (value.is_bool())
    return {!value.as_bool()};
  if (value.is_number())
    return {json::value_to<std::int64_t>(value) + 1};
  return {};
}

template <class T>
std::size_t fields_of() {
  std::size_t count = 0;
  const T x{};
  auto counter = [&count](std::string_view, const auto&) { ++count; };
  fields<T>::visit(counter, x);
  return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(crew_json)

// A member that was added does not compile here: bind it, and name it in
// crew_fields.hpp or money_fields.hpp, or crews that differ in it would pass
// for the same one.
BOOST_AUTO_TEST_CASE(every_member_of_a_crew_has_a_field) {
  {
    [[maybe_unused]] const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o,
                                  p, q, r, s, t, u, v, w, x, y, z, a1, b1, c1] =
        limits{};
    BOOST_TEST(fields_of<limits>() == 29U);
  }
  {
    [[maybe_unused]] const auto& [a, b, c, d, e] = wire_quirks{};
    BOOST_TEST(fields_of<wire_quirks>() == 5U);
  }
  {
    [[maybe_unused]] const auto& [a, b, c, d, e, f, g, h, i, j] = model_spec{};
    BOOST_TEST(fields_of<model_spec>() == 10U);
  }
  {
    [[maybe_unused]] const auto& [a, b, c] = planner_spec{};
    BOOST_TEST(fields_of<planner_spec>() == 3U);
  }
  {
    [[maybe_unused]] const auto& [a, b, c, d, e, f, g] = worker_spec{};
    BOOST_TEST(fields_of<worker_spec>() == 7U);
  }
  {
    [[maybe_unused]] const auto& [a, b, c] = synthesizer_spec{};
    BOOST_TEST(fields_of<synthesizer_spec>() == 3U);
  }
  {
    [[maybe_unused]] const auto& [a, b, c, d, e, f, g, h] = crew{};
    BOOST_TEST(fields_of<crew>() == 8U);
  }
  {
    [[maybe_unused]] const auto& [a, b] = price{};
    [[maybe_unused]] const auto& [c, d] = price_tier{};
    [[maybe_unused]] const auto& [e, f, g] = token_prices{};
    BOOST_TEST(fields_of<price>() == 2U);
    BOOST_TEST(fields_of<price_tier>() == 2U);
    BOOST_TEST(fields_of<token_prices>() == 3U);
  }
}

BOOST_AUTO_TEST_CASE(
    random_crews_survive_their_json_and_nothing_else_equals_it) {
  const std::uint64_t seed = 20'241;
  brigade::test::crew_sampler sampler{seed};
  std::string last;
  for (int round = 0; round < 2000; ++round) {
    const auto before = sampler.next();
    const auto text = crew_to_json(before);
    const auto again = crew_from_json(text);
    BOOST_TEST_REQUIRE(again.has_value(), "seed " << seed << ": " << text);
    BOOST_TEST_REQUIRE(same(before, *again), "seed " << seed << ": " << text);
    BOOST_TEST_REQUIRE((crew_to_json(*again) == text), "seed " << seed);
    BOOST_TEST_REQUIRE((text != last), "seed " << seed);
    last = text;
  }
}

BOOST_AUTO_TEST_CASE(
    a_single_field_that_changes_changes_the_text_and_the_crew) {
  const auto before = full_crew();
  const auto text = crew_to_json(before);
  auto whole = json::parse(text);
  std::size_t leaves = 0;
  each_value(whole, [&](json::value& value) {
    const auto candidates = others(value);
    const auto kept = value;
    std::size_t taken = 0;
    for (const auto& other : candidates) {
      value = other;
      const auto changed = crew_from_json(json::serialize(whole));
      value = kept;
      if (!changed)
        continue;
      ++taken;
      BOOST_TEST(!same(*changed, before), kept << " as " << other);
      BOOST_TEST((crew_to_json(*changed) != text), kept << " as " << other);
      BOOST_TEST(crew_hash(*changed) != crew_hash(before));
    }
    leaves += taken > 0;
    BOOST_TEST((candidates.empty() || taken > 0), "no other than " << kept);
  });
  BOOST_TEST(leaves > 120U);
}

BOOST_AUTO_TEST_CASE(a_missing_mistyped_or_surplus_member_is_refused) {
  auto whole = json::parse(crew_to_json(full_crew()));
  const auto refused = [&whole] {
    return !crew_from_json(json::serialize(whole)).has_value();
  };
  BOOST_TEST(!refused());
  each_value(whole, [&](json::value& value) {
    const auto kept = value;
    if (auto* object = value.if_object()) {
      const json::object members = *object;
      for (const auto& member : members) {
        object->erase(member.key());
        BOOST_TEST(refused(), "without " << member.key());
        *object = members;
      }
      object->emplace("surplus", 1);
      BOOST_TEST(refused());
      *object = members;
    }
    for (const json::value& wrong :
         {json::value(1.5), json::value(true), json::value(json::array{1.5}),
          json::value(json::object{})}) {
      if (wrong.kind() == kept.kind() && !kept.is_object())
        continue;
      value = wrong;
      BOOST_TEST(refused(), kept << " as " << wrong);
    }
    value = kept;
  });
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_twice_and_a_cut_text_are_refused) {
  const auto text = crew_to_json(full_crew());
  BOOST_TEST(crew_from_json(text).has_value());
  BOOST_TEST(crew_from_json(" " + text + "\n").has_value());
  BOOST_TEST(!crew_from_json("{\"name\":\"a\"," + text.substr(1)).has_value());
  BOOST_TEST(!crew_from_json(text + "x").has_value());
  for (std::size_t size = 0; size < text.size(); ++size)
    BOOST_TEST(!crew_from_json(text.substr(0, size)).has_value(), size);
}

BOOST_AUTO_TEST_CASE(crews_are_read_eight_deep_and_no_deeper) {
  const auto at_most = nested_crew(crew_nesting_max);
  const auto again = crew_from_json(crew_to_json(at_most));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(same(*again, at_most));
  BOOST_TEST(!crew_from_json(crew_to_json(nested_crew(crew_nesting_max + 1)))
                  .has_value());
  // Without prices and tiers the document itself would not be too deep.
  auto bare = crew{};
  for (std::size_t i = 0; i <= crew_nesting_max; ++i) {
    crew around;
    around.workers.emplace_back().nested = std::make_shared<const crew>(bare);
    bare = around;
  }
  BOOST_TEST(!crew_from_json(crew_to_json(bare)).has_value());
  BOOST_TEST(crew_from_json(crew_to_json(*bare.workers[0].nested)).has_value());
}

BOOST_AUTO_TEST_CASE(the_form_is_the_documented_one) {
  crew c;
  c.name = "small";
  model_spec model;
  model.alias = "m";
  model.price = price{{{1'000'000}, {2'000'000}, pico_usd{100'000}}, {}};
  model.unbilled_statuses = {400, 429};
  c.models.push_back(model);
  c.workers.push_back({"a", "m", "Reads", "Read.", {}, {}, nullptr});
  const auto whole = json::parse(crew_to_json(c));
  const auto at = [&whole](const char* pointer) {
    return json::serialize(whole.at_pointer(pointer));
  };
  BOOST_TEST(at("/name") == R"("small")");
  BOOST_TEST(at("/limits/cost_usd") == R"("0.5")");
  BOOST_TEST(at("/limits/tokens_max") == "null");
  BOOST_TEST(at("/limits/estimate") == R"("strict")");
  BOOST_TEST(at("/models/0/price/per_token_usd")
             == R"({"input":"0.000001","output":"0.000002",)"
                R"("cached_input":"0.0000001"})");
  BOOST_TEST(at("/models/0/price_basis") == R"("billed")");
  BOOST_TEST(at("/models/0/unbilled_statuses") == "[400,429]");
  BOOST_TEST(at("/models/0/quirks/structured") == R"("json_schema")");
  BOOST_TEST(at("/workers/0")
             == R"({"name":"a","model":"m","description":"Reads",)"
                R"("prompt":"Read.","if_dependency_failed":null,)"
                R"("attempt_timeout_ms":null,"crew":null})");
  BOOST_TEST(at("/synthesizer/kind") == R"("llm")");
  BOOST_TEST(at("/if_dependency_failed") == R"("skip")");
  BOOST_TEST(at("/approval") == R"("none")");
}

BOOST_AUTO_TEST_CASE(the_hash_is_that_of_the_text) {
  const auto c = full_crew();
  BOOST_TEST(crew_hash(c) == sha256_hex(crew_to_json(c)));
  BOOST_TEST(crew_hash(c) == crew_hash(full_crew()));
}

BOOST_AUTO_TEST_SUITE_END()
