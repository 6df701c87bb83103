/// The steps inside one subtask: prompt, call, check of the reply, repair. It
/// meets the run machine only in success and failure.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/call_machine.hpp"
#include "brigade/core/model/model.hpp"
#include "brigade/core/run/ids.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace brigade::core {

/// Buy this request under this key.
struct buy_call {
  model_request request;
  call_key key;
};

/// Buy the same again after a wait.
struct wait_and_buy {
  std::int64_t delay_ms = 0;
};

struct work_done {
  shared_text result;
};

/// `code` as in `task.failed`.
struct work_failed {
  std::string code;
  std::string message;
};

using work_step = std::variant<buy_call, wait_and_buy, work_done, work_failed>;

/// Serves subtasks and, with another path, the synthesis: both are one call
/// whose reply must not be empty.
class worker_machine {
public:
  /// `path` is the key's path, such as `task/t3` or `synth`. `result_bytes_max`
  /// bounds the result as it will stand in later prompts.
  worker_machine(std::string path, model_request request, const limits& bounds,
                 std::int64_t deadline_ms, std::uint64_t result_bytes_max);

  /// The first step.
  work_step start();

  work_step on_outcome(const outcome& result, std::int64_t now_ms,
                       double jitter);

  work_step on_refused(std::string code, std::string message);

  /// The wait of a `wait_and_buy` is over.
  work_step on_wait_over();

private:
  work_step ask() const;
  work_step check(const model_reply& reply);
  work_step reject(std::string code, std::string reason);

  std::string path_;
  model_request request_;
  limits bounds_;
  std::int64_t deadline_ms_;
  std::uint64_t result_bytes_max_;
  std::uint32_t generation_ = 0;
  call_machine call_;
};

/// The bytes that `text` takes inside a JSON string: what the worst case of a
/// prompt that carries it is reckoned from.
std::uint64_t json_bytes(std::string_view text);

/// Cuts `text` at a UTF-8 boundary so that it takes at most `json_bytes_max`
/// inside a JSON string, with a visible note of how much was left out.
std::string cut_visibly(std::string_view text, std::uint64_t json_bytes_max);

} // namespace brigade::core
