/// Finds the JSON object of a plan in the text of a model's reply.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

/// A longer reply is refused unread.
inline constexpr std::size_t plan_bytes_max = 1'048'576;

struct plan_text {
  /// The object; nothing when the text holds none, or more than one plan.
  std::optional<boost::json::value> value;
  /// When there is no value: what was found instead and what to answer, for a
  /// model. Holds no text of the reply.
  std::string problem;
};

/// Finds the one JSON object in `text`: the whole text, inside a fence, inside
/// prose, or behind a model's `<think>` text, which is never searched. The
/// JSON itself must be strict: nothing is repaired or completed. If there are
/// several objects, the one with a member `tasks` is meant. Linear in the
/// size of the text. The value's memory comes from `storage`.
plan_text find_plan_text(std::string_view text,
                         boost::json::storage_ptr storage = {});

} // namespace brigade::core
