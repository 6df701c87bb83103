#include "brigade/core/extractive/retrieve.hpp"

#include "brigade/core/extractive/slots.hpp"
#include "brigade/core/extractive/thesaurus.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace brigade::core::extractive {

namespace {

// BM25's saturation and length normalisation. Source: Robertson and Zaragoza,
// "The Probabilistic Relevance Framework", 2009.
constexpr double saturation = 1.2;
constexpr double length_share = 0.6;

/// A word that only means the same counts this much of the word itself.
constexpr double synonym_weight = 0.7;

constexpr double heading_weight = 0.8;
constexpr double parent_weight = 0.4;
constexpr double title_weight = 0.25;
constexpr double question_weight = 0.8;
constexpr double weak_word_weight = 0.25;
constexpr double question_word_weight = 0.5;
constexpr double opposite_weight = 0.3;
constexpr double related_weight = 0.5;

/// Only this many hits are compared with each other.
constexpr std::size_t candidates_max = 200;

/// An overview reads this many units; the rest is passed over.
constexpr std::size_t overview_units_max = 20'000;

/// How often each query term stands in a text; index, amount.
using frequencies = std::vector<std::pair<std::size_t, double>>;

double amount_of(const frequencies& f, std::size_t index) {
  for (auto& [i, amount] : f)
    if (i == index)
      return amount;
  return 0;
}

struct unit_facts {
  frequencies own;
  std::uint32_t words = 0;
  bool has_digit = false;
  bool has_name = false;
};

class searcher {
public:
  searcher(const std::vector<document>& docs, const query& q)
      : docs_(docs), q_(q) {
    for (std::size_t i = 0; i < q.terms.size(); ++i)
      by_meaning_.emplace(q.terms[i].meaning, i);
  }

  std::vector<hit> run() {
    collect();
    std::vector<hit> result;
    std::size_t next = 0;
    for (std::size_t d = 0; d < docs_.size(); ++d) {
      auto& headings = headings_[d];
      for (std::size_t u = 0; u < docs_[d].units.size(); ++u, ++next) {
        auto value = score(docs_[d], u, next, headings);
        if (value > 0)
          result.push_back({d, u, value});
      }
    }
    auto better = [](const hit& a, const hit& b) { return a.score > b.score; };
    std::stable_sort(result.begin(), result.end(), better);
    return result;
  }

private:
  frequencies match(const std::vector<token>& tokens) const {
    frequencies result;
    for (auto& t : tokens) {
      auto i = by_meaning_.find(t.meaning);
      if (i == by_meaning_.end())
        continue;
      auto amount = t.stem == q_.terms[i->second].stem ? 1.0 : synonym_weight;
      auto known = std::find_if(result.begin(), result.end(),
                                [&](auto& f) { return f.first == i->second; });
      if (known == result.end())
        result.emplace_back(i->second, amount);
      else
        known->second += amount;
    }
    return result;
  }

  void collect() {
    std::vector<double> df(q_.terms.size());
    std::uint64_t words = 0;
    for (auto& doc : docs_) {
      headings_.push_back(heading_matches(doc));
      for (auto& u : doc.units) {
        auto& tokens = u.tokens;
        unit_facts facts;
        facts.words = static_cast<std::uint32_t>(tokens.size());
        facts.own = match(tokens);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
          facts.has_digit |= tokens[i].has(flag_digit);
          facts.has_name |= i > 0 && tokens[i].has(flag_capital);
        }
        auto& heading = headings_.back()[u.section];
        for (std::size_t i = 0; i < df.size(); ++i)
          if (amount_of(facts.own, i) > 0 || amount_of(heading, i) > 0)
            df[i] += 1;
        words += facts.words;
        units_.push_back(std::move(facts));
      }
    }
    auto n = static_cast<double>(units_.size());
    average_words_ =
        std::max(1.0, static_cast<double>(words) / std::max(1.0, n));
    for (auto d : df)
      idf_.push_back(std::log(1 + (n - d + 0.5) / (d + 0.5)));
    for (std::size_t i = 0; i < q_.terms.size(); ++i)
      if (df[i] > 0)
        total_ += q_.terms[i].weight * idf_[i];
  }

