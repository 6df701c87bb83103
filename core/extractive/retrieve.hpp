/// Finds the units of documents that answer a question (BM25 with the words of
/// headings and of leading questions as weaker fields).
#pragma once

#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/text.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// Further words of a query are ignored.
inline constexpr std::size_t query_terms_max = 48;

struct query_term {
  term stem = 0;
  term meaning = 0;
  double weight = 1;
};

/// What is searched for. Two words with one meaning are one term.
struct query {
  std::vector<query_term> terms;
  /// `how many`, `when was`: units with digits are better answers.
  bool wants_number = false;
  /// `who`: units with names are.
  bool wants_name = false;
  /// Does not ask for what is not so.
  bool is_positive = true;
};

/// Adds the content words of `text`; weak words count a quarter.
void add_terms(query& q, std::string_view text, double weight);

query make_query(std::string_view text);

/// A unit that was found.
struct hit {
  std::size_t document = 0;
  std::size_t unit = 0;
  /// Above 0; comparable within one search only.
  double score = 0;
};

/// The units that match, best first; ties in source order. Linear in the size
/// of the documents.
std::vector<hit> search(const std::vector<document>& docs, const query& q);

/// The units that say most about their documents, best first: for goals
/// without a subject, such as "summarise".
std::vector<hit> search_overview(const std::vector<document>& docs);

struct selection_limits {
  std::size_t units_max = 6;
  /// Hits below this share of the best score are left out.
  double score_share_min = 0.35;
  /// A unit that shares this many of its words with a better one is left out.
  double similarity_max = 0.7;
};

/// The best hits without near-duplicates, in source order. Each document with a
/// good hit is represented, as far as `units_max` allows.
std::vector<hit> select(const std::vector<document>& docs,
                        const std::vector<hit>& hits,
                        const selection_limits& limits);

} // namespace brigade::core::extractive
