/// One connection of a pool and the call that it carries. A state machine
/// that runs on the io thread only.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/model/outcome.hpp"
#include "brigade/net/detail/asio_types.hpp"
#include "brigade/net/detail/deadline_heap.hpp"
#include "brigade/net/detail/io_step.hpp"
#include "brigade/net/detail/reply_parser.hpp"
#include "brigade/net/detail/tls.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace brigade::net::detail {

class pool;

using address_list = std::shared_ptr<const std::vector<tcp::endpoint>>;

struct call {
  std::uint64_t id = 0;
  core::shared_text body;
  clock::time_point deadline;
  std::chrono::milliseconds time_limit{0};
  std::function<void(core::outcome)> done;
};

class connection : public std::enable_shared_from_this<connection> {
public:
  connection(pool& owner, const executor_type& executor);

  /// Connects, then sends the call.
  void open(call c);

  /// Sends a call on an idle connection.
  void reuse(call c);

  /// Whether an idle connection can still be used.
  bool is_quiet();

  /// The pool has resolved the endpoint, or failed to.
  void on_resolved(const address_list& addresses, std::string_view problem);

  /// `deadline` has come: ends the call if one of its limits has been reached.
  void on_deadline();

  /// Ends the call on somebody's wish.
  void cancel();

  /// Closes the socket. The call, if any, must have been taken.
  void close();

  /// Leaves the connection without a call.
  call take_call();

  void become_idle(clock::time_point now);

  clock::time_point idle_since() const { return idle_since_; }

  // For the pool's heap.
  clock::time_point deadline;
  std::size_t heap_index = deadline_heap<connection>::not_in_heap;

private:
  enum class phase : std::uint8_t {
    resolving,
    connecting,
    handshaking,
    writing,
    reading,
    idle,
    closed,
  };

  /// What can take too long.
  enum class time_limit : std::uint8_t { call, connect, first_byte, idle };

  struct due {
    clock::time_point at;
    time_limit which = time_limit::call;
  };

  void connect_next(const std::string& problem);
  void on_connected(const boost::system::error_code& ec);
  void start_handshake();
  void handshake();
  void start_request();
  void write();
  io_step write_some();
  void read();
  void on_end_of_input(bool is_clean);
  void on_reply();
  void on_progress();
  void arm_read();
  void arm_write();
  void on_readable(const boost::system::error_code& ec);
  void on_writable(const boost::system::error_code& ec);
  void fail(core::outcome_code code, std::string message);
  void fail_connect(std::string_view problem);
  void fail_lost(std::string_view problem);
  due next_due() const;
  void watch_limits();
  void fail_late(time_limit which);
  bool is_connecting() const { return phase_ < phase::writing; }

  pool& pool_;
  socket_type socket_;
  std::unique_ptr<tls_session> tls_;
  address_list addresses_;
  std::size_t next_address_ = 0;
  call call_;
  /// `N\r\n\r\n`: the rest of the request's head.
  std::array<char, 24> length_{};
  std::size_t length_bytes_ = 0;
  /// Bytes of head and body that were handed to the socket.
  std::size_t sent_bytes_ = 0;
  std::unique_ptr<reply_parser> parser_;
  clock::time_point connect_until_;
  /// `max` while there is no such limit.
  clock::time_point first_byte_until_ = clock::time_point::max();
  clock::time_point last_byte_at_;
  clock::time_point idle_since_;
  phase phase_ = phase::resolving;
  bool read_armed_ = false;
  bool write_armed_ = false;
  bool write_broke_ = false;
};

} // namespace brigade::net::detail
