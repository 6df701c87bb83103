#include "process.hpp"

#include "../scratch_folder.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr std::chrono::seconds life_max{60};

struct pipe_ends {
  int read = -1;
  int write = -1;

  pipe_ends() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("pipe2");
    }
    read = ends[0];
    write = ends[1];
  }
};

/// Where runs are kept unless a test says otherwise: not in the tester's home.
/// One for all of a test's processes.
std::string state_home() {
  static const scratch_folder folder;
  return folder.path("state");
}

bool sets(const process_options& options, std::string_view variable) {
  return std::any_of(options.environment.begin(), options.environment.end(),
                     [&](const auto& set) { return set.first == variable; });
}

/// Arguments and environment of the child, made before the fork: behind it, a
/// process with threads may not allocate.
class command {
public:
  explicit command(const process_options& options) : args_{BRIGADE_EXECUTABLE} {
    args_.insert(args_.end(), options.args.begin(), options.args.end());
    variables_ = {"TERM=xterm-256color"};
    if (!sets(options, "XDG_STATE_HOME")) {
      variables_.push_back("XDG_STATE_HOME=" + state_home());
    }
    for (char** variable = environ; *variable != nullptr; ++variable) {
      if (!is_ours(*variable)) {
        variables_.emplace_back(*variable);
      }
    }
    for (const auto& [name, value] : options.environment) {
      variables_.push_back(name + "=" + value);
    }
    argv_ = pointers(args_);
    envp_ = pointers(variables_);
  }

  [[noreturn]] void execute() const {
    for (int number : {SIGINT, SIGTERM, SIGPIPE}) {
      std::signal(number, SIG_DFL);
    }
    ::execve(argv_[0], argv_.data(), envp_.data());
    ::_exit(127);
  }

private:
  /// What the tests decide, and not the tester's shell.
  static bool is_ours(std::string_view variable) {
    for (std::string_view name :
         {"TERM=", "NO_COLOR=", "CLICOLOR_FORCE=", "FORCE_COLOR=", "LC_ALL=",
          "LC_CTYPE=", "LANG=", "BRIGADE_TEST_KEY=", "XDG_STATE_HOME="}) {
      if (variable.starts_with(name)) {
        return true;
      }
    }
    return false;
  }

  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) {
      out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
  }

  std::vector<std::string> args_;
  std::vector<std::string> variables_;
  std::vector<char*> argv_;
  std::vector<char*> envp_;
};

} // namespace

process::process(const process_options& options)
    : give_up_(std::chrono::steady_clock::now() + life_max) {
  command child{options};
  if (options.terminal_columns > 0) {
    winsize size{options.terminal_rows, options.terminal_columns, 0, 0};
    pid_ = ::forkpty(&out_, nullptr, nullptr, &size);
    if (pid_ == 0) {
      child.execute();
    }
    return;
  }
  pipe_ends in;
  pipe_ends out;
  pipe_ends err;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in.read, STDIN_FILENO);
    ::dup2(out.write, STDOUT_FILENO);
    ::dup2(err.write, STDERR_FILENO);
    child.execute();
  }
  ::close(in.read);
  ::close(out.write);
  ::close(err.write);
  out_ = out.read;
  err_ = err.read;
  // Small enough for the pipe's own buffer, so it cannot block.
  if (::write(in.write, options.input.data(), options.input.size()) < 0) {
    throw std::runtime_error("write");
  }
  ::close(in.write);
}

process::~process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_stdout();
  if (err_ >= 0) {
    ::close(err_);
  }
}

bool process::read_some() {
  std::array<pollfd, 2> sources{pollfd{out_, POLLIN, 0},
                                pollfd{err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) {
    return false;
  }
  if (std::chrono::steady_clock::now() > give_up_) {
    ::kill(pid_, SIGKILL);
  }
  ::poll(sources.data(), sources.size(), 1000);
  for (auto& source : sources) {
    if (source.fd < 0 || source.revents == 0) {
      continue;
    }
    std::array<char, 4096> chunk{};
    auto got = ::read(source.fd, chunk.data(), chunk.size());
    auto& text = source.fd == out_ ? result_.out : result_.err;
    if (got > 0) {
      text.append(chunk.data(), static_cast<std::size_t>(got));
    } else {
      // A terminal whose other end is closed gives EIO.
      auto& fd = source.fd == out_ ? out_ : err_;
      ::close(fd);
      fd = -1;
    }
  }
  return out_ >= 0 || err_ >= 0;
}

bool process::wait_for(const std::string& part) {
  for (;;) {
    if (result_.out.find(part) != std::string::npos || result_.says(part)) {
      return true;
    }
    if (!read_some()) {
      return false;
    }
  }
}

void process::send_signal(int number) const {
  ::kill(pid_, number);
}

void process::type(const std::string& text) const {
  if (::write(out_, text.data(), text.size()) < 0) {
    throw std::runtime_error("write");
  }
}

void process::close_stdout() {
  if (out_ >= 0) {
    ::close(out_);
    out_ = -1;
  }
}

process_result process::finish() {
  while (read_some()) {
    // nop
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return std::move(result_);
}

process_result brigade(std::vector<std::string> args, std::string input) {
  process_options options;
  options.args = std::move(args);
  options.input = std::move(input);
  return process{options}.finish();
}
