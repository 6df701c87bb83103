#include "brigade/app/serve/crew_runtime.hpp"

#include "brigade/actors/brigade.hpp"
#include "brigade/app/providers.hpp"
#include "brigade/app/wall_time.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <mutex>
#include <sys/random.h>
#include <thread>
#include <utility>

namespace brigade::app::serve {

namespace {

constexpr std::size_t threads_min = 2;
constexpr std::size_t threads_max = 8;
/// Runs of one crew at once: the daemon's own queue bounds them long before.
constexpr std::uint32_t crew_runs_max = 100'000;
/// Given to a run beyond its deadline to end by itself.
constexpr std::chrono::minutes report_grace{10};

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
    seed = static_cast<std::uint64_t>(now_wall_ms());
  }
  return seed;
}

caf::actor_system_config& configured(caf::actor_system_config& config) {
  actors::configure(config);
  // A thread that steals work spins; a daemon that waits must not.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads",
             std::clamp<std::size_t>(std::thread::hardware_concurrency(),
                                     threads_min, threads_max));
  return config;
}

using ended_fn = std::shared_ptr<std::function<void(run_ended)>>;

/// Begins one run and tells of its end. A stop goes through it too: it must not
/// overtake what it stops.
caf::behavior client(caf::event_based_actor* self,
                     actors::brigade_actor brigade,
                     const std::shared_ptr<actors::resume_run>& message,
                     const ended_fn& ended) {
  actors::guard(self);
  const auto limit =
      std::chrono::milliseconds{message->order.crew->limits.run_deadline_ms}
      + report_grace;
  self->request(brigade, limit, std::move(*message))
      .then(
          [self, ended](const core::run_report& report) {
            (*ended)({report.state.status, report.state.reason, {}, false});
            self->quit();
          },
          [self, ended](const caf::error& error) {
            const bool lost = error == caf::sec::request_timeout;
            (*ended)({core::run_status::suspended, "internal",
                      self->system().render(error), lost});
            self->quit();
          });
  return {[self, brigade](actors::stop_run& stop) {
    self->send(brigade, std::move(stop));
  }};
}

caf::behavior closer(caf::event_based_actor* self,
                     actors::brigade_actor brigade, actors::shutdown message,
                     const std::function<void(std::uint32_t)>& then) {
  actors::guard(self);
  const auto limit = message.grace + report_grace;
  self->request(brigade, limit, std::move(message))
      .then(
          [self, then](const actors::stopped& told) {
            then(told.killed);
            self->quit();
          },
          [self, then](const caf::error&) {
            then(0);
            self->quit();
          });
  return {[](actors::stop_run&) {}};
}

} // namespace

struct crew_system::parts {
  explicit parts(core::journal_ptr to)
      : journal(std::move(to)), system(configured(config)) {
    // nop
  }

  core::journal_ptr journal;
  caf::actor_system_config config;
  caf::actor_system system;
  /// Crews are opened by a reload and by runs that are taken up again.
  std::mutex opening;
  std::shared_ptr<net::io_thread> io;
};

namespace {

class brigade_runtime : public crew_runtime {
public:
  brigade_runtime(caf::actor_system& system, actors::brigade_options options,
                  std::vector<core::model_spec> models)
      : system_(system), models_(std::move(models)),
        brigade_(actors::spawn_brigade(system, std::move(options))) {
    // nop
  }

  ~brigade_runtime() override {
    caf::anon_send_exit(brigade_, caf::exit_reason::user_shutdown);
  }

  run_stopper start(core::run_order order, start_options how,
                    std::function<void(run_ended)> ended) override {
    const auto run = order.id;
    actors::resume_run message;
    message.order = std::move(order);
    message.reason = std::move(how.reason);
    message.decision = std::move(how.decision);
    message.first = how.first;
    auto actor = system_.spawn(
        client, brigade_,
        std::make_shared<actors::resume_run>(std::move(message)),
        std::make_shared<std::function<void(run_ended)>>(std::move(ended)));
    return [actor, run](core::stop_kind kind, std::string reason) {
      caf::anon_send(actor, actors::stop_run{run, kind, std::move(reason)});
    };
  }

  bool serves(const core::crew& crew) const override {
    return std::ranges::all_of(needed_models(crew), [this](const auto& model) {
      return std::ranges::find(models_, model) != models_.end();
    });
  }

  void shut_down(std::string reason, std::chrono::milliseconds grace,
                 std::function<void(std::uint32_t)> then) override {
    system_.spawn(closer, brigade_, actors::shutdown{std::move(reason), grace},
                  std::move(then));
  }

private:
  caf::actor_system& system_;
  std::vector<core::model_spec> models_;
  actors::brigade_actor brigade_;
};

} // namespace

crew_system::crew_system(core::journal_ptr journal)
    : parts_(std::make_shared<parts>(std::move(journal))) {
  // nop
}

crew_system::~crew_system() = default;

std::variant<std::shared_ptr<crew_runtime>, crew_system::fault>
crew_system::open(const config::crew_file& crew, const std::string& also) {
  std::lock_guard guard{parts_->opening};
  actors::brigade_options options;
  auto models = needed_models(crew.crew);
  const auto* extra = core::find_model(crew.crew, also);
  if (extra != nullptr && std::ranges::find(models, *extra) == models.end()) {
    models.push_back(*extra);
  }
  auto providers = make_providers(crew, models, parts_->system, parts_->io);
  if (auto* why = std::get_if<provider_fault>(&providers)) {
    return fault{std::move(why->message)};
  }
  options.providers = std::get<provider_map>(std::move(providers));
  options.journal = parts_->journal;
  options.wall_ms = now_wall_ms;
  options.seed = random_seed();
  options.runs_max = crew_runs_max;
  return std::shared_ptr<crew_runtime>{std::make_shared<brigade_runtime>(
      parts_->system, std::move(options), std::move(models))};
}

} // namespace brigade::app::serve
