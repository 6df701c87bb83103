#include "brigade/net/api/run_audience.hpp"

#include <utility>

namespace brigade::net::api {

void run_audience::join(const std::string& client, const core::run_id& run) {
  auto& of_run = seats_[run];
  of_run.client = client;
  of_run.grace.reset();
  ++of_run.taken;
}

void run_audience::leave_answered(const core::run_id& run) {
  const auto found = seats_.find(run);
  if (found != seats_.end() && --found->second.taken == 0)
    seats_.erase(found);
}

void run_audience::leave_gone(const core::run_id& run) {
  const auto found = seats_.find(run);
  if (found == seats_.end() || --found->second.taken > 0)
    return;
  if (keeps_runs_) {
    seats_.erase(found);
    return;
  }
  found->second.grace = std::make_unique<timer>(io_);
  found->second.grace->start(grace_, [this, run] { cancel(run); });
}

void run_audience::keep_runs() {
  keeps_runs_ = true;
  std::erase_if(seats_,
                [](const auto& each) { return each.second.taken == 0; });
}

void run_audience::cancel(const core::run_id& run) {
  const auto client = seats_.at(run).client;
  // The run may have ended meanwhile, which is as well.
  seats_.erase(run);
  runs_.cancel(client, run, "the client went away",
               [](const std::variant<done, refusal>&) {});
}

} // namespace brigade::net::api
