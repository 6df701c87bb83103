/// Random crews for tests of their JSON form: with values in every member that
/// differ from its default more often than not.
#pragma once

#include "brigade/core/crew/crew.hpp"

#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace brigade::test {

class crew_sampler {
public:
  explicit crew_sampler(std::uint64_t seed) : random_(seed) {
    // nop
  }

  /// With at most `nesting` crews inside one another.
  core::crew next(std::uint32_t nesting = 2) {
    core::crew c;
    c.name = text();
    c.limits = bounds();
    for (auto count = random_() % 4; count > 0; --count)
      c.models.push_back(model());
    c.planner = {text(), text(), flag()};
    for (auto count = random_() % 4; count > 0; --count)
      c.workers.push_back(worker(nesting));
    c.synthesizer = {pick(core::synthesizer_kind::merge), text(), text()};
    c.if_dependency_failed = policy();
    c.approval = pick(core::approval_kind::plan);
    return c;
  }

private:
  core::limits bounds() {
    core::limits x;
    x.cost = money();
    x.tokens_max = maybe([this] { return number<std::uint64_t>(); });
    x.calls_max = maybe([this] { return number<std::uint64_t>(); });
    x.tasks_total_max = maybe([this] { return number<std::uint64_t>(); });
    x.cost_per_day = maybe([this] { return money(); });
    x.estimate = pick(core::estimate_kind::typical);
    x.in_doubt = pick(core::in_doubt_policy::fail);
    x.warn_at_percent.clear();
    for (auto count = random_() % 4; count > 0; --count)
      x.warn_at_percent.push_back(number<std::uint32_t>());
    for (auto* member :
         {&x.tasks_max, &x.depth_max, &x.parallel_max, &x.nesting_max,
          &x.attempts_max, &x.tries_max, &x.calls_per_task_max, &x.restarts_max,
          &x.repairs_max, &x.inputs_max})
      *member = number<std::uint32_t>();
    for (auto* member :
         {&x.restart_window_ms, &x.attempt_timeout_ms, &x.task_timeout_ms,
          &x.run_deadline_ms, &x.approval_timeout_ms, &x.backoff_base_ms,
          &x.backoff_max_ms})
      *member = number<std::int64_t>();
    for (auto* member : {&x.planner_input_bytes_max, &x.result_bytes_max,
                         &x.goal_bytes_max, &x.input_bytes_max})
      *member = number<std::uint64_t>();
    return x;
  }

  core::token_prices prices() {
    return {money(), money(), maybe([this] { return money(); })};
  }

  core::price price() {
    core::price x{prices(), {}};
    for (auto count = random_() % 3; count > 0; --count)
      x.tiers.push_back({number<std::uint64_t>(), prices()});
    return x;
  }

  core::model_spec model() {
    core::model_spec x;
    x.alias = text();
    x.provider = text();
    x.name = text();
    x.output_tokens_max = number<std::uint32_t>();
    x.overhead_tokens = number<std::uint32_t>();
    x.reasoning_tokens_max = number<std::uint32_t>();
    x.price = maybe([this] { return price(); });
    x.price_basis = pick(core::price_basis::tokens_only);
    x.unbilled_statuses.clear();
    for (auto count = random_() % 4; count > 0; --count)
      x.unbilled_statuses.push_back(number<int>());
    x.quirks = {pick(core::structured_output::prompt), text(), text(),
                maybe([this] { return number<std::int32_t>(); }), text()};
    return x;
  }

  core::worker_spec worker(std::uint32_t nesting) {
    core::worker_spec x;
    x.name = text();
    x.model = text();
    x.description = text();
    x.prompt = text();
    x.if_dependency_failed = maybe([this] { return policy(); });
    x.attempt_timeout_ms = maybe([this] { return number<std::int64_t>(); });
    if (nesting > 0 && flag())
      x.nested = std::make_shared<const core::crew>(next(nesting - 1));
    return x;
  }

  core::failure_policy policy() { return pick(core::failure_policy::abort); }

  bool flag() { return random_() % 2 == 0; }

  template <class Enum>
  Enum pick(Enum last) {
    return static_cast<Enum>(random_() % (static_cast<unsigned>(last) + 1U));
  }

  template <class F>
  std::optional<std::invoke_result_t<F&>> maybe(F make) {
    if (flag())
      return std::nullopt;
    return make();
  }

  template <class T>
  T number() {
    using limits = std::numeric_limits<T>;
    switch (random_() % 4) {
    case 0:
      return limits::max();
    case 1:
      return limits::min();
    default:
      return static_cast<T>(random_());
    }
  }

  core::pico_usd money() {
    return {static_cast<std::int64_t>(number<std::uint64_t>() >> 1)};
  }

  std::string text() {
    static const char* const pieces[] = {
        "a", "\"", "\\", "\n", "\x01", "\xC3\xA9", "\xF0\x9F\x8D\xB3",
        "{", "}",  ",",  " ",  "null", "/",        "\xFF"};
    std::string result;
    for (auto count = random_() % 6; count > 0; --count)
      result += pieces[random_() % std::size(pieces)];
    return result;
  }

  std::mt19937_64 random_;
};

} // namespace brigade::test
