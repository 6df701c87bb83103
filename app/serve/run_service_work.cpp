// How runs start and end. What people decide about them stands in
// run_service_approval.cpp.

#include "brigade/app/serve/run_refusals.hpp"
#include "brigade/app/serve/run_service.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/run/approval.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app::serve {

using namespace net::api;

void run_service::start_waiting() {
  if (draining_) {
    return;
  }
  while (auto run = queue_.next()) {
    begin(*run);
  }
}

void run_service::begin(const core::run_id& run) {
  auto& active = active_.at(run);
  active.phase = run_phase::working;
  active.cancelled.reset();
  active.expiry.reset();
  auto how = std::exchange(active.how, {});
  log("run.started", {{"run", run.text},
                      {"client", active.order.client},
                      {"crew", active.order.crew->name}});
  active.stop = active.runtime->start(
      active.order, std::move(how), [back = way_back(), run](run_ended ended) {
        back([run, ended = std::move(ended)](run_service& self) {
          self.on_ended(run, ended);
        });
      });
}

void run_service::on_ended(const core::run_id& run, const run_ended& how) {
  const auto at = active_.find(run);
  if (at == active_.end()) {
    return;
  }
  const bool suspended = how.status == core::run_status::suspended;
  log(suspended ? "run.suspended" : "run.ended",
      {{"run", run.text},
       {"client", at->second.order.client},
       {"crew", at->second.order.crew->name},
       {"status", std::string{core::to_string(how.status)}},
       {"reason", how.refused.empty() ? how.reason : how.refused}});
  if (how.lost) {
    // It keeps its place: nobody knows that it has ended.
    return;
  }
  queue_.remove(run);
  if (!how.refused.empty()) {
    end_refused(run, how.refused);
  } else if (suspended) {
    on_stands_still(run, how);
  } else {
    drop(run);
  }
  start_waiting();
}

void run_service::on_stands_still(const core::run_id& run,
                                  const run_ended& how) {
  auto& active = active_.at(run);
  active.stop = nullptr;
  if (draining_) {
    drop(run);
    return;
  }
  if (how.reason != core::approval_reason && !active.cancelled) {
    // Whatever kept it from going on may be over later.
    drop(run);
    restore_later();
    return;
  }
  // It keeps a place in the queue: what waits for people is bounded too.
  active.phase = run_phase::deciding;
  queue_.add(active.order.client, share_of(active.order.client), run, false);
  wait_for_approval(run);
}

/// The brigade does not take it, now or ever: it has bought nothing in this
/// life, so that its end can be written down here.
void run_service::end_refused(const core::run_id& run, const std::string& why) {
  writes_.post([this, run, why](std::size_t) {
    core::run_state past;
    for (const auto& e : journal_->read(run, 0, SIZE_MAX)) {
      past.apply(*e);
    }
    const bool open = std::ranges::any_of(
        past.calls, [](const auto& call) { return !call.settled; });
    if (past.phase != core::run_phase::finished && !open) {
      core::events::run_finished end;
      end.status = core::run_status::failed;
      end.reason = "internal";
      end.message = why;
      journal_->append(run, {core::event{0, now_wall_ms(), past.last_at_ms,
                                         std::move(end)}});
    }
    journal_->release(run);
  });
  drop(run);
}

void run_service::drop(const core::run_id& run) {
  auto node = active_.extract(run);
  if (node.empty()) {
    return;
  }
  for (const auto& told : node.mapped().on_end) {
    told();
  }
}

// -- the end from outside -----------------------------------------------------

void run_service::cancel(const std::string& client, const core::run_id& run,
                         std::string reason, reply<done> then) {
  auto* active = find_active(client, run);
  if (active == nullptr) {
    look(client, run, [then](std::variant<run_view, refusal> view) {
      auto* why = std::get_if<refusal>(&view);
      then(why != nullptr ? std::move(*why)
                          : out_of_reach(std::get<run_view>(view)));
    });
    return;
  }
  switch (active->phase) {
  case run_phase::accepting:
  case run_phase::deciding:
    then(just_decided(run));
    return;
  case run_phase::waiting:
  case run_phase::approval:
    decide_now(run, core::decision_kind::cancel, client, std::move(reason));
    break;
  case run_phase::working:
    // Should it stand still before it hears of it.
    active->cancelled = reason;
    active->stop(core::stop_kind::cancel,
                 reason.empty() ? "user" : std::move(reason));
    break;
  }
  then(done{});
}

std::vector<std::shared_ptr<crew_runtime>> run_service::runtimes() const {
  std::vector<std::shared_ptr<crew_runtime>> out;
  for (const auto& [name, crew] : settings_.crews) {
    out.push_back(crew.runtime);
  }
  for (const auto& each : former_) {
    if (auto runtime = each.lock()) {
      out.push_back(std::move(runtime));
    }
  }
  return out;
}

bool run_service::is_idle() const {
  return std::ranges::none_of(active_, [](const auto& entry) {
    return entry.second.phase == run_phase::working;
  });
}

void run_service::drain() {
  draining_ = true;
  restore_timer_.stop();
  retention_timer_.stop();
  documents_timer_.stop();
}

} // namespace brigade::app::serve
