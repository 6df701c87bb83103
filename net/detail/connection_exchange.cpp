// The part of a connection that exchanges a request for a reply.
#include "brigade/net/detail/connection.hpp"

#include "brigade/net/detail/pool.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string_view>
#include <utility>

namespace brigade::net::detail {

namespace {

using boost::system::error_code;

} // namespace

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
  phase_ = phase::writing;
  first_byte_until_ = clock::time_point::max();
  sent_bytes_ = 0;
  pool_.set_deadline(*this, call_.deadline);
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
  const auto limit = pool_.options().first_byte_timeout;
  if (limit.count() > 0 && !(parser_ && parser_->has_body()))
    first_byte_until_ = clock::now() + limit;
  watch_limits();
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
    on_progress();
    // A short read took all there is; more wakes us up again.
    if (!tls_ && !write_broke_ && step.bytes < buffer.size()) {
      arm_read();
      return;
    }
  }
}

void connection::on_progress() {
  last_byte_at_ = clock::now();
  if (parser_->has_body())
    first_byte_until_ = clock::time_point::max();
  watch_limits();
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

} // namespace brigade::net::detail
