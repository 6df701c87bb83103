/// Splits a goal into the topics that it asks about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// Further topics of a goal are passed over.
inline constexpr std::size_t topics_max = 12;

/// Only this much of a goal is split.
inline constexpr std::size_t goal_read_bytes_max = 4'096;

inline constexpr std::size_t topic_bytes_max = 160;

struct goal_parts {
  /// Questions and noun phrases, in order, without quotes. Empty when the goal
  /// names no subject, as "summarise the documents" does.
  std::vector<std::string> topics;
  /// What pronouns of later topics stand for; may be empty.
  std::string subject;
  /// Asks how documents compare, so that each one counts.
  bool is_comparison = false;
};

goal_parts split_goal(std::string_view goal);

/// Whether a topic leans on the goal's subject: `what are its risks`.
bool leans_on_subject(std::string_view topic);

/// `text` with a capital first letter.
std::string capitalised(std::string_view text);

} // namespace brigade::core::extractive
