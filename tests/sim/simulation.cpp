#include "simulation.hpp"

#include "trace.hpp"

#include "brigade/testkit/checkers/trace_hash.hpp"
#include "brigade/testkit/fault_injector.hpp"
#include "brigade/testkit/trace.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace brigade::sim {

namespace {

using std::chrono::milliseconds;
using testkit::fault;
using testkit::trace_of_arrival;
using testkit::trace_of_end;
using testkit::trace_of_event;
using testkit::trace_of_fault;

/// More is no simulation any more but a loop without end.
constexpr std::uint64_t steps_max = 400'000;

/// All time limits of a scenario are far below; the hidden clients of the test
/// kit give up after a day.
constexpr milliseconds time_max{std::chrono::hours{12}};

/// In so many seeds the bytes that were sent are hashed once more (rule M3).
constexpr std::uint64_t seeds_per_hash_check = 64;

testkit::checker_options checks_of(const scenario& what, std::uint64_t seed) {
  testkit::checker_options options;
  options.check_hashes = seed % seeds_per_hash_check == 0;
  if (what.process_ceiling.cost != core::pico_usd::max())
    options.process_ceiling = what.process_ceiling.cost;
  return options;
}

/// One seed's system and everything around it, in order of construction.
class world {
public:
  world(std::uint64_t seed, const simulation_options& options)
      : options_(options), what_(make_scenario(seed, options.scenario)),
        checkers_(checks_of(what_, seed)), system_(seed),
        faults_(system_, seed, options.allowed),
        provider_(std::make_shared<testkit::scripted_provider>(
            system_, make_script(seed, what_))) {
    for (const auto& [alias, prices] : what_.tariffs)
      provider_->set_tariff(alias, prices);
    faults_.strike(*provider_);
    watch();
    handle_ = system_.brigade(brigade_options(seed));
    idle_ = system_.alive();
  }

  simulation_result run() {
    submit_all();
    if (!run_to_rest())
      found("L3", "messages without end");
    simulation_result result;
    for (const auto& [id, pending] : pending_)
      ++result.ends[end_of(id, *pending)];
    check_rest();
    result.messages = system_.messages();
    result.calls = provider_->served().size();
    result.runs = pending_.size();
    result.violations = checkers_.violations();
    result.violations.insert(result.violations.end(), found_.begin(),
                             found_.end());
    result.hash = hash_.value();
    result.faults = happened_;
    result.fault_text = faults_.plan().text();
    return result;
  }

private:
  void watch() {
    system_.on_leak([](const std::string&) {
      // `run` has told it already.
    });
    faults_.plan().on_fault([this](fault f) { note(f); });
    system_.before_delivery([this](const testkit::delivery& next) {
      if (const auto* sent = next.get<actors::send_try>())
        checkers_.serial(sent->run, static_cast<std::uint64_t>(sent->id) >> 24);
      const auto before = system_.elapsed();
      faults_.before_delivery(next);
      checkers_.stood_still((system_.elapsed() - before).count());
    });
    provider_->on_arrival([this](const testkit::served_call& line) {
      checkers_.served(line);
      hash_.arrived(line);
      trace_line([&] { return trace_of_arrival(line); });
    });
    provider_->on_end([this](const testkit::served_call& line) {
      checkers_.answered(line);
      hash_.ended(line);
      trace_line([&] { return trace_of_end(line); });
    });
  }

  actors::brigade_options brigade_options(std::uint64_t seed) {
    actors::brigade_options made;
    made.providers[provider_name] = {provider_, what_.gateway};
    made.journal = faults_.journal([this](const auto& run, const auto& e) {
      if (std::holds_alternative<core::events::run_submitted>(e->body))
        begun_.push_back(run);
      hash_.add(run, *e);
      checkers_.saw(run, *e, system_.elapsed().count());
      trace_line([&] { return trace_of_event(run, *e); });
    });
    made.seed = seed;
    made.ceiling = what_.process_ceiling;
    made.runs_max = what_.runs_max;
    made.queue_max = what_.queue_max;
    return made;
  }

  template <class Text>
  void trace_line(Text text) {
    if (options_.trace)
      options_.trace(std::to_string(system_.elapsed().count()) + " ms  "
                     + text());
  }

  void found(std::string rule, std::string what) {
    found_.push_back(
        {std::move(rule), {}, 0, system_.elapsed().count(), std::move(what)});
  }

  void note(fault f) {
    happened_.set(static_cast<std::size_t>(f));
    trace_line([&] { return testkit::trace_of_fault(f); });
    if (f == options_.planted)
      found("planted", "a planted violation");
    if (f == fault::gateway_crash)
      checkers_.gateway_lost();
    if (f == fault::budget_crash)
      checkers_.till_lost();
    if (f != fault::journal_failure)
      return;
    journal_failed_ = true;
    for (const auto& entry : pending_)
      checkers_.journal_failed(entry.first);
    for (const auto& run : begun_)
      checkers_.journal_failed(run);
  }

