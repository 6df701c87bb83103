#include "brigade/net/api/run_feed.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace brigade::net::api {

const std::shared_ptr<const std::string>& feed_item::frame() const {
  if (!frame_) {
    std::string out = "id: " + std::to_string(event_->seq) + "\nevent: ";
    out += core::event_name(event_->body);
    out += "\ndata: ";
    out += boost::json::serialize(core::to_json(*event_));
    out += "\n\n";
    frame_ = std::make_shared<const std::string>(std::move(out));
  }
  return frame_;
}

void run_feed::subscription::drop() {
  if (feed_ == nullptr)
    return;
  auto* feed = std::exchange(feed_, nullptr);
  const auto of_run = feed->slots_.find(slot_->run);
  auto& slots = of_run->second;
  *std::find(slots.begin(), slots.end(), slot_) = std::move(slots.back());
  slots.pop_back();
  if (slots.empty())
    feed->slots_.erase(of_run);
  --feed->count_;
  slot_->active = false;
  slot_.reset();
}

run_feed::subscription run_feed::subscribe(const core::run_id& run,
                                           listener on_event) {
  subscription out;
  out.feed_ = this;
  out.slot_ = std::make_shared<slot>(slot{run, std::move(on_event)});
  slots_[run].push_back(out.slot_);
  ++count_;
  return out;
}

void run_feed::publish(const core::run_id& run, const core::event_ptr& e) {
  const auto of_run = slots_.find(run);
  if (of_run == slots_.end())
    return;
  const auto item = std::make_shared<const feed_item>(e);
  // Listeners come and go while they are told.
  const auto now = of_run->second;
  for (const auto& each : now)
    if (each->active)
      each->on_event(item);
}

} // namespace brigade::net::api
