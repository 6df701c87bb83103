#include "brigade/core/extractive/worker.hpp"

#include "brigade/core/extractive/cited_text.hpp"
#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/facts.hpp"
#include "brigade/core/extractive/retrieve.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace brigade::core::extractive {

namespace {

constexpr std::size_t description_read_bytes_max = 8'192;
constexpr std::size_t conflicts_shown_max = 30;
constexpr std::size_t values_shown_max = 5;

/// Further quotes of a description, such as headings, weigh this much.
constexpr double hint_weight = 0.35;
constexpr double rest_weight = 0.3;

/// Sentences of one subtask; one more for each document above two.
constexpr std::size_t sentences_min = 6;
constexpr std::size_t sentences_max = 8;

/// A description, taken apart.
struct order {
  std::string focus;
  std::vector<std::string> hints;
  /// What stands outside of quotes.
  std::string rest;
};

order read_order(std::string_view description) {
  order result;
  description = clip(description, description_read_bytes_max);
  // What comes behind says where to look and how to answer.
  for (std::string_view mark : {"Scope:", ", first the sections "})
    description = description.substr(0, description.find(mark));
  std::size_t at = 0;
  while (at < description.size()) {
    auto open = description.find('"', at);
    auto close =
        open == std::string_view::npos ? open : description.find('"', open + 1);
    if (close == std::string_view::npos) {
      result.rest += description.substr(at);
      break;
    }
    result.rest += description.substr(at, open - at);
    result.rest += ' ';
    auto part = description.substr(open + 1, close - open - 1);
    if (result.focus.empty())
      result.focus = std::string{part};
    else
      result.hints.emplace_back(part);
    at = close + 1;
  }
  return result;
}

/// `rest` up to the words that say how to answer.
std::string_view subject_part(std::string_view rest) {
  auto end = rest.size();
  for (std::string_view mark :
       {"Scope:", "Return ", "Do not ", "Output:", "Expected output"})
    end = std::min(end, rest.find(mark));
  return rest.substr(0, end);
}

bool speaks_of_conflicts(std::string_view rest) {
  auto lower = to_lower(rest);
  for (auto word :
       {"conflict", "contradict", "disagree", "inconsisten", "discrepan"})
    if (lower.find(word) != std::string::npos)
      return true;
  return false;
}

std::string names_of(const std::vector<document>& docs) {
  constexpr std::size_t shown_max = 4;
  std::string result;
  for (std::size_t i = 0; i < docs.size(); ++i) {
    if (i == shown_max)
      return result + " and " + std::to_string(docs.size() - i) + " more";
    if (i > 0)
      result += i + 1 == docs.size() ? " and " : ", ";
    result += docs[i].name;
  }
  return result;
}

/// Appends whole lines up to a limit.
class bounded_text {
public:
  explicit bounded_text(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  bool add(std::string_view lines) {
    if (text_.size() + lines.size() > bytes_max_)
      return false;
    text_ += lines;
    return true;
  }

  bool empty() const { return text_.empty(); }
  std::string take() { return std::move(text_); }

private:
  std::size_t bytes_max_;
  std::string text_;
};

class worker {
public:
  worker(const std::vector<prompt_block>& blocks, std::size_t bytes_max)
      : out_(bytes_max), docs_(read_documents(blocks)) {
    for (auto& block : blocks) {
      if (block.tag == "subtask")
        order_ = read_order(block.content);
      else if (block.tag == "result")
        results_.push_back(&block);
      else if (block.tag == "missing")
        missing_.emplace_back(block.attribute("task"));
    }
  }

  std::string run() {
    bool is_check = speaks_of_conflicts(order_.rest);
    if (docs_.empty())
      read_results();
    if (is_check && docs_.size() > 1)
      check();
    else
      extract();
    for (auto& task : missing_)
      out_.add(std::string{not_found_mark} + "the result of " + task
               + " was not available.\n");
    return out_.take();
  }

private:
  /// Results stand in for documents when there are none.
  void read_results() {
    for (auto* block : results_) {
      document doc;
      doc.id = doc.name = std::string{block->attribute("task")};
      doc.sections.push_back({});
      told_.push_back(read_result(block->content).sentences);
      for (auto& sentence : told_.back()) {
        unit u;
        u.text = sentence.text;
        u.tokens = tokenize(u.text, unit_tokens_max);
        doc.units.push_back(std::move(u));
      }
      docs_.push_back(std::move(doc));
    }
  }

