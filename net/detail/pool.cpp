#include "brigade/net/detail/pool.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace brigade::net::detail {

namespace {

using boost::system::error_code;
using core::outcome_code;
using namespace std::chrono_literals;

constexpr std::size_t scratch_bytes = 64u << 10;

/// Keeps sums of times far from overflow.
constexpr std::chrono::milliseconds time_limit_max = 24h;

} // namespace

pool::pool(boost::asio::io_context& context, http_client_options options)
    : context_(context), options_(std::move(options)), timer_(context),
      resolver_(context), scratch_(scratch_bytes) {
  const auto& target = options_.target;
  if (!target.host_is_address)
    return;
  error_code ec;
  auto address = boost::asio::ip::make_address(target.host, ec);
  addresses_ = std::make_shared<const std::vector<tcp::endpoint>>(
      1, tcp::endpoint{address, target.port});
  addresses_until_ = clock::time_point::max();
}

// -- from any thread ----------------------------------------------------------

void pool::send(std::uint64_t id, core::shared_text body,
                std::chrono::milliseconds time_limit,
                std::function<void(core::outcome)> done) {
  operation op;
  op.subject.id = id;
  op.subject.body = std::move(body);
  op.subject.time_limit = std::clamp(time_limit, 0ms, time_limit_max);
  if (options_.call_timeout > 0ms)
    op.subject.time_limit =
        std::min(op.subject.time_limit, options_.call_timeout);
  op.subject.deadline = clock::now() + op.subject.time_limit;
  op.subject.done = std::move(done);
  push(std::move(op));
}

void pool::cancel(std::uint64_t id) {
  {
    std::lock_guard guard{mutex_};
    for (auto& op : queue_) {
      if (op.subject.id == id && !op.is_cancel) {
        op.is_cancelled = true;
        return;
      }
    }
  }
  operation op;
  op.subject.id = id;
  op.is_cancel = true;
  push(std::move(op));
}

void pool::push(operation op) {
  {
    std::lock_guard guard{mutex_};
    queue_.push_back(std::move(op));
    // One wake-up for all that is pushed before the thread comes.
    if (std::exchange(drain_posted_, true))
      return;
  }
  boost::asio::post(context_, [self = shared_from_this()] { self->drain(); });
}

// -- calls --------------------------------------------------------------------

/// A `done` may shut the pool down, which drains the rest of the batch before
/// the outer loop sees it again.
void pool::drain() {
  {
    std::lock_guard guard{mutex_};
    if (batch_.empty())
      batch_.swap(queue_);
    else
      std::move(queue_.begin(), queue_.end(), std::back_inserter(batch_));
    queue_.clear();
    drain_posted_ = false;
  }
  while (batch_next_ < batch_.size()) {
    auto op = std::move(batch_[batch_next_++]);
    if (op.is_cancel) {
      if (auto i = calls_.find(op.subject.id); i != calls_.end())
        std::shared_ptr {
          i->second
          } -> cancel();
    } else if (op.is_cancelled) {
      refuse(std::move(op.subject), "cancelled before it was sent");
    } else {
      start(std::move(op.subject));
    }
  }
  batch_.clear();
  batch_next_ = 0;
}

void pool::refuse(call c, std::string_view why) {
  core::outcome result;
  result.code = outcome_code::not_sent;
  result.message = "provider " + options_.name + ": " + std::string{why};
  c.done(std::move(result));
}

void pool::start(call c) {
  if (stopped_)
    return refuse(std::move(c), "the client was shut down");
  if (c.deadline <= clock::now())
    return refuse(std::move(c), "the deadline has passed before it was sent");
  if (calls_.contains(c.id))
    return refuse(std::move(c), "another call has the same id");
  if (calls_.size() >= options_.connections_max)
    return refuse(std::move(c), "more than "
                                    + std::to_string(options_.connections_max)
                                    + " calls at once (connections_max)");
  auto id = c.id;
  if (auto idle = take_idle()) {
    calls_.emplace(id, idle);
    idle->reuse(std::move(c));
    return;
  }
  auto fresh = std::make_shared<connection>(*this, context_.get_executor());
  calls_.emplace(id, fresh);
  fresh->open(std::move(c));
}

void pool::finish(connection& c, core::outcome result, bool reusable) {
  // `done` may destroy the client.
  auto self = shared_from_this();
  auto kept = c.shared_from_this();
  deadlines_.erase(c);
  auto finished = c.take_call();
  calls_.erase(finished.id);
  if (reusable && !stopped_ && idle_.size() < options_.idle_connections_max) {
    c.become_idle(clock::now());
    idle_.push_back(kept);
    arm_timer();
  } else {
    c.close();
  }
  finished.done(std::move(result));
}

