#include "brigade/store/memory.hpp"

#include <algorithm>

namespace brigade::store {

memory_journal::memory_journal(memory_journal_options options)
    : options_(std::move(options)) {
  // nop
}

core::append_result memory_journal::append(const core::run_id& run,
                                           std::vector<core::event> events) {
  auto fate = options_.fault ? options_.fault(run, events)
                             : core::append_status::durable;
  std::lock_guard guard{mutex_};
  // Appends to one run keep their order: nothing overtakes a delayed one.
  const auto is_of_run = [&run](const auto& entry) {
    return entry.second.run == run;
  };
  if (fate == core::append_status::durable
      && std::any_of(delayed_.begin(), delayed_.end(), is_of_run))
    fate = core::append_status::pending;
  switch (fate) {
  case core::append_status::durable:
    store(run, std::move(events));
    return {fate, 0};
  case core::append_status::pending:
    delayed_.push_back({++last_ticket_, {run, std::move(events), nullptr}});
    return {fate, last_ticket_};
  case core::append_status::failed:
    break;
  }
  return {core::append_status::failed, 0};
}

void memory_journal::when_durable(std::uint64_t ticket, durable_fn then) {
  core::append_status status;
  {
    std::lock_guard guard{mutex_};
    auto waiting = std::find_if(
        delayed_.begin(), delayed_.end(),
        [ticket](const auto& entry) { return entry.first == ticket; });
    if (waiting != delayed_.end()) {
      waiting->second.then = std::move(then);
      return;
    }
    auto ended = ended_.find(ticket);
    if (ended == ended_.end())
      return;
    status = ended->second;
    ended_.erase(ended);
  }
  then(status);
}

std::vector<core::event_ptr>
memory_journal::read(const core::run_id& run, std::uint64_t after,
                     std::size_t events_max) const {
  std::lock_guard guard{mutex_};
  auto log = logs_.find(run);
  if (log == logs_.end() || log->second.size() <= after)
    return {};
  // Sequence numbers are dense from 1, so `after` is an index.
  auto first = log->second.begin() + static_cast<std::ptrdiff_t>(after);
  auto count = std::min<std::size_t>(events_max, log->second.size() - after);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

void memory_journal::forget(const core::run_id& run) {
  decltype(logs_)::node_type dropped; // Destroyed after the lock is released.
  std::lock_guard guard{mutex_};
  dropped = logs_.extract(run);
}

std::size_t memory_journal::release(core::append_status status) {
  std::vector<durable_fn> callbacks;
  std::size_t count = 0;
  {
    std::lock_guard guard{mutex_};
    count = delayed_.size();
    for (auto& [ticket, entry] : delayed_) {
      if (status == core::append_status::durable)
        store(entry.run, std::move(entry.events));
      if (entry.then)
        callbacks.push_back(std::move(entry.then));
      else
        ended_.emplace(ticket, status);
    }
    delayed_.clear();
  }
  for (auto& callback : callbacks)
    callback(status);
  return count;
}

void memory_journal::crash(std::size_t kept) {
  decltype(delayed_) dropped; // Destroyed after the lock is released.
  std::lock_guard guard{mutex_};
  dropped.swap(delayed_);
  for (std::size_t i = 0; i < std::min(kept, dropped.size()); ++i)
    store(dropped[i].second.run, std::move(dropped[i].second.events));
  ended_.clear();
}

std::size_t memory_journal::delayed() const {
  std::lock_guard guard{mutex_};
  return delayed_.size();
}

std::size_t memory_journal::runs() const {
  std::lock_guard guard{mutex_};
  return logs_.size();
}

void memory_journal::store(const core::run_id& run,
                           std::vector<core::event>&& events) {
  auto& log = logs_[run];
  for (auto& e : events) {
    e.seq = log.size() + 1;
    log.push_back(std::make_shared<const core::event>(std::move(e)));
    if (options_.listener)
      options_.listener(run, log.back());
  }
}

} // namespace brigade::store
