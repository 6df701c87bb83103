#include "brigade/testkit/deterministic.hpp"

#include <caf/event_based_actor.hpp>

#include <utility>

namespace brigade::testkit {

namespace {

/// The virtual deadline of a submit; only a hung run reaches it.
constexpr std::chrono::minutes submit_time_max{24 * 60};

/// Asks and ends by itself once it is answered.
void client(caf::event_based_actor* self, const actors::brigade_actor& handle,
            const std::shared_ptr<pending_run>& pending,
            const core::run_order& order) {
  self->request(handle, submit_time_max, actors::submit{order})
    .then(
      [pending](core::run_report& report) {
        pending->report = std::move(report);
      },
      [pending, self](const caf::error& error) {
        pending->error_text = self->system().render(error);
      });
}

} // namespace

deterministic_system::config::config() {
  actors::configure(*this);
  set("scheduler.policy", caf::atom("testing"));
}

deterministic_system::deterministic_system(std::optional<std::uint64_t> seed)
  : system_(std::make_unique<caf::actor_system>(config_)), seed_(seed) {
  scheduler_
    = dynamic_cast<caf::scheduler::test_coordinator*>(&system_->scheduler());
  start_ = scheduler_->clock().now();
}

deterministic_system::~deterministic_system() {
  for (auto& handle : spawned_)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  spawned_.clear();
  settle();
}

actors::brigade_actor
deterministic_system::brigade(actors::brigade_options options) {
  spawned_.push_back(
    actors::spawn_brigade(*system_, std::move(options)));
  settle();
  return spawned_.back();
}

std::uint64_t deterministic_system::draw() {
  // SplitMix64; source: prng.di.unimi.it/splitmix64.c.
  *seed_ += 0x9e3779b97f4a7c15ULL;
  auto z = *seed_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

bool deterministic_system::step() {
  auto& jobs = scheduler_->jobs;
  if (jobs.empty())
    return false;
  if (seed_ && jobs.size() > 1)
    std::swap(jobs.front(), jobs[draw() % jobs.size()]);
  // A fresh actor is started by a step without a message.
  auto* actor = dynamic_cast<caf::scheduled_actor*>(jobs.front());
  if (actor == nullptr || !actor->mailbox().empty())
    ++messages_;
  return scheduler_->try_run_once();
}

void deterministic_system::settle() {
  while (step()) {
    // Each step delivers one message.
  }
}

void deterministic_system::advance(std::chrono::milliseconds time) {
  settle();
  auto& clock = scheduler_->clock();
  const auto end = clock.now() + time;
  while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
    clock.trigger_timeout();
    settle();
  }
  if (clock.now() < end)
    scheduler_->advance_time(end - clock.now());
  settle();
}

void deterministic_system::run_until(const std::function<bool()>& done,
                                     std::chrono::milliseconds time_max) {
  auto& clock = scheduler_->clock();
  const auto end = clock.now() + time_max;
  while (!done()) {
    if (step())
      continue;
    if (clock.schedule().empty() || clock.schedule().begin()->first > end)
      return;
    clock.trigger_timeout();
  }
}

std::shared_ptr<const pending_run>
deterministic_system::submit(const actors::brigade_actor& handle,
                             core::run_order order) {
  auto pending = std::make_shared<pending_run>();
  system_->spawn<caf::hidden>(client, handle, pending, std::move(order));
  return pending;
}

pending_run deterministic_system::run(const actors::brigade_actor& handle,
                                      core::run_order order,
                                      std::chrono::milliseconds time_max) {
  const auto pending = submit(handle, std::move(order));
  run_until([&pending] { return pending->ended(); }, time_max);
  settle();
  return *pending;
}

std::chrono::milliseconds deterministic_system::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
    scheduler_->clock().now() - start_);
}

std::size_t deterministic_system::running() const {
  return system_->registry().running();
}

} // namespace brigade::testkit
