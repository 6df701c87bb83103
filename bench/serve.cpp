// What the daemon takes: memory and wake-ups when idle, memory with many runs
// going, the latency of its API meanwhile, and the delay of events to many
// subscribers. README.md says what is measured.
//
//     bench_serve BRIGADE [RUNS] [SUBSCRIBERS]
#include "serve_daemon.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace brigade::bench;
using steady = std::chrono::steady_clock;

namespace {

// -- its clients --------------------------------------------------------------

int connect_to(std::uint16_t port) {
  for (int tries = 0; tries < 500; ++tries) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0) {
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      return fd;
    }
    ::close(fd);
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  std::perror("connect");
  std::exit(1);
}

std::string ask(int fd, const std::string& method, const std::string& target,
                const std::string& body = {}) {
  auto text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!body.empty())
    text += "Content-Type: application/json\r\nContent-Length: "
            + std::to_string(body.size()) + "\r\n";
  text += "\r\n" + body;
  if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0)
    return {};
  std::string in;
  std::array<char, 65536> part{};
  for (;;) {
    const auto n = ::recv(fd, part.data(), part.size(), 0);
    if (n <= 0)
      return in;
    in.append(part.data(), static_cast<std::size_t>(n));
    const auto head = in.find("\r\n\r\n");
    const auto at = in.find("Content-Length: ");
    if (head == std::string::npos || at == std::string::npos)
      continue;
    if (in.size() >= head + 4 + std::strtoul(in.c_str() + at + 16, nullptr, 10))
      return in.substr(head + 4);
  }
}

std::string id_in(const std::string& json) {
  const auto at = json.find("\"id\":\"");
  return at == std::string::npos ? std::string{} : json.substr(at + 6, 26);
}

double median(std::vector<double>& values) {
  if (values.empty())
    return -1;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? -1
                        : sorted[static_cast<std::size_t>(
                            share * static_cast<double>(sorted.size() - 1))];
}

