#include "brigade/app/runtime.hpp"

#include "brigade/actors/brigade.hpp"
#include "brigade/actors/recalling_provider.hpp"
#include "brigade/app/providers.hpp"
#include "brigade/net/io_thread.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <sys/random.h>
#include <thread>
#include <utility>

namespace brigade::app {

namespace {

/// One run needs few threads, and each costs start-up time.
constexpr std::size_t threads_min = 2;
constexpr std::size_t threads_max = 4;

/// Given to a run beyond its deadline to end by itself, before the wait for
/// its report is given up.
constexpr std::chrono::seconds report_grace{60};

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
    seed = static_cast<std::uint64_t>(wall_ms());
  }
  return seed;
}

caf::actor_system_config& configured(caf::actor_system_config& config) {
  actors::configure(config);
  // A thread that steals work spins; a command that mostly waits must not.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads",
             std::clamp<std::size_t>(std::thread::hardware_concurrency(),
                                     threads_min, threads_max));
  return config;
}

/// Sends one `submit` or `resume_run` and puts the end of its run into the
/// mailbox. A stop goes through it too: it must not overtake what it stops.
template <class Message>
caf::behavior client(caf::event_based_actor* self,
                     actors::brigade_actor brigade, run_mailbox* mailbox,
                     const std::shared_ptr<Message>& message) {
  actors::guard(self);
  auto limit =
      std::chrono::milliseconds{message->order.crew->limits.run_deadline_ms}
      + report_grace;
  self->request(brigade, limit, std::move(*message))
      .then(
          [self, mailbox](core::run_report& report) {
            mailbox->put(std::move(report));
            self->quit();
          },
          [self, mailbox](const caf::error& error) {
            mailbox->put(run_refused{self->system().render(error)});
            self->quit();
          });
  return {[self, brigade](actors::stop_run& stop) {
    self->send(brigade, std::move(stop));
  }};
}

} // namespace

struct runtime::parts {
  run_mailbox& mailbox;
  caf::actor_system_config config;
  caf::actor_system system;
  actors::brigade_actor brigade;
  caf::actor client;

  explicit parts(run_mailbox& box) : mailbox(box), system(configured(config)) {
    // nop
  }

  ~parts() {
    if (brigade) {
      caf::anon_send_exit(brigade, caf::exit_reason::user_shutdown);
    }
    // The system's end waits for all actors.
  }
};

runtime::runtime(std::unique_ptr<parts> all) : parts_(std::move(all)) {
  // nop
}

runtime::~runtime() = default;

std::variant<std::unique_ptr<runtime>, runtime::fault>
runtime::create(const config::crew_file& crew, run_mailbox& mailbox,
                core::journal_ptr journal,
                std::shared_ptr<const recalled_replies> recalled) {
  auto all = std::make_unique<parts>(mailbox);
  actors::brigade_options options;
  std::shared_ptr<net::io_thread> io;
  auto providers =
      make_providers(crew, needed_models(crew.crew), all->system, io);
  if (auto* why = std::get_if<provider_fault>(&providers)) {
    return fault{std::move(why->message)};
  }
  options.providers = std::get<provider_map>(std::move(providers));
  if (recalled) {
    for (auto& [name, entry] : options.providers) {
      entry.provider =
          actors::make_recalling_provider(std::move(entry.provider), recalled);
    }
  }
  options.journal = std::move(journal);
  options.wall_ms = wall_ms;
  options.seed = random_seed();
  all->brigade = actors::spawn_brigade(all->system, std::move(options));
  return std::unique_ptr<runtime>{new runtime{std::move(all)}};
}

std::unique_ptr<runtime> runtime::create_to_end(run_mailbox& mailbox,
                                                core::journal_ptr journal) {
  auto all = std::make_unique<parts>(mailbox);
  actors::brigade_options options;
  options.journal = std::move(journal);
  options.wall_ms = wall_ms;
  all->brigade = actors::spawn_brigade(all->system, std::move(options));
  return std::unique_ptr<runtime>{new runtime{std::move(all)}};
}

void runtime::submit(core::run_order order) {
  parts_->client = parts_->system.spawn(
      client<actors::submit>, parts_->brigade, &parts_->mailbox,
      std::make_shared<actors::submit>(actors::submit{std::move(order)}));
}

void runtime::resume(core::run_order order, bool changes_accepted,
                     std::optional<core::approval_decision> decision) {
  parts_->client = parts_->system.spawn(
      client<actors::resume_run>, parts_->brigade, &parts_->mailbox,
      std::make_shared<actors::resume_run>(actors::resume_run{
          std::move(order), "user", changes_accepted, std::move(decision)}));
}

void runtime::stop(const core::run_id& run, core::stop_kind kind,
                   std::string reason) {
  caf::anon_send(parts_->client,
                 actors::stop_run{run, kind, std::move(reason)});
}

} // namespace brigade::app
