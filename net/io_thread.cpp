#include "brigade/net/io_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <thread>

namespace brigade::net {

namespace asio = boost::asio;

struct io_thread::state {
  // The hint of one thread lets Asio skip some of its locking.
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{
      context.get_executor()};
  std::thread thread;
};

io_thread::io_thread() : state_(std::make_shared<state>()) {
  // The thread keeps the context alive until it has left it.
  state_->thread = std::thread{[kept = state_] { kept->context.run(); }};
}

io_thread::~io_thread() {
  state_->guard.reset();
  state_->context.stop();
  if (is_current())
    state_->thread.detach();
  else
    state_->thread.join();
}

boost::asio::io_context& io_thread::context() noexcept {
  return state_->context;
}

bool io_thread::is_current() const noexcept {
  return std::this_thread::get_id() == state_->thread.get_id();
}

} // namespace brigade::net
