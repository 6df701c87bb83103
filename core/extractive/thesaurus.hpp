/// Groups of words with one meaning, so that two documents that use different
/// words are still seen to speak of the same thing.
#pragma once

#include "brigade/core/extractive/text.hpp"

#include <string_view>

namespace brigade::core::extractive {

/// How a group may be filled by a name: `led by Maria Keller`.
enum class slot_kind : std::uint8_t {
  /// Not by a name.
  none,
  /// By a person or a firm.
  person,
  /// By a place, after `in`, `at` or `near`.
  place,
  /// By any short phrase after `is` or a colon.
  phrase,
  /// By a date or year.
  event,
};

/// What the word lists know of a stem.
struct word_entry {
  /// The concept of its group, or 0.
  term meaning = 0;
  /// Nonzero for groups of which two words exclude each other.
  std::uint8_t contrast = 0;
  slot_kind slot = slot_kind::none;
  bool stop = false;
  bool weak = false;
  bool negates = false;
};

/// The entry of a stem; an empty one for words in no list.
word_entry look_up(term stem);

/// Whether a concept's group may be filled by a name, and how.
slot_kind slot_of(term meaning);

/// A concept that answers questions about this one too, or 0: `failure` for
/// `risk`.
term related_to(term meaning);

} // namespace brigade::core::extractive
