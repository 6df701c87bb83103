#include "brigade/app/serve/daemon.hpp"

#include "brigade/app/serve/control.hpp"
#include "brigade/app/serve/daemon_metrics.hpp"
#include "brigade/app/serve/run_service.hpp"
#include "brigade/app/version.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/model/digest.hpp"
#include "brigade/net/api/api.hpp"
#include "brigade/net/http_server.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <utility>

namespace brigade::app::serve {

namespace {

constexpr std::int64_t ms_per_s = 1000;

net::api::access_rules access_of(const config::serve_settings& settings) {
  net::api::access_rules out;
  if (settings.tokens) {
    out.client_of = [tokens = std::make_shared<const config::token_table>(
                         *settings.tokens)](std::string_view token) {
      return tokens->client_of(token);
    };
  }
  out.hosts = settings.server.allowed_hosts;
  out.origins = settings.server.allowed_origins;
  const auto& own = settings.server.listen.address;
  out.hosts.push_back(own.find(':') == std::string::npos ? own
                                                         : "[" + own + "]");
  return out;
}

net::api::api_options api_options_of(const config::serve_settings& settings) {
  const auto& server = settings.server;
  net::api::api_options out;
  out.access = access_of(settings);
  out.body_bytes_max = server.body_bytes_max;
  out.version = version_json();
  out.models.reasoning = server.reasoning;
  out.models.cancel_on_disconnect =
      server.on_disconnect == config::disconnect_policy::cancel;
  out.models.reattach_ms = server.reattach_window_ms;
  // One in eight connections is for requests that are answered soon.
  out.jobs.streams_max = server.connections_max - server.connections_max / 8;
  return out;
}

net::http_server_options
server_options_of(const config::server_settings& server) {
  using std::chrono::milliseconds;
  net::http_server_options out;
  out.address = server.listen.address;
  out.port = server.listen.port;
  out.tls_certificate_file = server.tls_certificate;
  out.tls_key_file = server.tls_key;
  out.connections_max = server.connections_max;
  out.connections_per_peer_max = server.connections_per_peer_max;
  out.header_timeout = milliseconds{server.header_timeout_ms};
  out.idle_timeout = milliseconds{server.idle_timeout_ms};
  return out;
}

/// Changes with everything that the crew's providers and models are made from,
/// keys included.
std::string fingerprint_of(const config::served_crew& crew) {
  auto text = core::crew_to_json(crew.crew.crew) + crew.passthrough_model;
  const auto add = [&text](std::string_view part) {
    text += std::to_string(part.size()) + ":";
    text += part;
  };
  for (const auto& provider : crew.crew.providers) {
    add(provider.name);
    add(provider.base_url);
    add(provider.api_key.reveal());
    add(provider.ca_file);
    for (const auto number :
         {provider.connect_timeout_ms, provider.first_token_timeout_ms,
          provider.idle_timeout_ms, provider.call_timeout_ms,
          static_cast<std::int64_t>(provider.kind),
          static_cast<std::int64_t>(provider.concurrency_max),
          static_cast<std::int64_t>(provider.reply_bytes_max)}) {
      add(std::to_string(number));
    }
    for (const auto& header : provider.headers) {
      add(header.name);
      add(header.value.reveal());
    }
  }
  auto out = core::sha256_hex(text);
  core::wipe(text);
  return out;
}

/// What a reload cannot change.
std::vector<std::string> fixed_changes(const config::server_settings& before,
                                       const config::server_settings& after) {
  std::vector<std::string> out;
  const auto tell = [&out](bool changed, const char* key) {
    if (changed) {
      out.push_back(std::string{key}
                    + " has changed: that needs a restart of the server");
    }
  };
  tell(!(before.listen == after.listen), "server.listen");
  tell(before.state != after.state, "server.state");
  tell(before.tls_certificate != after.tls_certificate
           || before.tls_key != after.tls_key,
       "server.tls_certificate");
  tell(before.connections_max != after.connections_max
           || before.connections_per_peer_max != after.connections_per_peer_max
           || before.header_timeout_ms != after.header_timeout_ms
           || before.idle_timeout_ms != after.idle_timeout_ms,
       "a limit of connections");
  tell(before.body_bytes_max != after.body_bytes_max, "server.body_bytes_max");
  tell(before.on_disconnect != after.on_disconnect
           || before.reattach_window_ms != after.reattach_window_ms
           || before.reasoning != after.reasoning,
       "a setting of the model endpoint");
  return out;
}

} // namespace

/// Destroyed from the last to the first.
struct daemon::parts {
  daemon_options options;
  config::server_settings started_with;
  std::shared_ptr<event_mailbox> events = std::make_shared<event_mailbox>();
  std::shared_ptr<store::sqlite_journal> journal;
  std::optional<crew_system> system;
  /// What `reload` looked up last; its runs go on by what they began with.
  std::mutex reloading;
  service_settings current;
  std::shared_ptr<net::io_thread> io = std::make_shared<net::io_thread>();
  daemon_metrics metrics;
  std::shared_ptr<run_service> service;
  std::optional<net::api::api> api;
  std::unique_ptr<net::http_server> server;
  std::unique_ptr<control_socket> control;

