/// Random events for tests of their JSON form.
#pragma once

#include "brigade/core/run/event.hpp"

#include <limits>
#include <random>
#include <type_traits>
#include <vector>

namespace brigade::test {

class event_sampler {
public:
  explicit event_sampler(std::uint64_t seed) : random_(seed) {
    // nop
  }

  core::event next() {
    core::event result;
    result.seq = number<std::uint64_t>();
    result.wall_ms = number<std::int64_t>();
    result.at_ms = number<std::int64_t>();
    result.body = body(random_() % std::variant_size_v<core::event_body>);
    return result;
  }

  /// An event of the alternative with this index.
  core::event_body body(std::size_t alternative) {
    using namespace core::events;
    switch (alternative) {
    case 0:
      return submitted();
    case 1:
      return plan_proposed{small(), shared()};
    case 2:
      return plan_rejected{small(), many([this] { return fault(); })};
    case 3:
      return plan_accepted{plan(), money(), number<std::uint64_t>()};
    case 4:
      return task_started{text(), small()};
    case 5:
      return intended();
    case 6:
      return settled();
    case 7:
      return call_in_doubt{id(), money(), text(), number<std::uint64_t>()};
    case 8:
      return task_retried{text(), small(), number<std::int64_t>(), text(),
                          text()};
    case 9:
      return task_succeeded{text(), small(), shared()};
    case 10:
      return task_failed{text(), small(), text(), text()};
    case 11:
      return task_skipped{text(), many([this] { return text(); })};
    case 12:
      return task_cancelled{text(), small(), text()};
    case 13:
      return synthesis_started{text(), small(), small()};
    case 14:
      return synthesis_succeeded{shared()};
    case 15:
      return synthesis_failed{text(), text()};
    case 16:
      return budget_warned{text(), small(), money()};
    case 17:
      return budget_breached{id(),
                             text(),
                             money(),
                             money(),
                             number<std::uint64_t>(),
                             number<std::uint64_t>()};
    case 18:
      return run_suspended{text()};
    case 19:
      return run_resumed{};
    case 20:
      return approval_requested{number<std::int64_t>(), money(), money(),
                                money(), many([this] { return text(); })};
    case 21:
      return approval_given{text(), text(), text()};
    case 22:
      return run_ending{pick<core::run_status>(core::run_status::suspended),
                        text(), text(), shared()};
    default:
      return run_finished{pick<core::run_status>(core::run_status::suspended),
                          text(), text(), shared()};
    }
  }

private:
  core::events::run_submitted submitted() {
    core::events::run_submitted e;
    e.goal = text();
    e.crew = text();
    e.ceiling = money();
    e.deadline_ms = number<std::int64_t>();
    e.inputs = many([this] { return info(); });
    if (random_() % 2 == 0)
      e.tokens_max = number<std::uint64_t>();
    if (random_() % 2 == 0)
      e.calls_max = number<std::uint64_t>();
    e.estimate = text();
    e.prices = text();
    e.parent_run = text();
    e.parent_task = text();
    e.client = text();
    e.approval = text();
    e.approval_timeout_ms = number<std::int64_t>();
    return e;
  }

  core::events::call_intended intended() {
    core::events::call_intended e;
    e.id = id();
    e.key = {text(), small(), small()};
    e.role = role();
    e.task = text();
    e.attempt = small();
    e.try_no = small();
    e.model = text();
    e.request_hash = text();
    e.reserved = money();
    e.reserved_tokens = number<std::uint64_t>();
    e.worst_case = money();
    e.epoch = small();
    e.nested_run = text();
    e.waited_ms = number<std::int64_t>();
    return e;
  }

  /// Small, large and the two ends.
  template <class T>
  T number() {
    using limits = std::numeric_limits<T>;
    switch (random_() % 4) {
    case 0:
      return limits::max();
    case 1:
      return limits::min();
    case 2:
      return static_cast<T>(random_());
    default:
      return static_cast<T>(random_() % 100);
    }
  }

  std::uint32_t small() { return number<std::uint32_t>(); }

  core::call_id id() { return core::call_id{number<std::uint64_t>()}; }

  core::pico_usd money() {
    return {static_cast<std::int64_t>(number<std::uint64_t>() >> 1)};
  }

  template <class Enum>
  Enum pick(Enum last) {
    return static_cast<Enum>(random_() % (static_cast<unsigned>(last) + 1U));
  }

  core::call_role role() { return pick(core::call_role::synthesizer); }

  std::string text() {
    static const char* const pieces[] = {
        "a", "\"", "\\", "\n", "\x01", "\xC3\xA9", "\xF0\x9F\x8D\xB3",
        "{", "}",  ",",  " ",  "null", "/",        "word"};
    std::string result;
    for (auto count = random_() % 6; count > 0; --count)
      result += pieces[random_() % std::size(pieces)];
    return result;
  }

  core::shared_text shared() { return core::shared_text{text()}; }

  template <class F>
  std::vector<std::invoke_result_t<F&>> many(F make) {
    std::vector<std::invoke_result_t<F&>> result;
    for (auto count = random_() % 4; count > 0; --count)
      result.push_back(make());
    return result;
  }

  core::input_info info() {
    return {text(), text(), number<std::uint64_t>(), small()};
  }

  core::plan_fault fault() { return {text(), text(), text()}; }

  core::dependency edge() {
    core::dependency result{text(), std::nullopt};
    if (random_() % 2 == 0)
      result.if_failed = pick(core::failure_policy::abort);
    return result;
  }

  core::input_range range() {
    const auto first = static_cast<std::uint32_t>(random_() % 50);
    const auto last = static_cast<std::uint32_t>(first + random_() % 9);
    return {"doc" + std::to_string(1 + random_() % 64), first,
            first == 0 ? 0 : last};
  }

  std::shared_ptr<const core::plan> plan() {
    core::plan result;
    result.analysis = text();
    if (random_() % 2 == 0)
      result.answer = text();
    result.tasks = many([this] {
      return core::subtask{text(),
                           text(),
                           text(),
                           many([this] { return edge(); }),
                           many([this] { return range(); }),
                           text(),
                           text()};
    });
    return std::make_shared<const core::plan>(std::move(result));
  }

  core::events::call_settled settled() {
    core::events::call_settled result;
    result.id = id();
    result.code = pick(core::outcome_code::not_sent);
    result.rule = pick(core::money_rule::release);
    result.charged = money();
    result.tokens = {number<std::uint64_t>(), number<std::uint64_t>(),
                     number<std::uint64_t>()};
    result.usage_known = random_() % 2 == 0;
    result.finish = pick(core::finish_reason::refused);
    result.reply = shared();
    result.message = text();
    result.http_status = number<int>();
    result.request_id = text();
    return result;
  }

  std::mt19937_64 random_;
};

} // namespace brigade::test
