#include "brigade/app/serve/background.hpp"

#include <exception>
#include <utility>

namespace brigade::app::serve {

background::background(std::size_t threads, std::size_t jobs_max)
    : jobs_max_(jobs_max) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, i] { work(i); });
  }
}

background::~background() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
  }
  news_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
}

bool background::post(job what) {
  {
    std::lock_guard guard{mutex_};
    if (ending_ || jobs_.size() >= jobs_max_) {
      return false;
    }
    jobs_.push_back(std::move(what));
  }
  news_.notify_one();
  return true;
}

void background::work(std::size_t thread) {
  for (;;) {
    job next;
    {
      std::unique_lock guard{mutex_};
      news_.wait(guard, [this] { return ending_ || !jobs_.empty(); });
      if (ending_) {
        return;
      }
      next = std::move(jobs_.front());
      jobs_.pop_front();
    }
    try {
      next(thread);
    } catch (const std::exception&) {
      // Memory that one job needed; whoever waits for it is answered by the end
      // of what it holds.
    }
  }
}

} // namespace brigade::app::serve
