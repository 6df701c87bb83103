#include "brigade/testkit/detail/gate_link.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace brigade::testkit::detail {

namespace asio = boost::asio;

namespace {

/// A limited rate is kept by so many pieces a second.
constexpr std::size_t pieces_per_s = 100;

} // namespace

void reset_socket(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
}

gate_link::gate_link(tcp::socket client, gate_fault fault,
                     std::size_t buffer_bytes,
                     std::shared_ptr<gate_ledger> ledger,
                     std::function<void()> on_end)
    : client_(std::move(client)), target_(client_.get_executor()),
      timer_(client_.get_executor()), fault_(std::move(fault)),
      ledger_(std::move(ledger)), on_end_(std::move(on_end)),
      up_(std::max<std::size_t>(buffer_bytes, 1)),
      down_(std::max<std::size_t>(buffer_bytes, 1)) {
  auto consider = [this](std::optional<std::uint64_t> at, cut what) {
    if (at && (!cut_at_ || *at < *cut_at_)) {
      cut_at_ = at;
      cut_ = what;
    }
  };
  consider(fault_.reset_after_bytes, cut::reset);
  consider(fault_.stall_after_bytes, cut::stall);
  consider(fault_.truncate_after_bytes, cut::truncate);
}

void gate_link::start(const std::vector<tcp::endpoint>& targets) {
  error_code ignored;
  client_.set_option(tcp::no_delay{true}, ignored);
  asio::async_connect(
      target_, targets,
      [self = shared_from_this()](const error_code& ec, const tcp::endpoint&) {
        if (self->ended_)
          return;
        if (ec) {
          self->ledger_->add(&gate_counters::unreachable);
          self->end(true);
          return;
        }
        error_code none;
        self->target_.set_option(tcp::no_delay{true}, none);
        self->read_client();
        self->read_target();
      });
}

void gate_link::end(bool with_reset) {
  if (std::exchange(ended_, true))
    return;
  error_code ignored;
  timer_.cancel();
  target_.close(ignored);
  if (with_reset)
    reset_socket(client_);
  else
    client_.close(ignored);
  on_end_();
}

// -- the request --------------------------------------------------------------

void gate_link::read_client() {
  client_.async_read_some(
      asio::buffer(up_),
      [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
        self->on_client_bytes(ec, bytes);
      });
}

void gate_link::on_client_bytes(const error_code& ec, std::size_t bytes) {
  if (ended_)
    return;
  if (ec == asio::error::eof) {
    on_client_end();
    return;
  }
  if (ec) {
    end(false);
    return;
  }
  if (target_ended_) {
    read_client();
    return;
  }
  asio::async_write(
      target_, asio::buffer(up_, bytes),
      [self = shared_from_this()](const error_code& failed, std::size_t sent) {
        if (self->ended_)
          return;
        self->ledger_->add(&gate_counters::bytes_to_target, sent);
        // Whether the target is gone is told by what it sends.
        static_cast<void>(failed);
        self->read_client();
      });
}

void gate_link::on_client_end() {
  client_ended_ = true;
  if (target_ended_ || has_struck_) {
    end(false);
    return;
  }
  error_code ignored;
  target_.shutdown(tcp::socket::shutdown_send, ignored);
}

// -- the answer ---------------------------------------------------------------

void gate_link::read_target() {
  target_.async_read_some(
      asio::buffer(down_),
      [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
        self->on_target_bytes(ec, bytes);
      });
}

void gate_link::on_target_bytes(const error_code& ec, std::size_t bytes) {
  if (ended_ || has_struck_)
    return;
  if (ec == asio::error::eof) {
    on_target_end();
    return;
  }
  if (ec) {
    end(true);
    return;
  }
  if (received_ == 0) {
    next_at_ = clock::now() + fault_.delay;
    if (fault_.delay > std::chrono::milliseconds{0})
      ledger_->add(&gate_counters::delayed);
  }
  corrupt({down_.data(), bytes});
  received_ += bytes;
  first_ = 0;
  last_ = bytes;
  forward();
}

/// The client may go on sending, to nobody.
void gate_link::on_target_end() {
  target_ended_ = true;
  error_code ignored;
  target_.close(ignored);
  if (client_ended_)
    end(false);
  else
    client_.shutdown(tcp::socket::shutdown_send, ignored);
}

void gate_link::corrupt(std::span<char> bytes) {
  const auto at = fault_.corrupt_at_byte;
  if (!at || *at < received_ || *at - received_ >= bytes.size())
    return;
  auto& byte = bytes[static_cast<std::size_t>(*at - received_)];
  byte =
      static_cast<char>(static_cast<std::uint8_t>(byte) ^ fault_.corrupt_mask);
  ledger_->add(&gate_counters::corrupted);
}

void gate_link::forward() {
  if (cut_at_ && forwarded_ == *cut_at_) {
    strike();
    return;
  }
  if (first_ == last_) {
    read_target();
    return;
  }
  if (next_at_ <= clock::now()) {
    write_piece();
    return;
  }
  timer_.expires_at(next_at_);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec && !self->ended_)
      self->write_piece();
  });
}

std::size_t gate_link::piece_bytes() const {
  auto bytes = last_ - first_;
  if (fault_.slice_bytes != 0)
    bytes = std::min(bytes, fault_.slice_bytes);
  if (fault_.bytes_per_s != 0)
    bytes = std::min(
        bytes, std::max<std::size_t>(fault_.bytes_per_s / pieces_per_s, 1));
  if (cut_at_)
    bytes = static_cast<std::size_t>(
        std::min<std::uint64_t>(bytes, *cut_at_ - forwarded_));
  return bytes;
}

void gate_link::write_piece() {
  const auto bytes = piece_bytes();
  if (fault_.bytes_per_s != 0)
    next_at_ = std::max(next_at_, clock::now())
               + std::chrono::nanoseconds{std::chrono::seconds{1}}
                     * static_cast<std::int64_t>(bytes)
                     / static_cast<std::int64_t>(fault_.bytes_per_s);
  asio::async_write(
      client_, asio::buffer(down_.data() + first_, bytes),
      [self = shared_from_this()](const error_code& ec, std::size_t sent) {
        if (self->ended_)
          return;
        if (ec) {
          self->end(false);
          return;
        }
        self->ledger_->add(&gate_counters::bytes_to_client, sent);
        self->first_ += sent;
        self->forwarded_ += sent;
        self->forward();
      });
}

/// From here on nothing of the answer passes. A stalled target is read no
/// more; one whose answer is cut short is left.
void gate_link::strike() {
  has_struck_ = true;
  error_code ignored;
  switch (cut_) {
  case cut::reset:
    ledger_->add(&gate_counters::resets);
    end(true);
    return;
  case cut::stall:
    ledger_->add(&gate_counters::stalls);
    return;
  case cut::truncate:
    ledger_->add(&gate_counters::truncated);
    on_target_end();
    return;
  case cut::none:
    return;
  }
}

} // namespace brigade::testkit::detail
