#include "simulation.hpp"

#include "judge.hpp"
#include "trace.hpp"

#include "brigade/testkit/fault_injector.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace brigade::sim {

namespace {

using std::chrono::milliseconds;

/// More is no simulation any more but a loop without end.
constexpr std::uint64_t steps_max = 400'000;

/// All time limits of a scenario are far below; the hidden clients of the test
/// kit give up after a day.
constexpr milliseconds time_max{std::chrono::hours{12}};

/// One seed's system and everything around it, in order of construction.
class world {
public:
  world(std::uint64_t seed, const simulation_options& options)
    : options_(options), what_(make_scenario(seed, options.scenario)),
      judge_(seed), system_(seed), faults_(system_, seed, options.allowed) {
    provider_ = std::make_shared<testkit::scripted_provider>(
      system_, make_script(seed, what_));
    for (const auto& [alias, prices] : what_.tariffs)
      provider_->set_tariff(alias, prices);
    faults_.strike(*provider_);
    provider_->on_arrival([this](const auto& line) {
      judge_.arrived(line);
      trace_line([&] { return trace_of_arrival(line); });
    });
    provider_->on_end([this](const auto& line) {
      judge_.ended(line);
      trace_line([&] { return trace_of_end(line); });
    });
    faults_.plan().on_fault([this](testkit::fault f) {
      happened_.set(static_cast<std::size_t>(f));
      if (f == testkit::fault::journal_failure)
        judge_.journal_failed();
      if (f == options_.planted)
        judge_.found("planted", "a planted violation");
      trace_line([&] { return trace_of_fault(f); });
    });
    actors::brigade_options brigade;
    brigade.providers[provider_name] = {provider_, what_.gateway};
    brigade.journal = faults_.journal([this](const auto& run, const auto& e) {
      judge_.saw(run, *e, system_.elapsed().count());
      trace_line([&] { return trace_of_event(run, *e); });
    });
    brigade.seed = seed;
    brigade.ceiling = what_.process_ceiling;
    brigade.runs_max = what_.runs_max;
    brigade.queue_max = what_.queue_max;
    system_.before_delivery([this](const testkit::delivery& next) {
      if (const auto* sent = next.get<actors::send_try>())
        judge_.numbered(sent->run, static_cast<std::uint64_t>(sent->id) >> 24);
      const auto before = system_.elapsed();
      faults_.before_delivery(next);
      if (const auto stood = system_.elapsed() - before; stood.count() != 0)
        judge_.stood_still(stood.count());
    });
    system_.on_leak([](const std::string&) {
      // `run` has told it already.
    });
    handle_ = system_.brigade(std::move(brigade));
    idle_ = system_.alive();
  }

  simulation_result run() {
    submit_all();
    const bool quiet = run_to_rest();
    if (!quiet)
      judge_.found("L3", "messages without end");
    simulation_result result;
    std::size_t open_orders = 0;
    for (const auto& [id, pending] : pending_) {
      if (!pending->ended()) {
        ++open_orders;
        continue;
      }
      judge_.answered(id, *pending);
      ++result.ends[pending->report
                      ? static_cast<std::size_t>(pending->report->state.status)
                      : refused_order];
    }
    judge_.at_rest(provider_->open(), open_orders);
    check_leaks();
    result.messages = system_.messages();
    result.calls = provider_->served().size();
    result.runs = pending_.size();
    if (system_.stop() != 0)
      for (const auto& name : system_.alive())
        judge_.found("H1", "an actor is left when all is stopped: " + name);
    result.violations = judge_.violations();
    result.hash = judge_.hash();
    result.faults = happened_;
    result.fault_text = faults_.plan().text();
    return result;
  }

private:
  template <class Text>
  void trace_line(Text text) {
    if (options_.trace)
      options_.trace(std::to_string(system_.elapsed().count()) + " ms  "
                     + text());
  }

  void submit_all() {
    std::vector<core::run_id> ids;
    for (auto& planned : what_.orders) {
      ids.push_back(planned.order.id);
      if (planned.at.count() == 0)
        submit(std::move(planned.order));
      else
        system_.call_later(planned.at, [this, &planned] {
          submit(std::move(planned.order));
        });
    }
    faults_.strike(handle_, std::move(ids));
  }

  void submit(core::run_order order) {
    judge_.submitted(order);
    trace_line([&] { return trace_of_order(order); });
    const auto id = order.id;
    pending_.emplace_back(id, system_.submit(handle_, std::move(order)));
  }

  /// Until nothing is left to happen; false when that takes too long.
  bool run_to_rest() {
    for (std::uint64_t steps = 0; steps < steps_max; ++steps)
      if (!system_.step() && !system_.fire_next(time_max))
        return true;
    return false;
  }

  void check_leaks() {
    auto left = system_.alive();
    for (const auto& name : idle_) {
      auto i = std::find(left.begin(), left.end(), name);
      if (i != left.end())
        left.erase(i);
    }
    for (const auto& name : left)
      judge_.found("H1", "an actor is left: " + name);
  }

  const simulation_options& options_;
  scenario what_;
  judge judge_;
  testkit::fault_set happened_;
  testkit::deterministic_system system_;
  testkit::fault_injector faults_;
  std::shared_ptr<testkit::scripted_provider> provider_;
  actors::brigade_actor handle_;
  std::vector<std::string> idle_;
  std::vector<std::pair<core::run_id,
                        std::shared_ptr<const testkit::pending_run>>>
    pending_;
};

} // namespace

simulation_result simulate(std::uint64_t seed,
                           const simulation_options& options) {
  return world{seed, options}.run();
}

} // namespace brigade::sim
