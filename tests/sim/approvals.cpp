// What somebody says of the plans that wait for approval.

#include "world.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace brigade::sim {

namespace {

using core::decision_kind;

/// The plan with its last subtask left out, on which no other one depends.
std::string shorter(const core::plan& p) {
  auto edited = p;
  if (edited.tasks.size() > 1)
    edited.tasks.pop_back();
  else
    edited.tasks.front().context = "Be brief.";
  return boost::json::serialize(core::to_json(edited));
}

constexpr const char* wrong_plan = R"({"analysis":"x","tasks":[
  {"id":"t1","worker":"nobody","description":"x","depends_on":["t2"]}]})";

} // namespace

std::optional<core::approval_decision>
world::decision_for(tracked_order& order, const core::run_order& now) {
  const auto past = state_of(order.order.id);
  core::approval_decision word;
  word.by = "somebody";
  if (!past.awaits_approval()) {
    if (!words_.one_in(16))
      return std::nullopt;
    varied_ = true;
    word.kind = decision_kind::cancel;
    return word;
  }
  if (words_.one_in(4))
    return std::nullopt;
  // Of a seed's plans each has its fate, however many lives it takes.
  testkit::seeded fate{seed_
                       ^ static_cast<std::uint64_t>(&order - orders_.data())};
  const auto choice = fate.below(16);
  order.edit_has_faults.reset();
  if (choice < 7) {
    word.comment = "go on";
  } else if (choice < 12) {
    word.plan_text = choice < 10 ? shorter(*past.plan) : wrong_plan;
    order.edit_has_faults =
        !core::check_edited_plan(now, past, *word.plan_text).empty();
  } else {
    word.kind = choice < 14    ? decision_kind::reject
                : choice == 14 ? decision_kind::expire
                               : decision_kind::cancel;
  }
  return word;
}

void world::check_edit(const tracked_order& order) {
  const auto state = state_of(order.order.id);
  const auto& answer = state.approval_answer;
  if (state.phase != core::run_phase::finished || !order.edit_has_faults
      || !answer || answer->decision != "edited" || state.reason == "internal")
    return;
  if ((state.reason == "plan_rejected") != *order.edit_has_faults)
    found("A1", "a plan that was given instead has "
                    + std::string{*order.edit_has_faults ? "faults" : "none"}
                    + ", and the run ends with \"" + state.reason + "\"");
}

} // namespace brigade::sim
