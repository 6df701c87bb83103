/// What the connections of one server share: the listening socket, the limits
/// of connections, their deadlines, and the counters.
#pragma once

#include "brigade/net/detail/asio_types.hpp"
#include "brigade/net/detail/deadline_heap.hpp"
#include "brigade/net/detail/server_session.hpp"
#include "brigade/net/detail/tls.hpp"
#include "brigade/net/http_server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <atomic>
#include <ctime>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace brigade::net::detail {

struct server_counters {
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> evicted = 0;
  std::atomic<std::uint64_t> open = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> rejected_by_gate = 0;
  std::atomic<std::uint64_t> timed_out = 0;
  std::atomic<std::uint64_t> streams_dropped = 0;
};

class server_hub : public std::enable_shared_from_this<server_hub> {
public:
  server_hub(boost::asio::io_context& context, http_server_options options,
             http_admission admission, http_handler handler);

  /// Listens; before the thread knows the hub. Empty when that went well, else
  /// what is wrong.
  std::string listen();

  std::uint16_t port() const { return port_; }

  const server_counters& counters() const { return counters_; }

  // -- on the server's thread -------------------------------------------------

  void start_accepting();

  void stop_accepting();

  /// Closes all connections; afterwards no handler touches the options.
  void shut_down();

  // -- for sessions -----------------------------------------------------------

  const http_server_options& options() const { return options_; }
  const http_admission& admission() const { return admission_; }
  const http_handler& handler() const { return handler_; }
  server_counters& counters() { return counters_; }
  boost::asio::io_context& context() { return context_; }

  /// Null without TLS.
  tls_server_context* tls() { return tls_.get(); }

  /// Space for one read or write, shared by all connections.
  std::span<char> scratch() { return scratch_; }

  /// The value of the field `Date` now.
  const std::string& date();

  /// Whether no further request is taken on any connection.
  bool is_stopping() const { return stopping_; }

  /// `max` takes the deadline away.
  void set_deadline(server_session& s, clock::time_point at);

  /// The session reads the first bytes of nothing yet: it may be closed to make
  /// room, the oldest first.
  void set_unproven(server_session& s);

  /// It serves a request.
  void set_busy(server_session& s);

  /// It waits for another request: closed to make room after the unproven.
  void set_between(server_session& s);

  /// The session has closed.
  void remove(server_session& s);

private:
  using acceptor_type = boost::asio::basic_socket_acceptor<tcp, executor_type>;

  enum class admitted : std::uint8_t { yes, no_room, peer_has_enough };

  void arm_accept();
  void accept_some();
  void pause_accepting();
  void take(int fd, const tcp::endpoint& peer);
  void refuse(std::shared_ptr<server_session> session, admitted why);
  admitted admit(server_session& session, const boost::asio::ip::address& from);
  bool make_room();
  void move_to(server_session& s, session_list& list);
  void arm_timer();
  void on_timer();

  boost::asio::io_context& context_;
  const http_server_options options_;
  http_admission admission_;
  http_handler handler_;
  std::unique_ptr<tls_server_context> tls_;
  acceptor_type acceptor_;
  std::uint16_t port_ = 0;
  timer_type timer_;
  clock::time_point timer_at_ = clock::time_point::max();
  /// Set only while no socket can be accepted.
  timer_type accept_timer_;
  std::vector<char> scratch_;
  deadline_heap<server_session> deadlines_;
  session_list unproven_;
  session_list busy_;
  session_list between_;
  /// Over the limits: they get their answer and are closed.
  session_list refused_;
  std::unordered_map<std::string, std::size_t> peers_;
  std::time_t date_of_ = -1;
  std::string date_;
  server_counters counters_;
  bool stopping_ = false;
};

} // namespace brigade::net::detail
