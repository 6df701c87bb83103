/// Hands what a simulated world shows to the checkers of the test kit.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/testkit/checkers.hpp"
#include "brigade/testkit/checkers/trace_hash.hpp"
#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/served_call.hpp"

#include "simulation.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace brigade::sim {

class judge {
public:
  explicit judge(std::uint64_t seed);

  void submitted(const core::run_order& order);
  void saw(const core::run_id& run, const core::event& e, std::int64_t now_ms);
  /// The run's number in its brigade, by which its tries are known.
  void numbered(const core::run_id& run, std::uint64_t serial);
  void arrived(const testkit::served_call& line);
  void ended(const testkit::served_call& line);
  void answered(const core::run_id& run, const testkit::pending_run& answer);
  /// An append failed: nothing of any run may become durable any more.
  void journal_failed();
  void stood_still(std::int64_t ms);
  void at_rest(std::size_t open_tries, std::size_t open_orders);

  void found(std::string rule, std::string what);

  std::uint64_t hash() const { return hash_.value(); }

  /// Everything that was found.
  std::vector<violation> violations() const;

private:
  testkit::rule_checkers& checkers_;
  testkit::trace_hash hash_;
  std::set<core::run_id> runs_;
  bool journal_failed_ = false;
  std::vector<violation> found_;
};

} // namespace brigade::sim
