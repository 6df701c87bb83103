#include "brigade/core/policy/restart_intensity.hpp"

namespace brigade::core {

bool restart_intensity::allow(std::int64_t now_ms) {
  while (!at_ms_.empty() && at_ms_.front() <= now_ms - window_ms_)
    at_ms_.pop_front();
  if (at_ms_.size() >= restarts_max_)
    return false;
  at_ms_.push_back(now_ms);
  return true;
}

} // namespace brigade::core
