/// `{{name}}` templates, for prompts that people write.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::core {

using template_values =
    std::vector<std::pair<std::string_view, std::string_view>>;

/// Replaces `{{name}}` (spaces inside allowed) by its value. Anything else,
/// JSON braces and unknown names included, stays as it is; values are not
/// expanded again.
std::string render_template(std::string_view text,
                            const template_values& values);

/// The names in `{{name}}` that are not in `known`, each once and in order, for
/// checks of crews.
std::vector<std::string>
unknown_template_names(std::string_view text,
                       const std::vector<std::string_view>& known);

} // namespace brigade::core
