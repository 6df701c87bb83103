#include "brigade/core/policy/fair_queue.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core {

fair_queue::verdict fair_queue::check(const std::string& client,
                                      const client_share& share) const {
  const auto at = lanes_.find(client);
  const auto running = at == lanes_.end() ? 0 : at->second.running;
  const auto waiting = at == lanes_.end() ? 0 : at->second.waiting.size();
  // One that can start at once does not wait.
  const bool starts =
      running < share.running_max && running_ < limits_.running_max;
  if (starts && waiting == 0)
    return verdict::accepted;
  if (waiting >= share.waiting_max)
    return verdict::client_full;
  return waiting_ >= limits_.waiting_max ? verdict::queue_full
                                         : verdict::accepted;
}

void fair_queue::add(const std::string& client, const client_share& share,
                     run_id run, bool ready) {
  if (!places_.emplace(run, place{client, false, ready}).second)
    return;
  const auto [at, is_new] = lanes_.try_emplace(client);
  auto& lane = at->second;
  // One that comes back does not pass those who have waited meanwhile.
  if (is_new)
    lane.last_turn = turn_;
  lane.share = share;
  lane.waiting.push_back(std::move(run));
  ++waiting_;
}

void fair_queue::make_ready(const run_id& run) {
  const auto at = places_.find(run);
  if (at != places_.end())
    at->second.ready = true;
}

std::deque<run_id>::iterator fair_queue::first_ready(client_lane& lane) {
  return std::find_if(
      lane.waiting.begin(), lane.waiting.end(),
      [this](const run_id& run) { return places_.at(run).ready; });
}

std::optional<run_id> fair_queue::next() {
  if (running_ >= limits_.running_max || waiting_ == 0)
    return std::nullopt;
  client_lane* best = nullptr;
  for (auto& [client, lane] : lanes_) {
    if (lane.running >= lane.share.running_max
        || first_ready(lane) == lane.waiting.end())
      continue;
    if (best == nullptr
        || std::pair{lane.running, lane.last_turn}
               < std::pair{best->running, best->last_turn})
      best = &lane;
  }
  if (best == nullptr)
    return std::nullopt;
  const auto first = first_ready(*best);
  auto run = std::move(*first);
  best->waiting.erase(first);
  ++best->running;
  best->last_turn = ++turn_;
  --waiting_;
  ++running_;
  places_.at(run).running = true;
  return run;
}

void fair_queue::remove(const run_id& run) {
  const auto at = places_.find(run);
  if (at == places_.end())
    return;
  const auto lane = lanes_.find(at->second.client);
  if (at->second.running) {
    --lane->second.running;
    --running_;
  } else {
    auto& waiting = lane->second.waiting;
    waiting.erase(std::find(waiting.begin(), waiting.end(), run));
    --waiting_;
  }
  if (lane->second.running == 0 && lane->second.waiting.empty())
    lanes_.erase(lane);
  places_.erase(at);
}

bool fair_queue::is_waiting(const run_id& run) const {
  const auto at = places_.find(run);
  return at != places_.end() && !at->second.running && at->second.ready;
}

} // namespace brigade::core
