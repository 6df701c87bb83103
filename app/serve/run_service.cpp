// What is asked about runs. Accepting them stands in run_service_accept.cpp,
// working on them in run_service_work.cpp, taking them up again in
// run_service_restore.cpp.

#include "brigade/app/serve/run_service.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace brigade::app::serve {

namespace {

using namespace net::api;

constexpr std::size_t read_threads = 2;
constexpr std::size_t write_threads = 2;
constexpr std::size_t jobs_max = 4'096;

refusal too_busy() {
  refusal why{503, "busy", "too many requests wait for the journal"};
  why.retry_after_ms = 1'000;
  return why;
}

bool has_ended(const core::run_state& state) {
  return state.phase == core::run_phase::finished;
}

} // namespace

run_service::run_service(std::shared_ptr<net::io_thread> io,
                         std::shared_ptr<store::sqlite_journal> journal,
                         std::shared_ptr<event_mailbox> events,
                         std::string directory, crew_system& system,
                         service_hooks hooks)
    : io_(std::move(io)), journal_(std::move(journal)),
      events_(std::move(events)), system_(system), hooks_(std::move(hooks)),
      queue_(core::fair_queue_limits{}), restore_timer_(io_),
      retention_timer_(io_), documents_timer_(io_),
      history_(std::move(directory), journal_, read_threads),
      reads_(read_threads, jobs_max), writes_(write_threads, jobs_max) {
  // nop
}

run_service::~run_service() {
  events_->on_news({});
}

void run_service::set(service_settings settings) {
  if (!settings_.file) {
    events_->on_news([weak = weak_from_this(), io = std::weak_ptr{io_}] {
      if (auto thread = io.lock()) {
        net::post_to(*thread, [weak] {
          if (auto self = weak.lock()) {
            self->on_events();
          }
        });
      }
    });
  }
  for (const auto& [name, crew] : settings_.crews) {
    const auto is_kept = [&runtime = crew.runtime](const auto& next) {
      return next.second.runtime == runtime;
    };
    if (std::ranges::none_of(settings.crews, is_kept)) {
      former_.push_back(crew.runtime);
    }
  }
  settings_ = std::move(settings);
  std::erase_if(former_, [](const auto& each) { return each.expired(); });
  const auto& server = settings_.file->server;
  queue_.set_limits({server.runs_max, server.queue_max});
  start_waiting();
  remove_old();
}

void run_service::door::operator()(
    std::function<void(run_service&)> what) const {
  net::post_to(*io_, [weak = to_, what = std::move(what)] {
    if (auto self = weak.lock()) {
      try {
        what(*self);
      } catch (const std::exception&) {
        // Memory that one request needed: whoever asked is answered by the end
        // of its exchange, and the others go on.
        self->log("request.broken", {});
      }
    }
  });
}

void run_service::log(std::string_view name, const named_values& values) const {
  if (hooks_.log) {
    hooks_.log(name, values);
  }
}

void run_service::on_events() {
  for (const auto& [run, e] : events_->take()) {
    if (hooks_.on_event) {
      hooks_.on_event(run, e);
    }
    feed_.publish(run, e);
  }
}

run_service::active_run* run_service::find_active(const std::string& client,
                                                  const core::run_id& run) {
  const auto at = active_.find(run);
  return at != active_.end() && at->second.order.client == client ? &at->second
                                                                  : nullptr;
}

std::optional<std::string>
run_service::client_of(const core::run_id& run) const {
  const auto at = active_.find(run);
  return at != active_.end() ? std::optional{at->second.order.client}
                             : std::nullopt;
}

