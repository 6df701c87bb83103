#include "brigade/core/extractive/pairing.hpp"

#include <algorithm>
#include <cmath>

namespace brigade::core::extractive {

namespace {

/// What a common noun behind two counts adds, as if it were a shared word.
constexpr double noun_weight = 1.5;

/// Words that each side has alone say that they speak of different things;
/// words that one side has alone may be mere detail.
constexpr double both_weight = 1.25;
constexpr double one_weight = 0.2;

/// Amounts that differ by more than this factor are seldom of one thing.
constexpr double size_factor_max = 20;
constexpr double size_penalty = 0.55;

/// How near to both values a shared word must stand to say what they are.
constexpr double date_attribute_weight_min = 0.8;
constexpr double other_attribute_weight_min = 0.45;

/// A shared name is a condition more than a proof.
constexpr double entity_share = 0.4;
constexpr double names_max = 0.6;

/// Whether each side names something that the other does not.
bool names_differ(const std::vector<term>& a, const std::vector<term>& b) {
  return !std::includes(a.begin(), a.end(), b.begin(), b.end())
         && !std::includes(b.begin(), b.end(), a.begin(), a.end());
}

bool times_differ(const claim& a, const claim& b) {
  if (a.when.empty() || b.when.empty())
    return false;
  for (auto& x : a.when)
    for (auto& y : b.when)
      // A month is no year: `in 2025` sums up what `in May 2025` does not.
      if ((x.month == 0) == (y.month == 0) && are_comparable(x, y)
          && agree(x, y))
        return false;
  return true;
}

/// The weight of words that stand next to a value.
constexpr double near_weight_min = 0.99;

/// Whether both count the same: a noun of the one is a noun of the other or
/// stands next to its number.
bool counts_match(const claim& a, const claim& b) {
  auto knows = [](const claim& c, term noun) {
    return std::find(c.value.nouns.begin(), c.value.nouns.end(), noun)
               != c.value.nouns.end()
           || std::any_of(c.context.begin(), c.context.end(), [&](auto& t) {
                return t.meaning == noun && !t.is_inherited
                       && t.weight >= near_weight_min;
              });
  };
  auto any = [&knows](const claim& from, const claim& in) {
    return std::any_of(from.value.nouns.begin(), from.value.nouns.end(),
                       [&](term noun) { return knows(in, noun); });
  };
  return any(a, b) || any(b, a);
}

/// Whether a sentence `in` speaks of the first side's key at all: of a word of
/// it that is no verb such as `works` or `supported`.
bool labels_within(const claim& from, const claim& in) {
  if (from.labels.empty() || !in.labels.empty())
    return true;
  static const std::vector<term> soft{
      stem_term("work"), tokenize("support")[0].meaning,
      tokenize("allow")[0].meaning, tokenize("include")[0].meaning,
      tokenize("available")[0].meaning};
  return std::any_of(from.labels.begin(), from.labels.end(), [&](term label) {
    bool is_soft = std::find(soft.begin(), soft.end(), label) != soft.end();
    return !is_soft
           && std::any_of(in.context.begin(), in.context.end(), [&](auto& t) {
                return t.meaning == label && !t.is_inherited;
              });
  });
}

bool differ_in_size(const value& a, const value& b) {
  auto low = std::min(std::abs(a.low), std::abs(b.low));
  auto high = std::max(std::abs(a.high), std::abs(b.high));
  return low * size_factor_max < high;
}

/// Whether the word is what a count counts, which was matched already.
bool is_counted(const claim& c, term meaning) {
  return c.value.kind == value_kind::count
         && std::find(c.value.nouns.begin(), c.value.nouns.end(), meaning)
                != c.value.nouns.end();
}

/// A key or row label must stand around the other value too, when that has
/// one as well.
bool labels_fit(const claim& a, const claim& b) {
  if (a.labels.empty() || b.labels.empty())
    return true;
  auto stands_in = [](const claim& from, const claim& in) {
    return std::any_of(in.context.begin(), in.context.end(), [&](auto& t) {
      return !t.is_inherited
             && std::binary_search(from.labels.begin(), from.labels.end(),
                                   t.meaning);
    });
  };
  return stands_in(a, b) || stands_in(b, a);
}

} // namespace

double same_thing(const claim& a, const std::vector<double>& rare_a,
                  const claim& b, const std::vector<double>& rare_b) {
  if (!are_comparable(a.value, b.value) || names_differ(a.entities, b.entities)
      || times_differ(a, b))
    return 0;
  if (!labels_fit(a, b))
    return 0;
  if (a.value.kind == value_kind::truth
      && (!labels_within(a, b) || !labels_within(b, a)))
    return 0;
  bool is_slot =
      a.value.unit != 0
      && (a.value.kind == value_kind::name || a.value.kind == value_kind::text);
  if (a.value.kind == value_kind::count && !counts_match(a, b))
    return 0;
  auto at = [](const claim& c, auto i) {
    return static_cast<std::size_t>(i - c.context.begin());
  };
  double shared = 0;
  double names = 0;
  double only_a = 0;
  double only_b = 0;
  auto attribute_weight_min = a.value.kind == value_kind::date
                                  ? date_attribute_weight_min
                                  : other_attribute_weight_min;
  bool has_attribute = is_slot;
  std::uint64_t contrast_a = 0;
  std::uint64_t contrast_b = 0;
  auto i = a.context.begin();
  auto j = b.context.begin();
  while (i != a.context.end() || j != b.context.end()) {
    if (j == b.context.end()
        || (i != a.context.end() && i->meaning < j->meaning)) {
      if (!i->is_inherited && !i->is_entity && !is_counted(a, i->meaning))
        only_a += rare_a[at(a, i)] * i->weight;
      contrast_a |= i->is_inherited ? 0 : i->contrast;
      ++i;
    } else if (i == a.context.end() || j->meaning < i->meaning) {
      if (!j->is_inherited && !j->is_entity && !is_counted(b, j->meaning))
        only_b += rare_b[at(b, j)] * j->weight;
      contrast_b |= j->is_inherited ? 0 : j->contrast;
      ++j;
    } else {
      auto weight = std::sqrt(i->weight * j->weight);
      bool name = i->is_entity || j->is_entity;
      (name ? names : shared) += rare_a[at(a, i)] * weight;
      has_attribute |=
          !(i->is_entity && j->is_entity) && weight >= attribute_weight_min;
      ++i;
      ++j;
    }
  }
  if (!has_attribute && a.value.kind == value_kind::count) {
    has_attribute = true;
    shared += noun_weight;
  }
  shared += std::min(names * entity_share, names_max);
  if (is_slot)
    shared += 1;
  if (!has_attribute || (contrast_a & contrast_b) != 0)
    return 0;
  auto both = std::min(only_a, only_b);
  auto one = std::max(only_a, only_b) - both;
  auto result = shared / (shared + both_weight * both + one_weight * one);
  bool is_amount =
      a.value.kind == value_kind::quantity || a.value.kind == value_kind::count;
  if (is_amount && differ_in_size(a.value, b.value))
    result *= size_penalty;
  return a.when.empty() != b.when.empty() ? result * 0.85 : result;
}

} // namespace brigade::core::extractive
