#include "brigade/app/runtime.hpp"

#include "brigade/actors/brigade.hpp"
#include "brigade/actors/builtin_provider.hpp"
#include "brigade/actors/recalling_provider.hpp"
#include "brigade/net/io_thread.hpp"
#include "brigade/net/openai_provider.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string_view>
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

/// The providers that a role of the crew can reach.
std::set<std::string_view> needed_providers(const core::crew& crew) {
  std::set<std::string_view> names;
  auto need = [&](std::string_view alias) {
    if (const auto* model = core::find_model(crew, alias)) {
      names.insert(model->provider);
    }
  };
  need(crew.planner.model);
  for (const auto& worker : crew.workers) {
    need(worker.model);
  }
  if (crew.synthesizer.kind == core::synthesizer_kind::llm) {
    need(crew.synthesizer.model);
  }
  return names;
}

net::openai_provider_options
openai_options(const config::provider_settings& settings,
               const core::crew& crew, std::shared_ptr<net::io_thread> io) {
  net::openai_provider_options out;
  out.name = settings.name;
  out.base_url = settings.base_url;
  out.api_key = settings.api_key;
  for (const auto& model : crew.models) {
    if (model.provider == settings.name) {
      out.models.push_back(model);
    }
  }
  for (const auto& header : settings.headers) {
    out.headers.push_back({header.name, header.value});
  }
  out.ca_file = settings.ca_file;
  using std::chrono::milliseconds;
  out.connect_timeout = milliseconds{settings.connect_timeout_ms};
  out.first_token_timeout = milliseconds{settings.first_token_timeout_ms};
  out.read_idle_timeout = milliseconds{settings.idle_timeout_ms};
  out.call_timeout = milliseconds{settings.call_timeout_ms};
  out.reply_bytes_max = settings.reply_bytes_max;
  out.connections_max = settings.concurrency_max;
  out.io = std::move(io);
  return out;
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
  for (const auto& name : needed_providers(crew.crew)) {
    const auto* settings = config::find_provider(crew, name);
    if (settings == nullptr) {
      return fault{"provider " + std::string{name} + " is not declared"};
    }
    actors::provider_entry entry;
    entry.limits.concurrency_max = settings->concurrency_max;
    if (settings->kind == config::provider_kind::builtin) {
      entry.provider = actors::make_builtin_provider(all->system);
    } else {
      if (!io) {
        io = std::make_shared<net::io_thread>();
      }
      auto made =
          net::make_openai_provider(openai_options(*settings, crew.crew, io));
      if (!made) {
        return fault{"[providers." + settings->name + "]: " + made.error()};
      }
      entry.provider = std::move(*made);
    }
    if (recalled) {
      entry.provider =
          actors::make_recalling_provider(std::move(entry.provider), recalled);
    }
    options.providers.emplace(name, std::move(entry));
  }
  options.journal = std::move(journal);
  options.wall_ms = wall_ms;
  options.seed = random_seed();
  all->brigade = actors::spawn_brigade(all->system, std::move(options));
  return std::unique_ptr<runtime>{new runtime{std::move(all)}};
}

void runtime::submit(core::run_order order) {
  parts_->client = parts_->system.spawn(
      client<actors::submit>, parts_->brigade, &parts_->mailbox,
      std::make_shared<actors::submit>(actors::submit{std::move(order)}));
}

void runtime::resume(core::run_order order, bool changes_accepted) {
  parts_->client = parts_->system.spawn(
      client<actors::resume_run>, parts_->brigade, &parts_->mailbox,
      std::make_shared<actors::resume_run>(
          actors::resume_run{std::move(order), "user", changes_accepted}));
}

void runtime::stop(const core::run_id& run, core::stop_kind kind,
                   std::string reason) {
  caf::anon_send(parts_->client,
                 actors::stop_run{run, kind, std::move(reason)});
}

} // namespace brigade::app
