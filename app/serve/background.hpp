/// Threads for what may block: reading and writing the journal's file.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace brigade::app::serve {

class background {
public:
  /// A job gets the number of the thread that it is on, from 0.
  using job = std::function<void(std::size_t thread)>;

  background(std::size_t threads, std::size_t jobs_max);

  /// Jobs that have not begun are dropped; waits for those that have.
  ~background();

  background(const background&) = delete;
  background& operator=(const background&) = delete;

  /// False when too many jobs wait: this one is not taken. Thread-safe.
  bool post(job what);

private:
  void work(std::size_t thread);

  std::size_t jobs_max_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<job> jobs_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

} // namespace brigade::app::serve
