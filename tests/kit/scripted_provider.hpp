/// A provider that answers by script, under virtual time, and keeps its own
/// ledger of what it served.
#pragma once

#include "brigade/core/model/provider.hpp"
#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/served_call.hpp"
#include "brigade/testkit/tariff.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
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
  /// The answer also comes to a try that was given up, so long after that.
  std::optional<std::chrono::milliseconds> late;
  /// A reply without usage is told so, instead of a token for 4 bytes.
  bool usage_hidden = false;
  /// What the try really used, where that is not what it says or where it says
  /// nothing; else the most that it can have used.
  std::optional<core::usage> used;
};

/// Answers with `text`; usage is a token for 4 bytes, as a rule.
scripted_step reply(std::string text, std::chrono::milliseconds delay = {});

/// Fails with `code` and the HTTP status that goes with it.
scripted_step fail(core::outcome_code code,
                   std::chrono::milliseconds delay = {});

/// Says nothing.
scripted_step silence();

/// Something came that is no answer of a model.
scripted_step malformed(std::chrono::milliseconds delay = {});

/// Answers twice.
scripted_step twice(scripted_step step);

/// Answers `delay` after the try was given up, whatever was asked before.
scripted_step too_late(scripted_step step, std::chrono::milliseconds delay);

/// Bills `output_tokens`, whatever the limit was.
scripted_step overlong(std::string text, std::uint64_t output_tokens);

using script = std::function<scripted_step(const scripted_call&)>;

class scripted_provider : public core::provider {
public:
  /// The provider's time is that of `system`, which outlives every try.
  scripted_provider(deterministic_system& system, script steps);

  ~scripted_provider() override;

  scripted_provider(const scripted_provider&) = delete;
  scripted_provider& operator=(const scripted_provider&) = delete;

  /// Puts something between the script and the provider.
  void wrap(const std::function<script(script)>& wrapper) {
    script_ = wrapper(std::move(script_));
  }

  /// The price list by which the ledger bills a model; nothing is billed for a
  /// model without one.
  void set_tariff(const std::string& model, tariff prices);

  std::string encode(const core::model_request& request) const override;
  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds time_limit, done_fn done) override;
  void cancel(core::try_id id) override;

  /// The process that asked has died and another one, in `next`, goes on; call
  /// it before the old system ends. What it had sent goes on here until it is
  /// answered and billed, or ends at once when `notices`; nobody hears of it.
  void move_to(deterministic_system& next, bool notices);

  /// Every try that arrived, in order.
  const std::vector<served_call>& served() const { return served_; }

  /// The sum of its bills.
  core::pico_usd billed() const;

  /// Tries that have no answer yet.
  std::size_t open() const { return open_.size(); }

  /// Tries that were cancelled while they had no answer.
  std::uint32_t cancelled() const { return cancelled_; }

  /// What the script threw first; null: nothing. Brigade takes it for a failure
  /// of the provider, so a test should rethrow it once its run has ended.
  std::exception_ptr script_failure() const { return script_failure_; }

  // -- hooks ------------------------------------------------------------------

  /// Called in the actor of the buyer, before a request is serialised; may
  /// throw, which crashes that actor.
  void before_encode(std::function<void(const core::model_request&)> hook) {
    before_encode_ = std::move(hook);
  }

  /// Called when a try has arrived.
  void on_arrival(std::function<void(const served_call&)> hook) {
    on_arrival_ = std::move(hook);
  }

  /// Called when a try has ended and its line is complete, before the answer
  /// is handed over.
  void on_end(std::function<void(const served_call&)> hook) {
    on_end_ = std::move(hook);
  }

private:
  struct open_try {
    /// Its line in the ledger.
    std::size_t line = 0;
    scripted_step step;
    done_fn done;
    std::optional<timer_id> timer;
    std::chrono::milliseconds ends{0};
  };

  const tariff& tariff_of(const std::string& model) const;
  scripted_step next_step(const scripted_call& call);
  void plan_answer(core::try_id id, std::chrono::milliseconds time_limit);
  void give_up(core::try_id id, core::outcome_code code, const char* why);
  void finish(core::try_id id, core::outcome result);
  void finish_orphan(std::uint64_t number);
  void write(served_call& line, const scripted_step& step,
             const core::outcome& result);

  deterministic_system* system_;
  script script_;
  std::map<std::string, tariff> tariffs_;
  std::map<std::string, std::uint32_t> numbers_;
  std::unordered_map<core::try_id, open_try> open_;
  /// Tries of processes that are dead, by a number of their own.
  std::map<std::uint64_t, open_try> orphans_;
  std::uint64_t last_orphan_ = 0;
  std::vector<served_call> served_;
  std::uint32_t cancelled_ = 0;
  std::exception_ptr script_failure_;
  std::function<void(const core::model_request&)> before_encode_;
  std::function<void(const served_call&)> on_arrival_;
  std::function<void(const served_call&)> on_end_;
};

/// The status that goes with an outcome; 0 where no complete answer arrived.
int status_of(core::outcome_code code);

/// A plan's JSON from lines `id worker dep,dep`, with descriptions that pass
/// the checks: `t1 a`, `t2 b t1`.
std::string plan_text(const std::vector<std::string>& tasks);

} // namespace brigade::testkit