  query make_order_query() const {
    auto q = make_query(order_.focus);
    if (order_.focus.empty())
      q = make_query(subject_part(order_.rest));
    else
      add_terms(q, subject_part(order_.rest), rest_weight);
    for (auto& hint : order_.hints)
      add_terms(q, hint, hint_weight);
    return q;
  }

  void extract() {
    if (docs_.empty()) {
      out_.add(std::string{not_found_mark}
               + "no document was given, so there is nothing to quote"
               + for_focus() + ".\n");
      return;
    }
    bool overview = order_.focus.empty()
                    && order_.rest.find("main points") != std::string::npos;
    auto hits =
        overview ? search_overview(docs_) : search(docs_, make_order_query());
    if (!overview)
      drop_incidental(hits);
    selection_limits limits;
    limits.units_max =
        std::min(sentences_max,
                 sentences_min + (docs_.size() > 2 ? docs_.size() - 2 : 0));
    bool any = false;
    for (auto& h : select(docs_, hits, limits))
      any |= out_.add("- " + quote(h.document, h.unit) + "\n");
    if (!any)
      out_.add(std::string{not_found_mark} + "nothing in " + names_of(docs_)
               + " answers it" + for_focus() + ".\n");
  }

  /// Without a word of the focus, words around it prove nothing.
  void drop_incidental(std::vector<hit>& hits) const {
    if (order_.focus.empty())
      return;
    auto focus = make_query(order_.focus);
    double strongest = 0;
    for (auto& t : focus.terms)
      strongest = std::max(strongest, t.weight);
    if (strongest <= 0)
      return;
    std::erase_if(focus.terms, [&](auto& t) { return t.weight < strongest; });
    auto known = search(docs_, focus);
    if (known.empty())
      hits.clear();
  }

  std::string for_focus() const {
    if (order_.focus.empty())
      return {};
    return " (\"" + std::string{clip(order_.focus, 160)} + "\")";
  }

  std::string quote(std::size_t d, std::size_t index) const {
    if (!told_.empty())
      return write_cited(told_[d][index]);
    auto& u = docs_[d].units[index];
    return u.text + " [" + citation(docs_[d], u) + "]";
  }

  void check() {
    auto claims = find_claims(docs_);
    auto conflicts = find_conflicts(docs_, claims);
    std::size_t shown = 0;
    for (auto& c : conflicts) {
      if (shown == conflicts_shown_max)
        break;
      shown += out_.add(describe(c, claims));
    }
    if (shown < conflicts.size())
      out_.add(std::string{not_found_mark} + "room for "
               + std::to_string(conflicts.size() - shown)
               + " more conflicts.\n");
    if (conflicts.empty())
      out_.add(std::string{no_conflicts_mark} + names_of(docs_)
               + " were compared for different numbers, dates, names and "
                 "statements of yes and no.\n");
  }

  /// Adds a sentence, or its place when it is there already.
  void add_quote(std::vector<cited_sentence>& out, std::size_t d,
                 std::size_t index) const {
    auto& u = docs_[d].units[index];
    auto place = citation(docs_[d], u);
    for (auto& known : out)
      if (known.text == u.text) {
        if (known.places.size() < places_max
            && std::find(known.places.begin(), known.places.end(), place)
                   == known.places.end())
          known.places.push_back(place);
        return;
      }
    out.push_back({u.text, {place}});
  }

  std::string describe(const conflict& c,
                       const std::vector<claim>& claims) const {
    std::string result = "- " + std::string{conflict_mark};
    result += c.subject.empty() ? "one point" : c.subject;
    result += ": ";
    for (std::size_t i = 0; i < c.sides.size(); ++i) {
      if (i == values_shown_max) {
        result += " or others";
        break;
      }
      result += (i > 0 ? " or " : "") + c.sides[i].shown;
    }
    result += '\n';
    std::vector<cited_sentence> sentences;
    for (auto& side : c.sides)
      for (auto index : side.claims)
        add_quote(sentences, claims[index].document, claims[index].unit);
    for (auto& sentence : sentences)
      result += "  - " + write_cited(sentence) + "\n";
    return result;
  }

  bounded_text out_;
  std::vector<document> docs_;
  order order_;
  std::vector<const prompt_block*> results_;
  std::vector<std::string> missing_;
  /// The sentences of results that stand in for documents.
  std::vector<std::vector<cited_sentence>> told_;
};

} // namespace

std::string do_subtask(const std::vector<prompt_block>& blocks,
                       std::size_t bytes_max) {
  return worker{blocks, bytes_max}.run();
}

} // namespace brigade::core::extractive
