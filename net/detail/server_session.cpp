#include "brigade/net/detail/server_session.hpp"

#include "brigade/net/detail/answer_text.hpp"
#include "brigade/net/detail/server_hub.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace brigade::net::detail {

namespace {

constexpr std::size_t path_bytes_max = 256;

/// What an idle connection may keep for its next request.
constexpr std::size_t idle_bytes_max = 1024;

gate_limits limits_of(const http_server_options& options) {
  return {options.header_bytes_max, options.fields_max,
          options.target_bytes_max};
}

} // namespace

server_session::server_session(server_hub& hub, socket_type socket,
                               std::string peer)
    : hub_(hub.shared_from_this()), socket_(std::move(socket)),
      peer_(std::move(peer)), gate_(limits_of(hub.options())),
      since_(clock::now()) {
  // nop
}

void server_session::start() {
  if (auto* context = hub_->tls()) {
    phase_ = phase::handshaking;
    tls_ = std::make_unique<tls_session>(*context, socket_.native_handle());
  }
  readable_ = true;
  run();
}

void server_session::refuse(const http_response& response) {
  phase_ = phase::answering;
  answer(response, true);
  run();
}

bool server_session::is_idle() const {
  return phase_ == phase::reading_head && gate_.is_empty() && input_.empty();
}

void server_session::close() {
  const auto before = std::exchange(phase_, phase::closed);
  if (before == phase::closed)
    return;
  auto self = shared_from_this();
  hub_->remove(*this);
  if (before == phase::answering)
    record_answer(true);
  tls_.reset();
  input_ = {};
  output_.clear();
  boost::system::error_code ignored;
  socket_.close(ignored);
  // Last: what it calls may end the server.
  if (auto ended = std::exchange(exchange_, nullptr))
    ended->end(false);
}

// -- requests -----------------------------------------------------------------

/// Uses what was received; false when more is needed first.
bool server_session::advance() {
  if (input_.empty())
    return false;
  switch (phase_) {
  case phase::reading_head: {
    if (gate_.is_empty() && requests_ != 0)
      since_ = clock::now();
    input_.erase(0, gate_.feed(input_));
    if (gate_.state() == gate_state::rejected) {
      ++hub_->counters().rejected_by_gate;
      since_ = clock::now();
      reject(gate_.rejection().status, gate_.rejection().reason);
      return true;
    }
    return gate_.state() == gate_state::passed && on_head();
  }
  case phase::reading_body:
    input_.erase(0, body_.feed(input_));
    on_body();
    return phase_ != phase::reading_body;
  case phase::lingering:
    input_.clear();
    return false;
  default:
    return false;
  }
}

bool server_session::on_head() {
  hub_->set_busy(*this);
  ++hub_->counters().requests;
  ++requests_;
  since_ = clock::now();
  head_ = gate_.take();
  head_.request.peer = peer_;
  head_.request.tls = tls_ != nullptr;
  phase_ = phase::reading_body;
  http_verdict verdict = problem(500, "the request could not be judged");
  try {
    verdict = hub_->admission()(head_.request);
  } catch (...) {
    // Its own failure must not end the daemon; the answer is the 500.
  }
  if (phase_ == phase::closed)
    return false;
  if (auto* refusal = std::get_if<http_response>(&verdict)) {
    answer(std::move(*refusal), head_.has_body());
    return true;
  }
  const auto bytes_max = *std::get_if<std::size_t>(&verdict);
  body_ = head_.chunked
              ? body_reader::of_chunks(bytes_max)
              : body_reader::of_length(head_.content_bytes, bytes_max);
  if (head_.expects_continue && input_.empty()
      && body_.state() == body_state::wants_more)
    output_.push_back({"HTTP/1.1 100 Continue\r\n\r\n", {}, false, false});
  on_body();
  return true;
}

void server_session::on_body() {
  switch (body_.state()) {
  case body_state::wants_more:
    return;
  case body_state::complete:
    dispatch();
    return;
  case body_state::too_large:
    reject(413, "the body is larger than is taken here");
    return;
  case body_state::bad:
    reject(400, "the body is not in proper chunks");
    return;
  }
}

void server_session::dispatch() {
  phase_ = phase::answering;
  head_.request.body = body_.take();
  omits_body_ = head_.request.method == "HEAD";
  exchange_ = std::make_shared<exchange>(
      *this, std::move(head_.request), hub_->options().stream_queue_bytes_max);
  try {
    hub_->handler()(std::make_shared<exchange_handle>(exchange_));
  } catch (...) {
    // The handle is gone, which is answered with 500.
  }
  if (phase_ != phase::closed)
    take_news();
}

