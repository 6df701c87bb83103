#include "simulation.hpp"

#include "trace.hpp"
#include "world.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

namespace brigade::sim {

namespace {

using std::chrono::milliseconds;
using testkit::fault;

/// More is no simulation any more but a loop without end.
constexpr std::uint64_t steps_max = 400'000;

/// All time limits of a scenario are far below; the hidden clients of the test
/// kit give up after a day.
constexpr milliseconds time_max{std::chrono::hours{12}};

} // namespace

simulation_result world::run() {
  for (auto& planned : what_.orders)
    orders_.emplace_back(std::move(planned.order), planned.at);
  send_orders();
  if (!run_to_rest())
    found("L3", "messages without end");
  look_at_answers();
  simulation_result result;
  for (auto& order : orders_) {
    ++result.ends[end_of(order)];
    check_edit(order);
  }
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

std::vector<core::event_ptr> world::log_of(const core::run_id& run) const {
  return journal_->read(run, 0, std::numeric_limits<std::size_t>::max());
}

core::run_state world::state_of(const core::run_id& run) const {
  core::run_state state;
  for (const auto& e : log_of(run))
    state.apply(*e);
  return state;
}

void world::send_orders() {
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

void world::submit(tracked_order& order) {
  order.sent = true;
  order.told = false;
  checkers_.submitted(order.order);
  if (journal_failed_)
    checkers_.journal_failed(order.order.id);
  trace_line([&] { return trace_of_order(order.order); });
  order.pending = system_->submit(handle_, core::run_order{order.order});
}

void world::send_again(tracked_order& order) {
  const auto log = log_of(order.order.id);
  if (log.empty()) {
    if (order.end != refused_order)
      submit(order);
  } else if (!std::holds_alternative<core::events::run_finished>(
                 log.back()->body)) {
    resume(order);
  }
}

void world::resume(tracked_order& order) {
  ++resumes_;
  order.resume_planned = false;
  order.told = false;
  actors::resume_run next{order.order, "restart", false};
  vary(next);
  next.decision = decision_for(order, next.order);
  order.order = next.order;
  checkers_.resumed(next.order);
  trace_line([&] { return "resume  " + next.order.id.text; });
  order.pending = system_->resume(handle_, std::move(next));
}

void world::vary(actors::resume_run& next) {
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

void world::look_at_answers() {
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

bool world::run_to_rest() {
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

bool world::wants_another_process() {
  return restarts_ && may_resume()
         && std::any_of(orders_.begin(), orders_.end(), [this](auto& order) {
              const auto log = log_of(order.order.id);
              return !log.empty()
                     && !std::holds_alternative<core::events::run_finished>(
                         log.back()->body);
            });
}

bool world::all_are_answered() const {
  return std::all_of(orders_.begin(), orders_.end(), [](const auto& order) {
    return order.sent && !order.resume_planned
           && (!order.pending || order.told);
  });
}

void world::check_gone() {
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

std::size_t world::end_of(tracked_order& order) {
  if (order.pending && !order.told)
    found("L3",
          "the order of run " + order.order.id.text + " is never answered");
  // Its answer died with the process that gave it.
  if (!order.pending)
    order.end = static_cast<std::size_t>(state_of(order.order.id).status);
  return order.end;
}

void world::refused(const core::run_id& run) {
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

void world::check_rest() {
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

namespace {

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
        {"R2",
         {},
         many.last_seq,
         many.last_at_ms,
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
