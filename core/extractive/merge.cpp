#include "brigade/core/extractive/merge.hpp"

#include "brigade/core/extractive/cited_text.hpp"
#include "brigade/core/extractive/goal.hpp"
#include "brigade/core/extractive/slots.hpp"
#include "brigade/core/extractive/text.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace brigade::core::extractive {

namespace {

constexpr std::string_view opening =
    "*This is an extractive report by Brigade's built-in engine, which is not "
    "a "
    "language model: it quotes the given text and cites file and line.*\n";

constexpr std::size_t title_bytes_max = 90;
constexpr std::size_t heading_bytes_max = 120;

/// Sentences that share this much of their words say the same.
constexpr double duplicate_similarity = 0.8;

/// Each sentence is compared with at most this many kept ones.
constexpr std::size_t kept_max = 2'000;

struct kept_sentence {
  cited_sentence sentence;
  std::vector<token> tokens;
  /// Digits and yes or no: what near-duplicates must share.
  std::set<term> values;
  bool is_positive = true;
  /// Places where it stands in other words.
  std::vector<std::string> likewise;
};

struct topic {
  std::string heading;
  std::vector<std::size_t> sentences;
  /// Conflicts that took sentences away from here.
  std::set<std::size_t> disputed;
  bool had_sentences = false;
};

void add_place(std::vector<std::string>& places, const std::string& place) {
  if (places.size() < places_max
      && std::find(places.begin(), places.end(), place) == places.end())
    places.push_back(place);
}

/// The first sentence of a description, or its first quotes with its document.
std::string heading_of(std::string_view description, std::string_view task) {
  auto open = description.find('"');
  auto close =
      open == std::string_view::npos ? open : description.find('"', open + 1);
  std::string text;
  if (description.starts_with("Answer \"") && close != std::string_view::npos) {
    text = std::string{description.substr(open + 1, close - open - 1)};
  } else if (description.starts_with("Find what ")
             && close != std::string_view::npos) {
    auto says = description.find(" says about ");
    text = std::string{description.substr(open + 1, close - open - 1)};
    if (says != std::string_view::npos && says > 10)
      text += " (" + std::string{description.substr(10, says - 10)} + ")";
  } else if (description.starts_with("Sum up the main points of ")) {
    auto end = description.find_first_of(",", 26);
    auto stop = description.find(". ", 26);
    text = "Main points of "
           + std::string{description.substr(26, std::min(end, stop) - 26)};
  } else if (description.starts_with("Sum up ")) {
    text = std::string{description.substr(7, description.find(". ") - 7)};
    std::erase(text, '"');
  } else {
    text = std::string{description.substr(0, description.find(". "))};
  }
  auto result = capitalised(fold_blanks(clip(text, heading_bytes_max)));
  return result.empty() ? std::string{task} : result;
}

class merger {
public:
  explicit merger(const std::vector<prompt_block>& blocks) {
    for (auto& block : blocks) {
      if (block.tag == "goal")
        goal_ = block.content;
      else if (block.tag == "result")
        results_.emplace_back(&block, read_result(block.content));
      else if (block.tag == "gap")
        missing_.push_back(gap_text(block));
    }
    // Conflicts first: their sentences stand nowhere else.
    for (auto& [block, result] : results_)
      for (auto& c : result.conflicts)
        add_conflict(c);
    for (auto& [block, result] : results_)
      add_topic(*block, result);
  }

  std::string write(std::size_t per_topic_max,
                    std::size_t conflicts_max) const {
    auto result = "# " + title() + "\n\n" + std::string{opening};
    for (auto& t : topics_)
      result += topic_text(t, per_topic_max);
    if (!conflicts_.empty())
      result += conflicts_text(conflicts_max);
    for (auto& line : checked_)
      result += "\n*Checked for conflicts, none found: " + line + "*\n";
    if (!missing_.empty()) {
      result += "\n## Missing\n\n";
      for (auto& line : missing_)
        result += "- " + line + "\n";
    }
    return result;
  }

private:
  static std::string gap_text(const prompt_block& block) {
    auto status = std::string{block.attribute("status")};
    return heading_of(block.attribute("description"), block.attribute("task"))
           + " (" + std::string{block.attribute("task")} + ": "
           + (status.empty() ? "no result" : status) + ")";
  }

  std::string title() const {
    auto line = trim(goal_);
    line = trim(line.substr(0, std::min(line.find('\n'), line.size())));
    while (line.starts_with('#') || line.starts_with('-'))
      line = trim(line.substr(1));
    auto text = fold_blanks(clip(line, title_bytes_max));
    while (text.ends_with('.'))
      text.pop_back();
    return text.empty() ? "Report" : capitalised(text);
  }

  // -- conflicts --------------------------------------------------------------

  /// Conflicts that share a sentence are one, so that it stands once.
  void add_conflict(told_conflict c) {
    for (std::size_t i = 0; i < conflicts_.size();) {
      if (!share_sentence(conflicts_[i], c)) {
        ++i;
        continue;
      }
      auto earlier = std::move(conflicts_[i]);
      conflicts_.erase(conflicts_.begin() + static_cast<std::ptrdiff_t>(i));
      absorb(earlier, c);
      c = std::move(earlier);
    }
    conflicts_.push_back(std::move(c));
  }

