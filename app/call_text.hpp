/// What was sent to a model and what it answered, as people read it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// A part of a request: who says it, and what.
struct spoken_part {
  /// `system`, `user`, `assistant`, ...; `settings` for the rest of the body;
  /// `body` for one that is no request to a model.
  std::string role;
  std::string text;
};

/// The messages of a body with `messages` of `role` and `content`, which is a
/// text or a list of parts, then its other members as one line of JSON. Any
/// other body is one part. Nothing here is made safe for a terminal.
std::vector<spoken_part> request_parts(std::string_view body);

/// JSON is indented; other text stays as it is.
std::string readable(std::string_view text);

} // namespace brigade::app
