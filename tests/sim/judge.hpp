/// Hands what a simulated world shows to the checkers of the test kit.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/served_call.hpp"

#include "simulation.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace brigade::sim {

class judge {
public:
  void submitted(const core::run_order& order, std::int64_t at_ms);
  void saw(const core::run_id& run, const core::event& e);
  void served(const testkit::served_call& line);
  void answered(const core::run_id& run, const testkit::pending_run& answer);
  void at_rest();

  std::uint64_t hash() const { return hash_; }
  std::vector<violation>& violations() { return violations_; }

private:
  struct run {
    core::run_state state;
    int terminal = 0;
  };
  void mix(std::uint64_t value);
  std::uint64_t hash_ = 1469598103934665603ULL;
  std::vector<violation> violations_;
  std::map<core::run_id, run> runs_;
};

} // namespace brigade::sim
