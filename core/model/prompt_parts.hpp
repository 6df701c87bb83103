/// What the prompts of all roles have in common.
///
/// INTERNAL: included by the files that build prompts.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/model.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace brigade::core {

/// Room for the tags of one block, to reserve memory by.
inline constexpr std::size_t block_bytes = 128;

/// Values of `{{name}}`, not yet escaped.
using raw_values =
    std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Appends a crew's own prompt and a line end, its `{{name}}` replaced. The
/// values come from users and models, so they are escaped like the content of a
/// block.
void append_template(std::string& out, std::string_view text,
                     raw_values values);

/// A request with one system and one user message; the output limit is that of
/// the model. An alias that the crew does not know gets the limit 0: such a
/// model has no price either, so no call is made.
model_request request_of(const crew& c, call_role role,
                         const std::string& model, std::string system,
                         std::string user);

/// The longest prefix of at most `bytes_max` that does not end inside a UTF-8
/// sequence.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);

} // namespace brigade::core
