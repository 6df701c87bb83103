#include "victim.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace brigade::crash {

namespace {

constexpr std::chrono::seconds life_max{60};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

} // namespace

victim::victim(const victim_options& options) {
  auto args = options.command;
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!std::string_view{*variable}.starts_with("XDG_STATE_HOME="))
      variables.emplace_back(*variable);
  for (const auto& [name, value] : options.environment)
    variables.push_back(name + "=" + value);
  posix_spawn_file_actions_t files{};
  ::posix_spawn_file_actions_init(&files);
  const auto open = [&](int fd, const std::string& path, int flags) {
    ::posix_spawn_file_actions_addopen(&files, fd, path.c_str(), flags, 0600);
  };
  open(STDIN_FILENO, "/dev/null", O_RDONLY);
  open(STDOUT_FILENO, options.output_prefix + ".out",
       O_WRONLY | O_CREAT | O_TRUNC);
  open(STDERR_FILENO, options.output_prefix + ".err",
       O_WRONLY | O_CREAT | O_TRUNC);
  auto argv = pointers(args);
  auto envp = pointers(variables);
  const auto failed =
      ::posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0)
    throw std::runtime_error("cannot start " + args[0]);
  pid_fd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pid_fd_ < 0)
    throw std::runtime_error("pidfd_open");
}

victim::~victim() {
  if (pid_ > 0) {
    signal(SIGKILL);
    end();
  }
}

bool victim::wait(int other_fd, std::chrono::microseconds time) const {
  std::array<pollfd, 2> sources{pollfd{pid_fd_, POLLIN, 0},
                                pollfd{other_fd, POLLIN, 0}};
  const ::timespec limit{static_cast<time_t>(time.count() / 1'000'000),
                         static_cast<long>(time.count() % 1'000'000 * 1000)};
  ::ppoll(sources.data(), sources.size(), &limit, nullptr);
  return sources[0].revents != 0;
}

void victim::signal(int number) const {
  if (pid_ > 0)
    ::kill(pid_, number);
}

int victim::end() {
  if (!wait(-1, life_max))
    signal(SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    // Once more.
  }
  pid_ = -1;
  ::close(pid_fd_);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace brigade::crash
