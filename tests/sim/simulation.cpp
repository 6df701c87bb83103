#include "simulation.hpp"

#include "trace.hpp"

#include "brigade/testkit/checkers/trace_hash.hpp"
#include "brigade/testkit/fault_injector.hpp"
#include "brigade/testkit/process_doors.hpp"
#include "brigade/testkit/trace.hpp"

#include <algorithm>
#include <limits>
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

/// How often runs are gone on with in a seed, about.
constexpr std::uint32_t resumes_max = 8;

/// How long a run stands still, or nobody starts the next process.
constexpr std::int64_t pause_ms_max = 60'000;

testkit::checker_options checks_of(const scenario& what, std::uint64_t seed) {
  testkit::checker_options options;
  options.check_hashes = seed % seeds_per_hash_check == 0;
  if (what.process_ceiling.cost != core::pico_usd::max())
    options.process_ceiling = what.process_ceiling.cost;
  return options;
}

/// One order over all processes.
struct tracked_order {
  core::run_order order;
  milliseconds at{0};
  bool sent = false;
  /// Of the process that lives.
  std::shared_ptr<const testkit::pending_run> pending;
  /// Its answer has been looked at.
  bool told = false;
  bool resume_planned = false;
  std::size_t end = static_cast<std::size_t>(core::run_status::running);
};

/// One seed's processes and everything around them, in order of construction.
class world {
public:
  world(std::uint64_t seed, const simulation_options& options)
      : options_(options), seed_(seed),
        what_(make_scenario(seed, options.scenario)),
        checkers_(checks_of(what_, seed)), more_(seed ^ 0x6c69766573ULL),
        restarts_(more_.one_in(2)),
        system_(std::make_unique<testkit::deterministic_system>(seed)),
        faults_(*system_, seed, options.allowed),
        provider_(std::make_shared<testkit::scripted_provider>(
            *system_, make_script(seed, what_))) {
    for (const auto& [alias, prices] : what_.tariffs)
      provider_->set_tariff(alias, prices);
    faults_.strike(*provider_);
    watch();
    begin_process();
  }

  simulation_result run() {
    for (auto& planned : what_.orders)
      orders_.push_back({std::move(planned.order), planned.at});
    send_orders();
    if (!run_to_rest())
      found("L3", "messages without end");
    look_at_answers();
    simulation_result result;
    for (auto& order : orders_)
      ++result.ends[end_of(order)];
    check_rest();
    result.messages = messages_ + system_->messages();
    result.calls = provider_->served().size();
    result.runs = orders_.size();
    result.violations = checkers_.violations();
    result.violations.insert(result.violations.end(), found_.begin(),
                             found_.end());
    result.hash = hash_.value();
    result.faults = happened_;
    result.fault_text = faults_.plan().text();
    result.processes = processes_;
    result.varied = varied_;
    if (what_.mortal)
      for (const auto& order : orders_)
        result.ended.push_back(state_of(order.order.id));
    return result;
  }

private:
  // -- processes --------------------------------------------------------------

  void begin_process() {
    life_ = std::make_shared<testkit::process_life>();
    life_->serials_before = last_serial_;
    system_->on_leak([](const std::string&) {
      // `run` has told it already; of a dead process nothing is left.
    });
    system_->before_delivery([this](const testkit::delivery& next) {
      if (const auto* sent = next.get<actors::send_try>()) {
        const auto serial = (static_cast<std::uint64_t>(sent->id) >> 24)
                            + life_->serials_before;
        last_serial_ = std::max(last_serial_, serial);
        checkers_.serial(sent->run, serial);
      }
      const auto before = system_->elapsed();
      faults_.before_delivery(next);
      checkers_.stood_still((system_->elapsed() - before).count());
    });
    handle_ = system_->brigade(brigade_options());
    idle_ = system_->alive();
  }

  /// Everything that lives in the process is gone at once. What was not durable
  /// is lost, or some of it is durable though nobody was told.
  void end_process() {
    look_at_answers();
    life_->alive = false;
    journal_->crash(faults_.survivors(journal_->delayed()));
    checkers_.process_died();
    ++processes_;
    messages_ += system_->messages();
    const milliseconds pause{more_.between(0, pause_ms_max)};
    auto next = std::make_unique<testkit::deterministic_system>(
        seed_ + processes_, system_->elapsed() + pause);
    provider_->move_to(*next, more_.one_in(2));
    faults_.move_to(*next);
    handle_ = nullptr;
    for (auto& order : orders_)
      order.pending = nullptr;
    std::swap(system_, next);
    next.reset();
    journal_failed_ = false;
    begin_process();
    for (const auto& run : begun_)
      checkers_.read_back(run, log_of(run));
    send_orders();
  }

