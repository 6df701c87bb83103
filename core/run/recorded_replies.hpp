/// What was answered to the calls of a run, found again by what was asked: from
/// the events of a run that is over, so that it can be repeated without a
/// provider. (A run that goes on recalls what it paid for in its till.)
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"
#include "brigade/core/run/run_export.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace brigade::core {

/// The outcome that an event tells. What events do not keep is not set: the
/// wait that a provider asked for, and its word on another try.
outcome outcome_of(const events::call_settled& settled);

/// The tries of one request under one key, as far as they ended with a known
/// outcome, in the order of their ends.
struct recorded_tries {
  call_key key;
  std::string request_hash;
  std::vector<outcome> outcomes;

  /// The reply that succeeded, or null.
  const outcome* succeeded() const;
};

class recorded_replies {
public:
  /// Folds one event in. An outcome of a call that nobody intended is ignored,
  /// and so are nested runs, whose own events tell them.
  void apply(const event& e);

  /// What is known of this request under this key, or null. Valid until the
  /// next `apply`.
  const recorded_tries* find(const call_key& key,
                             std::string_view request_hash) const;

  /// Everything, in the order of the first intents.
  const std::vector<recorded_tries>& all() const { return all_; }

private:
  std::vector<recorded_tries> all_;
  std::map<std::pair<call_key, std::string>, std::size_t> index_;
  std::map<call_id, std::size_t> open_;
};

/// The answers to each request, by its hash, in the order in which they were
/// given. A try that was ended by ourselves, or whose end nobody knows, says
/// nothing as long as another one of its request does.
using reply_script = std::unordered_map<std::string, std::vector<outcome>>;

/// The script of a run and of all runs nested in it.
reply_script script_of(const run_export& run);

} // namespace brigade::core