  /// The matches of each section's headings, weaker ones of its parent's.
  std::vector<frequencies> heading_matches(const document& doc) const {
    std::vector<frequencies> own;
    for (auto& s : doc.sections) {
      auto tokens = tokenize(s.heading);
      own.push_back(match(tokens));
      // `When not to use it` answers another question.
      if (q_.is_positive && !polarity_of(s.heading, tokens).is_positive)
        for (auto& f : own.back())
          f.second *= opposite_weight;
    }
    std::vector<frequencies> result;
    auto name = match(tokenize(doc.name));
    for (std::size_t i = 0; i < own.size(); ++i) {
      frequencies merged;
      auto add = [&merged](const frequencies& from, double weight) {
        for (auto& [index, amount] : from)
          merged.emplace_back(index, std::min(amount, 1.0) * weight);
      };
      // A title says the same of all units.
      auto is_title = [&doc](std::size_t at) {
        return at == 1 && doc.sections[at].level == 1;
      };
      add(own[i], is_title(i) ? title_weight : heading_weight);
      auto parent = doc.sections[i].parent;
      if (parent != i)
        add(own[parent], is_title(parent) ? title_weight : parent_weight);
      add(name, title_weight);
      result.push_back(std::move(merged));
    }
    return result;
  }

  double score(const document& doc, std::size_t index, std::size_t position,
               const std::vector<frequencies>& headings) const {
    auto& u = doc.units[index];
    auto& facts = units_[position];
    auto& heading = headings[u.section];
    const frequencies* question = nullptr;
    if (u.question != 0)
      question = &units_[position - index + u.question - 1].own;
    if (facts.own.empty() && heading.empty() && question == nullptr)
      return 0;
    double result = 0;
    double covered = 0;
    for (std::size_t i = 0; i < q_.terms.size(); ++i) {
      auto amount = amount_of(facts.own, i);
      double around = amount_of(heading, i);
      if (question != nullptr)
        around = std::max(around, question_weight
                                      * std::min(1.0, amount_of(*question, i)));
      if (amount + around <= 0)
        continue;
      auto norm =
          1 - length_share + length_share * facts.words / average_words_;
      auto gain = q_.terms[i].weight * idf_[i];
      result += gain * (amount + around) * (saturation + 1)
                / (amount + around + saturation * norm);
      covered += gain * std::min(1.0, amount + around);
    }
    if (total_ > 0)
      result *= 0.4 + 0.6 * std::min(1.0, covered / total_);
    return result * quality(u, facts);
  }

  double quality(const unit& u, const unit_facts& facts) const {
    double result = 1;
    if (u.kind == unit_kind::question)
      result = 0.12;
    else if (facts.words < 4 && u.kind != unit_kind::pair
             && u.kind != unit_kind::row)
      result = 0.35;
    else if (facts.words > 60)
      result = 0.7;
    if (q_.wants_number && facts.has_digit)
      result *= 1.3;
    if (q_.wants_name && facts.has_name)
      result *= 1.2;
    return result;
  }

  const std::vector<document>& docs_;
  const query& q_;
  std::unordered_map<term, std::size_t> by_meaning_;
  std::vector<unit_facts> units_;
  /// Of each section of each document.
  std::vector<std::vector<frequencies>> headings_;
  std::vector<double> idf_;
  double average_words_ = 1;
  double total_ = 0;
};

} // namespace

void add_terms(query& q, std::string_view text, double weight) {
  for (auto& t : tokenize(text, 512)) {
    auto part = weight;
    if (auto word = to_lower(text.substr(t.offset, t.size));
        word == "when" || word == "why")
      part *= question_word_weight; // Headings and answers hold them too.
    else if (!t.is_content() || (t.size < 2 && !t.has(flag_digit)))
      continue;
    auto same = [&t](const query_term& known) {
      return known.meaning == t.meaning;
    };
    if (q.terms.size() >= query_terms_max
        || std::any_of(q.terms.begin(), q.terms.end(), same))
      continue;
    q.terms.push_back(
        {t.stem, t.meaning, t.has(flag_weak) ? part * weak_word_weight : part});
    if (auto related = related_to(t.meaning); related != 0)
      q.terms.push_back({related, related, part * related_weight});
  }
}

