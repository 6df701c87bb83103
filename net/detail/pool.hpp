/// The connections to one endpoint, the calls in flight on them, and their
/// deadlines.
#pragma once

#include "brigade/net/detail/connection.hpp"
#include "brigade/net/http_client.hpp"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <mutex>
#include <span>
#include <vector>

namespace brigade::net::detail {

class pool : public std::enable_shared_from_this<pool> {
public:
  pool(boost::asio::io_context& context, http_client_options options);

  // -- from any thread --------------------------------------------------------

  void send(std::uint64_t id, core::shared_text body,
            std::chrono::milliseconds time_limit,
            std::function<void(core::outcome)> done);

  void cancel(std::uint64_t id);

  // -- on the io thread -------------------------------------------------------

  /// Ends all calls and closes all connections; afterwards no handler touches
  /// the pool.
  void shut_down();

  const http_client_options& options() const { return options_; }

  /// Space for one read or write, shared by all connections.
  std::span<char> scratch() { return scratch_; }

  /// Calls `on_resolved` of the connection, now or later.
  void resolve(std::shared_ptr<connection> asker);

  /// Addresses that refused are not used again.
  void forget_addresses();

  /// Null when the CAs cannot be loaded.
  tls_context* tls();

  void set_deadline(connection& c, clock::time_point at);

  /// The call of `c` has ended. Calls `done`, which may destroy the client.
  void finish(connection& c, core::outcome result, bool reusable);

  /// An idle connection has become readable.
  void on_idle_readable(connection& c);

private:
  using resolver_type = boost::asio::ip::basic_resolver<tcp, executor_type>;

  struct operation {
    call subject;
    /// The call was sent before and is to be cancelled now.
    bool is_cancel = false;
    /// Cancelled before it was started.
    bool is_cancelled = false;
  };

  void push(operation op);
  void drain();
  void start(call c);
  void refuse(call c, std::string_view why);
  std::shared_ptr<connection> take_idle();
  void on_resolved(const boost::system::error_code& ec,
                   const resolver_type::results_type& results);
  void arm_timer();
  void on_timer();
  void close_overdue_idle(clock::time_point now);

  boost::asio::io_context& context_;
  const http_client_options options_;
  timer_type timer_;
  resolver_type resolver_;
  clock::time_point timer_at_ = clock::time_point::max();
  std::vector<char> scratch_;
  boost::unordered_flat_map<std::uint64_t, std::shared_ptr<connection>> calls_;
  deadline_heap<connection> deadlines_;
  /// The longest idle first; taken from the back, so that few stay warm.
  std::vector<std::shared_ptr<connection>> idle_;
  address_list addresses_;
  clock::time_point addresses_until_;
  std::vector<std::shared_ptr<connection>> resolving_;
  std::unique_ptr<tls_context> tls_;
  std::vector<operation> batch_;
  std::size_t batch_next_ = 0;
  bool stopped_ = false;

  std::mutex mutex_;
  /// Guarded by `mutex_`.
  std::vector<operation> queue_;
  bool drain_posted_ = false;
};

} // namespace brigade::net::detail
