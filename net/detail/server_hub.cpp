#include "brigade/net/detail/server_hub.hpp"

#include "brigade/net/detail/answer_text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace brigade::net::detail {

namespace {

using boost::system::error_code;

/// A burst of connections leaves the thread to the others in between.
constexpr auto accepts_max = 64;

/// Connections over the limits that are told so; more are just closed.
constexpr std::size_t refused_max = 32;

/// How long nothing is accepted when the process has no more descriptors.
constexpr std::chrono::milliseconds accept_pause{100};

constexpr std::size_t scratch_bytes = 32u << 10;

static_assert(scratch_bytes >= tls_write_bytes_max);

/// A client whose machine is gone says nothing: after these times the system
/// asks, so that nothing works for it for ever.
constexpr int silence_before_probe_s = 60;
constexpr int between_probes_s = 15;
constexpr int probes_max = 4;

void set_options(socket_type& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  socket.set_option(boost::asio::socket_base::keep_alive{true}, ignored);
  const auto set = [fd = socket.native_handle()](int option, int value) {
    ::setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value));
  };
  set(TCP_KEEPIDLE, silence_before_probe_s);
  set(TCP_KEEPINTVL, between_probes_s);
  set(TCP_KEEPCNT, probes_max);
}

} // namespace

server_hub::server_hub(boost::asio::io_context& context,
                       http_server_options options, http_admission admission,
                       http_handler handler)
    : context_(context), options_(std::move(options)),
      admission_(std::move(admission)), handler_(std::move(handler)),
      acceptor_(context), timer_(context), accept_timer_(context),
      scratch_(scratch_bytes) {
  // nop
}

// -- listening ----------------------------------------------------------------

std::string server_hub::listen() {
  error_code ec;
  const auto address = boost::asio::ip::make_address(options_.address, ec);
  if (ec)
    return "the address to listen on must be an IP address, not \""
           + options_.address + "\"";
  if (options_.tls_certificate_file.empty() != options_.tls_key_file.empty())
    return "TLS needs both a certificate and its key";
  if (!options_.tls_certificate_file.empty()) {
    tls_ = std::make_unique<tls_server_context>();
    if (auto problem =
            tls_->load(options_.tls_certificate_file, options_.tls_key_file);
        !problem.empty())
      return problem;
  }
  const tcp::endpoint where{address, options_.port};
  acceptor_.open(where.protocol(), ec);
  if (!ec)
    acceptor_.set_option(acceptor_type::reuse_address{true}, ec);
  if (!ec && address.is_v6())
    acceptor_.set_option(boost::asio::ip::v6_only{true}, ec);
  if (!ec)
    acceptor_.non_blocking(true, ec);
  if (!ec)
    acceptor_.bind(where, ec);
  if (!ec)
    acceptor_.listen(boost::asio::socket_base::max_listen_connections, ec);
  if (!ec)
    port_ = acceptor_.local_endpoint(ec).port();
  if (ec)
    return "cannot listen on " + options_.address + " port "
           + std::to_string(options_.port) + ": " + ec.message()
           + " - choose another port, or end the program that uses it";
  return {};
}

void server_hub::start_accepting() {
  arm_accept();
}

void server_hub::arm_accept() {
  acceptor_.async_wait(acceptor_type::wait_read,
                       [self = shared_from_this()](error_code ec) {
                         if (!ec && !self->stopping_)
                           self->accept_some();
                       });
}

