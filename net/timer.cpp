#include "brigade/net/timer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <utility>

namespace brigade::net {

struct timer::state {
  explicit state(std::shared_ptr<io_thread> on)
      : io(std::move(on)), clock(io->context()) {
    // nop
  }

  std::shared_ptr<io_thread> io;
  boost::asio::steady_timer clock;
  /// What was started before is over.
  std::uint64_t round = 0;
};

timer::timer(std::shared_ptr<io_thread> io)
    : state_(std::make_shared<state>(std::move(io))) {
  // nop
}

timer::~timer() {
  stop();
}

void timer::start(std::chrono::milliseconds after, std::function<void()> due) {
  const auto round = ++state_->round;
  state_->clock.expires_after(after);
  state_->clock.async_wait([weak = std::weak_ptr{state_}, round,
                            due = std::move(due)](const auto& failed) {
    const auto self = weak.lock();
    if (!failed && self && self->round == round)
      due();
  });
}

void timer::stop() {
  ++state_->round;
  state_->clock.cancel();
}

void post_to(io_thread& io, std::function<void()> what) {
  boost::asio::post(io.context(), std::move(what));
}

} // namespace brigade::net
