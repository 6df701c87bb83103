#include "brigade/app/serve/serve_command.hpp"

#include "brigade/app/config_messages.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/log.hpp"
#include "brigade/app/serve/daemon.hpp"
#include "brigade/app/service_manager.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal_text.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <utility>
#include <variant>
#include <vector>

namespace brigade::app {

namespace {

using serve::daemon;
using serve::named_values;

/// How often it is looked whether the last run has ended, while that is waited
/// for.
constexpr std::chrono::milliseconds drain_interval{50};
/// Given to runs to stand still.
constexpr std::chrono::milliseconds suspend_grace{10'000};

/// The memory of this process holds keys and texts of users.
void keep_to_itself() {
  const ::rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  ::umask(S_IRWXG | S_IRWXO);
}

::sigset_t handled_signals() {
  ::sigset_t out;
  ::sigemptyset(&out);
  ::sigaddset(&out, SIGTERM);
  ::sigaddset(&out, SIGINT);
  ::sigaddset(&out, SIGHUP);
  return out;
}

std::optional<config::serve_settings> load(const serve_options& options,
                                           std::vector<std::string>& lines) {
  config::load_options how;
  how.sets = options.sets;
  auto loaded = config::load_serve_file(options.config, how);
  lines = config_messages(loaded);
  if (!loaded.value) {
    return std::nullopt;
  }
  auto& server = loaded.value->server;
  if (!options.listen.empty()) {
    const auto address = config::parse_listen(options.listen);
    if (!address) {
      lines.push_back("--listen " + terminal_line(options.listen)
                      + " is no address with a port, such as 127.0.0.1:8787");
      return std::nullopt;
    }
    server.listen = *address;
  }
  if (auto fault = config::exposure_fault(server); !fault.empty()) {
    lines.push_back(std::move(fault));
    return std::nullopt;
  }
  if (!options.state.empty()) {
    server.state = options.state;
  }
  return std::move(loaded.value);
}

/// What no line of the log may hold.
net::secret_list secrets_of(const config::serve_settings& settings) {
  net::secret_list out;
  for (const auto& crew : settings.crews) {
    for (const auto& provider : crew.crew.providers) {
      out.push_back(provider.api_key);
      for (const auto& header : provider.headers) {
        out.push_back(header.value);
      }
    }
  }
  return out;
}

log_options log_options_of(const config::serve_settings& settings) {
  log_options out;
  out.level_min = settings.server.log_level_min;
  out.style = settings.server.log_format;
  // systemd sets it where its journal reads stderr.
  out.level_prefix = std::getenv("JOURNAL_STREAM") != nullptr;
  out.secrets = secrets_of(settings);
  return out;
}

config::log_level level_of(std::string_view name) {
  if (name == "run.started") {
    return config::log_level::debug;
  }
  return name == "journal.fault" || name == "request.broken"
                 || name == "run.left"
             ? config::log_level::error
             : config::log_level::info;
}

/// What the running daemon has besides itself.
struct surroundings {
  const serve_options& options;
  daemon_log& log;
  const service_manager& manager;
  std::string url;
};

void say(surroundings& around, std::string_view name,
         const named_values& values = {}) {
  std::vector<log_field> fields;
  for (const auto& [key, value] : values) {
    if (!value.empty()) {
      fields.emplace_back(key, value);
    }
  }
  around.log.write(level_of(name), name, std::span<const log_field>{fields});
}

void reload(daemon& running, surroundings& around) {
  around.manager.reloading();
  std::vector<std::string> lines;
  auto settings = load(around.options, lines);
  if (settings) {
    const auto log = log_options_of(*settings);
    auto done = running.reload(std::move(*settings));
    if (auto* why = std::get_if<daemon::fault>(&done)) {
      settings.reset();
      lines.insert(lines.end(), why->lines.begin(), why->lines.end());
    } else {
      around.log.change(log.level_min, log.style, log.secrets);
      auto& notes = std::get<std::vector<std::string>>(done);
      lines.insert(lines.end(), notes.begin(), notes.end());
    }
  }
  for (const auto& line : lines) {
    around.log.write(settings ? config::log_level::warning
                              : config::log_level::error,
                     "config", {{"message", line}});
  }
  say(around, settings ? "config.reloaded" : "config.kept");
  around.manager.ready(around.url);
}

/// Waits for runs to end, as long as they may, or for another signal.
void wait_for_runs(const daemon& running, const ::sigset_t& signals,
                   std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  const ::timespec interval{0,
                            std::chrono::nanoseconds{drain_interval}.count()};
  while (!running.is_idle() && std::chrono::steady_clock::now() < until) {
    const int signal = ::sigtimedwait(&signals, nullptr, &interval);
    if (signal == SIGTERM || signal == SIGINT) {
      return;
    }
  }
}

/// The next signal; nothing: it is time to tell the manager that this process
/// is not stuck.
std::optional<int> next_signal(const ::sigset_t& signals,
                               const service_manager& manager) {
  const auto interval = manager.alive_interval();
  if (!interval) {
    int signal = 0;
    return ::sigwait(&signals, &signal) == 0 ? std::optional{signal}
                                             : std::nullopt;
  }
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(*interval);
  const ::timespec wait{s.count(),
                        std::chrono::nanoseconds{*interval - s}.count()};
  const int signal = ::sigtimedwait(&signals, nullptr, &wait);
  return signal > 0 ? std::optional{signal} : std::nullopt;
}

int serve_until_told(daemon& running, surroundings& around,
                     const ::sigset_t& signals,
                     std::chrono::milliseconds drain_timeout) {
  for (;;) {
    const auto signal = next_signal(signals, around.manager);
    if (!signal) {
      // Its answer comes from the thread that serves.
      static_cast<void>(running.is_idle());
      around.manager.alive();
      continue;
    }
    if (*signal == SIGHUP) {
      reload(running, around);
      continue;
    }
    say(around, "stopping");
    around.manager.stopping(drain_timeout + suspend_grace);
    running.drain();
    wait_for_runs(running, signals, drain_timeout);
    const auto killed = running.stop(suspend_grace);
    say(around, "stopped", {{"killed", std::to_string(killed)}});
    return exit_ok;
  }
}

} // namespace

int serve_command(const serve_options& options) {
  keep_to_itself();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // Before there are threads: only this one takes them.
  const auto signals = handled_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::vector<std::string> lines;
  auto settings = load(options, lines);
  tell(lines);
  if (!settings) {
    tell({"brigade: " + terminal_line(options.config) + " cannot be served"});
    return exit_config;
  }
  auto directory =
      state_directory(settings->server.state, process_environment());
  if (auto* why = std::get_if<problem>(&directory)) {
    tell({"brigade: " + why->message, "  " + why->hint});
    return exit_usage;
  }
  const std::chrono::milliseconds drain_timeout{
      settings->server.drain_timeout_ms};
  auto address = settings->server.listen;
  const bool is_tls = !settings->server.tls_certificate.empty();
  daemon_log log{log_options_of(*settings)};
  const auto manager = service_manager::of_this_process();
  surroundings around{options, log, manager, {}};
  auto started = daemon::start(
      std::move(*settings),
      {std::get<std::string>(directory),
       [&around](std::string_view name, const named_values& values) {
         say(around, name, values);
       },
       [&log] { return log.dropped(); }});
  if (auto* why = std::get_if<daemon::fault>(&started)) {
    for (const auto& line : why->lines) {
      tell({"brigade: " + terminal_line(line)});
    }
    return exit_config;
  }
  auto& running = *std::get<std::unique_ptr<daemon>>(started);
  address.port = running.port();
  around.url = (is_tls ? "https://" : "http://") + config::to_string(address);
  say(around, "listening",
      {{"url", around.url}, {"state", std::get<std::string>(directory)}});
  manager.ready("listening on " + around.url);
  return serve_until_told(running, around, signals, drain_timeout);
}

} // namespace brigade::app
