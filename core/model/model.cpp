#include "brigade/core/model/model.hpp"

#include "brigade/core/model/enum_text.hpp"

namespace brigade::core {

namespace {

constexpr std::array<std::string_view, 3> role_names = {"planner", "worker",
                                                        "synthesizer"};

constexpr std::array<std::string_view, 3> finish_names = {"stop", "length",
                                                          "refused"};

} // namespace

std::string_view to_string(call_role role) {
  return enum_text(role_names, role);
}

std::optional<call_role> parse_call_role(std::string_view text) {
  return parse_enum<call_role>(role_names, text);
}

std::string_view to_string(finish_reason reason) {
  return enum_text(finish_names, reason);
}

std::optional<finish_reason> parse_finish_reason(std::string_view text) {
  return parse_enum<finish_reason>(finish_names, text);
}

} // namespace brigade::core
