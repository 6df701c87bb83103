#include "brigade/testkit/fault_injector.hpp"

#include <initializer_list>
#include <stdexcept>
#include <utility>
#include <vector>

namespace brigade::testkit {

namespace {

using std::chrono::milliseconds;

/// What can happen at each message happens so many times less often than what
/// can happen at each call.
constexpr std::uint64_t messages_per_crash = 16;
constexpr std::uint64_t messages_per_order_from_outside = 30;
constexpr std::uint64_t messages_per_duplicate = 4;
constexpr std::uint64_t appends_per_failure = 8;

constexpr std::uint64_t write_ms_max = 40;
/// How many messages pass on average until a copy comes.
constexpr std::uint64_t messages_per_copy = 8;
constexpr std::size_t copies_max = 16;
constexpr std::uint64_t messages_per_death = 8;
constexpr std::uint32_t deaths_max = 6;
/// Where processes die, so many appends are one that is delayed.
constexpr std::uint64_t appends_per_delay = 4;
constexpr std::uint64_t jump_ms_max = 400'000;
constexpr std::uint64_t grace_ms_max = 20'000;

bool any_on(const fault_plan& plan, std::initializer_list<fault> faults) {
  for (auto f : faults)
    if (plan.is_on(f))
      return true;
  return false;
}

/// A request of the user's own, or one that stands for a whole run.
bool is_repeatable(const delivery& next) {
  return next.is_ordinary() && next.receiver().starts_with("brigade")
         && next.get<actors::submit>() == nullptr
         && next.get<actors::shutdown>() == nullptr
         && next.get<actors::send_try>() == nullptr;
}

} // namespace

fault_injector::fault_injector(deterministic_system& system, std::uint64_t seed,
                               fault_set allowed)
    : system_(&system), plan_(seed, allowed) {
  strikes_actors_ =
      any_on(plan_, {fault::worker_crash, fault::synthesizer_crash,
                     fault::orchestrator_crash, fault::budget_crash,
                     fault::gateway_crash});
  strikes_messages_ =
      any_on(plan_, {fault::duplicate_message, fault::late_message,
                     fault::stale_purchase});
  strikes_from_outside_ = any_on(plan_, {fault::cancel, fault::suspend,
                                         fault::shutdown, fault::time_jump});
  if (strikes_actors_ || strikes_messages_ || strikes_from_outside_)
    system_->before_delivery(
        [this](const delivery& next) { before_delivery(next); });
}

// -- provider -----------------------------------------------------------------

void fault_injector::strike(scripted_provider& provider) {
  provider.wrap([this](script inner) -> script {
    return [this, faulty = with_faults(std::move(inner), plan_)](
               const scripted_call& call) {
      if (call.role == core::call_role::worker
          && plan_.happens(fault::worker_crash_after_send))
        system_->kill("brigade.worker",
                      plan_.pick(fault::worker_crash_after_send,
                                 system_->alive("brigade.worker")));
      return faulty(call);
    };
  });
  if (any_on(plan_, {fault::worker_crash_before_send, fault::synthesizer_crash,
                     fault::orchestrator_crash}))
    provider.before_encode([this](const core::model_request& request) {
      crash_buyer(request.role);
    });
}

void fault_injector::crash_buyer(core::call_role role) {
  const auto what =
      role == core::call_role::worker        ? fault::worker_crash_before_send
      : role == core::call_role::synthesizer ? fault::synthesizer_crash
                                             : fault::orchestrator_crash;
  if (plan_.happens(what))
    throw std::runtime_error{"a planned crash"};
}

// -- journal ------------------------------------------------------------------

std::shared_ptr<store::memory_journal>
fault_injector::journal(core::event_listener listener) {
  store::memory_journal_options options;
  options.listener = std::move(listener);
  if (any_on(plan_, {fault::journal_delay, fault::journal_failure,
                     fault::process_death}))
    options.fault = [this](const core::run_id&,
                           const std::vector<core::event>&) {
      return fate_of_append();
    };
  auto made = std::make_shared<store::memory_journal>(std::move(options));
  journal_ = made;
  return made;
}

core::append_status fault_injector::fate_of_append() {
  journal_failed_ =
      journal_failed_
      || plan_.happens(fault::journal_failure, appends_per_failure);
  if (journal_failed_)
    return core::append_status::failed;
  // What a death can lose is what is not durable yet.
  const bool delayed =
      plan_.happens(fault::journal_delay)
      || (plan_.is_on(fault::process_death)
          && plan_.pick(fault::process_death, appends_per_delay) == 0);
  if (!delayed)
    return core::append_status::durable;
  if (!std::exchange(release_planned_, true))
    system_->call_later(milliseconds{static_cast<std::int64_t>(plan_.pick(
                            fault::journal_delay, write_ms_max + 1))},
                        [this] { release(); });
  return core::append_status::pending;
}

void fault_injector::release() {
  release_planned_ = false;
  if (auto held = journal_.lock())
    held->release(journal_failed_ ? core::append_status::failed
                                  : core::append_status::durable);
}

// -- processes ----------------------------------------------------------------

bool fault_injector::process_dies() {
  return plan_.is_on(fault::process_death)
         && plan_.count(fault::process_death) < deaths_max
         && plan_.happens(fault::process_death, messages_per_death);
}

std::size_t fault_injector::survivors(std::size_t count) {
  return plan_.pick(fault::process_death, count + 1);
}

void fault_injector::move_to(deterministic_system& next) {
  system_ = &next;
  handle_ = nullptr;
  copies_.clear();
  journal_failed_ = false;
  release_planned_ = false;
  if (strikes_actors_ || strikes_messages_ || strikes_from_outside_)
    next.before_delivery([this](const delivery& d) { before_delivery(d); });
}

// -- actors and messages ------------------------------------------------------

void fault_injector::strike(actors::brigade_actor handle,
                            std::vector<core::run_id> runs) {
  handle_ = std::move(handle);
  runs_ = std::move(runs);
}

void fault_injector::before_delivery(const delivery& next) {
  if (strikes_actors_)
    strike_actors(next);
  if (strikes_messages_)
    strike_message(next);
  if (strikes_from_outside_)
    strike_from_outside();
}

void fault_injector::strike_actors(const delivery& next) {
  const auto name = next.receiver();
  if (plan_.happens(fault::worker_crash, messages_per_crash))
    system_->kill(
        "brigade.worker",
        plan_.pick(fault::worker_crash, system_->alive("brigade.worker")));
  if (name == "brigade.synthesizer" && plan_.happens(fault::synthesizer_crash))
    system_->kill(name);
  if (name == "brigade.orchestrator"
      && plan_.happens(fault::orchestrator_crash, messages_per_crash))
    system_->kill(name,
                  plan_.pick(fault::orchestrator_crash, system_->alive(name)));
  if (name == "brigade.budget"
      && plan_.happens(fault::budget_crash, messages_per_crash))
    system_->kill(name, plan_.pick(fault::budget_crash, system_->alive(name)));
  if (name == "brigade.gateway"
      && plan_.happens(fault::gateway_crash, messages_per_crash))
    system_->kill(name, plan_.pick(fault::gateway_crash, system_->alive(name)));
}

/// Copies wait for some of the messages that follow, so that they come while
/// something goes on that they could spoil.
void fault_injector::repeat_late(const delivery& next) {
  if (!copies_.empty()
      && plan_.pick(fault::late_message, messages_per_copy) == 0) {
    const auto i = plan_.pick(fault::late_message, copies_.size());
    std::swap(copies_[i], copies_.back());
    copies_.back()();
    copies_.pop_back();
  }
  // The end of an attempt is rare, and the worst that can come late.
  const auto per =
      next.get<actors::task_ended>() != nullptr ? 1 : messages_per_duplicate;
  if (copies_.size() < copies_max && is_repeatable(next)
      && plan_.happens(fault::late_message, per))
    copies_.push_back(next.to_repeat());
}

void fault_injector::strike_message(const delivery& next) {
  if (plan_.is_on(fault::duplicate_message) && is_repeatable(next)
      && plan_.happens(fault::duplicate_message, messages_per_duplicate))
    next.repeat();
  if (plan_.is_on(fault::late_message))
    repeat_late(next);
  if (!plan_.is_on(fault::stale_purchase))
    return;
  const auto* asked = next.get<actors::buy>();
  if (asked == nullptr || asked->what.key.path == stale_path
      || !plan_.happens(fault::stale_purchase))
    return;
  auto stale = *asked;
  stale.what.epoch -= 1;
  // The same call, or one that only that earlier life knew.
  if (plan_.pick(fault::stale_purchase, 2) == 0)
    stale.what.key.path = stale_path;
  // No answer to any question of the buyer's.
  stale.nonce = ~std::uint64_t{0};
  next.follow_with(std::move(stale));
}

// -- from outside -------------------------------------------------------------

void fault_injector::strike_from_outside() {
  if (plan_.happens(fault::time_jump, messages_per_order_from_outside))
    system_->stand_still(milliseconds{
        static_cast<std::int64_t>(plan_.pick(fault::time_jump, jump_ms_max))});
  if (!handle_ || runs_.empty())
    return;
  for (auto [what, kind] : {std::pair{fault::cancel, core::stop_kind::cancel},
                            {fault::suspend, core::stop_kind::suspend}})
    if (plan_.happens(what, messages_per_order_from_outside))
      caf::anon_send(handle_,
                     actors::stop_run{runs_[plan_.pick(what, runs_.size())],
                                      kind, "a planned stop"});
  if (plan_.happens(fault::shutdown, messages_per_order_from_outside))
    caf::anon_send(
        handle_,
        actors::shutdown{"a planned shutdown",
                         milliseconds{static_cast<std::int64_t>(
                             plan_.pick(fault::shutdown, grace_ms_max))}});
}

} // namespace brigade::testkit
