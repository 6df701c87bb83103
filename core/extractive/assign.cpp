#include "brigade/core/extractive/assign.hpp"

#include "brigade/core/extractive/text.hpp"

#include <set>

namespace brigade::core::extractive {

namespace {

/// How a worker is chosen: words of its name and description.
constexpr std::string_view extraction_words =
    "research researcher gather collect find extract extractor reader read "
    "retrieve facts source evidence reader search";
constexpr std::string_view comparison_words =
    "compare comparison comparer check checker verify conflict contradiction "
    "analyse analyst analysis interpret review reviewer critic auditor";

} // namespace

std::string choose_worker(const std::vector<const prompt_block*>& workers,
                          std::string_view description, bool is_comparison) {
  if (workers.empty())
    return "worker";
  std::set<term> kind;
  for (auto& w : tokenize(is_comparison ? comparison_words : extraction_words))
    kind.insert(w.stem);
  std::set<term> subject;
  for (auto& w : tokenize(description))
    if (w.is_content() && !w.has(flag_weak))
      subject.insert(w.stem);
  const prompt_block* best = workers.front();
  double best_score = -1;
  for (auto* worker : workers) {
    auto text = std::string{worker->attribute("name")} + " "
                + std::string{clip(worker->content, 2'000)};
    double score = 0;
    std::set<term> seen;
    for (auto& w : tokenize(text))
      if (seen.insert(w.stem).second)
        score += kind.contains(w.stem)      ? 1.0
                 : subject.contains(w.stem) ? 0.3
                                            : 0.0;
    if (score > best_score) {
      best_score = score;
      best = worker;
    }
  }
  return std::string{best->attribute("name")};
}

double word_similarity(std::string_view a, std::string_view b) {
  auto words = [](std::string_view text) {
    std::set<std::string> result;
    for (auto& t : tokenize(text))
      result.insert(to_lower(text.substr(t.offset, t.size)));
    return result;
  };
  auto x = words(a);
  auto y = words(b);
  std::size_t shared = 0;
  for (auto& w : x)
    shared += y.contains(w);
  auto all = x.size() + y.size() - shared;
  return all == 0 ? 1.0
                  : static_cast<double>(shared) / static_cast<double>(all);
}

} // namespace brigade::core::extractive
