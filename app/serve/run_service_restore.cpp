// What the journal holds when the daemon starts: runs that go on, and runs that
// are old enough to go.

#include "brigade/app/serve/run_service.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/run/approval.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace brigade::app::serve {

namespace {

constexpr std::size_t restored_runs_max = 100'000;
constexpr std::chrono::seconds restore_interval{30};
constexpr std::chrono::hours retention_interval{1};
constexpr std::chrono::minutes documents_delay{5};
constexpr std::size_t removed_runs_max = 200;
constexpr std::int64_t day_ms = 86'400'000;

} // namespace

/// Blocks. What cannot go on now is given up again.
std::vector<run_service::found_run>
run_service::look_through(const config::serve_settings& settings,
                          const std::vector<store::claimed_run>& claimed,
                          bool& left_over) {
  std::vector<found_run> found;
  for (const auto& each : claimed) {
    const auto& run = each.summary.id;
    core::run_state past;
    for (const auto& e : journal_->read(run, 0, SIZE_MAX)) {
      past.apply(*e);
    }
    auto order = restored_order(run, each.source, past);
    const auto origin = parse_serve_origin(each.source.origin);
    const bool waits = past.awaits_approval();
    const bool fits =
        order && origin
        && (waits
            || !reserve_for_day(settings, *order, past.spent + past.reserved));
    if (!fits) {
      // Another day has another ceiling.
      left_over = left_over || order;
      journal_->release(run);
      continue;
    }
    found.push_back({std::move(*order), origin->crew,
                     core::approval_expires_wall_ms(past), waits,
                     past.last_seq == 1});
  }
  return found;
}

void run_service::restore() {
  restore_armed_ = false;
  std::set<std::string> crews;
  for (const auto& [name, crew] : settings_.crews) {
    crews.insert(name);
  }
  // Some of these have just ended and will soon be known to have.
  std::set<core::run_id> ours;
  for (const auto& [run, active] : active_) {
    ours.insert(run);
  }
  const bool taken = writes_.post([this, crews, ours,
                                   settings = settings_.file](std::size_t) {
    std::vector<store::fault> faults;
    auto claimed = journal_->claim_unfinished(
        restored_runs_max, faults,
        [&](const core::run_summary& run, const core::run_source& source) {
          const auto origin = parse_serve_origin(source.origin);
          return origin && crews.contains(origin->crew)
                 && !ours.contains(run.id);
        });
    if (!claimed) {
      faults.push_back(claimed.error());
    }
    bool left_over = false;
    auto found = claimed ? look_through(*settings, *claimed, left_over)
                         : std::vector<found_run>{};
    soon([found = std::move(found), faults,
          left_over](run_service& self) mutable {
      if (left_over) {
        self.restore_later();
      }
      for (const auto& fault : faults) {
        self.log("journal.fault", {{"message", fault.message}});
      }
      if (!found.empty()) {
        self.log("runs.restored", {{"count", std::to_string(found.size())}});
      }
      for (auto& each : found) {
        self.adopt(std::move(each));
      }
      self.start_waiting();
    });
  });
  if (!taken) {
    restore_later();
  }
}

std::shared_ptr<crew_runtime>
run_service::runtime_for(const std::string& crew, const core::crew& stored) {
  const auto& served = settings_.crews.at(crew);
  if (served.runtime->serves(stored)) {
    return served.runtime;
  }
  for (const auto& each : former_) {
    auto runtime = each.lock();
    if (runtime && runtime->serves(stored)) {
      return runtime;
    }
  }
  // With the crew of that time, and the providers of today.
  config::crew_file file;
  file.crew = stored;
  file.providers = served.crew.crew.providers;
  auto opened = system_.open(file, {});
  if (auto* made = std::get_if<std::shared_ptr<crew_runtime>>(&opened)) {
    former_.push_back(*made);
    return std::move(*made);
  }
  return nullptr;
}

void run_service::adopt(found_run found) {
  const auto run = found.order.id;
  if (active_.contains(run)) {
    return;
  }
  auto runtime = settings_.crews.contains(found.crew)
                     ? runtime_for(found.crew, *found.order.crew)
                     : nullptr;
  if (!runtime || draining_) {
    log("run.left", {{"run", run.text}, {"crew", found.crew}});
    journal_->release(run);
    return;
  }
  auto& active = active_[run];
  active.runtime = std::move(runtime);
  active.order = std::move(found.order);
  active.how.first = found.first;
  active.how.reason = "restart";
  const auto& client = active.order.client;
  queue_.add(client, share_of(client), run, !found.awaits_approval);
  if (found.awaits_approval) {
    active.phase = run_phase::approval;
    await_expiry(run, found.expires_wall_ms);
  } else {
    active.phase = run_phase::waiting;
  }
}

void run_service::restore_later() {
  // One that is armed stays so: runs that stand still often must not put it
  // off.
  if (!draining_ && !std::exchange(restore_armed_, true)) {
    restore_timer_.start(restore_interval, [this] { restore(); });
  }
}

void run_service::remove_old() {
  const auto days = settings_.file->server.retention_days;
  if (days == 0 || draining_) {
    retention_timer_.stop();
    return;
  }
  retention_timer_.start(retention_interval, [this] { remove_old(); });
  const auto before = now_wall_ms() - days * day_ms;
  reads_.post([this, before](std::size_t thread) {
    const auto old = history_.ended_before(thread, before, removed_runs_max);
    if (old.empty()) {
      return;
    }
    soon([old](run_service& self) {
      self.writes_.post([&self, old](std::size_t) {
        const auto gone = self.journal_->prune(old);
        const bool more = gone && *gone > 0 && old.size() == removed_runs_max;
        self.soon([old, count = gone ? *gone : 0, more](run_service& service) {
          for (const auto& run : old) {
            service.history_.forget(run);
          }
          service.log("runs.removed", {{"count", std::to_string(count)}});
          if (more) {
            service.remove_old();
          }
        });
      });
    });
  });
}

/// What is left of removed runs, all at once: finding it means looking at every
/// run that there is.
void run_service::remove_documents_later() {
  if (draining_) {
    return;
  }
  documents_timer_.start(documents_delay, [this] {
    writes_.post(
        [this](std::size_t) { static_cast<void>(journal_->prune({})); });
  });
}

} // namespace brigade::app::serve
