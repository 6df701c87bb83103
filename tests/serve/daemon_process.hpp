/// The real daemon as a process, and a client that talks to it.
#pragma once

#include "../crash/victim.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::serve_test {

/// One `brigade serve` on a free port. Killed at its end if it still lives.
class daemon_process {
public:
  /// `prefix` is where its output goes.
  daemon_process(const std::string& file, const std::string& state,
                 const std::string& prefix,
                 const std::vector<std::string>& more = {});

  /// 0: it did not come to listen.
  std::uint16_t port() const { return port_; }

  void send_signal(int number) const { child_->signal(number); }
  int pid() const { return child_->pid(); }

  /// Waits for its end: the exit code, or minus the signal.
  int end() { return child_->end(); }

  /// All that it has written to stderr so far.
  std::string log() const;

  /// Waits until its log has `text` after the first `from` bytes; false when
  /// it ended, or a minute passed, without it.
  bool wait_for(const std::string& text, std::size_t from = 0) const;

private:
  std::string errors_;
  std::unique_ptr<crash::victim> child_;
  std::uint16_t port_ = 0;
};

struct answer {
  /// 0: there was none.
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  /// The value of a field; empty: there is none.
  std::string field(std::string_view name) const;
};

struct question {
  std::string method = "GET";
  std::string target = "/livez";
  std::string body;
  std::vector<std::string> fields{};
};

/// On a connection of its own. Bodies are JSON.
answer ask(std::uint16_t port, const question& what);

/// A connection whose answer is read bit by bit.
class slow_reader {
public:
  slow_reader(std::uint16_t port, const question& what);
  ~slow_reader();

  slow_reader(const slow_reader&) = delete;
  slow_reader& operator=(const slow_reader&) = delete;

  /// Some bytes, at most so many; empty: the connection has ended.
  std::string read(std::size_t bytes_max);

private:
  int fd_ = -1;
};

/// The body of an answer that came in chunks, as far as whole chunks are there.
std::string dechunked(std::string_view body);

} // namespace brigade::serve_test
