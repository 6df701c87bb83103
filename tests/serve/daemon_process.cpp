#include "daemon_process.hpp"

#include "../app/scratch_folder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

namespace brigade::serve_test {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds wait_max{60};

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{wait_max.count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address))
      != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

void send_question(int fd, const question& what) {
  auto text = what.method + " " + what.target
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  for (const auto& field : what.fields)
    text += field + "\r\n";
  if (!what.body.empty())
    text += "Content-Type: application/json\r\nContent-Length: "
            + std::to_string(what.body.size()) + "\r\n";
  text += "\r\n" + what.body;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

answer parse(const std::string& bytes) {
  answer out;
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string::npos || bytes.size() < 12)
    return out;
  std::from_chars(bytes.data() + 9, bytes.data() + 12, out.status);
  auto at = bytes.find("\r\n") + 2;
  while (at < head_end + 2) {
    const auto end = bytes.find("\r\n", at);
    const auto line = bytes.substr(at, end - at);
    const auto colon = line.find(": ");
    out.fields.emplace_back(lower(line.substr(0, colon)),
                            line.substr(colon + 2));
    at = end + 2;
  }
  out.body = bytes.substr(head_end + 4);
  if (out.field("transfer-encoding") == "chunked")
    out.body = dechunked(out.body);
  return out;
}

} // namespace

daemon_process::daemon_process(const std::string& file,
                               const std::string& state,
                               const std::string& prefix,
                               const std::vector<std::string>& more)
    : errors_(prefix + ".err") {
  crash::victim_options options;
  options.command = {BRIGADE_EXECUTABLE, "serve",       "--config", file,
                     "--listen",         "127.0.0.1:0", "--state",  state};
  options.command.insert(options.command.end(), more.begin(), more.end());
  options.environment = {{"BRIGADE_TEST_KEY", "sk-test-0123456789abcdef"}};
  options.output_prefix = prefix;
  child_ = std::make_unique<crash::victim>(options);
  const std::string url = "http://127.0.0.1:";
  if (!wait_for(url))
    return;
  const auto text = log();
  const auto at = text.find(url) + url.size();
  std::from_chars(text.data() + at, text.data() + text.size(), port_);
}

std::string daemon_process::log() const {
  return scratch_folder::read(errors_);
}

bool daemon_process::wait_for(const std::string& text, std::size_t from) const {
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ::inotify_add_watch(watch, errors_.c_str(), IN_MODIFY);
  const auto until = steady_clock::now() + wait_max;
  bool found = false;
  bool ended = false;
  // A line is whole once its end is there.
  while (!found && !ended && steady_clock::now() < until) {
    const auto all = log();
    const auto at = all.find(text, from);
    found = at != std::string::npos && all.find('\n', at) != std::string::npos;
    if (found)
      break;
    ended = child_->wait(watch, std::chrono::seconds{1});
    std::array<char, 4096> events{};
    while (::read(watch, events.data(), events.size()) > 0) {
    }
  }
  ::close(watch);
  return found;
}

std::string answer::field(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (key == name)
      return value;
  return {};
}

std::string dechunked(std::string_view body) {
  std::string out;
  for (;;) {
    const auto line = body.find("\r\n");
    std::size_t size = 0;
    if (line == std::string_view::npos
        || std::from_chars(body.data(), body.data() + line, size, 16).ec
               != std::errc{}
        || size == 0 || body.size() < line + 2 + size + 2)
      return out;
    out += body.substr(line + 2, size);
    body.remove_prefix(line + 2 + size + 2);
  }
}

answer ask(std::uint16_t port, const question& what) {
  const int fd = connect_to(port);
  if (fd < 0)
    return {};
  send_question(fd, what);
  std::string bytes;
  std::array<char, 65536> part{};
  for (;;) {
    const auto n = ::recv(fd, part.data(), part.size(), 0);
    if (n <= 0)
      break;
    bytes.append(part.data(), static_cast<std::size_t>(n));
  }
  ::close(fd);
  return parse(bytes);
}

slow_reader::slow_reader(std::uint16_t port, const question& what)
    : fd_(connect_to(port)) {
  if (fd_ >= 0)
    send_question(fd_, what);
}

slow_reader::~slow_reader() {
  if (fd_ >= 0)
    ::close(fd_);
}

std::string slow_reader::read(std::size_t bytes_max) {
  std::string out(bytes_max, '\0');
  const auto n = fd_ >= 0 ? ::recv(fd_, out.data(), out.size(), 0) : -1;
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

} // namespace brigade::serve_test
