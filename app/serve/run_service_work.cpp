// How runs start, end, and are decided about.

#include "brigade/app/serve/run_service.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/run/approval.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app::serve {

namespace {

using namespace net::api;

refusal not_found() {
  return {404, "not_found", "there is no such run"};
}

/// What takes no longer than the journal's next write.
refusal just_decided(const core::run_id& run) {
  refusal why{409, "busy", "the run is just being decided about; ask again"};
  why.run = run.text;
  why.retry_after_ms = 100;
  return why;
}

refusal conflict(std::string code, std::string detail,
                 const core::run_id& run) {
  refusal why{409, std::move(code), std::move(detail)};
  why.run = run.text;
  return why;
}

/// Why nothing can be done about a run that is not worked on here.
refusal out_of_reach(const run_view& view) {
  if (view.state->phase == core::run_phase::finished) {
    return conflict("ended", "the run has ended", view.run);
  }
  return conflict("elsewhere",
                  "the run is not one that this server works on; use the "
                  "command line",
                  view.run);
}

} // namespace

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
  active.expiry.reset();
  auto how = std::exchange(active.how, {});
  log("run.started", {{"run", run.text},
                      {"client", active.order.client},
                      {"crew", active.order.crew->name}});
  active.stop = active.runtime->start(
      active.order, std::move(how),
      [weak = weak_from_this(), run](run_ended ended) {
        if (auto self = weak.lock()) {
          self->soon([run, ended = std::move(ended)](run_service& service) {
            service.on_ended(run, ended);
          });
        }
      });
}

void run_service::on_ended(const core::run_id& run, const run_ended& how) {
  queue_.remove(run);
  const auto at = active_.find(run);
  if (at == active_.end()) {
    return;
  }
  log(how.status == core::run_status::suspended ? "run.suspended" : "run.ended",
      {{"run", run.text},
       {"client", at->second.order.client},
       {"crew", at->second.order.crew->name},
       {"status", std::string{core::to_string(how.status)}},
       {"reason", how.refused.empty() ? how.reason : how.refused}});
  if (how.status == core::run_status::suspended && !draining_
      && how.reason == core::approval_reason) {
    at->second.phase = run_phase::deciding;
    at->second.stop = nullptr;
    wait_for_approval(run);
  } else {
    drop(run);
    // Whatever kept it from going on may be over later.
    if (how.status == core::run_status::suspended) {
      restore_later();
    }
  }
  start_waiting();
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

// -- approval -----------------------------------------------------------------

/// Its actors have ended and given it up: it is kept for this process, so that
/// nobody else goes on with it meanwhile.
void run_service::wait_for_approval(const core::run_id& run) {
  writes_.post([this, run](std::size_t) {
    const auto claimed = journal_->claim(run);
    std::optional<std::int64_t> expires;
    if (claimed) {
      core::run_state state;
      for (const auto& e : journal_->read(run, 0, SIZE_MAX)) {
        state.apply(*e);
      }
      expires = core::approval_expires_wall_ms(state);
    }
    soon([run, ours = bool{claimed}, expires](run_service& self) {
      const auto waiting = self.active_.find(run);
      if (ours && waiting != self.active_.end()) {
        waiting->second.phase = run_phase::approval;
        self.await_expiry(run, expires);
      } else {
        self.drop(run);
      }
    });
  });
}

void run_service::await_expiry(const core::run_id& run,
                               std::optional<std::int64_t> expires_wall_ms) {
  const auto at = active_.find(run);
  if (at == active_.end() || at->second.phase != run_phase::approval
      || !expires_wall_ms) {
    return;
  }
  const auto left = std::max<std::int64_t>(0, *expires_wall_ms - now_wall_ms());
  at->second.expiry = std::make_unique<net::timer>(io_);
  at->second.expiry->start(std::chrono::milliseconds{left}, [this, run] {
    const auto expired = active_.find(run);
    if (expired != active_.end()
        && expired->second.phase == run_phase::approval) {
      decide_now(run, core::decision_kind::expire, {}, {});
    }
  });
}

/// A decision that buys nothing takes no turn in the queue.
void run_service::decide_now(const core::run_id& run, core::decision_kind kind,
                             std::string by, std::string comment) {
  auto& active = active_.at(run);
  active.how.reason = "user";
  active.how.decision =
      core::approval_decision{kind, std::move(by), std::move(comment), {}};
  begin(run);
}

void run_service::decide(const std::string& client, const core::run_id& run,
                         plan_decision what, reply<done> then) {
  auto* active = find_active(client, run);
  if (active == nullptr) {
    look(client, run, [then](std::variant<run_view, refusal> view) {
      auto* why = std::get_if<refusal>(&view);
      then(why != nullptr ? std::move(*why)
                          : out_of_reach(std::get<run_view>(view)));
    });
    return;
  }
  if (active->phase == run_phase::deciding) {
    then(just_decided(run));
    return;
  }
  if (active->phase != run_phase::approval) {
    then(conflict("not_waiting", "the run does not wait for approval", run));
    return;
  }
  if (!what.approved) {
    decide_now(run, core::decision_kind::reject, client,
               std::move(what.comment));
    then(done{});
    return;
  }
  active->phase = run_phase::deciding;
  approve(run,
          {core::decision_kind::approve, client, std::move(what.comment),
           std::move(what.plan_text)},
          std::move(then));
}

/// Another plan is checked, and the rest of the run's money set aside for the
/// day, before anything is decided.
void run_service::approve(const core::run_id& run,
                          core::approval_decision decision, reply<done> then) {
  const auto order = active_.at(run).order;
  writes_.post(
      [this, settings = settings_.file, order, decision, then](std::size_t) {
        core::run_state past;
        for (const auto& e : journal_->read(order.id, 0, SIZE_MAX)) {
          past.apply(*e);
        }
        std::optional<refusal> why;
        if (decision.plan_text) {
          const auto faults =
              core::check_edited_plan(order, past, *decision.plan_text);
          if (!faults.empty()) {
            why = refusal{422, "plan_rejected", "the plan has faults"};
            why->run = order.id.text;
            for (const auto& fault : faults) {
              why->faults.push_back(
                  {"/plan" + fault.pointer, fault.code + ": " + fault.message});
            }
          }
        }
        if (!why) {
          why = reserve_for_day(*settings, order, past.spent + past.reserved);
        }
        soon([run = order.id, decision, why, then](run_service& self) {
          const auto at = self.active_.find(run);
          if (at == self.active_.end()) {
            then(not_found());
            return;
          }
          auto& active = at->second;
          if (why) {
            active.phase = run_phase::approval;
            then(*why);
            return;
          }
          active.phase = run_phase::waiting;
          active.expiry.reset();
          active.how.decision = decision;
          active.how.reason = "user";
          self.queue_.add(active.order.client,
                          self.share_of(active.order.client), run);
          then(done{});
          self.start_waiting();
        });
      });
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
    queue_.remove(run);
    decide_now(run, core::decision_kind::cancel, client, std::move(reason));
    break;
  case run_phase::working:
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

void run_service::drain() {
  draining_ = true;
  restore_timer_.stop();
  retention_timer_.stop();
}

} // namespace brigade::app::serve
