/// Everything that can be told about a run afterwards: its state, and when
/// each attempt, each call and each life of it began and ended. A fold of its
/// events; whatever they are, they are folded as far as they go.
#pragma once

#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// How one attempt of a subtask ended.
enum class attempt_end : std::uint8_t {
  /// Not yet.
  open,
  succeeded,
  failed,
  /// It failed, and another attempt was to follow.
  retried,
  cancelled,
  /// The run's actors ended: no failure.
  interrupted,
};

/// `open`, `succeeded`, `failed`, ...
std::string_view to_string(attempt_end end);

/// Times are run times in ms, as in `event::at_ms`.
struct attempt_history {
  std::uint32_t attempt = 1;
  std::int64_t started_ms = 0;
  std::optional<std::int64_t> ended_ms;
  attempt_end end = attempt_end::open;
  /// Of a failure.
  std::string code;
  std::string message;
  /// The wait before the next attempt.
  std::int64_t delay_ms = 0;
};

/// What `call_state` does not keep of a call.
struct call_history {
  std::uint32_t epoch = 1;
  /// Sequences of the intent and of the outcome; 0: it has none.
  std::uint64_t intended_seq = 0;
  std::uint64_t ended_seq = 0;
  std::int64_t started_ms = 0;
  std::optional<std::int64_t> ended_ms;
  /// Before the intent, for money, tokens or calls to come back.
  std::int64_t waited_ms = 0;
  std::string request_hash;
  /// What was sent, byte by byte; empty for a nested run.
  shared_text request;
  /// What was answered; empty when nothing came.
  shared_text reply;
  money_rule rule = money_rule::settle;
  finish_reason finish = finish_reason::stop;
  std::uint64_t charged_tokens = 0;
  int http_status = 0;
  std::string request_id;
};

/// The time between a start of the run's actors and their end.
struct life_history {
  std::uint32_t epoch = 1;
  /// `user`, `restart`, ...; empty for the first life.
  std::string begun_by;
  std::int64_t started_ms = 0;
  std::int64_t started_wall_ms = 0;
  /// Of the last event in it.
  std::int64_t last_ms = 0;
  std::int64_t last_wall_ms = 0;
  /// `interrupt`, `shutdown`, ... of `run.suspended`; `finished`; `lost` when
  /// another life begins without either; empty: it goes on, or nobody knows.
  std::string ended_by;
};

struct run_history {
  run_state state;
  /// Indexed like `state.calls`.
  std::vector<call_history> calls;
  /// The attempts of each subtask, indexed like `plan::tasks`.
  std::vector<std::vector<attempt_history>> attempts;
  std::vector<life_history> lives;

  /// Folds one event in. What `run_state::apply` ignores is ignored here.
  void apply(const event& e);
};

} // namespace brigade::core
