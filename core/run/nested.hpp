/// A run nested in another one: what a subtask becomes when its worker is a
/// crew of its own.
#pragma once

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brigade::core {

/// The order of the run that works on `task`, without id, slice and deadline,
/// which are known once it is granted. Its goal is the subtask; its inputs are
/// the ranges that the subtask names and the results of its dependencies, each
/// a document of its own: they stay data there too (rule S4).
run_order nested_order(const run_order& above, const crew_ptr& crew,
                       const subtask& task,
                       const std::vector<dependency_result>& results);

/// The same for a nested run that was going when its parent's actors ended:
/// from the parent's state. Nothing when the crew has changed too much.
std::optional<run_order> nested_order_again(const run_order& above,
                                            const run_state& state,
                                            const call_state& call);

/// What a request's hash is made of: everything in the order that decides what
/// the nested run does.
std::string nested_body(const run_order& nested);

/// The levels of nested runs that a run may still have below it.
std::uint32_t nesting_left(const run_order& order);

} // namespace brigade::core
