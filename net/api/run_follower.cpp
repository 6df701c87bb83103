#include "brigade/net/api/run_follower.hpp"

#include <algorithm>
#include <utility>

namespace brigade::net::api {

namespace {

constexpr int barren_pages_max = 3;

} // namespace

run_follower::run_follower(backend& from, core::run_id run, std::uint64_t after,
                           event_sink on_event, end_sink on_end)
    : from_(from), run_(std::move(run)), position_(after),
      on_event_(std::move(on_event)), on_end_(std::move(on_end)) {
  // nop
}

void run_follower::start() {
  if (ended_)
    return;
  // Before the first page: nothing falls between the two.
  live_ = from_.feed().subscribe(
      run_, [weak = weak_from_this()](const feed_item_ptr& item) {
        if (auto self = weak.lock())
          self->on_live(item);
      });
  read_page();
}

void run_follower::go_on() {
  if (!paused_ || ended_)
    return;
  paused_ = false;
  if (!reading_)
    read_page();
}

void run_follower::look_again() {
  if (!ended_ && !paused_ && !reading_)
    read_page();
}

void run_follower::stop() {
  ended_ = true;
  live_.drop();
}

void run_follower::on_live(const feed_item_ptr& item) {
  const auto seq = item->event().seq;
  newest_ = std::max(newest_, seq);
  if (ended_ || reading_ || paused_)
    return;
  if (seq == position_ + 1)
    static_cast<void>(give(item));
  else if (seq > position_)
    read_page();
}

void run_follower::read_page() {
  wants_page_ = true;
  // An answer may come before the call returns: a loop, where a call for each
  // page would need a stack as deep as the log is long.
  if (std::exchange(calling_, true))
    return;
  const auto self = shared_from_this();
  while (std::exchange(wants_page_, false) && !ended_) {
    reading_ = true;
    from_.read(run_, position_,
               [self](auto page) { self->on_page(std::move(page)); });
  }
  calling_ = false;
}

void run_follower::on_page(
    std::variant<std::vector<core::event_ptr>, refusal> page) {
  reading_ = false;
  if (ended_)
    return;
  if (const auto* why = std::get_if<refusal>(&page)) {
    end(*why);
    return;
  }
  const auto& events = std::get<0>(page);
  for (const auto& e : events)
    if (e->seq == position_ + 1 && !give(std::make_shared<const feed_item>(e)))
      return;
  // A page that is not empty may have others behind it. One that is, although
  // there is more, was read before that came, or cannot be read.
  barren_pages_ = events.empty() && newest_ > position_ ? barren_pages_ + 1 : 0;
  if (barren_pages_ > barren_pages_max)
    end(refusal{500, "unreadable", "the run's events cannot be read"});
  else if (!events.empty() || newest_ > position_)
    read_page();
}

bool run_follower::give(const feed_item_ptr& item) {
  position_ = item->event().seq;
  const bool more = on_event_(item);
  if (std::holds_alternative<core::events::run_finished>(item->event().body)) {
    end(std::nullopt);
    return false;
  }
  paused_ = paused_ || !more;
  return !paused_ && !ended_;
}

void run_follower::end(const std::optional<refusal>& why) {
  if (ended_)
    return;
  stop();
  // It may let go of this follower.
  const auto self = shared_from_this();
  on_end_(why);
}

} // namespace brigade::net::api
