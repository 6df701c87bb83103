/// Hands the events of runs to those who follow them, on the server's thread.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace brigade::net::api {

/// An event on its way to any number of followers: written out once for all of
/// them. Of one thread.
class feed_item {
public:
  explicit feed_item(core::event_ptr e) : event_(std::move(e)) {
    // nop
  }

  const core::event& event() const { return *event_; }

  /// Its SSE frame: `id`, `event` and `data`, which is the event's JSON form in
  /// one line.
  const std::shared_ptr<const std::string>& frame() const;

private:
  core::event_ptr event_;
  mutable std::shared_ptr<const std::string> frame_;
};

using feed_item_ptr = std::shared_ptr<const feed_item>;

class run_feed {
public:
  using listener = std::function<void(const feed_item_ptr&)>;

private:
  struct slot {
    core::run_id run;
    listener on_event;
    bool active = true;
  };

public:
  /// Ends when it is dropped. The feed must outlive it.
  class subscription {
  public:
    subscription() = default;
    ~subscription() { drop(); }

    subscription(subscription&& other) noexcept
        : feed_(std::exchange(other.feed_, nullptr)),
          slot_(std::move(other.slot_)) {
      // nop
    }

    subscription& operator=(subscription&& other) noexcept {
      std::swap(feed_, other.feed_);
      std::swap(slot_, other.slot_);
      return *this;
    }

    void drop();

  private:
    friend class run_feed;

    run_feed* feed_ = nullptr;
    std::shared_ptr<slot> slot_;
  };

  /// `on_event` gets each event that becomes durable from now on; it may
  /// subscribe and drop subscriptions, its own too.
  subscription subscribe(const core::run_id& run, listener on_event);

  void publish(const core::run_id& run, const core::event_ptr& e);

  std::size_t subscriptions() const { return count_; }

private:
  std::unordered_map<core::run_id, std::vector<std::shared_ptr<slot>>> slots_;
  std::size_t count_ = 0;
};

} // namespace brigade::net::api
