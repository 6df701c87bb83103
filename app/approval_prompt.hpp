/// Asks somebody at the terminal about a plan.
#pragma once

#include "brigade/app/interrupt.hpp"
#include "brigade/core/run/approval.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace brigade::app {

/// What somebody answers to `Go on? [y]es / [n]o / [e]dit`.
enum class approval_word : std::uint8_t { yes, no, edit, unclear };

/// The first letter counts, in any case. Pure.
approval_word parse_approval_word(std::string_view line);

/// Shows the plan of a run that waits, on stderr, and asks on stdin until there
/// is an answer. An edited plan is shown and asked about in its turn; its
/// faults are listed. Nothing: there is no answer, the run goes on waiting.
/// When its time is over meanwhile, the answer is `expire`.
std::optional<core::approval_decision>
ask_for_approval(const core::run_order& order, const core::run_state& waiting,
                 interrupt_guard& signals, bool ascii);

/// The text as somebody leaves it in $VISUAL or $EDITOR (else `vi`), or why it
/// could not be edited. The file is only the user's while it exists.
std::variant<std::string, std::string> edit_text(const std::string& text,
                                                 const std::string& editor);

} // namespace brigade::app
