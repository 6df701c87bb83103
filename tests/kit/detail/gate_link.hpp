/// One connection through a gate: the client's socket, the target's, and the
/// fault between them.
#pragma once

#include "brigade/testkit/detail/gate_ledger.hpp"
#include "brigade/testkit/tcp_gate.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace brigade::testkit::detail {

using tcp = boost::asio::ip::tcp;

/// Closes with a reset: what the peer has not read yet may be lost to it.
void reset_socket(tcp::socket& socket);

/// Runs on the gate's thread only; its handlers keep it alive.
class gate_link : public std::enable_shared_from_this<gate_link> {
public:
  /// `on_end` is called once, when both sockets are closed.
  gate_link(tcp::socket client, gate_fault fault, std::size_t buffer_bytes,
            std::shared_ptr<gate_ledger> ledger, std::function<void()> on_end);

  /// `targets` are tried in turn and must outlive the link.
  void start(const std::vector<tcp::endpoint>& targets);

private:
  using error_code = boost::system::error_code;
  using clock = boost::asio::steady_timer::clock_type;

  enum class cut : std::uint8_t { none, reset, stall, truncate };

  // The request, which passes as it is.
  void read_client();
  void on_client_bytes(const error_code& ec, std::size_t bytes);
  void on_client_end();

  // The answer.
  void read_target();
  void on_target_bytes(const error_code& ec, std::size_t bytes);
  void on_target_end();
  void corrupt(std::span<char> bytes);
  void forward();
  void write_piece();
  std::size_t piece_bytes() const;
  void strike();

  /// Closes both sides.
  void end(bool with_reset);

  tcp::socket client_;
  tcp::socket target_;
  boost::asio::steady_timer timer_;
  const gate_fault fault_;
  std::shared_ptr<gate_ledger> ledger_;
  std::function<void()> on_end_;

  cut cut_ = cut::none;
  /// Where the answer is cut.
  std::optional<std::uint64_t> cut_at_;
  std::vector<char> up_;
  std::vector<char> down_;
  /// Bytes of `down_` that are to be forwarded: from `first_` to `last_`.
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  /// Bytes of the answer.
  std::uint64_t received_ = 0;
  std::uint64_t forwarded_ = 0;
  /// When the next piece may leave.
  clock::time_point next_at_;
  bool has_struck_ = false;
  bool client_ended_ = false;
  bool target_ended_ = false;
  bool ended_ = false;
};

} // namespace brigade::testkit::detail
