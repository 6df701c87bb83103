// A crew of one model, purchases of it and their ends.
#pragma once

#include "brigade/core/money/till.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace brigade::test {

using namespace brigade::core;

/// One model `m`: a pico-dollar a token, overhead 10 tokens.
inline crew_ptr one_model(bool priced = true) {
  crew c;
  model_spec model;
  model.alias = "m";
  model.overhead_tokens = 10;
  if (priced)
    model.price = price{{{1}, {1}, {}}, {}};
  c.models.push_back(model);
  c.limits.calls_per_task_max = 3;
  return std::make_shared<const crew>(std::move(c));
}

/// Worst case: `body_bytes` + 10 + `output`.
inline purchase ask(std::string path, std::size_t body_bytes,
                    std::uint32_t output, std::uint32_t order = 1) {
  purchase what;
  what.key.path = std::move(path);
  what.task = what.key.path;
  what.order = order;
  what.call = std::make_shared<const prepared_call>(prepared_call{
      "m", call_role::worker, shared_text{std::string(body_bytes, 'x')}, output,
      nullptr});
  what.request_hash = "hash of " + what.key.path;
  what.deadline_ms = 1000;
  return what;
}

/// A run with a ceiling on money alone.
inline till_options room(std::int64_t pico) {
  till_options options;
  options.run = make_run_id(0, {});
  options.ceiling.cost = {pico};
  return options;
}

inline outcome answered(std::uint64_t input, std::uint64_t output) {
  outcome result;
  result.code = outcome_code::ok;
  result.http_status = 200;
  result.reply.text = shared_text{"text"};
  result.reply.usage = usage{input, 0, output};
  return result;
}

inline outcome ended(outcome_code code, int status = 0) {
  outcome result;
  result.code = code;
  result.http_status = status;
  return result;
}

template <class Action>
const Action& only(const till_step& step) {
  BOOST_REQUIRE(step.size() == 1u);
  BOOST_REQUIRE(std::holds_alternative<Action>(step.front()));
  return std::get<Action>(step.front());
}

inline constexpr ticket_id first{1};
inline constexpr ticket_id second{2};

} // namespace brigade::test
