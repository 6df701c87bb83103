/// A whole actor system on one thread, under virtual time.
#pragma once

#include "brigade/actors/brigade.hpp"
#include "brigade/testkit/delivery.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace brigade::testkit {

/// A submitted run whose end is awaited.
struct pending_run {
  /// Set when the run has ended or is suspended.
  std::optional<core::run_report> report;
  /// Why the order was refused; empty otherwise.
  std::string error_text;

  bool ended() const { return report || !error_text.empty(); }
};

/// Names a timer of the test.
enum class timer_id : std::uint64_t {};

/// Owns an actor system whose messages are delivered one by one, by the test.
/// With a seed, the next message is drawn from all actors that have one; the
/// same seed gives the same order. Not thread-safe.
///
///     deterministic_system virtual_system{seed};
///     virtual_system.on_leak([](const auto& text) { BOOST_ERROR(text); });
class deterministic_system {
public:
  /// Told which actors are left when everything should have ended.
  using leak_fn = std::function<void(const std::string&)>;

  /// Without a seed messages are delivered in order of arrival. `elapsed` is
  /// what the clock shows at first: a process that follows another one begins
  /// where that ended.
  explicit deterministic_system(std::optional<std::uint64_t> seed = {},
                                std::chrono::milliseconds elapsed = {});

  /// Stops (see `stop`). An actor that is left then goes to the handler of
  /// `on_leak`; without one the program is terminated with the names of the
  /// actors, which fails a test under any framework.
  ~deterministic_system();

  deterministic_system(const deterministic_system&) = delete;
  deterministic_system& operator=(const deterministic_system&) = delete;

  void on_leak(leak_fn handler) { on_leak_ = std::move(handler); }

  caf::actor_system& system() { return *system_; }

  /// Spawns the tree under test.
  actors::brigade_actor brigade(actors::brigade_options options);

  // -- delivery ---------------------------------------------------------------

  /// Delivers one message, or starts one actor; false when there is neither.
  bool step();

  /// Delivers messages until there is none; no time passes.
  void settle();

  /// Lets virtual time pass and delivers what becomes due, in order.
  void advance(std::chrono::milliseconds time);

  /// Jumps to the next timer; false when none is due within `limit`.
  bool fire_next(std::optional<std::chrono::milliseconds> limit = {});

  /// Delivers messages and jumps to the next timer, until `done` holds,
  /// nothing is left, or `time_max` of virtual time has passed.
  void run_until(const std::function<bool()>& done,
                 std::chrono::milliseconds time_max = std::chrono::minutes{60});

  /// As if the whole process had stood still for that long: what became due
  /// meanwhile comes late and all at once.
  void stand_still(std::chrono::milliseconds time);

  /// Submits an order; nothing is delivered yet.
  std::shared_ptr<const pending_run> submit(const actors::brigade_actor& handle,
                                            core::run_order order);

  /// Goes on with a run of the journal; nothing is delivered yet.
  std::shared_ptr<const pending_run> resume(const actors::brigade_actor& handle,
                                            actors::resume_run what);

  /// Submits an order and runs until its report is there. `report` is empty
  /// when the run was refused or did not end within `time_max`.
  pending_run run(const actors::brigade_actor& handle, core::run_order order,
                  std::chrono::milliseconds time_max = std::chrono::minutes{
                      60});

  /// Ends what was spawned through `brigade`, drops the test's own timers,
  /// delivers what is left and lets all time pass. Returns how many actors are
  /// left: 0 unless something leaks. Nothing can be spawned afterwards.
  std::size_t stop();

  // -- hooks ------------------------------------------------------------------

  /// Called before each delivery. Replaces the one before.
  void before_delivery(std::function<void(const delivery&)> hook) {
    before_ = std::move(hook);
  }

  /// Called after each delivery: the place to check what must always hold.
  void after_delivery(std::function<void()> hook) { after_ = std::move(hook); }

  /// Calls `then` after `time`, outside of any actor.
  timer_id call_later(std::chrono::milliseconds time,
                      std::function<void()> then);

  /// Forgets a timer. Unknown or past ones are ignored.
  void forget(timer_id id);

  // -- actors -----------------------------------------------------------------

  /// Crashes the `index`th oldest actor of this name, such as
  /// `brigade.worker`; false when there are fewer. It dies when it would get
  /// its next message.
  bool kill(std::string_view name, std::size_t index = 0);

  /// Actors of this name that are alive.
  std::size_t alive(std::string_view name);

  /// The names of all actors alive that were started after the system, hidden
  /// ones included, oldest first.
  std::vector<std::string> alive();

  /// Actors alive now, hidden ones not counted.
  std::size_t running() const;

  // -- observers --------------------------------------------------------------

  /// Messages delivered so far, to any actor, the test's own included.
  std::uint64_t messages() const { return messages_; }

  /// Virtual time since the start.
  std::chrono::milliseconds elapsed() const;

  /// Timers that are not due yet, those of the test included.
  std::size_t timers() const;

private:
  using time_point = caf::actor_clock::time_point;

  struct started_actor {
    caf::weak_actor_ptr handle;
    const char* name = "";
  };

  struct own_timer {
    timer_id id{};
    std::function<void()> then;
  };

  std::uint64_t draw();
  void note(caf::scheduled_actor& actor);
  void forget_the_dead();
  /// When the next timer is due; nothing: there is none.
  std::optional<time_point> next_due() const;
  void fire();

  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
  std::optional<std::uint64_t> seed_;
  std::uint64_t messages_ = 0;
  std::vector<actors::brigade_actor> spawned_;
  time_point start_;
  std::function<void(const delivery&)> before_;
  std::function<void()> after_;
  leak_fn on_leak_;
  /// By start. Weak: a handle must not keep an actor alive.
  std::vector<started_actor> started_;
  /// The dead are forgotten when there are so many.
  std::size_t started_max_ = 64;
  std::multimap<time_point, own_timer> own_timers_;
  std::unordered_map<timer_id, decltype(own_timers_)::iterator> timer_places_;
  std::uint64_t last_timer_ = 0;
  bool stopped_ = false;
};

/// The names of the actors alive that serve a single run, oldest first.
std::vector<std::string> run_actors(deterministic_system& system);

} // namespace brigade::testkit
