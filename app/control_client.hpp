/// Asking the process that works on a run (control_socket.hpp).
#pragma once

#include "brigade/app/control_message.hpp"

#include <string>
#include <variant>

namespace brigade::app {

/// Nobody answered: a sentence for people.
struct control_silence {
  std::string message;
  /// Nobody listens there: the process is gone, or never did.
  bool gone = false;
};

/// Asks the process that calls itself `owner` in the state directory and waits
/// for its answer, five seconds at most. Blocks.
std::variant<control_answer, control_silence>
ask_owner(const std::string& directory, const std::string& owner,
          const control_request& request);

} // namespace brigade::app
