#include "judge.hpp"

#include <variant>

namespace brigade::sim {

void judge::mix(std::uint64_t value) {
  hash_ = (hash_ ^ value) * 0x9e3779b97f4a7c15ULL;
  hash_ ^= hash_ >> 29;
}

void judge::submitted(const core::run_order&, std::int64_t) {
}

void judge::saw(const core::run_id& id, const core::event& e) {
  mix(e.body.index());
  mix(static_cast<std::uint64_t>(e.at_ms));
  mix(e.seq);
  auto& r = runs_[id];
  if (r.terminal)
    violations_.push_back({"L2", std::string{core::event_name(e.body)}
                                   + " after the terminal event of "
                                   + id.text});
  r.state.apply(e);
  mix(static_cast<std::uint64_t>(r.state.spent.value));
  mix(static_cast<std::uint64_t>(r.state.reserved.value));
  if (std::holds_alternative<core::events::run_finished>(e.body))
    ++r.terminal;
  if (!r.state.budget_breached && r.state.estimate == "strict"
      && r.state.spent + r.state.reserved > r.state.ceiling)
    violations_.push_back({"M1", "spent and reserved exceed the ceiling of "
                                   + id.text});
}

void judge::served(const testkit::served_call& line) {
  mix(static_cast<std::uint64_t>(line.billed.value));
}

void judge::answered(const core::run_id&, const testkit::pending_run& answer) {
  mix(answer.report ? 1 : 2);
}

void judge::at_rest() {
}

} // namespace brigade::sim
