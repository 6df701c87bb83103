// How a run is accepted: its place in the queue first, then its key, its share
// of the day's money and its first event, which is durable before anybody is
// told.

#include "brigade/app/run_setup.hpp"
#include "brigade/app/serve/run_service.hpp"
#include "brigade/app/wall_time.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app::serve {

namespace {

using namespace net::api;

constexpr std::int64_t retry_queue_ms = 5'000;
constexpr std::int64_t day_ms = 86'400'000;

refusal busy(std::string code, std::string detail, std::int64_t retry_ms) {
  refusal why{429, std::move(code), std::move(detail)};
  why.retry_after_ms = retry_ms;
  return why;
}

refusal not_stored() {
  return {503, "storage", "the journal cannot be written now"};
}

/// It ended and there is nothing in it for whoever asks again.
bool ended_without_answer(const run_view& view) {
  const auto& state = *view.state;
  return state.phase == core::run_phase::finished && state.answer.empty();
}

} // namespace

const served_runtime* run_service::find_crew(const std::string& client,
                                             const std::string& name) const {
  const auto at = settings_.crews.find(name);
  if (at == settings_.crews.end()) {
    return nullptr;
  }
  const auto allowed = settings_of(*settings_.file, client).crews;
  const bool may =
      !allowed || std::ranges::find(*allowed, name) != allowed->end();
  return may ? &at->second : nullptr;
}

core::client_share run_service::share_of(const std::string& client) const {
  const auto own = settings_of(*settings_.file, client);
  return {own.runs_max, own.queue_max};
}

void run_service::submit(const std::string& client, job_order what,
                         std::optional<request_key> key,
                         reply<accepted_run> then) {
  const auto* crew = find_crew(client, what.crew);
  if (crew == nullptr) {
    then(refusal{422,
                 "unknown_crew",
                 "there is no such crew; GET /api/v1/crews lists them",
                 {{"/crew", "is no crew that you may use"}}});
    return;
  }
  auto order = make_order(crew->crew, settings_of(*settings_.file, client),
                          client, std::move(what), new_run_id());
  if (auto* why = std::get_if<refusal>(&order)) {
    then(std::move(*why));
    return;
  }
  accept(*crew, std::get<core::run_order>(std::move(order)), std::move(key), {},
         std::move(then));
}

void run_service::accept(const served_runtime& crew, core::run_order order,
                         std::optional<request_key> key,
                         core::run_id instead_of, reply<accepted_run> then) {
  const auto share = share_of(order.client);
  std::optional<refusal> why;
  if (draining_) {
    why = refusal{503, "shutting_down", "the server is shutting down"};
    why->retry_after_ms = retry_queue_ms;
  } else {
    switch (queue_.check(order.client, share)) {
    case core::fair_queue::verdict::queue_full:
      why = busy("queue_full", "too many runs wait; try again later",
                 retry_queue_ms);
      break;
    case core::fair_queue::verdict::client_full:
      why = busy("client_queue_full",
                 "too many of your runs wait; try again later", retry_queue_ms);
      break;
    case core::fair_queue::verdict::accepted:
      break;
    }
  }
  if (why) {
    // What came before needs no place.
    if (key && instead_of.text.empty()) {
      attach_or(order, *key, std::move(*why), std::move(then));
    } else {
      then(*why);
    }
    return;
  }
  const auto run = order.id;
  queue_.add(order.client, share, run, false);
  auto& active = active_[run];
  active.order = order;
  active.runtime = crew.runtime;
  active.how.first = true;
  active.accepted.push_back(std::move(then));
  try_to_accept(std::move(order), std::move(key), std::move(instead_of));
}

