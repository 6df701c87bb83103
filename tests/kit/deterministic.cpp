#include "brigade/testkit/deterministic.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace brigade::testkit {

namespace {

/// The virtual deadline of a submit; only a hung run reaches it.
constexpr std::chrono::minutes submit_time_max{30 * 24 * 60};

/// Timers that are let run out when everything is stopped. More can only be
/// an actor that arms a new one each time.
constexpr std::size_t last_timers_max = 1'000'000;

struct virtual_config : caf::actor_system_config {
  virtual_config() {
    actors::configure(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// One for all systems of a thread: making it costs as much as a system.
virtual_config& shared_config() {
  thread_local virtual_config config;
  return config;
}

/// Asks and ends by itself once it is answered.
template <class Question>
void client(caf::event_based_actor* self, const actors::brigade_actor& handle,
            const std::shared_ptr<pending_run>& pending,
            const Question& question) {
  self->request(handle, submit_time_max, question)
      .then(
          [pending](core::run_report& report) {
            pending->report = std::move(report);
          },
          [pending, self](const caf::error& error) {
            pending->error_text = self->system().render(error);
          });
}

/// Thrown out of a destructor it ends the program, and says why.
void fail(const std::string& text) {
  throw std::logic_error{text};
}

/// The actor that a job is; null when it is none.
caf::scheduled_actor* actor_of(caf::resumable* job) {
  return job->subtype() == caf::resumable::scheduled_actor
             ? static_cast<caf::scheduled_actor*>(job)
             : nullptr;
}

bool is_dead(const caf::strong_actor_ptr& handle) {
  return !handle
         || handle->get()->getf(caf::abstract_actor::is_cleaned_up_flag);
}

} // namespace

deterministic_system::deterministic_system(std::optional<std::uint64_t> seed,
                                           std::chrono::milliseconds elapsed)
    : system_(std::make_unique<caf::actor_system>(shared_config())),
      seed_(seed) {
  scheduler_ =
      dynamic_cast<caf::scheduler::test_coordinator*>(&system_->scheduler());
  start_ = scheduler_->clock().now() - elapsed;
}

deterministic_system::~deterministic_system() {
  if (stop() == 0)
    return;
  std::string text = "actors are left:";
  for (const auto& name : alive())
    text += " " + name;
  // They would be waited for.
  system_->await_actors_before_shutdown(false);
  if (on_leak_)
    on_leak_(text);
  else
    fail(text);
}

actors::brigade_actor
deterministic_system::brigade(actors::brigade_options options) {
  spawned_.push_back(actors::spawn_brigade(*system_, std::move(options)));
  settle();
  return spawned_.back();
}

// -- delivery -----------------------------------------------------------------

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
  auto* actor = actor_of(jobs.front());
  // A fresh actor is started by a step without a message.
  auto* element =
      actor != nullptr ? actor->peek_at_next_mailbox_element() : nullptr;
  const delivery next{actor, element};
  if (next.starts())
    note(*actor);
  if (actor == nullptr || element != nullptr)
    ++messages_;
  if (before_)
    before_(next);
  scheduler_->try_run_once();
  if (after_)
    after_();
  return true;
}

void deterministic_system::settle() {
  while (step()) {
    // Each step delivers one message.
  }
}

std::optional<deterministic_system::time_point>
deterministic_system::next_due() const {
  const auto& armed = scheduler_->clock().schedule();
  std::optional<time_point> due;
  if (!armed.empty())
    due = armed.begin()->first;
  if (!own_timers_.empty() && (!due || own_timers_.begin()->first < *due))
    due = own_timers_.begin()->first;
  return due;
}

void deterministic_system::fire() {
  auto& clock = scheduler_->clock();
  const auto& armed = clock.schedule();
  // At the same time, whoever a seed draws is first.
  bool own = !own_timers_.empty();
  if (own && !armed.empty()) {
    const auto theirs = armed.begin()->first;
    const auto ours = own_timers_.begin()->first;
    own = ours < theirs || (ours == theirs && (!seed_ || (draw() & 1) == 0));
  }
  if (!own) {
    clock.trigger_timeout();
    return;
  }
  auto next = own_timers_.begin();
  clock.current_time = std::max(clock.current_time, next->first);
  const auto then = std::move(next->second.then);
  timer_places_.erase(next->second.id);
  own_timers_.erase(next);
  then();
}

bool deterministic_system::fire_next(
    std::optional<std::chrono::milliseconds> limit) {
  const auto due = next_due();
  if (!due || (limit && *due > scheduler_->clock().now() + *limit))
    return false;
  fire();
  return true;
}

void deterministic_system::advance(std::chrono::milliseconds time) {
  settle();
  auto& clock = scheduler_->clock();
  const auto end = clock.now() + time;
  for (auto due = next_due(); due && *due <= end; due = next_due()) {
    fire();
    settle();
  }
  clock.current_time = std::max(clock.current_time, end);
}

void deterministic_system::run_until(const std::function<bool()>& done,
                                     std::chrono::milliseconds time_max) {
  const auto end = scheduler_->clock().now() + time_max;
  while (!done()) {
    if (step())
      continue;
    const auto due = next_due();
    if (!due || *due > end)
      return;
    fire();
  }
}

void deterministic_system::stand_still(std::chrono::milliseconds time) {
  scheduler_->clock().current_time += time;
}

// -- runs ---------------------------------------------------------------------

std::shared_ptr<const pending_run>
deterministic_system::submit(const actors::brigade_actor& handle,
                             core::run_order order) {
  auto pending = std::make_shared<pending_run>();
  system_->spawn<caf::hidden>(client<actors::submit>, handle, pending,
                              actors::submit{std::move(order)});
  return pending;
}

std::shared_ptr<const pending_run>
deterministic_system::resume(const actors::brigade_actor& handle,
                             actors::resume_run what) {
  auto pending = std::make_shared<pending_run>();
  system_->spawn<caf::hidden>(client<actors::resume_run>, handle, pending,
                              std::move(what));
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

std::size_t deterministic_system::stop() {
  if (!std::exchange(stopped_, true)) {
    before_ = nullptr;
    after_ = nullptr;
    for (auto& handle : spawned_)
      caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
    spawned_.clear();
    own_timers_.clear();
    timer_places_.clear();
    settle();
    for (std::size_t i = 0; i < last_timers_max && fire_next(); ++i)
      settle();
  }
  forget_the_dead();
  return started_.size();
}

// -- timers of the test -------------------------------------------------------

timer_id deterministic_system::call_later(std::chrono::milliseconds time,
                                          std::function<void()> then) {
  const timer_id id{++last_timer_};
  timer_places_.emplace(id,
                        own_timers_.emplace(scheduler_->clock().now() + time,
                                            own_timer{id, std::move(then)}));
  return id;
}

void deterministic_system::forget(timer_id id) {
  auto place = timer_places_.find(id);
  if (place == timer_places_.end())
    return;
  own_timers_.erase(place->second);
  timer_places_.erase(place);
}

std::size_t deterministic_system::timers() const {
  return own_timers_.size() + scheduler_->clock().schedule().size();
}

// -- actors -------------------------------------------------------------------

void deterministic_system::note(caf::scheduled_actor& actor) {
  if (started_.size() >= started_max_) {
    forget_the_dead();
    started_max_ = std::max(started_max_, 2 * started_.size());
  }
  started_.push_back({caf::weak_actor_ptr{actor.ctrl()}, actor.name()});
}

void deterministic_system::forget_the_dead() {
  std::erase_if(started_, [](const started_actor& entry) {
    return is_dead(caf::actor_cast<caf::strong_actor_ptr>(entry.handle));
  });
}

bool deterministic_system::kill(std::string_view name, std::size_t index) {
  for (const auto& entry : started_) {
    if (entry.name != name)
      continue;
    auto handle = caf::actor_cast<caf::strong_actor_ptr>(entry.handle);
    if (is_dead(handle) || index-- > 0)
      continue;
    caf::anon_send_exit(handle, caf::exit_reason::kill);
    return true;
  }
  return false;
}

std::size_t deterministic_system::alive(std::string_view name) {
  forget_the_dead();
  return static_cast<std::size_t>(
      std::count_if(started_.begin(), started_.end(),
                    [name](const auto& entry) { return entry.name == name; }));
}

std::vector<std::string> deterministic_system::alive() {
  forget_the_dead();
  std::vector<std::string> names;
  names.reserve(started_.size());
  for (const auto& entry : started_)
    names.emplace_back(entry.name);
  return names;
}

std::size_t deterministic_system::running() const {
  return system_->registry().running();
}

std::chrono::milliseconds deterministic_system::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      scheduler_->clock().now() - start_);
}

std::vector<std::string> run_actors(deterministic_system& system) {
  static constexpr std::array kinds{"brigade.orchestrator", "brigade.budget",
                                    "brigade.worker", "brigade.synthesizer"};
  auto names = system.alive();
  std::erase_if(names, [](const std::string& name) {
    return std::find(kinds.begin(), kinds.end(), name) == kinds.end();
  });
  return names;
}

} // namespace brigade::testkit
