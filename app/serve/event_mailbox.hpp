/// Takes the events of all runs from the journal's thread to the server's.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace brigade::app::serve {

/// Thread-safe.
class event_mailbox {
public:
  using item = std::pair<core::run_id, core::event_ptr>;

  /// More events that nobody has taken are dropped and counted: who follows a
  /// run sees the gap and reads it from the journal.
  static constexpr std::size_t events_max = 100'000;

  /// Called with the first event after an empty mailbox; must be quick.
  void on_news(std::function<void()> news) {
    std::lock_guard guard{mutex_};
    news_ = std::move(news);
  }

  void put(const core::run_id& run, const core::event_ptr& e) {
    std::function<void()> news;
    {
      std::lock_guard guard{mutex_};
      if (items_.size() >= events_max) {
        ++dropped_;
        return;
      }
      if (items_.empty()) {
        news = news_;
      }
      items_.emplace_back(run, e);
    }
    if (news) {
      news();
    }
  }

  std::vector<item> take() {
    std::lock_guard guard{mutex_};
    return std::exchange(items_, {});
  }

  std::uint64_t dropped() const {
    std::lock_guard guard{mutex_};
    return dropped_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<item> items_;
  std::function<void()> news_;
  std::uint64_t dropped_ = 0;
};

} // namespace brigade::app::serve
