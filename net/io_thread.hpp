/// The thread that clients do their input and output on.
#pragma once

#include <memory>

namespace boost::asio {
class io_context;
} // namespace boost::asio

namespace brigade::net {

/// Owns an io_context and the one thread that runs it. Several clients may
/// share one. The destructor stops and joins the thread; called on the thread
/// itself (by the last `done` of a client, say) it lets the thread end on its
/// own. Whoever uses the context holds a `shared_ptr` to its `io_thread`.
class io_thread {
public:
  io_thread();
  ~io_thread();

  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  boost::asio::io_context& context() noexcept;

  /// Whether the caller runs on this thread.
  bool is_current() const noexcept;

private:
  struct state;

  std::shared_ptr<state> state_;
};

} // namespace brigade::net
