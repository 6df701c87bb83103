/// What documents claim, and where two of them claim different things.
#pragma once

#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/values.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace brigade::core::extractive {

/// At most this many claims are compared; the rest is passed over.
inline constexpr std::size_t claims_max = 6'000;

/// A word of a claim's context.
struct context_term {
  term meaning = 0;
  /// 1 next to the value, less behind commas and in headings.
  double weight = 0;
  /// See `contrast_bits`.
  std::uint64_t contrast = 0;
  bool is_entity = false;
  /// From a heading or the sentence before.
  bool is_inherited = false;
};

/// A value that a unit gives to something.
struct claim {
  std::size_t document = 0;
  std::size_t unit = 0;
  core::extractive::value value;
  /// What the value belongs to, sorted by meaning, each once.
  std::vector<context_term> context;
  /// The proper names it is about, sorted; those of the sentence before or of
  /// headings when the sentence has none of its own.
  std::vector<term> entities;
  /// Of a row or pair: the row's first cell or the key, sorted.
  std::vector<term> labels;
  /// Years and the like that say when the value holds, as dates.
  std::vector<core::extractive::value> when;
};

/// The claims of some documents, in source order.
std::vector<claim> find_claims(const std::vector<document>& docs);

/// One of the sides of a conflict.
struct conflict_side {
  /// The value as written.
  std::string shown;
  /// Index into the claims; more than one when documents share the side.
  std::vector<std::size_t> claims;
};

/// Statements about one thing with different values.
struct conflict {
  /// What it is about, in the first side's words.
  std::string subject;
  /// 0 to 1: how sure it is that both sides speak of one thing.
  double score = 0;
  /// At least two.
  std::vector<conflict_side> sides;
};

/// Conflicts between different documents, in source order of their first side.
std::vector<conflict> find_conflicts(const std::vector<document>& docs,
                                     const std::vector<claim>& claims);

} // namespace brigade::core::extractive
