#include "brigade/app/run_mailbox.hpp"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace brigade::app {

run_mailbox::run_mailbox() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  // nop
}

void run_mailbox::put(core::event_ptr e) {
  std::lock_guard guard{mutex_};
  content_.events.push_back(std::move(e));
  wake();
}

void run_mailbox::put(run_end end) {
  std::lock_guard guard{mutex_};
  content_.end = std::move(end);
  wake();
}

run_mailbox::content run_mailbox::take() {
  std::lock_guard guard{mutex_};
  if (woken_) {
    std::uint64_t count = 0;
    [[maybe_unused]] auto got = ::read(wake_.get(), &count, sizeof(count));
    woken_ = false;
  }
  return std::exchange(content_, {});
}

void run_mailbox::wake() {
  if (woken_) {
    return;
  }
  woken_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] auto put = ::write(wake_.get(), &one, sizeof(one));
}

} // namespace brigade::app
