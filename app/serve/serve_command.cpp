#include "brigade/app/serve/serve_command.hpp"

#include "brigade/app/config_messages.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/serve/daemon.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"

#include <chrono>
#include <csignal>
#include <ctime>
#include <optional>
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

void log_line(
    std::string_view name,
    const std::vector<std::pair<std::string_view, std::string>>& values) {
  auto line = rfc3339(now_wall_ms()) + " " + std::string{name};
  for (const auto& [key, value] : values) {
    if (!value.empty()) {
      line += " " + std::string{key} + "=" + terminal_line(value);
    }
  }
  tell({line});
}

void reload(daemon& running, const serve_options& options) {
  std::vector<std::string> lines;
  auto settings = load(options, lines);
  if (settings) {
    auto done = running.reload(std::move(*settings));
    if (auto* why = std::get_if<daemon::fault>(&done)) {
      settings.reset();
      lines.insert(lines.end(), why->lines.begin(), why->lines.end());
    } else {
      auto& notes = std::get<std::vector<std::string>>(done);
      lines.insert(lines.end(), notes.begin(), notes.end());
    }
  }
  for (const auto& line : lines) {
    log_line("config", {{"message", line}});
  }
  log_line(settings ? "config.reloaded" : "config.kept", {});
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

int serve_until_told(daemon& running, const serve_options& options,
                     const ::sigset_t& signals,
                     std::chrono::milliseconds drain_timeout) {
  for (;;) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0) {
      continue;
    }
    if (signal == SIGHUP) {
      reload(running, options);
      continue;
    }
    log_line("stopping", {});
    running.drain();
    wait_for_runs(running, signals, drain_timeout);
    const auto killed = running.stop(suspend_grace);
    log_line("stopped", {{"killed", std::to_string(killed)}});
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
  auto started = daemon::start(std::move(*settings),
                               {std::get<std::string>(directory), log_line});
  if (auto* why = std::get_if<daemon::fault>(&started)) {
    for (const auto& line : why->lines) {
      tell({"brigade: " + terminal_line(line)});
    }
    return exit_config;
  }
  auto& running = *std::get<std::unique_ptr<daemon>>(started);
  address.port = running.port();
  log_line("listening", {{"url", (is_tls ? "https://" : "http://")
                                     + config::to_string(address)},
                         {"state", std::get<std::string>(directory)}});
  return serve_until_told(running, options, signals, drain_timeout);
}

} // namespace brigade::app
