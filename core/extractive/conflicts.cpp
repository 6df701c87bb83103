// Pairs claims of different documents that speak of one thing.
#include "brigade/core/extractive/facts.hpp"
#include "brigade/core/extractive/pairing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace brigade::core::extractive {

namespace {

/// Pairs below this score are not about one thing.
constexpr double score_min = 0.55;

/// Yes and no need nearly the same words around them.
constexpr double truth_score_min = 0.72;

/// A pair that agrees and scores this share of the best one settles the claim.
constexpr double agreement_share = 0.8;

/// Pairs above this share of the best score are as good as it.
constexpr double tie_share = 0.97;

/// One claim is compared with at most this many others.
constexpr std::size_t candidates_max = 192;
constexpr std::size_t posting_max = 512;

constexpr std::size_t conflicts_max = 200;
constexpr std::size_t subject_words_max = 6;

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

  /// Claims with one key may be about one thing. `opposite` gives the key of
  /// the claims that say no where this one says yes.
  static term posting_key(const claim& c, term meaning, bool opposite = false) {
    auto kind = static_cast<term>(c.value.kind) * 2;
    if (c.value.kind == value_kind::truth && (c.value.low > 0) != opposite)
      ++kind;
    return meaning * 31 + c.value.unit * 7 + kind * 0x9E3779B97F4A7C15ull;
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

  /// Leaves each candidate once, in order, and of too many those that were
  /// found by the most words.
  static void keep_best(std::vector<std::size_t>& candidates) {
    std::sort(candidates.begin(), candidates.end());
    std::vector<std::pair<std::size_t, std::size_t>> counted;
    for (auto c : candidates) {
      if (counted.empty() || counted.back().second != c)
        counted.emplace_back(0, c);
      ++counted.back().first;
    }
    if (counted.size() > candidates_max) {
      auto more = [](auto& a, auto& b) { return a.first > b.first; };
      std::stable_sort(counted.begin(), counted.end(), more);
      counted.resize(candidates_max);
    }
    candidates.clear();
    for (auto& [count, c] : counted)
      candidates.push_back(c);
    std::sort(candidates.begin(), candidates.end());
  }

  std::vector<match> matches_of(std::size_t index) const {
    auto& c = claims_[index];
    std::vector<std::size_t> candidates;
    auto words = c.value.nouns;
    for (auto& t : c.context)
      if (!t.is_inherited)
        words.push_back(t.meaning);
    for (auto word : words) {
      auto i = postings_.find(posting_key(c, word, true));
      if (i == postings_.end())
        continue;
      for (auto other : i->second)
        if (claims_[other].document != c.document)
          candidates.push_back(other);
    }
    keep_best(candidates);
    std::vector<match> result;
    for (auto other : candidates) {
      auto value =
          same_thing(c, rarities_[index], claims_[other], rarities_[other]);
      // Keys of yes and no are short; sentences must be alike.
      bool is_loose = c.value.kind == value_kind::truth && c.labels.empty()
                      && claims_[other].labels.empty();
      auto floor = is_loose ? truth_score_min : score_min;
      if (value >= floor)
        result.push_back({other, value, agree(c.value, claims_[other].value)});
    }
    return result;
  }

  /// Whether nothing in the document of the match is as near to `index`, or
  /// says the same as it.
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
      // The document tells things apart that we cannot.
      if (other.score >= m.score * tie_share
          && !agree(claims_[other.other].value, claims_[m.other].value))
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
      bool is_noun =
          std::find(b.value.nouns.begin(), b.value.nouns.end(), t.meaning)
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
