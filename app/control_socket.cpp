#include "brigade/app/control_socket.hpp"

#include "brigade/app/control_path.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <dirent.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <thread>
#include <utility>
#include <vector>

namespace brigade::app {

namespace {

/// Where descriptors are short, the next look at new clients is so far away.
constexpr std::int64_t accept_again_ms = 1'000;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// One that asks: first its line is read, then it is answered.
struct client {
  unique_fd fd;
  std::int64_t ends_ms = 0;
  std::string in{};
  std::string out{};
  std::size_t written = 0;
  bool over = false;

  short events() const { return out.empty() ? POLLIN : POLLOUT; }
};

/// Sockets whose processes are gone: their owner files are.
void sweep(const unique_fd& owners) {
  const int copy =
      ::openat(owners.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* all = copy < 0 ? nullptr : ::fdopendir(copy);
  if (all == nullptr) {
    return;
  }
  while (const auto* entry = ::readdir(all)) {
    std::string name = entry->d_name;
    if (!name.ends_with(control_suffix)) {
      continue;
    }
    const auto owner = name.substr(0, name.size() - control_suffix.size());
    struct ::stat info {};
    if (::fstatat(owners.get(), owner.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0
        && errno == ENOENT) {
      ::unlinkat(owners.get(), name.c_str(), 0);
    }
  }
  ::closedir(all);
}

} // namespace

struct control_socket::impl {
  unique_fd owners;
  std::string name;
  handler answer;
  unique_fd listener;
  unique_fd wake;
  std::vector<client> clients;
  std::int64_t accept_from_ms = 0;
  std::thread thread;

  ~impl() {
    if (thread.joinable()) {
      const std::uint64_t one = 1;
      [[maybe_unused]] auto written = ::write(wake.get(), &one, sizeof(one));
      thread.join();
    }
    ::unlinkat(owners.get(), name.c_str(), 0);
  }

  void accept_clients(std::int64_t now_ms) {
    while (clients.size() < control_clients_max) {
      unique_fd made{::accept4(listener.get(), nullptr, nullptr,
                               SOCK_CLOEXEC | SOCK_NONBLOCK)};
      if (!made) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
          accept_from_ms = now_ms + accept_again_ms;
        }
        return;
      }
      if (is_same_user(made.get())) {
        clients.push_back({std::move(made), now_ms + control_timeout_ms});
      }
    }
  }

  void read_from(client& c) {
    std::array<char, 16'384> chunk{};
    const auto got = ::read(c.fd.get(), chunk.data(), chunk.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    if (got <= 0) {
      c.over = true;
      return;
    }
    c.in.append(chunk.data(), static_cast<std::size_t>(got));
    const auto end = c.in.find('\n');
    if (end == std::string::npos) {
      c.over = c.in.size() > control_line_bytes_max;
      return;
    }
    const auto asked =
        end > control_line_bytes_max
            ? std::nullopt
            : parse_control_request(std::string_view{c.in}.substr(0, end));
    c.out = to_line(asked ? answer(*asked)
                          : control_answer{false,
                                           "bad_request",
                                           "the request cannot be read",
                                           {}})
            + "\n";
    c.in = {};
  }

  static void write_to(client& c) {
    const auto sent = ::send(c.fd.get(), c.out.data() + c.written,
                             c.out.size() - c.written, MSG_NOSIGNAL);
    if (sent < 0) {
      c.over = errno != EAGAIN && errno != EINTR;
      return;
    }
    c.written += static_cast<std::size_t>(sent);
    c.over = c.written == c.out.size();
  }

  /// Until when to wait; -1: until something happens.
  int timeout_ms(std::int64_t now_ms) const {
    std::int64_t due = -1;
    const auto by = [&due](std::int64_t at_ms) {
      due = due < 0 ? at_ms : std::min(due, at_ms);
    };
    for (const auto& c : clients) {
      by(c.ends_ms);
    }
    if (accept_from_ms > now_ms) {
      by(accept_from_ms);
    }
    return due < 0 ? -1
                   : static_cast<int>(std::max<std::int64_t>(0, due - now_ms));
  }

  void run() {
    std::vector<pollfd> sources;
    for (;;) {
      auto now_ms = steady_ms();
      const bool takes_more =
          clients.size() < control_clients_max && accept_from_ms <= now_ms;
      sources.assign({{wake.get(), POLLIN, 0},
                      {takes_more ? listener.get() : -1, POLLIN, 0}});
      for (const auto& c : clients) {
        sources.push_back({c.fd.get(), c.events(), 0});
      }
      ::poll(sources.data(), sources.size(), timeout_ms(now_ms));
      if (sources[0].revents != 0) {
        return;
      }
      now_ms = steady_ms();
      for (std::size_t i = 0; i < clients.size(); ++i) {
        auto& c = clients[i];
        if (sources[i + 2].revents != 0) {
          if (c.out.empty()) {
            read_from(c);
          } else {
            write_to(c);
          }
        }
        c.over = c.over || now_ms >= c.ends_ms;
      }
      std::erase_if(clients, [](const client& c) { return c.over; });
      if (sources[1].revents != 0) {
        accept_clients(now_ms);
      }
    }
  }
};

control_socket::control_socket(std::unique_ptr<impl> parts)
    : impl_(std::move(parts)) {
  // nop
}

control_socket::~control_socket() = default;

std::variant<std::unique_ptr<control_socket>, control_socket::fault>
control_socket::open(const std::string& directory, const std::string& owner,
                     handler answer) {
  const auto failed = [](const char* what) {
    return fault{std::string{what} + ": " + std::strerror(errno)};
  };
  auto made = std::make_unique<impl>();
  made->owners = open_owners(directory);
  if (!made->owners) {
    return failed("the state directory cannot be opened");
  }
  sweep(made->owners);
  const auto address = control_address(made->owners, owner);
  if (!address) {
    return fault{"the owner has no name"};
  }
  made->listener = unique_fd{
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  made->wake = unique_fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!made->listener || !made->wake) {
    return failed("no descriptor is left");
  }
  // Before it has a name, so that nobody else can open it for a moment.
  if (::fchmod(made->listener.get(), S_IRUSR | S_IWUSR) != 0
      || ::bind(made->listener.get(),
                reinterpret_cast<const sockaddr*>(&*address), sizeof(*address))
             != 0) {
    return failed("the control socket cannot be made");
  }
  made->name = owner + std::string{control_suffix};
  if (::listen(made->listener.get(), control_clients_max) != 0) {
    return failed("the control socket cannot listen");
  }
  made->answer = std::move(answer);
  made->thread = std::thread{[parts = made.get()] { parts->run(); }};
  return std::unique_ptr<control_socket>{new control_socket{std::move(made)}};
}

} // namespace brigade::app
