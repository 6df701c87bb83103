/// The JSON Schema by which a planner is asked for a plan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// Names the schema in a request: `[A-Za-z0-9_-]{1,64}`.
inline constexpr std::string_view plan_schema_name = "brigade_plan";

/// The schema as JSON text, in the subset that every provider with structured
/// output takes: a closed root object, all properties required, optional means
/// nullable, no bounds but in the descriptions. The same arguments give the
/// same bytes.
///
/// `workers` become the enum of `worker`, `input_choices` that of the items of
/// `inputs`; without choices there is no `inputs`. `answer` is there only when
/// `direct_answer` is. `workers` must not be empty.
std::string plan_schema_json(const std::vector<std::string>& workers,
                             const std::vector<std::string>& input_choices,
                             bool direct_answer, std::uint32_t tasks_max);

} // namespace brigade::core