std::vector<crew_card> run_service::crews(const std::string& client) const {
  std::vector<crew_card> out;
  for (const auto& [name, served] : settings_.crews) {
    if (find_crew(client, name) == nullptr) {
      continue;
    }
    const auto& crew = served.crew.crew.crew;
    crew_card card;
    card.name = name;
    card.description = served.crew.description;
    card.cost_max = crew.limits.cost;
    if (const auto own = settings_of(*settings_.file, client).cost_max) {
      card.cost_max = std::min(card.cost_max, *own);
    }
    card.deadline_ms = crew.limits.run_deadline_ms;
    card.approval = crew.approval == core::approval_kind::plan;
    card.passthrough = !served.crew.passthrough_model.empty();
    card.loaded_s = served.loaded_s;
    out.push_back(std::move(card));
  }
  return out;
}

void run_service::look(const std::string& client, const core::run_id& run,
                       reply<run_view> then) {
  const bool taken =
      reads_.post([this, client, run, then](std::size_t thread) mutable {
        auto view = history_.look(thread, run);
        if (auto* found = std::get_if<run_view>(&view);
            found != nullptr && found->state->client != client) {
          // Of others nothing is told, not even that it is there.
          view = refusal{404, "not_found", "there is no such run"};
        }
        soon([view = std::move(view),
              then = std::move(then)](run_service& self) mutable {
          if (auto* found = std::get_if<run_view>(&view)) {
            const auto at = self.active_.find(found->run);
            found->queued = at != self.active_.end()
                            && !has_ended(*found->state)
                            && at->second.phase == run_phase::waiting;
          }
          then(std::move(view));
        });
      });
  if (!taken) {
    then(too_busy());
  }
}

void run_service::list(const std::string& client, list_query query,
                       reply<std::vector<run_line>> then) {
  const bool taken = reads_.post(
      [this, client, query = std::move(query), then](std::size_t thread) {
        auto lines = history_.list(thread, client, query);
        soon([lines = std::move(lines),
              then = std::move(then)](run_service& self) mutable {
          if (auto* found = std::get_if<std::vector<run_line>>(&lines)) {
            for (auto& line : *found) {
              line.queued = self.queue_.is_waiting(line.summary.id);
            }
          }
          then(std::move(lines));
        });
      });
  if (!taken) {
    then(too_busy());
  }
}

void run_service::read(const core::run_id& run, std::uint64_t after,
                       reply<std::vector<core::event_ptr>> then) {
  const bool taken =
      reads_.post([this, run, after, then](std::size_t thread) mutable {
        soon([page = history_.page(thread, run, after), then = std::move(then)](
                 run_service&) mutable { then(std::move(page)); });
      });
  if (!taken) {
    then(too_busy());
  }
}

void run_service::remove(const std::string& client, const core::run_id& run,
                         reply<done> then) {
  look(client, run, [this, run, then](std::variant<run_view, refusal> view) {
    if (auto* why = std::get_if<refusal>(&view)) {
      then(std::move(*why));
      return;
    }
    const refusal not_ended{409, "not_finished",
                            "only a run that has ended can be removed; cancel "
                            "it first"};
    if (!has_ended(*std::get<run_view>(view).state) || active_.contains(run)) {
      then(not_ended);
      return;
    }
    const bool taken = writes_.post([this, run, then,
                                     not_ended](std::size_t) mutable {
      auto gone = journal_->prune({run}, false);
      std::variant<done, refusal> answer = done{};
      if (!gone) {
        answer = refusal{503, "storage", "the journal cannot be written now"};
      } else if (*gone == 0) {
        answer = not_ended;
      }
      soon([run, answer, then = std::move(then)](run_service& self) {
        // Whoever looked at it meanwhile may have kept it.
        self.history_.forget(run);
        self.remove_documents_later();
        then(answer);
      });
    });
    if (!taken) {
      then(too_busy());
    }
  });
}

std::string run_service::metrics() {
  return hooks_.metrics ? hooks_.metrics() : std::string{};
}

bool run_service::ready(std::string& why) {
  const auto fault = journal_->last_fault();
  why = fault.empty() ? "[+]journal ok\n" : "[-]journal failed\n";
  why += draining_ ? "[-]shutting down\n" : "[+]accepting runs\n";
  return fault.empty() && !draining_;
}

} // namespace brigade::app::serve
