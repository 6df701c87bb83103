#include "brigade/app/interrupt.hpp"

#include "brigade/app/exit_codes.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace brigade::app {

namespace {

constexpr std::size_t path_bytes_max = 4096;

// Signal handlers reach nothing but globals. Only lock-free atomics and
// functions that are safe in a handler are used below.
std::atomic<int> signals_seen{0};
std::atomic<int> wake_fd{-1};
std::atomic<bool> cursor_is_hidden{false};
std::atomic<bool> temporary_is_set{false};
std::array<char, path_bytes_max> temporary_path{};

static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<bool>::is_always_lock_free);

constexpr std::array handled = {SIGINT,  SIGTERM, SIGHUP,
                                SIGPIPE, SIGXFSZ, SIGTSTP};
std::array<struct sigaction, handled.size()> previous{};

void put(std::string_view bytes) {
  [[maybe_unused]] auto written =
      ::write(STDERR_FILENO, bytes.data(), bytes.size());
}

extern "C" void on_interrupt(int) {
  int saved = errno;
  if (signals_seen.fetch_add(1) == 0) {
    [[maybe_unused]] auto written = ::write(wake_fd.load(), "!", 1);
    errno = saved;
    return;
  }
  if (cursor_is_hidden) {
    put("\x1b[?25h");
  }
  if (temporary_is_set) {
    ::unlink(temporary_path.data());
  }
  put("\nbrigade: left at once; calls in flight may still be billed\n");
  ::_exit(exit_interrupted);
}

/// Ctrl-Z: the shell gets its cursor back.
extern "C" void on_stop(int) {
  int saved = errno;
  if (cursor_is_hidden) {
    put("\x1b[?25h");
  }
  ::raise(SIGSTOP);
  if (cursor_is_hidden) {
    put("\x1b[?25l");
  }
  errno = saved;
}

void install(std::size_t index) {
  int signal = handled[index];
  struct sigaction action {};
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, nullptr, &previous[index]);
  bool was_ignored = previous[index].sa_handler == SIG_IGN;
  // Errors of `write`, not the death of the process.
  if (signal == SIGPIPE || signal == SIGXFSZ) {
    action.sa_handler = SIG_IGN;
  } else if ((signal == SIGHUP || signal == SIGTSTP) && was_ignored) {
    return;
  } else {
    action.sa_handler = signal == SIGTSTP ? on_stop : on_interrupt;
  }
  ::sigaction(signal, &action, nullptr);
}

} // namespace

interrupt_guard::interrupt_guard() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
    read_end_ = unique_fd{ends[0]};
    write_end_ = unique_fd{ends[1]};
  }
  signals_seen = 0;
  wake_fd = write_end_.get();
  for (std::size_t i = 0; i < handled.size(); ++i) {
    install(i);
  }
}

interrupt_guard::~interrupt_guard() {
  for (std::size_t i = 0; i < handled.size(); ++i) {
    ::sigaction(handled[i], &previous[i], nullptr);
  }
  wake_fd = -1;
  set_temporary({});
  set_cursor_hidden(false);
}

bool interrupt_guard::interrupted() {
  return signals_seen > 0;
}

void interrupt_guard::set_cursor_hidden(bool hidden) {
  cursor_is_hidden = hidden;
}

void interrupt_guard::set_temporary(const std::string& path) {
  temporary_is_set = false;
  if (path.empty() || path.size() >= path_bytes_max) {
    return;
  }
  std::memcpy(temporary_path.data(), path.c_str(), path.size() + 1);
  temporary_is_set = true;
}

} // namespace brigade::app
