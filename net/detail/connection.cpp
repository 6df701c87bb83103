#include "brigade/net/detail/connection.hpp"

#include "brigade/net/detail/pool.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace brigade::net::detail {

namespace {

using boost::system::error_code;
using core::outcome_code;

/// What one TLS record can hold.
constexpr std::size_t tls_write_bytes_max = 16u << 10;

/// Copies the parts, seen as one text, from `offset` on.
std::size_t copy_from(std::span<const std::string_view> parts,
                      std::size_t offset, std::span<char> to) {
  std::size_t copied = 0;
  for (auto part : parts) {
    auto skip = std::min(offset, part.size());
    offset -= skip;
    part.remove_prefix(skip);
    auto bytes = std::min(part.size(), to.size() - copied);
    std::copy_n(part.data(), bytes, to.data() + copied);
    copied += bytes;
  }
  return copied;
}

} // namespace

connection::connection(pool& owner, const executor_type& executor)
    : pool_(owner), socket_(executor) {
  // nop
}

// -- connecting ---------------------------------------------------------------

void connection::open(call c) {
  call_ = std::move(c);
  auto connect_deadline = clock::now() + pool_.options().connect_timeout;
  pool_.set_deadline(*this, std::min(call_.deadline, connect_deadline));
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

// -- sending ------------------------------------------------------------------

void connection::reuse(call c) {
  call_ = std::move(c);
  start_request();
}

bool connection::is_quiet() {
  if (phase_ != phase::idle)
    return false;
  return tls_ ? tls_->is_quiet() : detail::is_quiet(socket_.native_handle());
}

void connection::start_request() {
  pool_.set_deadline(*this, call_.deadline);
  phase_ = phase::writing;
  sent_bytes_ = 0;
  auto* begin = length_.data();
  auto* end =
      std::to_chars(begin, begin + length_.size() - 4, call_.body.view().size())
          .ptr;
  constexpr std::string_view rest = "\r\n\r\n";
  end = std::copy(rest.begin(), rest.end(), end);
  length_bytes_ = static_cast<std::size_t>(end - begin);
  write();
}

io_step connection::write_some() {
  std::array<std::string_view, 3> parts = {
      pool_.options().request_head.reveal(),
      std::string_view{length_.data(), length_bytes_}, call_.body.view()};
  if (tls_) {
    // One record and not three.
    auto record = pool_.scratch().first(tls_write_bytes_max);
    auto bytes = copy_from(parts, sent_bytes_, record);
    return tls_->write({record.data(), bytes});
  }
  auto skip = sent_bytes_;
  for (auto& part : parts) {
    auto bytes = std::min(skip, part.size());
    part.remove_prefix(bytes);
    skip -= bytes;
  }
  return send_some(socket_.native_handle(), parts);
}

void connection::write() {
  auto total = pool_.options().request_head.reveal().size() + length_bytes_
               + call_.body.view().size();
  // Ends, because each turn but the last sends bytes.
  while (sent_bytes_ < total) {
    auto step = write_some();
    switch (step.status) {
    case io_status::done:
      sent_bytes_ += step.bytes;
      continue;
    case io_status::want_write:
      arm_write();
      arm_read();
      return;
    case io_status::want_read:
      arm_read();
      return;
    default:
      // The server may have answered before it hung up.
      write_broke_ = true;
      read();
      return;
    }
  }
  phase_ = phase::reading;
  arm_read();
}

// -- receiving ----------------------------------------------------------------

void connection::read() {
  auto buffer = pool_.scratch();
  // Ends: the reply's size is limited, and each turn but the last reads.
  for (;;) {
    auto step = tls_ ? tls_->read(buffer)
                     : receive_some(socket_.native_handle(), buffer);
    switch (step.status) {
    case io_status::done:
      break;
    case io_status::want_read:
      if (write_broke_)
        fail_lost("the connection broke while the request was sent");
      else
        arm_read();
      return;
    case io_status::want_write:
      arm_write();
      return;
    case io_status::closed:
      on_end_of_input(true);
      return;
    case io_status::broken:
      on_end_of_input(false);
      return;
    }
    if (!parser_)
      parser_ = std::make_unique<reply_parser>(
          reply_limits{pool_.options().reply_bytes_max,
                       pool_.options().reply_header_bytes_max});
    auto state = parser_->feed({buffer.data(), step.bytes});
    if (state == reply_state::complete) {
      on_reply();
      return;
    }
    if (state == reply_state::failed) {
      fail_lost({});
      return;
    }
    // A short read took all there is; more wakes us up again.
    if (!tls_ && !write_broke_ && step.bytes < buffer.size()) {
      arm_read();
      return;
    }
  }
}

void connection::on_end_of_input(bool is_clean) {
  if (parser_ && parser_->finish(is_clean) == reply_state::complete)
    on_reply();
  else
    fail_lost("the connection broke before an answer came");
}

void connection::on_reply() {
  auto reusable = sent_bytes_ != 0 && phase_ == phase::reading && !write_broke_
                  && parser_->keep_alive();
  auto result = pool_.options().decode(
      {parser_->status(), parser_->headers(), parser_->body()});
  parser_.reset();
  pool_.finish(*this, std::move(result), reusable);
}

// -- waiting ------------------------------------------------------------------

void connection::arm_read() {
  if (std::exchange(read_armed_, true))
    return;
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this()](error_code ec) {
                       self->read_armed_ = false;
                       self->on_readable(ec);
                     });
}

void connection::arm_write() {
  if (std::exchange(write_armed_, true))
    return;
  socket_.async_wait(tcp::socket::wait_write,
                     [self = shared_from_this()](error_code ec) {
                       self->write_armed_ = false;
                       self->on_writable(ec);
                     });
}

void connection::on_readable(const error_code& ec) {
  if (ec == boost::asio::error::operation_aborted)
    return;
  switch (phase_) {
  case phase::idle:
    pool_.on_idle_readable(*this);
    return;
  case phase::handshaking:
    handshake();
    return;
  case phase::writing:
  case phase::reading:
    read();
    // A TLS write may have waited for what was just read.
    if (phase_ == phase::writing && tls_ && !write_armed_)
      write();
    return;
  default:
    return;
  }
}

void connection::on_writable(const error_code& ec) {
  if (ec == boost::asio::error::operation_aborted)
    return;
  if (phase_ == phase::handshaking)
    handshake();
  else if (phase_ == phase::writing)
    write();
  else if (phase_ == phase::reading)
    read();
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

void connection::on_deadline() {
  if (is_connecting()) {
    fail_connect("no connection within the time limit");
    return;
  }
  fail(outcome_code::timed_out,
       "provider " + pool_.options().name + " gave no whole answer within "
           + std::to_string(call_.time_limit.count()) + " ms");
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
