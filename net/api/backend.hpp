/// What the HTTP API asks of whoever runs the runs. Implemented above this
/// folder, which knows nothing of actors or files.
///
/// All functions are called on the server's thread and do not block; answers
/// come on the same thread, possibly before the call returns.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_state.hpp"
#include "brigade/core/run/run_summary.hpp"
#include "brigade/net/api/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace brigade::net::api {

template <class T>
using reply = std::function<void(std::variant<T, refusal>)>;

/// Nothing but that it was done.
struct done {};

/// A document that travels in a request. The name is for people and citations;
/// it is never opened.
struct named_text {
  std::string name;
  std::string text;
};

/// A run that a client asks for. What is not set is the crew's.
struct job_order {
  std::string crew;
  std::string goal;
  std::vector<named_text> inputs;
  /// None of these may be above the crew's own.
  std::optional<core::pico_usd> cost_max;
  std::optional<std::uint64_t> tokens_max;
  std::optional<std::uint64_t> calls_max;
  std::optional<std::uint32_t> tasks_max;
  std::optional<std::int64_t> deadline_ms;
  bool plan_only = false;
  /// Wait for approval of the plan, whatever the crew says.
  bool approve_plan = false;
  std::optional<std::string> plan_text;
};

/// A request that may come again and must start one run only.
struct request_key {
  std::string key;
  /// Of what is asked for.
  std::string body_sha256;
  std::int64_t keep_ms = 0;
  /// A run that ended without an answer is not attached to: another one begins.
  bool again_without_answer = false;
};

struct accepted_run {
  core::run_id run;
  /// It began with this request.
  bool is_new = true;
};

/// A run as it is now.
struct run_view {
  core::run_id run;
  std::shared_ptr<const core::run_state> state;
  /// It was accepted and waits for its turn.
  bool queued = false;
  /// Unix time in ms, for people.
  std::int64_t updated_wall_ms = 0;
};

/// A line of a list.
struct run_line {
  core::run_summary summary;
  bool queued = false;
};

struct list_query {
  std::optional<core::run_status> status;
  std::string crew;
  /// Only those older than this one; empty: from the newest on.
  core::run_id before;
  std::size_t runs_max = 50;
};

/// What a client may know of a crew.
struct crew_card {
  std::string name;
  std::string description;
  core::pico_usd cost_max;
  std::int64_t deadline_ms = 0;
  /// Its runs wait for approval.
  bool approval = false;
  /// It takes chat side requests without a run.
  bool passthrough = false;
  /// Unix time in s at which it was loaded.
  std::int64_t loaded_s = 0;
};

struct plan_decision {
  bool approved = false;
  std::string comment;
  /// Another plan instead.
  std::optional<std::string> plan_text;
};

/// A single call to a crew's passthrough model, without a run around it.
struct direct_call {
  std::string crew;
  std::string system;
  std::string prompt;
};

class run_feed;

class backend {
public:
  virtual ~backend() = default;

  /// Those that this client may use, in the order of their names.
  virtual std::vector<crew_card> crews(const std::string& client) const = 0;

  /// The run is durable when the answer comes.
  virtual void submit(const std::string& client, job_order what,
                      std::optional<request_key> key,
                      reply<accepted_run> then) = 0;

  /// `not_found` for runs of other clients, here and below.
  virtual void look(const std::string& client, const core::run_id& run,
                    reply<run_view> then) = 0;

  virtual void list(const std::string& client, list_query query,
                    reply<std::vector<run_line>> then) = 0;

  virtual void cancel(const std::string& client, const core::run_id& run,
                      std::string reason, reply<done> then) = 0;

  virtual void decide(const std::string& client, const core::run_id& run,
                      plan_decision what, reply<done> then) = 0;

  /// Only runs that have ended.
  virtual void remove(const std::string& client, const core::run_id& run,
                      reply<done> then) = 0;

  virtual void call(const std::string& client, direct_call what,
                    reply<core::model_reply> then) = 0;

  /// The next durable events above sequence `after`; empty: there are none now.
  /// Does not ask whose run it is: for whoever has looked at it.
  virtual void read(const core::run_id& run, std::uint64_t after,
                    reply<std::vector<core::event_ptr>> then) = 0;

  /// The events of all runs as they become durable.
  virtual run_feed& feed() = 0;

  // -- for operators ----------------------------------------------------------

  /// The text that Prometheus reads.
  virtual std::string metrics() = 0;

  /// Whether new runs are taken, and a line for each thing that was looked at.
  virtual bool ready(std::string& why) = 0;
};

} // namespace brigade::net::api
