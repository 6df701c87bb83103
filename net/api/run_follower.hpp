/// Follows one run: its events of the past, read in pages, then those to come,
/// each once and in sequence, as fast as they are taken.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/run_feed.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace brigade::net::api {

/// Of the server's thread. Keeps itself alive only while an answer is under
/// way.
class run_follower : public std::enable_shared_from_this<run_follower> {
public:
  /// Returns false when no more is wanted before `go_on`.
  using event_sink = std::function<bool(const feed_item_ptr&)>;
  /// The terminal event was given, or the log cannot be read any more.
  using end_sink = std::function<void(const std::optional<refusal>&)>;

  run_follower(backend& from, core::run_id run, std::uint64_t after,
               event_sink on_event, end_sink on_end);

  void start();

  /// After `event_sink` has said no.
  void go_on();

  /// Reads what is there, in case that nobody told of it: another process may
  /// work on the run.
  void look_again();

  /// Nothing is called any more.
  void stop();

  /// The last event that was given.
  std::uint64_t position() const { return position_; }

private:
  void on_live(const feed_item_ptr& item);
  void read_page();
  void on_page(std::variant<std::vector<core::event_ptr>, refusal> page);
  /// False when nothing more may be given now.
  bool give(const feed_item_ptr& item);
  void end(const std::optional<refusal>& why);

  backend& from_;
  core::run_id run_;
  std::uint64_t position_ = 0;
  event_sink on_event_;
  end_sink on_end_;
  run_feed::subscription live_;
  /// The newest event that is known to be there.
  std::uint64_t newest_ = 0;
  int barren_pages_ = 0;
  bool reading_ = false;
  /// In a call for a page, and whether another one is wanted after it.
  bool calling_ = false;
  bool wants_page_ = false;
  bool paused_ = false;
  bool ended_ = false;
};

} // namespace brigade::net::api
