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

// -- approval -----------------------------------------------------------------

/// Its actors have ended and given it up: it is kept for this process, so that
/// nobody else goes on with it meanwhile.
void run_service::wait_for_approval(const core::run_id& run) {
  const bool taken = writes_.post([this, run](std::size_t) {
    const auto claimed = journal_->claim(run);
    std::optional<std::int64_t> expires;
    if (claimed) {
      static_cast<void>(journal_->close_day_slice(run));
      core::run_state state;
      for (const auto& e : journal_->read(run, 0, SIZE_MAX)) {
        state.apply(*e);
      }
      expires = core::approval_expires_wall_ms(state);
    }
    soon([run, ours = bool{claimed}, expires](run_service& self) {
      const auto waiting = self.active_.find(run);
      if (waiting == self.active_.end()) {
        return;
      }
      if (!ours) {
        self.queue_.remove(run);
        self.drop(run);
        self.restore_later();
        return;
      }
      waiting->second.phase = run_phase::approval;
      if (auto why = std::exchange(waiting->second.cancelled, std::nullopt)) {
        self.decide_now(run, core::decision_kind::cancel,
                        waiting->second.order.client, std::move(*why));
      } else {
        self.await_expiry(run, expires);
      }
    });
  });
  if (!taken) {
    queue_.remove(run);
    drop(run);
    restore_later();
  }
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
  if (draining_) {
    refusal why{503, "shutting_down", "the server is shutting down"};
    why.retry_after_ms = 5'000;
    then(why);
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
  const bool taken = writes_.post([this, settings = settings_.file, order,
                                   decision, then](std::size_t) mutable {
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
    if (!why && !decision.plan_text) {
      approve_as_it_is(order, past, decision, std::move(then));
      return;
    }
    soon([run = order.id, decision, why,
          expires = core::approval_expires_wall_ms(past),
          then = std::move(then)](run_service& self) {
      const auto at = self.active_.find(run);
      if (at == self.active_.end()) {
        then(not_found());
      } else if (why) {
        at->second.phase = run_phase::approval;
        self.await_expiry(run, expires);
        then(*why);
      } else {
        // It had its turn, and what it was told is kept by its first event.
        self.queue_.remove(run);
        at->second.how.decision = decision;
        at->second.how.reason = "user";
        self.begin(run);
        then(done{});
      }
    });
  });
  if (!taken) {
    const auto at = active_.find(run);
    at->second.phase = run_phase::approval;
    then(just_decided(run));
  }
}

/// The word is written down before it is answered: the run may have to wait for
/// its turn, longer than this process lives.
void run_service::approve_as_it_is(const core::run_order& order,
                                   const core::run_state& past,
                                   const core::approval_decision& decision,
                                   reply<done> then) {
  core::events::approval_given given;
  given.decision = "approved";
  given.by = decision.by;
  given.comment = decision.comment;
  const auto appended = journal_->append(
      order.id,
      {core::event{0, now_wall_ms(), past.last_at_ms, std::move(given)}});
  const auto tell = [back = way_back(), run = order.id,
                     then = std::move(then)](core::append_status status) {
    back([run, then, status](run_service& self) {
      const auto at = self.active_.find(run);
      if (at == self.active_.end()) {
        then(not_found());
      } else if (status != core::append_status::durable) {
        // What the file holds is not known: it is read again later.
        self.queue_.remove(run);
        self.journal_->release(run);
        self.drop(run);
        self.restore_later();
        then(refusal{503, "storage", "the journal cannot be written now"});
      } else {
        at->second.phase = run_phase::waiting;
        at->second.expiry.reset();
        at->second.how.reason = "user";
        self.queue_.make_ready(run);
        then(done{});
        self.start_waiting();
      }
    });
  };
  if (appended.status == core::append_status::pending) {
    journal_->when_durable(appended.ticket, tell);
  } else {
    tell(appended.status);
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
