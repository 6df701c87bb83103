/// The port through which a model provider is reached. Bring your own by
/// deriving from it; `net` has the HTTP one, `core/extractive` the built-in.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/model/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace brigade::core {

struct run_order;

/// A call whose price and limits can no longer change: the bytes that will be
/// sent. The worst case is reckoned from them.
struct prepared_call {
  /// The model's alias in the crew.
  std::string model;
  call_role role = call_role::worker;
  /// The final serialised body.
  shared_text body;
  std::uint32_t output_tokens_max = 0;
  /// Set for a nested run, which is bought like a call: what to run. `model` is
  /// then `crew/NAME` and `body` the nested goal.
  std::shared_ptr<const run_order> nested{};
};

/// Names one try at a provider; unique for the life of the process.
enum class try_id : std::uint64_t {};

/// A source of model replies. Implementations are thread-safe. Owned by a
/// `shared_ptr`; its destructor cancels everything and returns only when no
/// `done` can still be called.
class provider {
public:
  using done_fn = std::function<void(outcome)>;

  virtual ~provider() = default;

  /// Serialises a request into the body that `send` will send. Pure: the same
  /// request gives the same bytes. Never blocks.
  virtual std::string encode(const model_request& request) const = 0;

  /// Starts one try. Calls `done` exactly once, from any thread, possibly
  /// before it returns, no later than `time_limit` after the call (plus
  /// scheduling). Never retries on its own.
  virtual void send(try_id id, const prepared_call& call,
                    std::chrono::milliseconds time_limit, done_fn done) = 0;

  /// Ends a try now: its connection is closed and its `done` gets `cancelled`
  /// (or `not_sent` when nothing had left yet). Unknown ids are ignored.
  virtual void cancel(try_id id) = 0;
};

} // namespace brigade::core