/// Milliseconds from the moment an event was stamped to its arrival, over all
/// subscribers and events of one run.
std::vector<double> delays(std::uint16_t port, const std::string& run,
                           int subscribers, model& server) {
  std::vector<pollfd> fds;
  for (int i = 0; i < subscribers; ++i) {
    const int fd = connect_to(port);
    const auto text = "GET /api/v1/runs/" + run
                      + "/events?after=25 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    static_cast<void>(::send(fd, text.data(), text.size(), MSG_NOSIGNAL));
    fds.push_back({fd, POLLIN, 0});
  }
  std::this_thread::sleep_for(std::chrono::seconds{1});
  server.answer_all();
  std::vector<double> out;
  std::array<char, 65536> part{};
  std::size_t open = fds.size();
  const auto until = steady::now() + std::chrono::seconds{20};
  while (open > 0 && steady::now() < until
         && ::poll(fds.data(), fds.size(), 5'000) > 0)
    for (auto& each : fds) {
      if ((each.revents & (POLLIN | POLLHUP)) == 0)
        continue;
      const auto n = ::recv(each.fd, part.data(), part.size(), MSG_DONTWAIT);
      const auto now = std::chrono::duration<double, std::milli>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count();
      const std::string_view text{part.data(),
                                  n > 0 ? static_cast<std::size_t>(n) : 0};
      for (std::size_t at = text.find("\"wall_ms\":");
           at != std::string_view::npos;
           at = text.find("\"wall_ms\":", at + 1)) {
        double wall = 0;
        std::from_chars(text.data() + at + 10, text.data() + text.size(), wall);
        out.push_back(now - wall);
      }
      if (n <= 0 || text.ends_with("\r\n0\r\n\r\n") || text == "0\r\n\r\n") {
        ::close(each.fd);
        each.fd = -1;
        --open;
      }
    }
  return out;
}

/// A folder of its own, removed at its end.
struct folder {
  std::string path = "/tmp/bench_serve_XXXXXX";

  folder() {
    if (::mkdtemp(path.data()) == nullptr)
      std::exit(1);
  }

  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

/// Asks many times; a connection serves 90 requests.
class asker {
public:
  explicit asker(std::uint16_t port) : port_(port), fd_(connect_to(port)) {}
  ~asker() { ::close(fd_); }

  std::string operator()(const std::string& method, const std::string& target,
                         const std::string& body = {}) {
    if (++asked_ % 90 == 0) {
      ::close(fd_);
      fd_ = connect_to(port_);
    }
    const auto sent = steady::now();
    auto out = ask(fd_, method, target, body);
    times_ms.push_back(
        std::chrono::duration<double, std::milli>(steady::now() - sent)
            .count());
    return out;
  }

  void print(const char* what) {
    const auto middle = median(times_ms);
    std::printf("%s: median %.2f ms, p99 %.2f ms\n", what, middle,
                percentile(times_ms, 0.99));
    times_ms.clear();
  }

  std::vector<double> times_ms;

private:
  std::uint16_t port_;
  int fd_;
  int asked_ = 0;
};

/// The id of the last of so many runs, when all their calls are out.
std::string start_runs(asker& client, const model& server, int count) {
  std::string run;
  for (int i = 0; i < count; ++i)
    run = id_in(
        client("POST", "/api/v1/runs",
               R"({"goal":"Find out the whole )" + std::to_string(i) + "\"}"));
  const auto begin = steady::now();
  while ((server.planned < count
          || server.held < std::min(count * subtasks, calls_max))
         && steady::now() - begin < std::chrono::seconds{120})
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  return run;
}

void measure_load(const std::string& program, int runs) {
  const folder place;
  model server;
  const served_daemon served{program, place.path, server.url(), runs};
  asker client{served.port};
  client("GET", "/livez");
  std::this_thread::sleep_for(std::chrono::seconds{2});
  const auto before = served.switches();
  const auto idle = served.rss_mib();
  std::this_thread::sleep_for(std::chrono::seconds{10});
  std::printf("idle: %.1f MiB (%.1f with its share of libraries only), %.1f "
              "wake-ups a second\n",
              idle, served.pss_mib(),
              static_cast<double>(served.switches() - before) / 10);
  client.times_ms.clear();
  const auto run = start_runs(client, server, runs);
  client.print("accepting runs");
  std::printf("%d runs with %d calls going: %.1f MiB\n", runs,
              server.held.load(), served.rss_mib());
  for (int i = 0; i < 900; ++i)
    client("GET",
           i % 2 == 0 ? "/api/v1/runs/" + run : std::string{"/api/v1/runs"});
  client.print("answers with all of them standing");
  std::thread release{[&server] { server.answer_all(); }};
  const auto moving = steady::now();
  while (steady::now() - moving < std::chrono::seconds{5})
    client("GET", "/api/v1/runs/" + run);
  release.join();
  client.print("answers while all of them end");
}

/// Clients that begin a request and never end it must slow nobody down.
void measure_slow_clients(const std::string& program, int count) {
  const folder place;
  model server;
  const served_daemon served{program, place.path, server.url(), 1};
  asker client{served.port};
  const auto measure = [&client](const char* what) {
    client.times_ms.clear();
    for (int i = 0; i < 3000; ++i)
      client("GET", "/api/v1/crews");
    client.print(what);
  };
  measure("answers to one client");
  std::vector<int> slow;
  for (int i = 0; i < count; ++i) {
    slow.push_back(connect_to(served.port));
    static_cast<void>(::send(slow.back(), "GET /slow HT", 12, MSG_NOSIGNAL));
  }
  measure("the same beside slow clients");
  for (const int fd : slow)
    ::close(fd);
}

void measure_fan_out(const std::string& program, int subscribers) {
  const folder place;
  model server;
  const served_daemon served{program, place.path, server.url(), 1};
  asker client{served.port};
  const auto run = start_runs(client, server, 1);
  auto times = delays(served.port, run, subscribers, server);
  const auto middle = median(times);
  std::printf("%d subscribers: %zu frames, median %.2f ms, p99 %.2f ms\n",
              subscribers, times.size(), middle, percentile(times, 0.99));
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::puts("usage: bench_serve BRIGADE [RUNS] [SUBSCRIBERS]");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const ::rlimit files{65'536, 65'536};
  ::setrlimit(RLIMIT_NOFILE, &files);
  measure_load(argv[1], argc > 2 ? std::atoi(argv[2]) : 1000);
  measure_slow_clients(argv[1], 1000);
  measure_fan_out(argv[1], 1);
  measure_fan_out(argv[1], argc > 3 ? std::atoi(argv[3]) : 1000);
  return 0;
}