  static bool share_sentence(const told_conflict& x, const told_conflict& y) {
    for (auto& a : x.sides)
      for (auto& b : y.sides)
        if (a.text == b.text)
          return true;
    return false;
  }

  static void absorb(told_conflict& into, const told_conflict& c) {
    if (into.subject.find(c.subject) == std::string::npos)
      into.subject += "; " + c.subject;
    for (auto& side : c.sides) {
      auto same = std::find_if(into.sides.begin(), into.sides.end(),
                               [&](auto& s) { return s.text == side.text; });
      if (same == into.sides.end())
        into.sides.push_back(side);
      else
        for (auto& place : side.places)
          add_place(same->places, place);
    }
  }

  /// The conflict in which a sentence takes part, or the number of conflicts.
  std::size_t conflict_of(const cited_sentence& s) {
    for (std::size_t i = 0; i < conflicts_.size(); ++i)
      for (auto& side : conflicts_[i].sides)
        if (side.text == s.text) {
          for (auto& place : s.places)
            add_place(side.places, place);
          return i;
        }
    return conflicts_.size();
  }

  std::string conflicts_text(std::size_t conflicts_max) const {
    std::string result = "\n## Conflicts\n";
    for (std::size_t i = 0; i < conflicts_.size(); ++i) {
      if (i == conflicts_max) {
        result += "\n*" + std::to_string(conflicts_.size() - i)
                  + " more are left out.*\n";
        break;
      }
      auto& c = conflicts_[i];
      result += "\n**" + capitalised(c.subject) + "**\n\n";
      for (auto& side : c.sides)
        result += "- " + write_cited(side) + "\n";
    }
    return result;
  }

  // -- topics -----------------------------------------------------------------

  void add_topic(const prompt_block& block, const told_result& result) {
    topic t;
    t.heading =
        heading_of(block.attribute("description"), block.attribute("task"));
    for (auto& s : result.sentences) {
      t.had_sentences = true;
      if (auto c = conflict_of(s); c < conflicts_.size())
        t.disputed.insert(c);
      else
        add_sentence(t, s);
    }
    for (auto& line : result.not_found)
      missing_.push_back(t.heading + ": " + line);
    for (auto& line : result.no_conflicts)
      checked_.push_back(line);
    if (t.had_sentences)
      topics_.push_back(std::move(t));
  }

  void add_sentence(topic& t, const cited_sentence& s) {
    kept_sentence next{s, tokenize(s.text, 256), {}, true, {}};
    for (auto& word : next.tokens)
      if (word.has(flag_digit))
        next.values.insert(word.stem);
    next.is_positive = polarity_of(s.text, next.tokens).is_positive;
    for (auto& known : kept_) {
      if (known.sentence.text == s.text) {
        for (auto& place : s.places)
          add_place(known.sentence.places, place);
        return;
      }
      bool same =
          known.values == next.values && known.is_positive == next.is_positive
          && next.tokens.size() > 2
          && similarity(known.tokens, next.tokens) >= duplicate_similarity;
      if (same) {
        for (auto& place : s.places)
          add_place(known.likewise, place);
        return;
      }
    }
    if (kept_.size() == kept_max)
      return;
    t.sentences.push_back(kept_.size());
    kept_.push_back(std::move(next));
  }

  std::string topic_text(const topic& t, std::size_t per_topic_max) const {
    auto result = "\n## " + t.heading + "\n\n";
    std::size_t shown = 0;
    for (auto index : t.sentences) {
      if (shown++ == per_topic_max)
        break;
      auto& k = kept_[index];
      bool is_block = k.sentence.text.find('\n') != std::string::npos
                      || k.sentence.text.starts_with('|');
      result += is_block ? k.sentence.text : "- " + write_cited(k.sentence);
      if (!k.likewise.empty()) {
        result += " (likewise";
        for (std::size_t i = 0; i < k.likewise.size(); ++i)
          result += (i > 0 ? ", " : " ") + k.likewise[i];
        result += ")";
      }
      result += "\n";
    }
    if (!t.disputed.empty()) {
      result += shown > 0 ? "\n" : "";
      result += "*The documents disagree here, see Conflicts:*";
      for (auto c : t.disputed)
        result +=
            (c == *t.disputed.begin() ? " " : "; ") + conflicts_[c].subject;
      result += "\n";
    } else if (t.sentences.empty()) {
      result += "*Nothing beyond what stands above.*\n";
    }
    return result;
  }

  std::string goal_;
  std::vector<std::pair<const prompt_block*, told_result>> results_;
  std::vector<kept_sentence> kept_;
  std::vector<topic> topics_;
  std::vector<told_conflict> conflicts_;
  std::vector<std::string> missing_;
  std::vector<std::string> checked_;
};

} // namespace

std::string merge_results(const std::vector<prompt_block>& blocks,
                          std::size_t bytes_max) {
  merger merged{blocks};
  std::string result;
  for (std::size_t per_topic : {40, 10, 6, 4, 2, 1}) {
    result = merged.write(per_topic, per_topic == 40 ? 200 : per_topic * 4);
    if (result.size() <= bytes_max)
      break;
  }
  return result;
}

} // namespace brigade::core::extractive
