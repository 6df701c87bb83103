/// One seed's processes and everything around them.
#pragma once

#include "simulation.hpp"

#include "brigade/testkit/checkers/trace_hash.hpp"
#include "brigade/testkit/fault_injector.hpp"
#include "brigade/testkit/process_doors.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brigade::sim {

/// How often runs are gone on with in a seed, about.
inline constexpr std::uint32_t resumes_max = 8;

/// How long a run stands still, or nobody starts the next process.
inline constexpr std::int64_t pause_ms_max = 60'000;

/// One order over all processes.
struct tracked_order {
  tracked_order(core::run_order what, std::chrono::milliseconds when)
      : order(std::move(what)), at(when) {
    // nop
  }

  core::run_order order;
  std::chrono::milliseconds at{0};
  bool sent = false;
  /// Of the process that lives.
  std::shared_ptr<const testkit::pending_run> pending;
  /// Its answer has been looked at.
  bool told = false;
  bool resume_planned = false;
  /// Whether the plan that was given instead had faults; nothing: none was.
  std::optional<bool> edit_has_faults;
  std::size_t end = static_cast<std::size_t>(core::run_status::running);
};

/// In order of construction.
class world {
public:
  world(std::uint64_t seed, const simulation_options& options);

  simulation_result run();

private:
  // -- processes --------------------------------------------------------------

  void begin_process();

  /// Everything that lives in the process is gone at once. What was not durable
  /// is lost, or some of it is durable though nobody was told.
  void end_process();

  actors::brigade_options brigade_options();

  void watch();

  template <class Text>
  void trace_line(Text text) {
    if (options_.trace)
      options_.trace(std::to_string(system_->elapsed().count()) + " ms  "
                     + text());
  }

  void found(std::string rule, std::string what);

  bool has_happened(testkit::fault f) const {
    return happened_[static_cast<std::size_t>(f)];
  }

  void note(testkit::fault f);

  // -- orders -----------------------------------------------------------------

  std::vector<core::event_ptr> log_of(const core::run_id& run) const;

  core::run_state state_of(const core::run_id& run) const;

  /// To a new process: those that have no end are sent again or gone on with.
  void send_orders();

  void submit(tracked_order& order);

  void send_again(tracked_order& order);

  void resume(tracked_order& order);

  /// Sometimes there is more money, and sometimes the goal is another one.
  void vary(actors::resume_run& next);

  /// What somebody says of a plan that waits; nothing: no word yet.
  std::optional<core::approval_decision>
  decision_for(tracked_order& order, const core::run_order& now);

  /// A plan that was given instead is worked on, or ends its run.
  void check_edit(const tracked_order& order);

  bool may_resume() const { return resumes_ < resumes_max; }

  /// What has been answered since the last look.
  void look_at_answers();

  /// Until nothing is left to happen; false when that takes too long.
  bool run_to_rest();

  /// Somebody starts the program again and goes on with what stands still.
  bool wants_another_process();

  bool all_are_answered() const;

  /// At the instant that answers the last order, nothing works for a run any
  /// more, here or at the provider. What a shutdown ends by force, and a run
  /// nested below a till that crashed or gave up while the process stood still,
  /// may still be on its way out.
  void check_gone();

  // -- ends -------------------------------------------------------------------

  std::size_t end_of(tracked_order& order);

  /// An order comes to nothing before its run begins, or when a shutdown ends
  /// what is left by force, which nobody can write down. A run that goes on may
  /// find no room.
  void refused(const core::run_id& run);

  void check_rest();

  const simulation_options& options_;
  std::uint64_t seed_ = 0;
  scenario what_;
  testkit::rule_checkers checkers_;
  testkit::trace_hash hash_;
  std::vector<testkit::violation> found_;
  testkit::fault_set happened_;
  bool journal_failed_ = false;
  /// Decides about lives.
  testkit::seeded more_;
  /// Decides about plans.
  testkit::seeded words_;
  /// Whether the program is started again for what stands still.
  bool restarts_ = false;
  std::uint32_t processes_ = 1;
  std::uint32_t resumes_ = 0;
  bool varied_ = false;
  std::uint64_t last_serial_ = 0;
  std::uint64_t messages_ = 0;
  /// Nested runs included.
  std::vector<core::run_id> begun_;
  std::shared_ptr<testkit::process_life> life_;
  std::shared_ptr<store::memory_journal> journal_;
  std::unique_ptr<testkit::deterministic_system> system_;
  testkit::fault_injector faults_;
  std::shared_ptr<testkit::scripted_provider> provider_;
  actors::brigade_actor handle_;
  bool gone_ = false;
  std::vector<std::string> idle_;
  std::vector<tracked_order> orders_;
};

} // namespace brigade::sim