// -- idle connections ---------------------------------------------------------

std::shared_ptr<connection> pool::take_idle() {
  while (!idle_.empty()) {
    auto last = std::move(idle_.back());
    idle_.pop_back();
    // The peer may have hung up without our having been told yet.
    if (last->is_quiet())
      return last;
    last->close();
  }
  return nullptr;
}

void pool::on_idle_readable(connection& c) {
  if (c.is_quiet()) {
    c.become_idle(c.idle_since());
    return;
  }
  auto kept = c.shared_from_this();
  std::erase(idle_, kept);
  c.close();
}

void pool::close_overdue_idle(clock::time_point now) {
  auto first_kept =
      std::find_if(idle_.begin(), idle_.end(), [&](const auto& item) {
        return item->idle_since() + options_.pooled_idle_timeout > now;
      });
  std::for_each(idle_.begin(), first_kept,
                [](const auto& item) { item->close(); });
  idle_.erase(idle_.begin(), first_kept);
}

// -- time ---------------------------------------------------------------------

void pool::set_deadline(connection& c, clock::time_point at) {
  deadlines_.erase(c);
  c.deadline = at;
  deadlines_.push(c);
  arm_timer();
}

/// Sets the timer unless it goes off early enough. When it goes off with
/// nothing due it is set again, so a call that ends in time costs no timer.
void pool::arm_timer() {
  auto next = clock::time_point::max();
  if (!deadlines_.empty())
    next = deadlines_.top().deadline;
  if (!idle_.empty())
    next = std::min(next,
                    idle_.front()->idle_since() + options_.pooled_idle_timeout);
  if (next >= timer_at_)
    return;
  timer_at_ = next;
  timer_.expires_at(next);
  timer_.async_wait([weak = weak_from_this()](error_code ec) {
    auto self = weak.lock();
    if (!ec && self)
      self->on_timer();
  });
}

void pool::on_timer() {
  auto now = clock::now();
  timer_at_ = clock::time_point::max();
  // Each turn takes one call out of the heap or moves it beyond `now`.
  while (!deadlines_.empty() && deadlines_.top().deadline <= now)
    deadlines_.top().shared_from_this()->on_deadline();
  close_overdue_idle(now);
  if (!stopped_)
    arm_timer();
}

// -- addresses ----------------------------------------------------------------

void pool::resolve(std::shared_ptr<connection> asker) {
  if (addresses_ && clock::now() < addresses_until_)
    return asker->on_resolved(addresses_, {});
  resolving_.push_back(std::move(asker));
  if (resolving_.size() > 1)
    return;
  resolver_.async_resolve(
      options_.target.host, std::to_string(options_.target.port),
      tcp::resolver::numeric_service,
      [weak = weak_from_this()](error_code ec,
                                const resolver_type::results_type& results) {
        if (auto self = weak.lock())
          self->on_resolved(ec, results);
      });
}

void pool::on_resolved(const error_code& ec,
                       const resolver_type::results_type& results) {
  auto found = std::make_shared<std::vector<tcp::endpoint>>();
  for (const auto& entry : results) {
    // Whatever a resolver says of `localhost`: without TLS the key stays on
    // this machine.
    if (options_.target.tls || entry.endpoint().address().is_loopback())
      found->push_back(entry.endpoint());
  }
  addresses_.reset();
  if (!found->empty()) {
    addresses_ = std::move(found);
    addresses_until_ = clock::now() + options_.resolve_ttl;
  }
  auto problem = ec ? "the name cannot be resolved: " + ec.message()
                    : std::string{"the name has no usable address"};
  auto addresses = addresses_;
  for (auto& asker : std::exchange(resolving_, {}))
    asker->on_resolved(addresses, problem);
}

void pool::forget_addresses() {
  if (!options_.target.host_is_address)
    addresses_.reset();
}

tls_context* pool::tls() {
  if (!tls_) {
    auto made = std::make_unique<tls_context>();
    if (!made->load(options_.ca_file))
      return nullptr;
    tls_ = std::move(made);
  }
  return tls_.get();
}

// -- the end ------------------------------------------------------------------

void pool::shut_down() {
  auto self = shared_from_this();
  stopped_ = true;
  drain();
  // Each turn takes one call out.
  while (!calls_.empty())
    std::shared_ptr {
      calls_.begin()->second
      } -> cancel();
  for (auto& item : std::exchange(idle_, {}))
    item->close();
  timer_.cancel();
  resolver_.cancel();
}

} // namespace brigade::net::detail
