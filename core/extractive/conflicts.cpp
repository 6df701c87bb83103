// Pairs claims of different documents that speak of one thing.
#include "brigade/core/extractive/facts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace brigade::core::extractive {

namespace {

/// Pairs below this score are not about one thing.
constexpr double score_min = 0.55;

/// Yes and no need nearly the same words around them.
constexpr double truth_score_min = 0.72;

/// A pair that agrees and scores this share of the best one settles the claim.
constexpr double agreement_share = 0.8;

/// What a common noun behind two counts adds, as if it were a shared word.
constexpr double noun_weight = 1.5;

/// Words that each side has alone say that they speak of different things;
/// words that one side has alone may be mere detail.
constexpr double both_weight = 1.25;
constexpr double one_weight = 0.2;

/// Quantities that differ by more than this factor are seldom of one thing.
constexpr double size_factor_max = 20;

/// A shared name is a condition more than a proof.
constexpr double entity_share = 0.4;
constexpr double names_max = 0.6;

/// One claim is compared with at most this many others.
constexpr std::size_t candidates_max = 192;
constexpr std::size_t posting_max = 512;

constexpr std::size_t conflicts_max = 200;
constexpr std::size_t subject_words_max = 6;

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
      if (are_comparable(x, y) && agree(x, y))
        return false;
  return true;
}

