// The part of a session that reads, writes and waits.
#include "brigade/net/detail/server_hub.hpp"
#include "brigade/net/detail/server_session.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace brigade::net::detail {

namespace {

using boost::system::error_code;

/// Of requests that come while one is answered. With more the client waits,
/// and its end is noticed later.
constexpr std::size_t ahead_bytes_max = 16u << 10;

/// What a client may still send after it was refused.
constexpr std::size_t linger_bytes_max = 1u << 20;

/// One connection leaves the thread to the others after so many steps.
constexpr auto steps_max = 64;

} // namespace

/// Does all that can be done without waiting, then waits for the rest.
void server_session::run() {
  for (auto steps = 0; phase_ != phase::closed; ++steps) {
    if (steps == steps_max) {
      post_news();
      return;
    }
    if (phase_ == phase::handshaking && !handshake())
      break;
    send();
    if (phase_ == phase::closed)
      return;
    if (advance())
      continue;
    if (phase_ == phase::closed || !readable_ || !wants_input() || !receive())
      break;
  }
  if (phase_ == phase::closed)
    return;
  if (!readable_ && wants_input() && !peer_ended_)
    arm_read();
  watch_limits();
}

// -- input --------------------------------------------------------------------

bool server_session::handshake() {
  switch (tls_->handshake().status) {
  case io_status::done:
    phase_ = phase::reading_head;
    readable_ = true;
    return true;
  case io_status::want_read:
    readable_ = false;
    return false;
  case io_status::want_write:
    arm_write();
    return false;
  default:
    close();
    return false;
  }
}

bool server_session::wants_input() const {
  return phase_ != phase::answering || input_.size() < ahead_bytes_max;
}

/// False when there is nothing to read now.
bool server_session::receive() {
  auto buffer = hub_->scratch();
  if (phase_ == phase::answering)
    buffer =
        buffer.first(std::min(buffer.size(), ahead_bytes_max - input_.size()));
  auto step =
      tls_ ? tls_->read(buffer) : receive_some(socket_.native_handle(), buffer);
  switch (step.status) {
  case io_status::done:
    // A short read took all there is; more wakes us up again.
    readable_ = tls_ || step.bytes == buffer.size();
    if (phase_ != phase::lingering)
      input_.append(buffer.data(), step.bytes);
    else if ((lingered_bytes_ += step.bytes) > linger_bytes_max)
      close();
    return phase_ != phase::closed;
  case io_status::want_read:
    readable_ = false;
    return false;
  case io_status::want_write:
    readable_ = false;
    arm_write();
    return false;
  case io_status::closed:
    on_end_of_input(true);
    return false;
  case io_status::broken:
    on_end_of_input(false);
    return false;
  }
  return false;
}

/// A client that ended its side waits for no answer, unless that is already on
/// its way.
void server_session::on_end_of_input(bool is_clean) {
  readable_ = false;
  peer_ended_ = true;
  if (is_clean && phase_ == phase::answering && answer_ended_) {
    close_after_ = true;
    return;
  }
  close();
}

// -- output -------------------------------------------------------------------

void server_session::send() {
  while (!output_.empty()) {
    auto step = send_some_parts();
    switch (step.status) {
    case io_status::done:
      stalled_since_ = clock::time_point::max();
      on_sent(step.bytes);
      continue;
    case io_status::want_write:
    case io_status::want_read:
      if (stalled_since_ == clock::time_point::max())
        stalled_since_ = clock::now();
      if (step.status == io_status::want_write)
        arm_write();
      return;
    default:
      close();
      return;
    }
  }
  if (phase_ != phase::answering)
    return;
  if (answer_ended_)
    finish_answer();
  else if (std::exchange(asks_drained_, false)) {
    auto asked = exchange_;
    asked->call_drained();
  }
}

io_step server_session::send_some_parts() {
  std::array<std::string_view, send_parts_max> parts;
  std::size_t count = 0;
  for (const auto& part : output_) {
    if (count == parts.size())
      break;
    parts[count++] = part.view();
  }
  if (tls_) {
    auto record = hub_->scratch().first(tls_write_bytes_max);
    auto bytes = copy_from({parts.data(), count}, sent_bytes_, record);
    return tls_->write({record.data(), bytes});
  }
  parts[0].remove_prefix(sent_bytes_);
  return send_some(socket_.native_handle(), {parts.data(), count});
}

void server_session::on_sent(std::size_t bytes) {
  while (bytes != 0) {
    const auto& part = output_.front();
    const auto size = part.view().size();
    const auto taken = std::min(bytes, size - sent_bytes_);
    if (part.is_body)
      body_bytes_ += taken;
    if (part.is_chunk && exchange_)
      exchange_->on_sent(taken);
    sent_bytes_ += taken;
    bytes -= taken;
    if (sent_bytes_ == size) {
      output_.pop_front();
      sent_bytes_ = 0;
    }
  }
}

/// The client would not see the answer if the socket was closed while bytes of
/// it are unread.
void server_session::linger() {
  phase_ = phase::lingering;
  since_ = clock::now();
  input_ = {};
  if (peer_ended_) {
    close();
    return;
  }
  if (tls_)
    tls_->end_writing();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  hub_->set_unproven(*this);
}

// -- waiting ------------------------------------------------------------------

void server_session::arm_read() {
  if (std::exchange(read_armed_, true))
    return;
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this()](error_code ec) {
                       self->read_armed_ = false;
                       if (ec || self->phase_ == phase::closed)
                         return;
                       self->readable_ = true;
                       self->run();
                     });
}

void server_session::arm_write() {
  if (std::exchange(write_armed_, true))
    return;
  socket_.async_wait(tcp::socket::wait_write,
                     [self = shared_from_this()](error_code ec) {
                       self->write_armed_ = false;
                       if (ec || self->phase_ == phase::closed)
                         return;
                       // What TLS wanted to write may stop it from reading.
                       self->readable_ = self->readable_ || self->tls_;
                       self->run();
                     });
}

clock::time_point server_session::next_due() const {
  const auto& options = hub_->options();
  auto due = clock::time_point::max();
  if (stalled_since_ != due)
    due = stalled_since_ + options.write_timeout;
  switch (phase_) {
  case phase::handshaking:
    return std::min(due, since_ + options.header_timeout);
  case phase::reading_head:
    if (requests_ != 0 && gate_.is_empty())
      return std::min(due, since_ + options.idle_timeout);
    return std::min(due, since_ + options.header_timeout);
  case phase::reading_body:
    return std::min(due, since_ + options.body_timeout);
  case phase::lingering:
    return std::min(due, since_ + options.linger_timeout);
  default:
    return due;
  }
}

/// A deadline that comes earlier than was thought is set at once; one that
/// comes later is found when the earlier one has come.
void server_session::watch_limits() {
  if (const auto due = next_due(); due < deadline)
    hub_->set_deadline(*this, due);
}

void server_session::on_deadline() {
  const auto now = clock::now();
  if (const auto due = next_due(); due > now) {
    hub_->set_deadline(*this, due);
    return;
  }
  const auto was_lingering = phase_ == phase::lingering;
  const auto is_late_request =
      output_.empty()
      && (phase_ == phase::reading_body
          || (phase_ == phase::reading_head && !gate_.is_empty()));
  if (!was_lingering && !is_idle())
    ++hub_->counters().timed_out;
  if (!is_late_request) {
    close();
    return;
  }
  reject(408, "the request did not come in time");
  run();
}

} // namespace brigade::net::detail
