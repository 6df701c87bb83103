#include "brigade/net/detail/exchange.hpp"

#include "brigade/net/detail/answer_text.hpp"
#include "brigade/net/detail/server_session.hpp"

#include <utility>

namespace brigade::net::detail {

exchange::exchange(server_session& owner, http_request request,
                   std::size_t queue_bytes_max)
    : request_(std::move(request)), queue_bytes_max_(queue_bytes_max),
      owner_(&owner) {
  // nop
}

// -- from any thread ----------------------------------------------------------

/// With the lock. The owner lives as long as it has not parted from us.
void exchange::wake() {
  if (!std::exchange(awake_, true))
    owner_->post_news();
}

void exchange::respond(http_response response) {
  std::lock_guard guard{mutex_};
  if (!owner_ || answer_ != answer::none)
    return;
  answer_ = answer::whole;
  news_.head = std::move(response);
  wake();
}

void exchange::start_stream(http_response head) {
  std::lock_guard guard{mutex_};
  if (!owner_ || answer_ != answer::none)
    return;
  answer_ = answer::stream;
  news_.head = std::move(head);
  news_.is_stream = true;
  wake();
}

void exchange::write(shared_chunk chunk) {
  // An empty chunk would end the stream.
  if (!chunk || chunk->empty())
    return;
  std::lock_guard guard{mutex_};
  if (!owner_ || answer_ != answer::stream || news_.finished || news_.closed)
    return;
  // Only this function adds, so the sum below cannot grow meanwhile.
  if (chunk->size() > queue_bytes_max_
      || queued_bytes_ > queue_bytes_max_ - chunk->size()) {
    news_.closed = true;
    news_.fell_behind = true;
  } else {
    queued_bytes_ += chunk->size();
    news_.chunks.push_back(std::move(chunk));
  }
  wake();
}

void exchange::finish() {
  std::lock_guard guard{mutex_};
  if (!owner_ || answer_ != answer::stream)
    return;
  // No more chunks are taken.
  answer_ = answer::whole;
  news_.finished = true;
  wake();
}

void exchange::on_drained(std::function<void()> drained) {
  // Destroyed without the lock: it may hold the last handle.
  std::function<void()> former;
  std::lock_guard guard{mutex_};
  if (!owner_)
    return;
  former = std::exchange(on_drained_, std::move(drained));
  news_.asks_drained = true;
  wake();
}

void exchange::on_gone(std::function<void()> gone) {
  std::function<void()> former;
  {
    std::lock_guard guard{mutex_};
    if (owner_) {
      former = std::exchange(on_gone_, std::move(gone));
      return;
    }
    if (!gone_)
      return;
  }
  if (gone)
    gone();
}

void exchange::close() {
  std::lock_guard guard{mutex_};
  if (!owner_)
    return;
  news_.closed = true;
  wake();
}

void exchange::abandon() {
  respond(problem(500, "the request was not answered"));
  std::lock_guard guard{mutex_};
  if (!owner_ || answer_ != answer::stream)
    return;
  news_.closed = true;
  wake();
}

// -- on the server's thread ---------------------------------------------------

exchange::news exchange::take_news() {
  std::lock_guard guard{mutex_};
  awake_ = false;
  auto is_closed = news_.closed;
  auto result = std::exchange(news_, {});
  news_.closed = is_closed;
  return result;
}

void exchange::call_drained() {
  if (queued_bytes_ != 0)
    return;
  std::function<void()> drained;
  {
    std::lock_guard guard{mutex_};
    drained = on_drained_;
  }
  if (drained)
    drained();
}

void exchange::end(bool complete) {
  std::function<void()> drained;
  std::function<void()> gone;
  {
    std::lock_guard guard{mutex_};
    owner_ = nullptr;
    gone_ = !complete;
    news_ = {};
    queued_bytes_ = 0;
    drained = std::exchange(on_drained_, {});
    gone = std::exchange(on_gone_, {});
  }
  if (gone && !complete)
    gone();
}

// -- the handle ---------------------------------------------------------------

exchange_handle::exchange_handle(std::shared_ptr<exchange> core)
    : core_(std::move(core)) {
  // nop
}

exchange_handle::~exchange_handle() {
  core_->abandon();
}

const http_request& exchange_handle::request() const {
  return core_->request();
}

void exchange_handle::respond(http_response response) {
  core_->respond(std::move(response));
}

void exchange_handle::start_stream(http_response head) {
  core_->start_stream(std::move(head));
}

void exchange_handle::write(shared_chunk chunk) {
  core_->write(std::move(chunk));
}

std::size_t exchange_handle::queued_bytes() const {
  return core_->queued_bytes();
}

void exchange_handle::finish() {
  core_->finish();
}

void exchange_handle::on_drained(std::function<void()> drained) {
  core_->on_drained(std::move(drained));
}

void exchange_handle::on_gone(std::function<void()> gone) {
  core_->on_gone(std::move(gone));
}

void exchange_handle::close() {
  core_->close();
}

} // namespace brigade::net::detail
