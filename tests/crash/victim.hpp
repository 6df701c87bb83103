/// One process of `brigade` that may be killed at any moment. Its output goes
/// to files, so that nobody has to read along.
#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace brigade::crash {

struct victim_options {
  /// The program first.
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> environment;
  /// `PREFIX.out` and `PREFIX.err`.
  std::string output_prefix;
};

/// Not copyable; killed at its end if it still lives.
class victim {
public:
  explicit victim(const victim_options& options);
  ~victim();

  victim(const victim&) = delete;
  victim& operator=(const victim&) = delete;

  /// Waits until it has ended (true), `other_fd` can be read, or the time is
  /// over. `other_fd` may be -1.
  bool wait(int other_fd, std::chrono::microseconds time) const;

  /// Only before `end`.
  void signal(int number) const;
  pid_t pid() const { return pid_; }

  /// Waits for the end; kills it after a minute. Its exit code, or minus the
  /// signal that ended it.
  int end();

private:
  pid_t pid_ = -1;
  int pid_fd_ = -1;
};

} // namespace brigade::crash