  void submit_all() {
    std::vector<core::run_id> ids;
    for (auto& planned : what_.orders) {
      ids.push_back(planned.order.id);
      if (planned.at.count() == 0)
        submit(std::move(planned.order));
      else
        system_.call_later(
            planned.at, [this, &planned] { submit(std::move(planned.order)); });
    }
    faults_.strike(handle_, std::move(ids));
  }

  void submit(core::run_order order) {
    checkers_.submitted(order);
    if (journal_failed_)
      checkers_.journal_failed(order.id);
    trace_line([&] { return trace_of_order(order); });
    const auto id = order.id;
    pending_.emplace_back(id, system_.submit(handle_, std::move(order)));
  }

  /// Until nothing is left to happen; false when that takes too long.
  bool run_to_rest() {
    for (std::uint64_t steps = 0; steps < steps_max; ++steps)
      if (!system_.step()) {
        check_gone();
        if (!system_.fire_next(time_max))
          return true;
      }
    return false;
  }

  bool all_are_answered() const {
    return pending_.size() == what_.orders.size()
           && std::all_of(pending_.begin(), pending_.end(),
                          [](const auto& p) { return p.second->ended(); });
  }

  /// At the instant that answers the last order, nothing works for a run any
  /// more, here or at the provider. What a shutdown ends by force, and a run
  /// nested below a till that crashed or gave up while the process stood still,
  /// may still be on its way out.
  void check_gone() {
    if (gone_ || !all_are_answered())
      return;
    gone_ = true;
    for (auto f : {fault::shutdown, fault::budget_crash, fault::time_jump})
      if (happened_[static_cast<std::size_t>(f)])
        return;
    for (const auto& name : testkit::run_actors(system_))
      found("H1", "an actor outlives its run: " + name);
    if (const auto open = provider_->open(); open != 0)
      found("H1", std::to_string(open)
                      + " tries go on at the provider after their runs");
  }

  std::size_t end_of(const core::run_id& run,
                     const testkit::pending_run& pending) {
    if (pending.report) {
      const auto& state = pending.report->state;
      // Ended by force, as by kill -9: its log simply stops.
      if (state.status == core::run_status::suspended
          && state.reason == "shutdown")
        checkers_.journal_failed(run);
      checkers_.reported(*pending.report);
      return static_cast<std::size_t>(state.status);
    }
    if (!pending.error_text.empty()) {
      refused(run);
      return refused_order;
    }
    found("L3", "the order of run " + run.text + " is never answered");
    return static_cast<std::size_t>(core::run_status::running);
  }

  /// An order comes to nothing before its run begins, or when a shutdown ends
  /// what is left by force, which nobody can write down.
  void refused(const core::run_id& run) {
    if (std::find(begun_.begin(), begun_.end(), run) == begun_.end())
      checkers_.refused(run);
    else if (!happened_[static_cast<std::size_t>(fault::shutdown)])
      found("L1", "run " + run.text + " has begun but its order is refused");
    else
      for (const auto& ended : begun_)
        checkers_.journal_failed(ended);
  }

  void check_rest() {
    testkit::hygiene now;
    now.timers = system_.timers();
    now.open_tries = provider_->open();
    checkers_.at_rest(now);
    // Actors are told by their names.
    auto left = system_.alive();
    for (const auto& name : idle_) {
      const auto i = std::find(left.begin(), left.end(), name);
      if (i != left.end())
        left.erase(i);
    }
    for (const auto& name : left)
      found("H1", "an actor is left: " + name);
    if (system_.stop() != 0)
      for (const auto& name : system_.alive())
        found("H1", "an actor is left when all is stopped: " + name);
  }

  const simulation_options& options_;
  scenario what_;
  testkit::rule_checkers checkers_;
  testkit::trace_hash hash_;
  std::vector<testkit::violation> found_;
  testkit::fault_set happened_;
  bool journal_failed_ = false;
  /// Nested runs included.
  std::vector<core::run_id> begun_;
  testkit::deterministic_system system_;
  testkit::fault_injector faults_;
  std::shared_ptr<testkit::scripted_provider> provider_;
  actors::brigade_actor handle_;
  bool gone_ = false;
  std::vector<std::string> idle_;
  std::vector<
      std::pair<core::run_id, std::shared_ptr<const testkit::pending_run>>>
      pending_;
};

} // namespace

simulation_result simulate(std::uint64_t seed,
                           const simulation_options& options) {
  return world{seed, options}.run();
}

} // namespace brigade::sim
