#include "brigade/net/api/run_end.hpp"

#include "brigade/net/api/run_feed.hpp"
#include "brigade/net/api/run_follower.hpp"
#include "brigade/net/timer.hpp"

#include <utility>

namespace brigade::net::api {

namespace {

/// Kept by its exchange until that ends.
struct end_waiter {
  explicit end_waiter(const std::shared_ptr<io_thread>& io) : limit(io) {
    // nop
  }

  ~end_waiter() {
    if (follower)
      follower->stop();
  }

  end_waiter(const end_waiter&) = delete;
  end_waiter& operator=(const end_waiter&) = delete;

  void end() {
    limit.stop();
    if (follower)
      follower->stop();
    if (auto call = std::exchange(then, nullptr))
      call();
  }

  timer limit;
  std::shared_ptr<run_follower> follower;
  std::function<void()> then;
};

} // namespace

void await_end(const std::shared_ptr<io_thread>& io, backend& runs,
               const core::run_id& run, std::uint64_t after,
               std::chrono::milliseconds wait,
               const std::shared_ptr<http_exchange>& exchange,
               std::function<void()> then) {
  const auto waiter = std::make_shared<end_waiter>(io);
  waiter->then = std::move(then);
  const std::weak_ptr weak{waiter};
  const auto end = [weak] {
    if (auto self = weak.lock())
      self->end();
  };
  waiter->follower = std::make_shared<run_follower>(
      runs, run, after,
      [end](const feed_item_ptr& item) {
        const auto& body = item->event().body;
        if (std::holds_alternative<core::events::run_suspended>(body))
          end();
        return true;
      },
      [end](const std::optional<refusal>&) { end(); });
  exchange->on_gone([waiter] {
    waiter->then = nullptr;
    waiter->end();
  });
  waiter->limit.start(wait, end);
  waiter->follower->start();
}

} // namespace brigade::net::api
