/// A model server and a daemon of its own for bench_serve.
#pragma once

#include "brigade/net/http_server.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace brigade::bench {

/// Of each plan.
inline constexpr int subtasks = 10;

/// With the provider at once; what is more waits in the daemon.
inline constexpr int calls_max = 1024;

// -- a model that plans at once and works for ever ----------------------------

inline std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"')
      out += '\\';
    out += c;
  }
  return out + "\"";
}

inline std::string plan_reply() {
  std::string plan = R"({"analysis":"parts","answer":null,"tasks":[)";
  for (int i = 0; i < subtasks; ++i)
    plan += std::string{i == 0 ? "" : ","} + R"({"id":"t)" + std::to_string(i)
            + R"(","worker":"reader","depends_on":[],"inputs":[],)"
              R"("description":"Find out part )"
            + std::to_string(i) + R"( of the whole.","context":"",)"
            + R"("expected_output":""})";
  plan += "]}";
  return R"({"id":"x","object":"chat.completion","choices":[{"index":0,)"
         R"("finish_reason":"stop","message":{"role":"assistant","content":)"
         + json_text(plan)
         + R"(}}],"usage":{"prompt_tokens":100,"completion_tokens":50}})";
}

/// Planners are answered; workers wait until `answer_all`.
class model {
public:
  model() {
    net::http_server_options options;
    options.connections_max = 60'000;
    options.connections_per_peer_max = 0;
    options.requests_per_connection_max = 0;
    auto made = net::http_server::start(
        io_, options, [](const auto&) { return std::size_t{1 << 20}; },
        [this](std::shared_ptr<net::http_exchange> exchange) {
          const bool plan =
              exchange->request().body.find("json_schema") != std::string::npos;
          planned += plan ? 1 : 0;
          if (plan || open_) {
            answer(*exchange);
          } else {
            std::lock_guard guard{mutex_};
            waiting_.push_back(std::move(exchange));
            ++held;
          }
        });
    server_ = std::move(*made);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/v1";
  }

  void answer_all() {
    open_ = true;
    std::lock_guard guard{mutex_};
    for (const auto& each : waiting_)
      answer(*each);
    waiting_.clear();
  }

  /// Calls of workers that wait, and plans that were made.
  std::atomic<int> held = 0;
  std::atomic<int> planned = 0;

private:
  static void answer(net::http_exchange& exchange) {
    static const std::string plan = plan_reply();
    static const std::string text =
        R"({"id":"x","object":"chat.completion","choices":[{"index":0,)"
        R"("finish_reason":"stop","message":{"role":"assistant","content":)"
        R"("Done."}}],"usage":{"prompt_tokens":100,"completion_tokens":5}})";
    const bool planner =
        exchange.request().body.find("json_schema") != std::string::npos;
    exchange.respond({200,
                      {{"Content-Type", "application/json"}},
                      planner ? plan : text,
                      nullptr,
                      false});
  }

  std::shared_ptr<net::io_thread> io_ = std::make_shared<net::io_thread>();
  std::mutex mutex_;
  std::vector<std::shared_ptr<net::http_exchange>> waiting_;
  std::atomic<bool> open_ = false;
  std::unique_ptr<net::http_server> server_;
};

/// Planners have a provider of their own: they do not wait for workers that
/// work for ever.
inline std::string crew_text(const std::string& url) {
  std::string out = "[limits]\ntasks_max = 20\nrun_deadline_s = 3600\n"
                    "attempt_timeout_s = 3600\ntask_timeout_s = 3600\n"
                    "cost_usd = 5\n";
  for (const std::string name : {"planning", "working"})
    out += "[providers." + name
           + "]\nkind = \"openai\"\nconcurrency_max = 1024\n"
             "call_timeout_ms = 3600000\nbase_url = \""
           + url + "\"\n[models." + name + "]\nprovider = \"" + name
           + "\"\nname = \"m\"\noutput_tokens_max = 64\n"
             "input_usd_per_mtok = 1\noutput_usd_per_mtok = 1\n";
  return out
         + "[planner]\nmodel = \"planning\"\n[workers.reader]\n"
           "model = \"working\"\ndescription = \"reads\"\n"
           "prompt = \"Read.\"\n[synthesizer]\nmodel = \"working\"\n"
           "prompt = \"Join.\"\n";
}

// -- the daemon ---------------------------------------------------------------

struct served_daemon {
  pid_t pid = 0;
  std::uint16_t port = 0;

  served_daemon(const std::string& program, const std::string& folder,
                const std::string& url, int runs) {
    std::ofstream{folder + "/crew.toml"} << crew_text(url);
    std::ofstream{folder + "/brigade.toml"}
        << "[server]\nruns_max = " << runs << "\nclient_runs_max = " << runs
        << "\nconnections_max = 4096\nlog_level = \"warning\"\n"
        << "[crews.main]\nfile = \"crew.toml\"\n";
    std::array<int, 2> out{};
    if (::pipe(out.data()) != 0)
      std::exit(1);
    const auto file = folder + "/brigade.toml";
    const auto state = folder + "/state";
    pid = ::fork();
    if (pid == 0) {
      ::dup2(out[1], STDERR_FILENO);
      ::execl(program.c_str(), program.c_str(), "serve", "--config",
              file.c_str(), "--state", state.c_str(), "--listen",
              "127.0.0.1:18787", nullptr);
      ::_exit(127);
    }
    ::close(out[1]);
    std::thread{[fd = out[0]] {
      std::array<char, 4096> part{};
      while (::read(fd, part.data(), part.size()) > 0) {
      }
    }}.detach();
    port = 18787;
  }

  ~served_daemon() {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }

  long status_of(const char* key) const {
    std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
    std::string line;
    while (std::getline(in, line))
      if (line.starts_with(key))
        return std::strtol(line.c_str() + std::string_view{key}.size() + 1,
                           nullptr, 10);
    return -1;
  }

  double rss_mib() const {
    return static_cast<double>(status_of("VmRSS")) / 1024;
  }

  /// What this process has for itself and its share of the libraries.
  double pss_mib() const {
    std::ifstream in{"/proc/" + std::to_string(pid) + "/smaps_rollup"};
    std::string line;
    while (std::getline(in, line))
      if (line.starts_with("Pss:"))
        return std::strtod(line.c_str() + 4, nullptr) / 1024;
    return -1;
  }

  long switches() const {
    long sum = 0;
    for (const auto& task : std::filesystem::directory_iterator(
             "/proc/" + std::to_string(pid) + "/task")) {
      std::ifstream in{task.path() / "status"};
      std::string line;
      while (std::getline(in, line))
        if (line.starts_with("voluntary_ctxt_switches:"))
          sum += std::strtol(line.c_str() + 24, nullptr, 10);
    }
    return sum;
  }
};

} // namespace brigade::bench
