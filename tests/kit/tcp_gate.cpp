#include "brigade/testkit/tcp_gate.hpp"

#include "brigade/testkit/detail/gate_ledger.hpp"
#include "brigade/testkit/detail/gate_link.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <thread>
#include <utility>
#include <vector>

namespace brigade::testkit {

namespace asio = boost::asio;
using boost::system::error_code;
using detail::tcp;

namespace {

/// After an `accept` that failed, for want of file descriptors for instance.
constexpr std::chrono::milliseconds accept_pause{10};

} // namespace

struct tcp_gate::impl {
  explicit impl(tcp_gate_options given) : options(std::move(given)) {
    // nop
  }

  error_code find_targets() {
    error_code ec;
    tcp::resolver resolver{context};
    const auto found = resolver.resolve(options.target_host,
                                        std::to_string(options.target_port),
                                        tcp::resolver::numeric_service, ec);
    for (const auto& entry : found)
      targets.push_back(entry.endpoint());
    return ec;
  }

  error_code listen() {
    error_code ec;
    const tcp::endpoint any_port{asio::ip::address_v4::loopback(), 0};
    acceptor.open(any_port.protocol(), ec);
    if (!ec)
      acceptor.bind(any_port, ec);
    if (!ec)
      acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec)
      port = acceptor.local_endpoint(ec).port();
    return ec;
  }

  void accept() {
    acceptor.async_accept([this](const error_code& ec, tcp::socket client) {
      if (!ec) {
        take(std::move(client));
        accept();
        return;
      }
      pause.expires_after(accept_pause);
      pause.async_wait([this](const error_code&) { accept(); });
    });
  }

  void take(tcp::socket client) {
    if (open >= options.connections_max) {
      ledger->add(&gate_counters::over_limit);
      detail::reset_socket(client);
      return;
    }
    const auto fault =
        options.fault_of ? options.fault_of(next_connection) : gate_fault{};
    ++next_connection;
    if (fault.refuse) {
      detail::reset_socket(client);
      ledger->add(&gate_counters::refused);
      ledger->add(&gate_counters::connections);
      return;
    }
    ++open;
    ledger->add(&gate_counters::open);
    ledger->add(&gate_counters::connections);
    std::make_shared<detail::gate_link>(std::move(client), fault,
                                        options.buffer_bytes, ledger,
                                        [this] {
                                          --open;
                                          ledger->connection_ended();
                                        })
        ->start(targets);
  }

  const tcp_gate_options options;
  const std::shared_ptr<detail::gate_ledger> ledger =
      std::make_shared<detail::gate_ledger>();
  std::vector<tcp::endpoint> targets;
  std::string problem;
  std::uint16_t port = 0;
  /// Its end destroys the handlers that are left, and the links with them.
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
  std::uint64_t next_connection = 0;
  std::size_t open = 0;
  std::thread thread;
};

tcp_gate::tcp_gate(tcp_gate_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {
  if (const auto ec = impl_->find_targets()) {
    impl_->problem = "the target " + impl_->options.target_host
                     + " cannot be resolved: " + ec.message();
    return;
  }
  if (const auto ec = impl_->listen()) {
    impl_->problem = "cannot listen on 127.0.0.1: " + ec.message();
    impl_->port = 0;
    return;
  }
  impl_->accept();
  impl_->thread = std::thread{[gate = impl_.get()] { gate->context.run(); }};
}

tcp_gate::~tcp_gate() {
  impl_->context.stop();
  if (impl_->thread.joinable())
    impl_->thread.join();
}

std::string_view tcp_gate::problem() const {
  return impl_->problem;
}

std::uint16_t tcp_gate::port() const {
  return impl_->port;
}

std::string tcp_gate::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(impl_->port) + std::string{path};
}

gate_counters tcp_gate::counters() const {
  return impl_->ledger->counters();
}

bool tcp_gate::wait_until(
    const std::function<bool(const gate_counters&)>& is_wanted,
    std::chrono::milliseconds time_limit) const {
  return impl_->ledger->wait_until(is_wanted, time_limit);
}

} // namespace brigade::testkit