bool counts_match(const claim& a, const claim& b) {
  auto knows = [](const claim& c, term noun) {
    return std::find(c.value.nouns.begin(), c.value.nouns.end(), noun)
             != c.value.nouns.end()
           || std::any_of(c.context.begin(), c.context.end(), [&](auto& t) {
                return t.meaning == noun && !t.is_inherited;
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

class matcher {
public:
  matcher(const std::vector<document>& docs, const std::vector<claim>& claims)
    : docs_(docs), claims_(claims), parent_(claims.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    for (auto& c : claims)
      for (auto& t : c.context)
        if (!t.is_inherited)
          ++df_[t.meaning];
    for (auto& c : claims) {
      rarities_.emplace_back();
      for (auto& t : c.context)
        rarities_.back().push_back(rarity(t.meaning));
    }
    for (std::size_t i = 0; i < claims.size(); ++i)
      for (auto& t : claims[i].context)
        if (!t.is_inherited && !(t.is_entity && is_common(t.meaning))) {
          auto& list = postings_[posting_key(claims[i], t.meaning)];
          if (list.size() < posting_max)
            list.push_back(i);
        }
    for (std::size_t i = 0; i < claims.size(); ++i)
      for (auto noun : claims[i].value.nouns) {
        auto& list = postings_[posting_key(claims[i], noun)];
        if (list.size() < posting_max && (list.empty() || list.back() != i))
          list.push_back(i);
      }
  }

  std::vector<conflict> run() {
    std::vector<std::vector<match>> matches;
    for (std::size_t i = 0; i < claims_.size(); ++i)
      matches.push_back(matches_of(i));
    for (std::size_t i = 0; i < claims_.size(); ++i)
      for (auto& m : matches[i])
        if (i < m.other && is_conflict(i, m, matches))
          join(i, m);
    return groups();
  }

private:
  struct match {
    std::size_t other = 0;
    double score = 0;
    bool agrees = false;
  };

  static term posting_key(const claim& c, term meaning) {
    return meaning * 31 + c.value.unit * 7
           + static_cast<term>(c.value.kind) * 0x9E3779B97F4A7C15ull;
  }

  bool is_common(term meaning) const {
    auto i = df_.find(meaning);
    return i != df_.end() && i->second * 4 > claims_.size();
  }

  double rarity(term meaning) const {
    auto i = df_.find(meaning);
    auto df = i == df_.end() ? 1.0 : static_cast<double>(i->second);
    auto n = static_cast<double>(claims_.size());
    return std::clamp(std::log(1 + n / df), 0.4, 2.5);
  }

  std::vector<match> matches_of(std::size_t index) const {
    auto& c = claims_[index];
    std::vector<std::size_t> candidates;
    auto words = c.value.nouns;
    for (auto& t : c.context)
      if (!t.is_inherited)
        words.push_back(t.meaning);
    for (auto word : words) {
      auto i = postings_.find(posting_key(c, word));
      if (i == postings_.end())
        continue;
      for (auto other : i->second)
        if (claims_[other].document != c.document
            && !(c.value.kind == value_kind::truth
                 && c.value.low == claims_[other].value.low))
          candidates.push_back(other);
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()),
                     candidates.end());
    if (candidates.size() > candidates_max)
      candidates.resize(candidates_max);
    std::vector<match> result;
    for (auto other : candidates) {
      auto value = score(index, other);
      // Keys of yes and no are short; sentences must be alike.
      bool is_loose = c.value.kind == value_kind::truth && c.labels.empty()
                      && claims_[other].labels.empty();
      auto floor = is_loose ? truth_score_min : score_min;
      if (value >= floor)
        result.push_back(
          {other, value, agree(c.value, claims_[other].value)});
    }
    return result;
  }

  /// Whether the word is what a count counts, which was matched already.
  static bool is_counted(const claim& c, term meaning) {
    return c.value.kind == value_kind::count
           && std::find(c.value.nouns.begin(), c.value.nouns.end(), meaning)
                != c.value.nouns.end();
  }

  /// A key or row label must stand around the other value too, when that has
  /// one as well.
  static bool labels_fit(const claim& a, const claim& b) {
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

  /// How sure it is that two claims give values to one thing, 0 to 1.
  double score(std::size_t index_a, std::size_t index_b) const {
    auto& a = claims_[index_a];
    auto& b = claims_[index_b];
    if (!are_comparable(a.value, b.value) || names_differ(a.entities, b.entities)
        || times_differ(a, b))
      return 0;
    if (!labels_fit(a, b))
      return 0;
    if (a.value.kind == value_kind::truth
        && (!labels_within(a, b) || !labels_within(b, a)))
      return 0;
    bool is_slot = a.value.unit != 0
                   && (a.value.kind == value_kind::name
                       || a.value.kind == value_kind::text);
    if (a.value.kind == value_kind::count && !counts_match(a, b))
      return 0;
    auto& rare_a = rarities_[index_a];
    auto& rare_b = rarities_[index_b];
    auto at = [](const claim& c, auto i) {
      return static_cast<std::size_t>(i - c.context.begin());
    };
    double shared = 0;
    double names = 0;
    double only_a = 0;
    double only_b = 0;
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
        has_attribute |= !(i->is_entity && j->is_entity) && weight >= 0.45;
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
    auto result
      = shared / (shared + both_weight * both + one_weight * one);
    if (a.value.kind == value_kind::quantity && differ_in_size(a.value, b.value))
      result *= 0.8;
    return a.when.empty() != b.when.empty() ? result * 0.85 : result;
  }

  /// The best score of `index` against the document of `other`, and whether
  /// that document also says the same as `index`.
  bool is_best(std::size_t index, const match& m,
               const std::vector<match>& matches) const {
    auto document = claims_[m.other].document;
    for (auto& other : matches) {
      if (claims_[other.other].document != document || other.other == m.other)
        continue;
      if (other.score > m.score + 1e-9)
        return false;
      if (other.agrees && other.score >= m.score * agreement_share)
        return false;
    }
    return index != m.other;
  }

  bool is_conflict(std::size_t index, const match& m,
                   const std::vector<std::vector<match>>& matches) const {
    if (m.agrees)
      return false;
    match back{index, m.score, false};
    return is_best(index, m, matches[index])
           && is_best(m.other, back, matches[m.other]);
  }

  std::size_t root(std::size_t i) {
    while (parent_[i] != i)
      i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  void join(std::size_t index, const match& m) {
    auto a = root(index);
    auto b = root(m.other);
    auto low = std::min(a, b);
    scores_[low] = std::max({scores_[a], scores_[b], m.score});
    parent_[std::max(a, b)] = low;
  }

  std::vector<conflict> groups() {
    std::unordered_map<std::size_t, std::size_t> index_of;
    std::vector<conflict> result;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      auto r = root(i);
      if (!scores_.contains(r))
        continue;
      auto [at, is_new] = index_of.emplace(r, result.size());
      if (is_new) {
        if (result.size() == conflicts_max)
          break;
        result.emplace_back();
        result.back().score = scores_[r];
      }
      add_side(result[at->second], i);
    }
    for (auto& c : result)
      c.subject = subject_of(c);
    return result;
  }

  void add_side(conflict& c, std::size_t index) {
    for (auto& side : c.sides)
      if (agree(claims_[side.claims[0]].value, claims_[index].value)) {
        side.claims.push_back(index);
        return;
      }
    c.sides.push_back({claims_[index].value.shown, {index}});
  }

  /// The words of the first side that the second one shares.
  std::string subject_of(const conflict& c) const {
    if (c.sides.size() < 2)
      return {};
    auto& a = claims_[c.sides[0].claims[0]];
    auto& b = claims_[c.sides[1].claims[0]];
    auto& doc = docs_[a.document];
    auto& u = doc.units[a.unit];
    std::string text = u.text;
    if (u.header != 0)
      for (auto& cell : doc.headers[u.header - 1])
        text += " " + cell;
    std::string result;
    std::vector<term> seen;
    std::size_t words = 0;
    for (auto& t : tokenize(text, 128)) {
      auto shares = [&t](const claim& from) {
        return std::any_of(from.context.begin(), from.context.end(),
                           [&t](auto& x) { return x.meaning == t.meaning; });
      };
      bool is_noun = std::find(b.value.nouns.begin(), b.value.nouns.end(),
                               t.meaning)
                     != b.value.nouns.end();
      bool is_slot = t.meaning == a.value.unit;
      if (!t.is_content() || t.has(flag_weak)
          || !((shares(a) && shares(b)) || is_noun || is_slot)
          || std::find(seen.begin(), seen.end(), t.meaning) != seen.end())
        continue;
      seen.push_back(t.meaning);
      result += (result.empty() ? "" : " ") + text.substr(t.offset, t.size);
      if (++words == subject_words_max)
        break;
    }
    return result;
  }

  const std::vector<document>& docs_;
  const std::vector<claim>& claims_;
  std::unordered_map<term, std::size_t> df_;
  std::unordered_map<term, std::vector<std::size_t>> postings_;
  std::vector<std::size_t> parent_;
  /// Of each claim's context, in its order.
  std::vector<std::vector<double>> rarities_;
  std::unordered_map<std::size_t, double> scores_;
};

} // namespace

std::vector<conflict> find_conflicts(const std::vector<document>& docs,
                                     const std::vector<claim>& claims) {
  auto result = matcher{docs, claims}.run();
  std::erase_if(result, [](auto& c) { return c.sides.size() < 2; });
  return result;
}

} // namespace brigade::core::extractive
