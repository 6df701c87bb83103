/// Runs the built executable as a user would.
#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

/// What a finished process left.
struct process_result {
  /// -1 when it was killed by a signal or by the time limit.
  int exit_code = -1;
  std::string out;
  std::string err;

  bool says(const std::string& part) const {
    return err.find(part) != std::string::npos;
  }
};

struct process_options {
  std::vector<std::string> args;
  std::string input;
  std::vector<std::pair<std::string, std::string>> environment;
  /// stdin, stdout and stderr are one terminal of this width; its output is in
  /// `out`. 0: pipes.
  unsigned short terminal_columns = 0;
  unsigned short terminal_rows = 24;
};

/// One run of `brigade`. Not copyable; killed at its end if it still lives.
class process {
public:
  explicit process(const process_options& options);
  ~process();

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// Reads until its output holds `part` (true) or it ended.
  bool wait_for(const std::string& part);

  void send_signal(int number) const;

  /// Types at its terminal.
  void type(const std::string& text) const;

  /// Closes this end of its stdout, as `head` does.
  void close_stdout();

  /// Waits for the end; kills it after a minute.
  process_result finish();

private:
  /// Reads what is there; false at the end of both.
  bool read_some();

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::chrono::steady_clock::time_point give_up_;
  process_result result_;
};

/// Runs it to its end.
process_result brigade(std::vector<std::string> args, std::string input = {});