void server_hub::accept_some() {
  for (auto i = 0; i < accepts_max && !stopping_; ++i) {
    tcp::endpoint peer;
    auto length = static_cast<socklen_t>(peer.capacity());
    const auto fd = ::accept4(acceptor_.native_handle(), peer.data(), &length,
                              SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      peer.resize(length);
      take(fd, peer);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      break;
    const auto no_resources = errno == EMFILE || errno == ENFILE
                              || errno == ENOBUFS || errno == ENOMEM;
    // Other errors are those of a connection that has gone already.
    if (no_resources && !make_room()) {
      pause_accepting();
      return;
    }
  }
  if (!stopping_)
    arm_accept();
}

/// The connections wait in the queue of the system meanwhile.
void server_hub::pause_accepting() {
  accept_timer_.expires_after(accept_pause);
  accept_timer_.async_wait([weak = weak_from_this()](error_code ec) {
    auto self = weak.lock();
    if (self && !ec && !self->stopping_)
      self->arm_accept();
  });
}

void server_hub::take(int fd, const tcp::endpoint& peer) {
  ++counters_.accepted;
  socket_type socket{context_};
  error_code ec;
  socket.assign(peer.protocol(), fd, ec);
  if (ec) {
    ::close(fd);
    return;
  }
  set_options(socket);
  const auto address = peer.address();
  auto session = std::make_shared<server_session>(*this, std::move(socket),
                                                  address.to_string());
  const auto verdict = admit(*session, address);
  if (verdict != admitted::yes) {
    refuse(std::move(session), verdict);
    return;
  }
  ++counters_.open;
  session->list = &unproven_;
  session->place = unproven_.insert(unproven_.end(), session);
  session->start();
}

// -- limits of connections ----------------------------------------------------

server_hub::admitted server_hub::admit(server_session& session,
                                       const boost::asio::ip::address& from) {
  const auto per_peer_max = options_.connections_per_peer_max;
  const auto is_counted =
      per_peer_max != 0
      && (options_.limit_loopback_peers || !from.is_loopback());
  if (is_counted) {
    const auto known = peers_.find(session.peer());
    if (known != peers_.end() && known->second >= per_peer_max)
      return admitted::peer_has_enough;
  }
  const auto open = unproven_.size() + busy_.size() + between_.size();
  if (open >= options_.connections_max && !make_room())
    return admitted::no_room;
  if (is_counted) {
    ++peers_[session.peer()];
    session.counts_as_peer = true;
  }
  return admitted::yes;
}

/// Closes a connection that is owed no answer; false when there is none.
bool server_hub::make_room() {
  auto& list = unproven_.empty() ? between_ : unproven_;
  if (list.empty())
    return false;
  ++counters_.evicted;
  auto oldest = list.front();
  oldest->close();
  return true;
}

void server_hub::refuse(std::shared_ptr<server_session> session, admitted why) {
  ++counters_.refused;
  // With TLS an answer would cost a handshake.
  if (tls_)
    return;
  if (refused_.size() >= refused_max)
    std::shared_ptr<server_session> {
      refused_.front()
      } -> close();
  ++counters_.open;
  session->list = &refused_;
  session->place = refused_.insert(refused_.end(), session);
  auto response =
      why == admitted::no_room
          ? problem(503, "all connections are in use")
          : problem(429, "this address has too many connections open");
  response.fields.push_back({"Retry-After", "1"});
  session->refuse(response);
}

void server_hub::move_to(server_session& s, session_list& list) {
  if (s.list == &refused_)
    return;
  list.splice(list.end(), *s.list, s.place);
  s.list = &list;
}

void server_hub::set_unproven(server_session& s) {
  move_to(s, unproven_);
  // It has had its answer: before those that wait for theirs.
  if (s.list == &unproven_)
    unproven_.splice(unproven_.begin(), unproven_, s.place);
}

void server_hub::set_busy(server_session& s) {
  move_to(s, busy_);
}

void server_hub::set_between(server_session& s) {
  move_to(s, between_);
}

void server_hub::remove(server_session& s) {
  deadlines_.erase(s);
  --counters_.open;
  if (s.counts_as_peer) {
    const auto known = peers_.find(s.peer());
    if (known != peers_.end() && --known->second == 0)
      peers_.erase(known);
  }
  std::exchange(s.list, nullptr)->erase(s.place);
}

// -- time ---------------------------------------------------------------------

const std::string& server_hub::date() {
  const auto now = std::time(nullptr);
  if (now != date_of_) {
    date_of_ = now;
    date_ = date_text(now);
  }
  return date_;
}

void server_hub::set_deadline(server_session& s, clock::time_point at) {
  deadlines_.erase(s);
  s.deadline = at;
  if (at == clock::time_point::max())
    return;
  deadlines_.push(s);
  arm_timer();
}

/// Sets the timer unless it goes off early enough.
void server_hub::arm_timer() {
  if (deadlines_.empty())
    return;
  const auto next = deadlines_.top().deadline;
  if (next >= timer_at_)
    return;
  timer_at_ = next;
  timer_.expires_at(next);
  timer_.async_wait([weak = weak_from_this()](error_code ec) {
    auto self = weak.lock();
    if (self && !ec)
      self->on_timer();
  });
}

void server_hub::on_timer() {
  const auto now = clock::now();
  timer_at_ = clock::time_point::max();
  // Each turn closes a session or moves it beyond `now`.
  while (!deadlines_.empty() && deadlines_.top().deadline <= now) {
    auto due = deadlines_.top().shared_from_this();
    deadlines_.erase(*due);
    due->deadline = clock::time_point::max();
    due->on_deadline();
  }
  arm_timer();
}

// -- the end ------------------------------------------------------------------

void server_hub::stop_accepting() {
  if (std::exchange(stopping_, true))
    return;
  error_code ignored;
  acceptor_.close(ignored);
  accept_timer_.cancel();
  for (auto* list : {&unproven_, &between_}) {
    const auto sessions = *list;
    for (const auto& session : sessions)
      if (session->is_idle())
        session->close();
  }
}

void server_hub::shut_down() {
  stop_accepting();
  // What is closed may close others.
  for (auto* list : {&unproven_, &between_, &busy_, &refused_})
    while (!list->empty())
      std::shared_ptr<server_session> {
        list->front()
        } -> close();
  timer_.cancel();
}

} // namespace brigade::net::detail