std::optional<refusal>
run_service::reserve_for_day(const config::serve_settings& settings,
                             const core::run_order& order,
                             core::pico_usd spent) const {
  const auto& server = settings.server;
  store::day_request request;
  request.run = order.id;
  request.client = order.client;
  request.slice = core::pico_usd{std::max<std::int64_t>(
      0, core::ceiling_of(order).cost.value - spent.value)};
  request.spent_before = spent;
  request.ceilings.all = server.cost_per_day;
  const auto crews_own = order.crew->limits.cost_per_day;
  if (crews_own
      && (!request.ceilings.all || *crews_own < *request.ceilings.all)) {
    request.ceilings.all = crews_own;
  }
  request.ceilings.client = settings_of(settings, order.client).cost_per_day;
  request.wall_ms = now_wall_ms();
  const auto fault = journal_->reserve_for_day(request);
  if (!fault) {
    return std::nullopt;
  }
  if (fault->code == store::fault_code::over_ceiling) {
    return busy("over_day_ceiling",
                "the run does not fit under the ceiling of what may be spent "
                "per day (UTC)",
                day_ms - request.wall_ms % day_ms);
  }
  return not_stored();
}

/// There is no place for a new run: only an earlier request helps.
void run_service::attach_or(const core::run_order& order,
                            const request_key& key, refusal why,
                            reply<accepted_run> then) {
  const bool taken =
      writes_.post([this, order, key, why, then](std::size_t) mutable {
        auto found = earlier_request(order, key, {}, true);
        soon([found = std::move(found), why = std::move(why),
              then = std::move(then)](run_service& self) {
          if (!found) {
            then(why);
          } else if (found->why) {
            then(*found->why);
          } else if (found->earlier_exists) {
            then(accepted_run{found->earlier, false});
          } else if (const auto at = self.active_.find(found->earlier);
                     at != self.active_.end()
                     && at->second.phase == run_phase::accepting) {
            at->second.accepted.push_back(then);
          } else {
            then(why);
          }
        });
      });
  if (!taken) {
    then(busy("busy", "too many requests wait for the journal", 1'000));
  }
}

/// Blocks. Whether the run that the request names is a new one; nothing: it
/// is.
std::optional<run_service::acceptance>
run_service::earlier_request(const core::run_order& order,
                             const request_key& key,
                             const core::run_id& instead_of, bool only_look) {
  const auto known = journal_->remember(
      {order.client, key.key, key.body_sha256, order.id, now_wall_ms(),
       key.keep_ms, instead_of, !key.again_without_answer, only_look});
  if (!known) {
    return acceptance{false, {}, false, not_stored()};
  }
  if (!known->is_same) {
    return acceptance{
        false,
        {},
        false,
        refusal{422, "key_reused",
                "this Idempotency-Key came with another body before"}};
  }
  if (!known->is_new) {
    return acceptance{false, known->run, journal_->may_hold(known->run), {}};
  }
  return std::nullopt;
}

/// Writes the run's first event; ends in `on_tried`.
void run_service::write_down(const core::run_order& order,
                             std::optional<request_key> key) {
  journal_->begin(order.id, order.source);
  const auto appended = journal_->append(
      order.id, {core::event{0, now_wall_ms(), 0, core::submitted(order)}});
  const auto tell = [back = way_back(), run = order.id,
                     key = std::move(key)](core::append_status status) {
    acceptance result;
    result.is_new = status == core::append_status::durable;
    if (!result.is_new) {
      result.why = not_stored();
    }
    back([run, key, result](run_service& self) {
      self.on_tried(run, key, result);
    });
  };
  if (appended.status == core::append_status::pending) {
    journal_->when_durable(appended.ticket, tell);
  } else {
    tell(appended.status);
  }
}

/// On a thread of its own; ends in `on_tried`.
void run_service::try_to_accept(core::run_order order,
                                std::optional<request_key> key,
                                core::run_id instead_of) {
  const auto run = order.id;
  // What the thread reads of the settings stays as it is meanwhile.
  const bool taken = writes_.post([this, settings = settings_.file, order, key,
                                   instead_of](std::size_t) {
    auto result =
        key ? earlier_request(order, *key, instead_of, false) : std::nullopt;
    if (!result) {
      if (auto why = reserve_for_day(*settings, order, {})) {
        result = acceptance{false, {}, false, std::move(why)};
      }
    }
    if (!result) {
      write_down(order, key);
      return;
    }
    soon([run = order.id, key, result = std::move(*result)](run_service& self) {
      self.on_tried(run, key, result);
    });
  });
  if (!taken) {
    on_tried(run, std::nullopt,
             {false,
              {},
              false,
              busy("busy", "too many requests wait for the journal", 1'000)});
  }
}

void run_service::refuse(const core::run_id& run, const refusal& why) {
  auto node = active_.extract(run);
  queue_.remove(run);
  journal_->release(run);
  // Should its share of the day be set aside already.
  writes_.post([this, run](std::size_t) {
    static_cast<void>(journal_->close_day_slice(run));
  });
  if (!node.empty()) {
    for (const auto& then : node.mapped().accepted) {
      then(why);
    }
  }
  start_waiting();
}

void run_service::on_tried(const core::run_id& run,
                           std::optional<request_key> key, acceptance result) {
  const auto at = active_.find(run);
  if (at == active_.end()) {
    return;
  }
  if (result.why) {
    refuse(run, *result.why);
    return;
  }
  auto& active = at->second;
  if (result.is_new) {
    active.phase = run_phase::waiting;
    log("run.accepted", {{"run", run.text},
                         {"client", active.order.client},
                         {"crew", active.order.crew->name}});
    bool first = true;
    for (const auto& then : std::exchange(active.accepted, {})) {
      then(accepted_run{run, std::exchange(first, false)});
    }
    queue_.make_ready(run);
    start_waiting();
    return;
  }
  // An earlier request has this key.
  const auto earlier = active_.find(result.earlier);
  auto waiting = std::move(active.accepted);
  auto order = std::move(active.order);
  const auto again = [this, order, key,
                      earlier_run = result.earlier](reply<accepted_run> then) {
    const auto* crew = find_crew(order.client, order.crew->name);
    if (crew == nullptr) {
      then(refusal{422, "unknown_crew", "there is no such crew any more"});
      return;
    }
    accept(*crew, order, key, earlier_run, std::move(then));
  };
  active_.erase(at);
  queue_.remove(run);
  if (earlier != active_.end() || result.earlier_exists) {
    const bool is_accepting = earlier != active_.end()
                              && earlier->second.phase == run_phase::accepting;
    for (auto& then : waiting) {
      if (is_accepting) {
        earlier->second.accepted.push_back(std::move(then));
      } else if (!key->again_without_answer || earlier != active_.end()) {
        then(accepted_run{result.earlier, false});
      } else {
        look(order.client, result.earlier,
             [again, then,
              id = result.earlier](std::variant<run_view, refusal> view) {
               const auto* found = std::get_if<run_view>(&view);
               if (found != nullptr && ended_without_answer(*found)) {
                 again(then);
               } else {
                 then(accepted_run{id, false});
               }
             });
      }
    }
  } else {
    // It named a run that never began.
    for (auto& then : waiting) {
      again(std::move(then));
    }
  }
  start_waiting();
}

void run_service::call(const std::string& client, direct_call what,
                       reply<core::model_reply> then) {
  const auto* crew = find_crew(client, what.crew);
  if (crew == nullptr) {
    then(refusal{404, "model_not_found", "there is no such model here"});
    return;
  }
  auto order =
      make_direct_order(crew->crew, settings_of(*settings_.file, client),
                        client, std::move(what), new_run_id());
  if (auto* why = std::get_if<refusal>(&order)) {
    then(std::move(*why));
    return;
  }
  accept(*crew, std::get<core::run_order>(std::move(order)), std::nullopt, {},
         [this, client, then](std::variant<accepted_run, refusal> accepted) {
           if (auto* why = std::get_if<refusal>(&accepted)) {
             then(std::move(*why));
             return;
           }
           const auto run = std::get<accepted_run>(accepted).run;
           active_.at(run).on_end.push_back([this, client, run, then] {
             look(client, run, [then](std::variant<run_view, refusal> view) {
               const auto* found = std::get_if<run_view>(&view);
               const bool has_reply = found != nullptr
                                      && found->state->tasks.size() == 1
                                      && found->state->tasks[0].status
                                             == core::task_status::succeeded;
               if (!has_reply) {
                 then(refusal{502, "no_reply", "the model gave no reply"});
                 return;
               }
               core::model_reply out;
               out.text = found->state->tasks[0].result;
               out.usage = found->state->tokens;
               then(std::move(out));
             });
           });
         });
}

} // namespace brigade::app::serve
