/// The tries of one call: when to ask the till, when to wait, when to give up.
/// Pure; shared by workers, planner and synthesizer, so that retries happen in
/// one layer only.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/core/policy/limits.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace brigade::core {

/// Ask the till for the call (again, as a new try under the same key).
struct ask_till {};

/// Ask again after this wait.
struct wait_then_ask {
  std::int64_t delay_ms = 0;
};

/// The call ended with a reply.
struct call_succeeded {
  model_reply reply;
};

/// The call ended without one. `code` is an `outcome_code`'s text or a
/// refusal's code.
struct call_failed {
  std::string code;
  std::string message;
};

using call_step =
    std::variant<ask_till, wait_then_ask, call_succeeded, call_failed>;

class call_machine {
public:
  /// `deadline_ms` is the run time at which the call must have ended.
  call_machine(const limits& bounds, std::int64_t deadline_ms)
      : bounds_(bounds), deadline_ms_(deadline_ms) {
    // nop
  }

  /// The outcome of the try. `jitter` is uniform in [0, 1).
  call_step on_outcome(const outcome& result, std::int64_t now_ms,
                       double jitter);

  /// The till refused: final.
  call_step on_refused(std::string code, std::string message);

  std::int64_t deadline_ms() const { return deadline_ms_; }

private:
  limits bounds_;
  std::int64_t deadline_ms_;
  std::uint32_t tries_ = 0;
};

} // namespace brigade::core