query make_query(std::string_view text) {
  query result;
  add_terms(result, text, 1);
  auto lower = to_lower(clip(text, 1'000));
  auto has = [&lower](std::string_view part) {
    return lower.find(part) != std::string::npos;
  };
  result.wants_number = has("how many") || has("how much") || has("when was")
                        || has("when did") || has("when is") || has("how long")
                        || has("price") || has("cost") || has("what year");
  result.is_positive = polarity_of(text, tokenize(text, 64)).is_positive;
  result.wants_name = has("who ") || has("whose ");
  return result;
}

std::vector<hit> search(const std::vector<document>& docs, const query& q) {
  return searcher{docs, q}.run();
}

std::vector<hit> search_overview(const std::vector<document>& docs) {
  std::unordered_map<term, std::uint32_t> df;
  std::vector<const std::vector<token>*> tokens;
  for (auto& doc : docs)
    for (auto& u : doc.units) {
      if (tokens.size() == overview_units_max)
        break;
      tokens.push_back(&u.tokens);
      for (auto& t : u.tokens)
        if (t.is_content())
          ++df[t.meaning];
    }
  std::vector<hit> result;
  std::size_t next = 0;
  for (std::size_t d = 0; d < docs.size(); ++d) {
    std::uint32_t last_section = 0;
    for (std::size_t i = 0; i < docs[d].units.size() && next < tokens.size();
         ++i, ++next) {
      auto& u = docs[d].units[i];
      bool opens = i == 0 || u.section != last_section;
      last_section = u.section;
      if (u.kind == unit_kind::question || tokens[next]->size() < 4)
        continue;
      double sum = 0;
      for (auto& t : *tokens[next])
        if (t.is_content())
          sum += std::log(1.0 + df[t.meaning]);
      auto words = static_cast<double>(tokens[next]->size());
      auto value = sum / std::sqrt(words + 4) * (opens ? 1.6 : 1.0)
                   * (u.kind == unit_kind::prose ? 1.2 : 1.0)
                   * (words > 45 ? 0.6 : 1.0);
      if (value > 0)
        result.push_back({d, i, value});
    }
  }
  auto better = [](const hit& a, const hit& b) { return a.score > b.score; };
  std::stable_sort(result.begin(), result.end(), better);
  return result;
}

std::vector<hit> select(const std::vector<document>& docs,
                        const std::vector<hit>& hits,
                        const selection_limits& limits) {
  std::vector<hit> chosen;
  std::vector<const std::vector<token>*> words;
  std::vector<bool> has_hit(docs.size());
  auto try_add = [&](const hit& h) {
    auto& tokens = docs[h.document].units[h.unit].tokens;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (chosen[i].document == h.document && chosen[i].unit == h.unit)
        return;
      if (similarity(*words[i], tokens) >= limits.similarity_max)
        return;
    }
    chosen.push_back(h);
    words.push_back(&tokens);
    has_hit[h.document] = true;
  };
  auto count = std::min(hits.size(), candidates_max);
  auto floor = hits.empty() ? 0 : hits[0].score * limits.score_share_min;
  // First the best of each document, then the best of all.
  for (std::size_t i = 0; i < count && chosen.size() < limits.units_max; ++i)
    if (!has_hit[hits[i].document] && hits[i].score >= floor)
      try_add(hits[i]);
  for (std::size_t i = 0; i < count && chosen.size() < limits.units_max; ++i)
    if (hits[i].score >= floor)
      try_add(hits[i]);
  std::sort(chosen.begin(), chosen.end(), [](const hit& a, const hit& b) {
    return std::pair{a.document, a.unit} < std::pair{b.document, b.unit};
  });
  return chosen;
}

} // namespace brigade::core::extractive
