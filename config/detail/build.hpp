/// The steps from the drafts of a crew file's tables to finished values. Each
/// reports its own faults.
#pragma once

#include "brigade/config/detail/sections.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

/// All tables of a file, read but not yet linked.
struct drafts {
  core::crew crew;
  std::vector<provider_draft> providers;
  std::vector<model_draft> models;
  std::optional<planner_draft> planner;
  std::vector<worker_draft> workers;
  std::optional<synthesizer_draft> synthesizer;
};

/// Reads every table of the document.
drafts read_sections(const context& ctx, const node& root);

/// Turns drafts into models, roles and providers. The result is of use only
/// when no fault was reported.
crew_file link(const context& ctx, drafts parts);

/// The text of a role's prompt, inline or from its file. Nothing when there is
/// none, or after a fault. A `{{name}}` that is not in `names` is a warning.
std::optional<std::string>
read_prompt(const context& ctx, const role_draft& role,
            const std::vector<std::string_view>& names);

/// The price in the keys of a model or tier. Nothing when no key is given, or
/// after a fault.
std::optional<core::price> read_price(const context& ctx,
                                      const model_draft& model);

/// A TOML table as the text of a JSON object whose members may be added to a
/// request. Nothing after a fault.
std::optional<std::string>
read_extra_body(const context& ctx, std::string_view path, const node& from);

/// Reads key and headers into `p.settings`. Without `resolve`, only their form
/// is checked.
void read_secrets(const context& ctx, provider_draft& p, bool resolve);

} // namespace brigade::config::detail