  actors::brigade_options brigade_options() {
    if (!journal_)
      journal_ = faults_.journal([this](const auto& run, const auto& e) {
        if (std::holds_alternative<core::events::run_submitted>(e->body))
          begun_.push_back(run);
        hash_.add(run, *e);
        checkers_.saw(run, *e, system_->elapsed().count());
        trace_line([&] { return trace_of_event(run, *e); });
      });
    actors::brigade_options made;
    made.providers[provider_name] = {
        std::make_shared<testkit::provider_door>(provider_, life_),
        what_.gateway};
    made.journal = std::make_shared<testkit::journal_door>(journal_, life_);
    made.seed = seed_ + processes_ - 1;
    made.ceiling = what_.process_ceiling;
    made.runs_max = what_.runs_max;
    made.queue_max = what_.queue_max;
    return made;
  }

  void watch() {
    faults_.plan().on_fault([this](fault f) { note(f); });
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

  template <class Text>
  void trace_line(Text text) {
    if (options_.trace)
      options_.trace(std::to_string(system_->elapsed().count()) + " ms  "
                     + text());
  }

  void found(std::string rule, std::string what) {
    found_.push_back({std::move(rule), {}, 0, system_->elapsed().count(),
                      std::move(what)});
  }

  bool has_happened(fault f) const {
    return happened_[static_cast<std::size_t>(f)];
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
    for (const auto& order : orders_)
      checkers_.journal_failed(order.order.id);
    for (const auto& run : begun_)
      checkers_.journal_failed(run);
  }

  // -- orders -----------------------------------------------------------------

  std::vector<core::event_ptr> log_of(const core::run_id& run) const {
    return journal_->read(run, 0, std::numeric_limits<std::size_t>::max());
  }

  core::run_state state_of(const core::run_id& run) const {
    core::run_state state;
    for (const auto& e : log_of(run))
      state.apply(*e);
    return state;
  }

  /// To a new process: those that have no end are sent again or gone on with.
  void send_orders() {
    std::vector<core::run_id> ids;
    for (auto& order : orders_) {
      ids.push_back(order.order.id);
      order.resume_planned = false;
      const auto wait = order.at - system_->elapsed();
      if (order.sent)
        send_again(order);
      else if (wait.count() <= 0)
        submit(order);
      else
        system_->call_later(wait, [this, &order] { submit(order); });
    }
    faults_.strike(handle_, std::move(ids));
  }

  void submit(tracked_order& order) {
    order.sent = true;
    order.told = false;
    checkers_.submitted(order.order);
    if (journal_failed_)
      checkers_.journal_failed(order.order.id);
    trace_line([&] { return trace_of_order(order.order); });
    order.pending = system_->submit(handle_, core::run_order{order.order});
  }

  void send_again(tracked_order& order) {
    const auto log = log_of(order.order.id);
    if (log.empty()) {
      if (order.end != refused_order)
        submit(order);
    } else if (!std::holds_alternative<core::events::run_finished>(
                   log.back()->body)) {
      resume(order);
    }
  }

  void resume(tracked_order& order) {
    ++resumes_;
    order.resume_planned = false;
    order.told = false;
    actors::resume_run next{order.order, "restart", false};
    vary(next);
    order.order = next.order;
    checkers_.resumed(next.order);
    trace_line([&] { return "resume  " + next.order.id.text; });
    order.pending = system_->resume(handle_, std::move(next));
  }

  /// Sometimes there is more money, and sometimes the goal is another one.
  void vary(actors::resume_run& next) {
    auto& order = next.order;
    const auto ceiling = core::ceiling_of(order).cost;
    if (more_.one_in(4) && ceiling.value < core::pico_usd::max().value / 4) {
      order.ceiling =
          core::pico_usd{ceiling.value / 100 * more_.between(120, 200) + 1};
      varied_ = true;
    }
    if (more_.one_in(16)) {
      order.goal += " and more";
      next.changes_accepted = more_.one_in(2);
      varied_ = true;
    }
  }

  bool may_resume() const { return resumes_ < resumes_max; }

  /// What has been answered since the last look.
  void look_at_answers() {
    for (auto& order : orders_) {
      if (order.told || !order.pending || !order.pending->ended())
        continue;
      order.told = true;
      if (!order.pending->report) {
        order.end = refused_order;
        refused(order.order.id);
        continue;
      }
      const auto& report = *order.pending->report;
      const auto& state = report.state;
      const bool stands = state.status == core::run_status::suspended;
      // Ended by force, as by kill -9: its log simply stops.
      if (stands && state.reason == "shutdown")
        checkers_.journal_failed(order.order.id);
      checkers_.reported(report);
      order.end = static_cast<std::size_t>(state.status);
      if (!stands || !may_resume() || journal_failed_
          || has_happened(fault::shutdown) || more_.one_in(4))
        continue;
      order.resume_planned = true;
      system_->call_later(milliseconds{more_.between(0, pause_ms_max)},
                          [this, &order] { resume(order); });
    }
  }

  /// Until nothing is left to happen; false when that takes too long.
  bool run_to_rest() {
    for (std::uint64_t steps = 0; steps < steps_max; ++steps) {
      if (faults_.process_dies()) {
        end_process();
        continue;
      }
      if (system_->step())
        continue;
      look_at_answers();
      check_gone();
      if (system_->fire_next(time_max))
        continue;
      if (!wants_another_process())
        return true;
      end_process();
    }
    return false;
  }

  /// Somebody starts the program again and goes on with what stands still.
  bool wants_another_process() {
    return restarts_ && may_resume()
           && std::any_of(orders_.begin(), orders_.end(), [this](auto& order) {
                const auto log = log_of(order.order.id);
                return !log.empty()
                       && !std::holds_alternative<core::events::run_finished>(
                           log.back()->body);
              });
  }

  bool all_are_answered() const {
    return std::all_of(orders_.begin(), orders_.end(), [](const auto& order) {
      return order.sent && !order.resume_planned
             && (!order.pending || order.told);
    });
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
      if (has_happened(f))
        return;
    for (const auto& name : testkit::run_actors(*system_))
      found("H1", "an actor outlives its run: " + name);
    if (const auto open = provider_->open(); open != 0)
      found("H1", std::to_string(open)
                      + " tries go on at the provider after their runs");
  }

  // -- ends -------------------------------------------------------------------

  std::size_t end_of(tracked_order& order) {
    if (order.pending && !order.told)
      found("L3",
            "the order of run " + order.order.id.text + " is never answered");
    // Its answer died with the process that gave it.
    if (!order.pending)
      order.end = static_cast<std::size_t>(state_of(order.order.id).status);
    return order.end;
  }

  /// An order comes to nothing before its run begins, or when a shutdown ends
  /// what is left by force, which nobody can write down. A run that goes on may
  /// find no room.
  void refused(const core::run_id& run) {
    if (std::find(begun_.begin(), begun_.end(), run) == begun_.end())
      checkers_.refused(run);
    else if (resumes_ > 0)
      checkers_.journal_failed(run);
    else if (!has_happened(fault::shutdown))
      found("L1", "run " + run.text + " has begun but its order is refused");
    if (!has_happened(fault::shutdown))
      return;
    for (const auto& ended : begun_)
      checkers_.journal_failed(ended);
  }

  void check_rest() {
    testkit::hygiene now;
    now.timers = system_->timers();
    now.open_tries = provider_->open();
    checkers_.at_rest(now);
    // Actors are told by their names.
    auto left = system_->alive();
    for (const auto& name : idle_) {
      const auto i = std::find(left.begin(), left.end(), name);
      if (i != left.end())
        left.erase(i);
    }
    for (const auto& name : left)
      found("H1", "an actor is left: " + name);
    if (system_->stop() != 0)
      for (const auto& name : system_->alive())
        found("H1", "an actor is left when all is stopped: " + name);
  }

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

/// The same seed without a death: where nothing else makes the difference, runs
/// that succeed in both say the same.
void compare_with_one_life(std::uint64_t seed, simulation_options options,
                           simulation_result& result) {
  constexpr auto death = static_cast<std::size_t>(fault::process_death);
  auto others = result.faults;
  others.reset(death);
  others.reset(static_cast<std::size_t>(fault::journal_delay));
  if (!result.faults[death] || others.any() || result.varied)
    return;
  options.allowed.reset(death);
  options.trace = nullptr;
  const auto single = world{seed, options}.run();
  for (std::size_t i = 0; i < result.ended.size(); ++i) {
    const auto& many = result.ended[i];
    const auto& one = single.ended[i];
    const bool nests =
        std::any_of(many.calls.begin(), many.calls.end(),
                    [](const auto& call) { return !call.nested_run.empty(); });
    if (nests || many.status != core::run_status::succeeded
        || one.status != many.status
        || one.plans_rejected != many.plans_rejected
        || one.answer.view() == many.answer.view())
      continue;
    result.violations.push_back(
        {"R2", {}, many.last_seq, many.last_at_ms,
         "the answer is not that of a life without deaths"});
  }
}

} // namespace

simulation_result simulate(std::uint64_t seed,
                           const simulation_options& options) {
  auto result = world{seed, options}.run();
  compare_with_one_life(seed, options, result);
  return result;
}

} // namespace brigade::sim
