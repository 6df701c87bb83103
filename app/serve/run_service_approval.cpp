// Runs that wait for somebody's word about their plans.

#include "brigade/app/serve/run_refusals.hpp"
#include "brigade/app/serve/run_service.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/run/approval.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app::serve {

using namespace net::api;

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

} // namespace brigade::app::serve