// -- answers ------------------------------------------------------------------

void server_session::reject(int status, std::string_view reason) {
  answer(problem(status, reason), true);
}

bool server_session::must_close() const {
  const auto requests_max = hub_->options().requests_per_connection_max;
  return !head_.keep_alive || hub_->is_stopping() || peer_ended_
         || (requests_max != 0 && requests_ >= requests_max);
}

void server_session::push_head(const http_response& response, body_framing kind,
                               std::size_t body_bytes) {
  status_ = usable_status(response.status);
  close_after_ = close_after_ || response.close || must_close()
                 || kind == body_framing::until_close;
  output_.push_back(
      {head_text(response, {kind, body_bytes, close_after_}, hub_->date()),
       {},
       false,
       false});
}

/// A whole answer.
void server_session::answer(http_response response, bool close) {
  phase_ = phase::answering;
  close_after_ = close;
  omits_body_ = omits_body_ || head_.request.method == "HEAD";
  const auto bytes = response.shared_body ? response.shared_body->size()
                                          : response.body.size();
  const auto has_body = !is_bodiless(usable_status(response.status));
  push_head(response, has_body ? body_framing::length : body_framing::none,
            bytes);
  if (has_body && !omits_body_ && bytes != 0)
    output_.push_back({std::move(response.body),
                       std::move(response.shared_body), true, false});
  answer_ended_ = true;
}

void server_session::post_news() {
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == phase::answering && self->exchange_)
      self->take_news();
    if (self->phase_ != phase::closed)
      self->run();
  });
}

void server_session::take_news() {
  auto news = exchange_->take_news();
  if (news.fell_behind)
    ++hub_->counters().streams_dropped;
  if (news.closed) {
    close();
    return;
  }
  if (news.head && !news.is_stream) {
    answer(std::move(*news.head), false);
    return;
  }
  asks_drained_ = asks_drained_ || news.asks_drained;
  if (news.head) {
    const auto old = exchange_->request().version_minor == 0;
    const auto has_body = !is_bodiless(usable_status(news.head->status));
    is_chunked_ = !old;
    omits_body_ = omits_body_ || !has_body;
    push_head(*news.head,
              !has_body ? body_framing::none
              : old     ? body_framing::until_close
                        : body_framing::chunked,
              0);
    answer_ended_ = omits_body_;
  }
  push_chunks(news);
}

void server_session::push_chunks(exchange::news& news) {
  for (auto& chunk : news.chunks) {
    const auto bytes = chunk->size();
    if (omits_body_) {
      exchange_->on_sent(bytes);
      continue;
    }
    asks_drained_ = true;
    if (is_chunked_)
      output_.push_back({chunk_head(bytes), {}, false, false});
    output_.push_back({{}, std::move(chunk), true, true});
    if (is_chunked_)
      output_.push_back({"\r\n", {}, false, false});
  }
  if (!news.finished || answer_ended_)
    return;
  if (is_chunked_)
    output_.push_back({"0\r\n\r\n", {}, false, false});
  answer_ended_ = true;
}

/// All of the answer was handed to the socket.
void server_session::finish_answer() {
  record_answer(false);
  auto ended = std::exchange(exchange_, nullptr);
  status_ = 0;
  body_bytes_ = 0;
  answer_ended_ = false;
  asks_drained_ = false;
  is_chunked_ = false;
  omits_body_ = false;
  head_ = {};
  body_ = {};
  // The server may have begun to stop after the head was sent.
  if (close_after_ || hub_->is_stopping()) {
    linger();
  } else {
    phase_ = phase::reading_head;
    since_ = clock::now();
    if (input_.empty() && input_.capacity() > idle_bytes_max)
      input_ = {};
    hub_->set_between(*this);
  }
  // Last: what it releases may end the server.
  if (ended)
    ended->end(true);
}

void server_session::record_answer(bool cut_off) {
  const auto& log = hub_->options().on_access;
  if (!log)
    return;
  const auto& request = exchange_ ? exchange_->request() : head_.request;
  std::string_view path = request.target;
  path = path.substr(0, std::min(path.find('?'), path_bytes_max));
  log({request.method, path, peer_, status_, body_bytes_,
       std::chrono::duration_cast<std::chrono::microseconds>(clock::now()
                                                             - since_),
       cut_off});
}

} // namespace brigade::net::detail