  ~parts() { end(); }

  /// Does it on the server's thread and waits.
  template <class F>
  auto on_server(F what) const {
    std::packaged_task<decltype(what())()> task{std::move(what)};
    auto done = task.get_future();
    const auto shared = std::make_shared<decltype(task)>(std::move(task));
    net::post_to(*io, [shared] { (*shared)(); });
    return done.get();
  }

  void end() {
    control.reset();
    server.reset();
    // Their timers are of that thread.
    on_server([this] {
      if (service) {
        service->drain();
      }
      api.reset();
      service.reset();
    });
  }

  /// Names the sources of the metrics, once all of them are there.
  void watch() {
    on_server([this] {
      metrics.set_sources(
          {[this] { return service->running(); },
           [this] { return service->waiting(); },
           [this] { return service->feed().subscriptions(); },
           [this] {
             return server ? server->counters() : net::http_server_counters{};
           },
           [this] { return journal->counts(); }, options.dropped_lines});
    });
  }

  std::variant<service_settings, fault>
  prepare(std::shared_ptr<const config::serve_settings> file);
};

std::variant<service_settings, daemon::fault>
daemon::parts::prepare(std::shared_ptr<const config::serve_settings> file) {
  service_settings out;
  fault faults;
  for (const auto& crew : file->crews) {
    served_runtime served{crew, nullptr, {}, now_wall_ms() / ms_per_s};
    auto& made = served.crew.crew.crew;
    made.name = crew.name;
    if (!crew.approval.empty()) {
      made.approval = crew.approval == "plan" ? core::approval_kind::plan
                                              : core::approval_kind::none;
    }
    if (made.limits.estimate == core::estimate_kind::typical
        && !file->server.allow_typical_estimate) {
      faults.lines.push_back(
          crew.file
          + ": limits.estimate = \"typical\" can exceed its ceiling; set "
            "server.allow_typical_estimate = true to serve it all the same");
      continue;
    }
    served.fingerprint = fingerprint_of(served.crew);
    const auto known = current.crews.find(crew.name);
    if (known != current.crews.end()
        && known->second.fingerprint == served.fingerprint) {
      // Its connections, cooldowns and limits stay what they are.
      served.runtime = known->second.runtime;
      served.loaded_s = known->second.loaded_s;
      out.crews.emplace(crew.name, std::move(served));
      continue;
    }
    auto opened = system->open(served.crew.crew, crew.passthrough_model);
    if (auto* why = std::get_if<crew_system::fault>(&opened)) {
      faults.lines.push_back(crew.file + ": " + why->message);
      continue;
    }
    served.runtime = std::get<std::shared_ptr<crew_runtime>>(std::move(opened));
    out.crews.emplace(crew.name, std::move(served));
  }
  if (!faults.lines.empty()) {
    return faults;
  }
  out.file = std::move(file);
  return out;
}

daemon::daemon(std::unique_ptr<parts> all) : parts_(std::move(all)) {
  // nop
}

daemon::~daemon() = default;

std::variant<std::unique_ptr<daemon>, daemon::fault>
daemon::start(config::serve_settings settings, daemon_options options) {
  auto all = std::make_unique<parts>();
  all->options = std::move(options);
  all->started_with = settings.server;
  store::sqlite_journal_options journal;
  journal.directory = all->options.state;
  journal.listener = [events = all->events](const core::run_id& run,
                                            const core::event_ptr& e) {
    events->put(run, e);
  };
  auto opened = store::sqlite_journal::open(std::move(journal));
  if (!opened) {
    return fault{{opened.error().message}};
  }
  all->journal = std::move(*opened);
  all->system.emplace(all->journal);
  const auto file =
      std::make_shared<const config::serve_settings>(std::move(settings));
  auto prepared = all->prepare(file);
  if (auto* why = std::get_if<fault>(&prepared)) {
    return std::move(*why);
  }
  all->current = std::get<service_settings>(std::move(prepared));
  service_hooks hooks;
  hooks.log = all->options.log;
  hooks.on_event = [metrics = &all->metrics](const core::run_id& run,
                                             const core::event_ptr& e) {
    metrics->on_event(run, *e);
  };
  hooks.metrics = [metrics = &all->metrics] { return metrics->text(); };
  all->service = std::make_shared<run_service>(all->io, all->journal,
                                               all->events, all->options.state,
                                               *all->system, std::move(hooks));
  all->api.emplace(all->io, *all->service, api_options_of(*file));
  all->on_server([&all] {
    all->service->set(all->current);
    all->service->restore();
  });
  auto how = server_options_of(file->server);
  how.on_access = [metrics = &all->metrics](const net::access_record& record) {
    metrics->on_access(record);
  };
  auto server = net::http_server::start(
      all->io, std::move(how), all->api->admission(), all->api->handler());
  if (!server) {
    return fault{{server.error()}};
  }
  all->server = std::move(*server);
  all->watch();
  auto control = control_socket::open(all->options.state, all->journal->owner(),
                                      control_handler(all->io, all->service));
  if (auto* why = std::get_if<control_socket::fault>(&control)) {
    // Its runs can be reached over HTTP all the same.
    if (all->options.log) {
      all->options.log("control.failed", {{"why", why->message}});
    }
  } else {
    all->control = std::get<0>(std::move(control));
  }
  return std::unique_ptr<daemon>{new daemon{std::move(all)}};
}

std::uint16_t daemon::port() const {
  return parts_->server->port();
}

std::variant<std::vector<std::string>, daemon::fault>
daemon::reload(config::serve_settings settings) {
  std::lock_guard guard{parts_->reloading};
  const auto& fixed = parts_->started_with;
  auto notes = fixed_changes(fixed, settings.server);
  // What it listens on stays, so that is what must be safe.
  settings.server.listen = fixed.listen;
  settings.server.state = fixed.state;
  settings.server.tls_certificate = fixed.tls_certificate;
  settings.server.tls_key = fixed.tls_key;
  if (auto why = config::exposure_fault(settings.server); !why.empty()) {
    return fault{{std::move(why)}};
  }
  const auto file =
      std::make_shared<const config::serve_settings>(std::move(settings));
  auto prepared = parts_->prepare(file);
  if (auto* why = std::get_if<fault>(&prepared)) {
    return std::move(*why);
  }
  parts_->current = std::get<service_settings>(std::move(prepared));
  parts_->on_server([this, &file] {
    parts_->metrics.on_reload(true);
    parts_->service->set(parts_->current);
    parts_->service->restore();
    parts_->api->set_access(access_of(*file));
  });
  return notes;
}

void daemon::drain() {
  parts_->on_server([this] { parts_->service->drain(); });
}

bool daemon::is_idle() const {
  return parts_->on_server([this] { return parts_->service->is_idle(); });
}

std::uint32_t daemon::stop(std::chrono::milliseconds grace) {
  // Who is cut off now comes back to the run when it goes on.
  parts_->on_server([this] { parts_->api->keep_runs(); });
  parts_->server.reset();
  const auto runtimes =
      parts_->on_server([this] { return parts_->service->runtimes(); });
  std::mutex mutex;
  std::condition_variable news;
  std::size_t left = runtimes.size();
  std::uint32_t killed = 0;
  for (const auto& runtime : runtimes) {
    runtime->shut_down("shutdown", grace, [&](std::uint32_t count) {
      std::lock_guard guard{mutex};
      killed += count;
      --left;
      news.notify_all();
    });
  }
  std::unique_lock guard{mutex};
  news.wait(guard, [&left] { return left == 0; });
  guard.unlock();
  parts_->end();
  return killed;
}

} // namespace brigade::app::serve
