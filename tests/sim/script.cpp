// What the models of a scenario answer.

#include "scenario.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace brigade::sim {

namespace {

using std::chrono::milliseconds;
using testkit::scripted_call;
using testkit::scripted_step;
using testkit::seeded;

constexpr std::int64_t usual_ms_max = 3'000;
constexpr std::int64_t long_ms_max = 40'000;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  // One round of SplitMix64 as a hash.
  return seeded{hash ^ (value * 0x9e3779b97f4a7c15ULL)}.next();
}

/// The draws about one call: whatever happens to others, it is answered so.
/// `by_request`: and so is each one with the same request.
seeded draws_of(std::uint64_t seed, const scripted_call& call,
                bool by_request) {
  if (by_request) {
    auto hash = seed;
    for (char c : call.body)
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return seeded{mix(hash, static_cast<std::uint64_t>(call.role))};
  }
  auto hash = mix(seed, static_cast<std::uint64_t>(call.id) >> 24);
  hash = mix(hash, static_cast<std::uint64_t>(call.role));
  for (char c : call.task)
    hash = mix(hash, static_cast<unsigned char>(c));
  return seeded{mix(hash, call.number)};
}

void append_task(std::string& out, std::uint32_t number, std::uint32_t tasks,
                 seeded& draws) {
  const auto id = "t" + std::to_string(number);
  out += R"({"id":")" + id + R"(","worker":")";
  out += static_cast<char>('a' + draws.below(3));
  out += R"(","description":"Measure the yearly exports of region )" + id
         + R"( and list them with their sources.","depends_on":[)";
  // Wide, narrow and in between.
  const auto odds = 1 + draws.below(tasks);
  bool first = true;
  for (std::uint32_t other = number > 6 ? number - 6 : 1; other < number;
       ++other) {
    if (!draws.one_in(1 + odds))
      continue;
    const auto edge = "\"t" + std::to_string(other) + "\"";
    if (!first)
      out += ',';
    first = false;
    if (draws.one_in(12))
      out += R"({"task":)" + edge + R"(,"if_failed":"run_with_gap"})";
    else
      out += edge;
  }
  out += "]}";
}

std::string random_plan(std::uint32_t tasks, seeded& draws) {
  std::string out = R"({"analysis":"Regions are compared.","tasks":[)";
  out.reserve(out.size() + tasks * std::size_t{200});
  for (std::uint32_t number = 1; number <= tasks; ++number) {
    if (number > 1)
      out += ',';
    append_task(out, number, tasks, draws);
  }
  return out + "]}";
}

std::string random_text(const scripted_call& call, seeded& draws) {
  std::string out = "Result of " + call.task + ": ";
  out.append(draws.below(draws.one_in(16) ? 3'000 : 200), 'x');
  return out;
}

/// What was used: at most a token for each byte, the provider's own overhead
/// and the whole limit; sometimes exactly that.
core::usage random_usage(const scripted_call& call,
                         const testkit::tariff& prices, seeded& draws) {
  auto most =
      testkit::most_used(prices, call.body.size(), call.output_tokens_max);
  core::usage used;
  used.input_tokens = draws.one_in(4)
                          ? most.input_tokens
                          : std::max<std::uint64_t>(
                              1, most.input_tokens / (1 + draws.below(8)));
  used.output_tokens = draws.one_in(4) ? most.output_tokens
                                       : 1 + draws.below(most.output_tokens);
  if (draws.one_in(4))
    used.cached_input_tokens = draws.below(used.input_tokens + 1);
  return used;
}

milliseconds random_delay(seeded& draws) {
  if (draws.one_in(4))
    return milliseconds{0};
  return milliseconds{
      draws.between(1, draws.one_in(8) ? long_ms_max : usual_ms_max)};
}

} // namespace

testkit::script make_script(std::uint64_t seed, const scenario& what) {
  return [seed, &what](const scripted_call& call) -> scripted_step {
    auto draws = draws_of(seed, call, what.mortal);
    std::string text;
    if (call.role == core::call_role::planner) {
      const auto tasks = what.plan_sizes.find(call.model);
      text = random_plan(tasks != what.plan_sizes.end() ? tasks->second : 1,
                         draws);
    } else {
      text = random_text(call, draws);
    }
    auto step = testkit::reply(std::move(text), random_delay(draws));
    const auto prices = what.tariffs.find(call.model);
    if (prices != what.tariffs.end())
      step.result.reply.usage = random_usage(call, prices->second, draws);
    return step;
  };
}

} // namespace brigade::sim
