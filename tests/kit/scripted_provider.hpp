/// A provider that answers by script, under virtual time, and keeps its own
/// ledger of what it served.
#pragma once

#include "brigade/core/model/provider.hpp"
#include "brigade/testkit/served_call.hpp"

#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace brigade::testkit {

/// What the provider does with a try.
struct scripted_step {
  core::outcome result;
  std::chrono::milliseconds delay{0};
  /// No answer at all, until it is cancelled or its time limit has passed.
  bool silent = false;
  /// The answer comes twice.
  bool duplicate = false;
};

/// Answers with `text`; usage is a token for 4 bytes, as a rule.
scripted_step reply(std::string text, std::chrono::milliseconds delay = {});

/// Fails with `code` and the HTTP status that goes with it.
scripted_step fail(core::outcome_code code,
                   std::chrono::milliseconds delay = {});

/// Says nothing.
scripted_step silence();

using script = std::function<scripted_step(const scripted_call&)>;

/// Owned by a `shared_ptr`: its late answers keep it alive.
class scripted_provider
    : public core::provider,
      public std::enable_shared_from_this<scripted_provider> {
public:
  scripted_provider(caf::actor_system& system, script steps);

  std::string encode(const core::model_request& request) const override;
  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds time_limit, done_fn done) override;
  void cancel(core::try_id id) override;

  /// Every try that arrived, in order.
  const std::vector<served_call>& served() const { return served_; }

  /// Tries that have no answer yet.
  std::size_t open() const { return open_.size(); }

  /// Tries that were cancelled while they had no answer.
  std::uint32_t cancelled() const { return cancelled_; }

private:
  void finish(core::try_id id, core::outcome result);
  void finish_later(core::try_id id, core::outcome result,
                    std::chrono::milliseconds delay);

  caf::actor_system& system_;
  script script_;
  std::map<std::string, std::uint32_t> numbers_;
  std::map<core::try_id, done_fn> open_;
  std::vector<served_call> served_;
  std::uint32_t cancelled_ = 0;
};

/// A plan's JSON from lines `id worker dep,dep`, with descriptions that pass
/// the checks: `t1 a`, `t2 b t1`.
std::string plan_text(const std::vector<std::string>& tasks);

} // namespace brigade::testkit
