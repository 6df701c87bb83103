#include "brigade/net/detail/connection.hpp"

#include "brigade/net/detail/pool.hpp"

#include <utility>

namespace brigade::net::detail {

namespace {

using boost::system::error_code;
using core::outcome_code;

} // namespace

connection::connection(pool& owner, const executor_type& executor)
    : pool_(owner), socket_(executor) {
  // nop
}

// -- connecting ---------------------------------------------------------------

void connection::open(call c) {
  call_ = std::move(c);
  connect_until_ = clock::now() + pool_.options().connect_timeout;
  pool_.set_deadline(*this, next_due().at);
  pool_.resolve(shared_from_this());
}

void connection::on_resolved(const address_list& addresses,
                             std::string_view problem) {
  if (phase_ != phase::resolving)
    return;
  if (!addresses) {
    fail_connect(problem);
    return;
  }
  addresses_ = addresses;
  phase_ = phase::connecting;
  connect_next("it has no usable address");
}

void connection::connect_next(const std::string& problem) {
  if (next_address_ == addresses_->size()) {
    pool_.forget_addresses();
    fail_connect(problem);
    return;
  }
  error_code ignored;
  socket_.close(ignored);
  socket_.async_connect(
      (*addresses_)[next_address_++],
      [self = shared_from_this()](error_code ec) { self->on_connected(ec); });
}

void connection::on_connected(const error_code& ec) {
  if (phase_ != phase::connecting)
    return;
  if (ec) {
    connect_next(ec.message());
    return;
  }
  addresses_.reset();
  error_code ignored;
  socket_.set_option(tcp::no_delay{true}, ignored);
  if (pool_.options().target.tls)
    start_handshake();
  else
    start_request();
}

void connection::start_handshake() {
  phase_ = phase::handshaking;
  auto* context = pool_.tls();
  if (!context) {
    const auto& file = pool_.options().ca_file;
    fail(outcome_code::tls_failed,
         "cannot load the trusted certificates"
             + (file.empty() ? std::string{" of this system"} : " of " + file)
             + " - install ca-certificates or set ca_file");
    return;
  }
  tls_ = std::make_unique<tls_session>(*context, socket_.native_handle(),
                                       pool_.options().target);
  handshake();
}

void connection::handshake() {
  switch (tls_->handshake().status) {
  case io_status::done:
    start_request();
    return;
  case io_status::want_read:
    arm_read();
    return;
  case io_status::want_write:
    arm_write();
    return;
  default:
    break;
  }
  if (tls_->socket_broke()) {
    fail_connect("the connection broke in the TLS handshake");
    return;
  }
  fail(
      outcome_code::tls_failed,
      "no secure connection to provider " + pool_.options().name + " ("
          + to_string(pool_.options().target) + "): " + tls_->error_text()
          + " - nothing was sent; check base_url, or set ca_file if the server "
            "uses a private CA");
}

// -- ending -------------------------------------------------------------------

call connection::take_call() {
  return std::exchange(call_, {});
}

void connection::become_idle(clock::time_point now) {
  phase_ = phase::idle;
  idle_since_ = now;
  arm_read();
}

void connection::close() {
  phase_ = phase::closed;
  parser_.reset();
  tls_.reset();
  addresses_.reset();
  error_code ignored;
  socket_.close(ignored);
}

void connection::cancel() {
  if (sent_bytes_ == 0)
    fail(outcome_code::not_sent, "cancelled before it was sent");
  else
    fail(outcome_code::cancelled, "cancelled; its connection was closed");
}

void connection::fail(core::outcome_code code, std::string message) {
  core::outcome result;
  result.code = code;
  result.message = std::move(message);
  pool_.finish(*this, std::move(result), false);
}

void connection::fail_connect(std::string_view problem) {
  const auto& options = pool_.options();
  fail(outcome_code::connect_failed,
       "cannot connect to provider " + options.name + " ("
           + to_string(options.target) + "): " + std::string{problem}
           + " - nothing was sent; check base_url and that the server runs");
}

/// `problem` is used when the parser has none.
void connection::fail_lost(std::string_view problem) {
  if (sent_bytes_ == 0) {
    fail_connect("the connection broke before anything was sent");
    return;
  }
  const auto& name = pool_.options().name;
  if (parser_ && !parser_->detail().empty())
    fail(parser_->error(), "the answer of provider " + name + " "
                               + std::string{parser_->detail()});
  else
    fail(outcome_code::connection_lost,
         "provider " + name + ": " + std::string{problem});
}

} // namespace brigade::net::detail
