// brigade-serve-soak: many requests to one daemon, good ones and bad ones,
// while its memory and its descriptors are watched.
#include "daemon_process.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace brigade::serve_test;

namespace {

/// The server ends a connection after a hundred.
constexpr int requests_per_connection = 50;
constexpr int samples = 10;
/// What the last half may add: less than a byte for each request of a million.
constexpr long grown_kib_max = 4'096;
/// A connection that this side has closed may not be gone yet.
constexpr long closing_max = 2;

/// One of eight kinds; what it asks for is refused, missing or small.
std::string request_of(std::size_t number) {
  const auto get = [](const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  };
  switch (number % 8) {
  case 0:
    return get("/api/v1/runs?limit=5");
  case 1:
    return get("/api/v1/crews");
  case 2:
    return get("/api/v1/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  case 3:
    return get("/nowhere/" + std::to_string(number));
  case 4:
    return get("/v1/models");
  case 5: {
    const std::string body = R"({"goal": 7, "surplus": [1, 2, 3]})";
    return "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n"
           "Content-Type: application/json\r\nContent-Length: "
           + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  case 6:
    return get("/readyz");
  default:
    return get("/livez");
  }
}

class connection {
public:
  explicit connection(std::uint16_t port)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
      ::close(fd_);
      fd_ = -1;
    }
  }

  ~connection() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  bool send(std::string_view bytes) const {
    return fd_ >= 0
           && ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
                  == static_cast<ssize_t>(bytes.size());
  }

  /// The status of one whole answer; 0: there was none.
  int receive() {
    std::array<char, 16384> part{};
    for (;;) {
      const auto head = in_.find("\r\n\r\n");
      const auto at = in_.find("Content-Length: ");
      if (head != std::string::npos && at < head) {
        const auto size = std::strtoul(in_.c_str() + at + 16, nullptr, 10);
        if (in_.size() >= head + 4 + size) {
          int status = 0;
          std::from_chars(in_.data() + 9, in_.data() + 12, status);
          in_.erase(0, head + 4 + size);
          return status;
        }
      }
      const auto n = ::recv(fd_, part.data(), part.size(), 0);
      if (n <= 0)
        return 0;
      in_.append(part.data(), static_cast<std::size_t>(n));
    }
  }

private:
  int fd_;
  std::string in_;
};

struct figures {
  long rss_kib = 0;
  long fds = 0;
};

figures look_at(int pid) {
  figures out;
  const auto proc = "/proc/" + std::to_string(pid);
  std::ifstream in{proc + "/status"};
  std::string line;
  while (std::getline(in, line))
    if (line.starts_with("VmRSS:"))
      out.rss_kib = std::strtol(line.c_str() + 6, nullptr, 10);
  std::error_code failed;
  for (auto i = std::filesystem::directory_iterator{proc + "/fd", failed};
       !failed && i != std::filesystem::directory_iterator{}; ++i)
    ++out.fds;
  return out;
}

/// How many of so many requests got no answer.
std::size_t ask_many(std::uint16_t port, std::size_t first, std::size_t count) {
  std::size_t lost = 0;
  for (std::size_t done = 0; done < count;) {
    connection to{port};
    const auto now =
        std::min<std::size_t>(count - done, requests_per_connection);
    for (std::size_t i = 0; i < now; ++i)
      if (!to.send(request_of(first + done + i)) || to.receive() == 0)
        ++lost;
    done += now;
  }
  return lost;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::puts("usage: brigade-serve-soak CREW_FILE FOLDER REQUESTS");
    return 2;
  }
  const auto count = std::strtoul(argv[3], nullptr, 10);
  const std::string place = argv[2];
  std::filesystem::remove_all(place);
  std::filesystem::create_directories(place);
  daemon_process daemon{argv[1], place + "/state", place + "/daemon"};
  if (daemon.port() == 0) {
    std::printf("the daemon does not listen:\n%s", daemon.log().c_str());
    return 1;
  }
  std::vector<figures> seen;
  std::size_t lost = 0;
  for (int i = 0; i < samples; ++i) {
    lost += ask_many(daemon.port(), i * (count / samples), count / samples);
    seen.push_back(look_at(daemon.pid()));
    std::printf("%lu requests: %ld KiB, %ld descriptors, %zu unanswered\n",
                (i + 1) * (count / samples), seen.back().rss_kib,
                seen.back().fds, lost);
  }
  const auto& middle = seen[samples / 2];
  const auto& end = seen.back();
  daemon.send_signal(SIGTERM);
  const bool ended = daemon.end() == 0;
  const bool flat = end.rss_kib - middle.rss_kib <= grown_kib_max
                    && end.fds <= middle.fds + closing_max;
  std::puts(flat && ended && lost == 0 ? "flat" : "NOT flat");
  return flat && ended && lost == 0 ? 0 : 1;
}
