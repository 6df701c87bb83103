/// The form in which a journal back end stores an event: short, and with the
/// one long text that an event can have beside it, so that equal texts can be
/// stored once.
#pragma once

#include "brigade/core/run/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

struct event_record {
  /// `event_name` of the body.
  std::string_view type;
  /// A JSON object of the members that differ from their defaults.
  std::string data;
  /// The member that is a text: a request, a reply, a result, an answer.
  shared_text text;
};

/// The member of a body that is its long text; null: it has none.
const shared_text* long_text_of(const event_body& body);

event_record to_record(const event_body& body);

/// Reads that form; nothing when it is not exactly that.
std::optional<event_body> body_from_record(std::string_view type,
                                           std::string_view data,
                                           shared_text text);

} // namespace brigade::core
