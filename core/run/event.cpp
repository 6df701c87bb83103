#include "brigade/core/run/event.hpp"

#include "brigade/core/model/enum_text.hpp"

namespace brigade::core {

namespace {

constexpr std::array<std::string_view, 6> status_names = {
    "running", "succeeded", "partial", "failed", "cancelled", "suspended"};

} // namespace

std::string_view to_string(run_status status) {
  return enum_text(status_names, status);
}

std::optional<run_status> parse_run_status(std::string_view text) {
  return parse_enum<run_status>(status_names, text);
}

std::string_view event_name(const event_body& body) {
  return std::visit([](const auto& alternative) { return alternative.name; },
                    body);
}

} // namespace brigade::core
