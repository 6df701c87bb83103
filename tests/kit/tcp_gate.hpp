/// A TCP proxy that breaks connections on purpose, for tests of whatever
/// speaks to a server over a real socket.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::testkit {

/// What happens to one connection. Everything but `refuse` happens to the
/// answer, by which is meant all bytes from the target to the client; faults
/// may be combined. Counts of bytes begin at 0 with the connection.
///
/// `reset`, `stall` and `truncate` strike when that many bytes of the answer
/// have been forwarded, 0 when its first byte has come: the target has got a
/// request by then. An answer that is shorter is not touched. Of several the
/// earliest strikes, and for the same count in the order below.
struct gate_fault {
  /// Resets the connection as soon as it is accepted; the target is not told.
  /// The client has connected by then, so it may have sent something.
  bool refuse = false;
  /// Before the first byte of the answer is forwarded.
  std::chrono::milliseconds delay{0};
  /// Bytes for one write, each sent at once; 0: as they come. The client's
  /// system may still give several to one read.
  std::size_t slice_bytes = 0;
  /// The rate of the answer; 0: without a limit.
  std::size_t bytes_per_s = 0;
  /// A byte that is changed by `corrupt_mask`.
  std::optional<std::uint64_t> corrupt_at_byte = std::nullopt;
  /// The bits to flip.
  std::uint8_t corrupt_mask = 1;
  /// Resets the connection.
  std::optional<std::uint64_t> reset_after_bytes = std::nullopt;
  /// Forwards no more but keeps the connection open, until the client closes
  /// its side or the gate ends. A side that was closed before the stall tells
  /// nothing: then until the gate ends.
  std::optional<std::uint64_t> stall_after_bytes = std::nullopt;
  /// Ends the answer in order.
  std::optional<std::uint64_t> truncate_after_bytes = std::nullopt;
};

/// What a gate has done so far.
struct gate_counters {
  /// Connections that were given to the callable.
  std::uint64_t connections = 0;
  /// Of these, those that have not ended yet.
  std::uint64_t open = 0;
  /// Connections that were reset because of `connections_max`.
  std::uint64_t over_limit = 0;
  /// Connections that were reset because the target could not be reached.
  std::uint64_t unreachable = 0;
  /// Bytes that were handed on.
  std::uint64_t bytes_to_target = 0;
  std::uint64_t bytes_to_client = 0;

  // -- faults that did strike -------------------------------------------------

  std::uint64_t refused = 0;
  std::uint64_t delayed = 0;
  std::uint64_t corrupted = 0;
  std::uint64_t resets = 0;
  std::uint64_t stalls = 0;
  std::uint64_t truncated = 0;
};

struct tcp_gate_options {
  /// An address of this machine or of another, or a name; resolved once, when
  /// the gate is made, and that may wait for the network.
  std::string target_host = "127.0.0.1";
  std::uint16_t target_port = 0;
  /// Called on the gate's thread for each connection, which are counted from
  /// 0. Must neither wait nor throw. Empty: no faults.
  std::function<gate_fault(std::uint64_t connection)> fault_of;
  /// Connections at the same time; more are reset at once.
  std::size_t connections_max = 1024;
  /// For each direction of each connection. When it is full the gate reads no
  /// more, so that the sender is slowed down. At least 1 is used.
  std::size_t buffer_bytes = 16u << 10;
};

/// Listens on a free port of 127.0.0.1 and does its work on a thread of its
/// own. All functions are thread-safe.
class tcp_gate {
public:
  /// Listens when it returns, unless there is a `problem`.
  explicit tcp_gate(tcp_gate_options options);

  /// Closes all connections and joins the thread.
  ~tcp_gate();

  tcp_gate(const tcp_gate&) = delete;
  tcp_gate& operator=(const tcp_gate&) = delete;

  /// Why the gate does not listen; empty: it does.
  std::string_view problem() const;

  /// 0 when there is a `problem`.
  std::uint16_t port() const;

  /// `http://127.0.0.1:PORT` and `path`.
  std::string url(std::string_view path = "/v1") const;

  gate_counters counters() const;

  /// Waits until the counters are as wanted: for tests that would else sleep.
  /// False when they are not within `time_limit`. `is_wanted` must not call
  /// the gate.
  bool wait_until(const std::function<bool(const gate_counters&)>& is_wanted,
                  std::chrono::milliseconds time_limit = std::chrono::seconds{
                      10}) const;

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::testkit
