#include "brigade/core/extractive/survey.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace brigade::core::extractive {

namespace {

/// A document belongs to a topic when its best sentence scores this share of
/// the best of all.
constexpr double document_share_min = 0.15;
constexpr double compared_share_min = 0.1;

constexpr std::size_t headings_max = 3;
constexpr std::size_t names_shown_max = 4;
/// A subtask that needs more parts of a document gets all of it.
constexpr std::size_t parts_max = 6;
constexpr std::size_t shown_bytes_max = 200;
constexpr std::size_t overlap_terms_min = 3;

std::vector<term> content_terms(const document& doc) {
  std::vector<term> result;
  for (auto& u : doc.units)
    for (auto& t : u.tokens)
      if (t.is_content() && !t.has(flag_weak))
        result.push_back(t.meaning);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

} // namespace

std::string quoted(std::string_view text) {
  auto result = "\"" + std::string{clip(text, shown_bytes_max)} + "\"";
  for (std::size_t i = 1; i + 1 < result.size(); ++i)
    if (result[i] == '"')
      result[i] = '\'';
  return result;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0)
      result += i + 1 == parts.size() ? " and " : ", ";
    result += parts[i];
  }
  return result;
}

query survey::query_of(const std::string& topic) const {
  auto q = make_query(topic);
  if (leans_on_subject(topic))
    add_terms(q, parts_.subject, 0.4);
  return q;
}

std::string survey::about(const std::string& topic) const {
  bool leans = leans_on_subject(topic) && !parts_.subject.empty()
               && topic != parts_.topics[0];
  return leans ? " about " + quoted(parts_.subject) : std::string{};
}

std::string survey::names(const std::vector<std::size_t>& chosen) const {
  std::vector<std::string> shown;
  for (auto d : chosen) {
    if (shown.size() == names_shown_max) {
      shown.push_back(std::to_string(chosen.size() - names_shown_max)
                      + " more");
      break;
    }
    shown.emplace_back(clip(docs_[d].name, 80));
  }
  return joined(shown);
}

std::vector<std::string>
survey::ids(const std::vector<std::size_t>& chosen) const {
  std::vector<std::string> result;
  for (auto d : chosen)
    result.push_back(docs_[d].id);
  return result;
}

std::vector<std::string>
survey::ranges(const std::vector<hit>& hits,
               const std::vector<std::size_t>& chosen) const {
  std::vector<std::string> result;
  for (auto d : chosen) {
    auto& doc = docs_[d];
    std::vector<std::string> parts;
    if (doc.parts.size() > 1 && doc.lines_given == doc.lines_total)
      for (auto& part : doc.parts)
        if (holds_hit(hits, d, part))
          parts.push_back(doc.id + ":" + std::to_string(part.first) + "-"
                          + std::to_string(part.last));
    if (parts.empty() || parts.size() == doc.parts.size()
        || parts.size() > parts_max)
      result.push_back(doc.id);
    else
      result.insert(result.end(), parts.begin(), parts.end());
  }
  return result;
}

bool survey::holds_hit(const std::vector<hit>& hits, std::size_t d,
                       const line_range& part) const {
  for (auto& h : hits) {
    if (h.score < hits[0].score * document_share_min)
      return false;
    if (h.document != d)
      continue;
    auto line = docs_[d].units[h.unit].first_line;
    if (line >= part.first && line <= part.last)
      return true;
  }
  return false;
}

std::string survey::sections(const std::vector<hit>& hits,
                             const std::vector<std::size_t>& chosen) const {
  std::vector<std::string> shown;
  for (auto& h : hits) {
    if (h.score < hits[0].score * 0.5 || shown.size() == headings_max)
      break;
    if (std::find(chosen.begin(), chosen.end(), h.document) == chosen.end())
      continue;
    auto& doc = docs_[h.document];
    auto& heading = doc.sections[doc.units[h.unit].section].heading;
    auto text = quoted(clip(heading, 80));
    if (!heading.empty()
        && std::find(shown.begin(), shown.end(), text) == shown.end())
      shown.push_back(std::move(text));
  }
  return shown.empty() ? std::string{}
                       : ", first the sections " + joined(shown);
}

std::string survey::keywords(const std::vector<hit>& hits,
                             const std::vector<std::size_t>& chosen) const {
  std::vector<std::string> shown;
  std::vector<term> seen;
  std::size_t read = 0;
  for (auto& h : hits) {
    if (std::find(chosen.begin(), chosen.end(), h.document) == chosen.end())
      continue;
    if (++read > 4)
      break;
    auto& text = docs_[h.document].units[h.unit].text;
    for (auto& t : docs_[h.document].units[h.unit].tokens) {
      bool fits = t.is_content() && !t.has(flag_weak) && t.size > 3
                  && t.size < 30
                  && std::find(seen.begin(), seen.end(), t.stem) == seen.end();
      if (!fits || shown.size() == 10)
        continue;
      seen.push_back(t.stem);
      shown.push_back(to_lower(text.substr(t.offset, t.size)));
    }
  }
  return shown.empty() ? std::string{} : ", in particular " + joined(shown);
}

std::vector<std::size_t> survey::relevant(const std::vector<hit>& hits) const {
  std::set<std::size_t> found;
  for (auto& h : hits) {
    if (h.score < hits[0].score
                      * (parts_.is_comparison ? compared_share_min
                                              : document_share_min))
      break;
    found.insert(h.document);
  }
  return {found.begin(), found.end()};
}

bool survey::documents_overlap() const {
  std::vector<std::vector<term>> words;
  for (auto& doc : docs_)
    words.push_back(content_terms(doc));
  for (std::size_t a = 0; a < words.size(); ++a)
    for (std::size_t b = a + 1; b < words.size(); ++b) {
      std::vector<term> both;
      std::set_intersection(words[a].begin(), words[a].end(), words[b].begin(),
                            words[b].end(), std::back_inserter(both));
      auto shared = both.size();
      if (shared >= overlap_terms_min)
        return true;
    }
  return false;
}

} // namespace brigade::core::extractive
