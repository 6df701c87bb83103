#include "brigade/core/extractive/goal.hpp"

#include "brigade/core/extractive/text.hpp"

#include <algorithm>
#include <array>

namespace brigade::core::extractive {

namespace {

using texts = std::vector<std::string>;

/// In lists, longer items are clauses and not items.
constexpr std::size_t item_words_max = 8;

bool is_any(std::string_view word,
            std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_question_word(std::string_view word) {
  return is_any(word, {"what", "when", "where", "which", "who", "whom", "whose",
                       "why", "how"});
}

bool is_instruction(std::string_view word) {
  return is_any(word,
                {"compare",  "list",      "find",      "show",      "explain",
                 "describe", "summarise", "summarize", "identify",  "analyse",
                 "analyze",  "give",      "tell",      "report",    "extract",
                 "outline",  "discuss",   "check",     "name",      "state",
                 "write",    "produce",   "create",    "please",    "collect",
                 "gather",   "note",      "say",       "determine", "evaluate",
                 "assess",   "review",    "answer"});
}

std::string first_word(std::string_view text) {
  auto tokens = tokenize(text, 1);
  return tokens.empty()
             ? std::string{}
             : to_lower(text.substr(tokens[0].offset, tokens[0].size));
}

std::size_t count_words(std::string_view text) {
  return tokenize(text, 64).size();
}

bool has_subject(std::string_view text) {
  auto tokens = tokenize(text, 256);
  return std::any_of(tokens.begin(), tokens.end(), [](auto& t) {
    return t.is_content() && !t.has(flag_weak);
  });
}

/// Sentences and lines; question marks stay.
texts split_clauses(std::string_view text) {
  texts result;
  std::string current;
  auto close = [&] {
    auto part = trim(current);
    while (!part.empty()
           && std::string_view{"-*# .,;:!"}.find(part.front())
                  != std::string_view::npos)
      part.remove_prefix(1);
    if (!part.empty())
      result.emplace_back(part);
    current.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool last = i + 1 == text.size() || text[i + 1] == ' '
                || text[i + 1] == '\n' || text[i + 1] == '\r';
    if (c == '\n' || c == ';' || c == '!') {
      close();
    } else if (c == '?') {
      current += c;
      close();
    } else if (c == '.' && last) {
      close();
    } else if (c == '"' || c == '\r' || c == '\t') {
      current += c == '"' ? '\'' : ' ';
    } else {
      current += c;
    }
  }
  close();
  return result;
}

/// Splits `... and what ...`, `..., list ...`: each part asks on its own.
texts split_questions(const std::string& clause) {
  texts result;
  std::size_t first = 0;
  for (std::size_t i = 0; i < clause.size(); ++i) {
    std::size_t size = 0;
    for (std::string_view mark : {", and ", " and ", ", "})
      if (size == 0 && std::string_view{clause}.substr(i).starts_with(mark))
        size = mark.size();
    if (size == 0 || i <= first)
      continue;
    auto word = first_word(std::string_view{clause}.substr(i + size));
    if (!is_question_word(word) && !is_instruction(word))
      continue;
    result.push_back(clause.substr(first, i - first));
    first = i + size;
    i = first;
  }
  result.push_back(clause.substr(first));
  return result;
}

texts split_items(std::string_view text) {
  texts result;
  std::string current;
  auto close = [&] {
    if (auto part = trim(current); !part.empty())
      result.emplace_back(part);
    current.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 0;
    for (std::string_view mark : {", and ", ", or ", " as well as ", " and ",
                                  " versus ", " vs. ", " vs ", " & ", ", "})
      if (size == 0 && text.substr(i).starts_with(mark))
        size = mark.size();
    if (size != 0) {
      close();
      i += size;
    } else {
      current += text[i++];
    }
  }
  close();
  return result;
}

/// Drops `list the`, `what are the`, `please tell me`, `write a report on`.
std::string strip_lead(std::string_view text) {
  std::size_t at = 0;
  for (auto& t : tokenize(text, 12)) {
    auto word = to_lower(text.substr(t.offset, t.size));
    bool is_lead =
        is_instruction(word) || is_question_word(word)
        || is_any(word, {"is", "are", "was", "were", "the", "a", "an", "me",
                         "us", "all", "on", "about", "any", "do", "does", "did",
                         "summary", "overview", "report"});
    if (!is_lead)
      break;
    at = t.offset + t.size;
  }
  return std::string{trim(text.substr(at))};
}

/// Where a tail such as ` of Alpha and Beta` begins, or the end.
std::size_t tail_of(std::string_view text) {
  auto best = std::string_view::npos;
  for (std::string_view mark : {" of ", " for ", " in ", " from ", " at "}) {
    auto at = text.rfind(mark);
    if (at != std::string_view::npos
        && (best == std::string_view::npos || at > best))
      best = at;
  }
  return best;
}

bool are_items(const texts& items) {
  return items.size() > 1
         && std::all_of(items.begin(), items.end(), [](auto& item) {
              return count_words(item) <= item_words_max && has_subject(item);
            });
}

/// Splits `costs, risks and benefits of X` into three topics about X.
texts split_list(const std::string& clause) {
  std::string_view text = clause;
  bool asks = text.ends_with('?');
  if (asks)
    text.remove_suffix(1);
  if (text.find(" between ") != std::string_view::npos
      || text.find(" across ") != std::string_view::npos)
    return {clause};
  if (is_instruction(first_word(text)) && text.size() > 1) {
    auto rest = strip_lead(text);
    if (has_subject(rest) && rest.size() < text.size()) {
      return split_list(rest);
    }
  }
  auto at = tail_of(text);
  auto head = text.substr(0, std::min(at, text.size()));
  auto tail =
      at == std::string_view::npos ? std::string_view{} : text.substr(at);
  auto heads = split_items(strip_lead(head));
  if (are_items(heads)) {
    for (auto& item : heads)
      item += tail;
    return heads;
  }
  if (tail.empty())
    return {clause};
  auto space = tail.find(' ', 1);
  auto items = split_items(tail.substr(space + 1));
  if (!are_items(items) || !has_subject(head))
    return {clause};
  texts result;
  for (auto& item : items)
    result.push_back(std::string{head} + std::string{tail.substr(0, space + 1)}
                     + item + (asks ? "?" : ""));
  return result;
}

/// `Do not ...`, `Be brief`: says how, not what.
bool is_manner(std::string_view clause) {
  auto word = first_word(clause);
  return is_any(word, {"do", "don't", "be", "keep", "use", "never", "always"})
         && !clause.ends_with('?');
}

} // namespace

goal_parts split_goal(std::string_view goal) {
  goal_parts result;
  auto add = [&result](std::string_view text) {
    auto topic = fold_blanks(clip(text, topic_bytes_max));
    while (!topic.empty()
           && std::string_view{" ,.:;"}.find(topic.back())
                  != std::string_view::npos)
      topic.pop_back();
    bool known = std::find(result.topics.begin(), result.topics.end(), topic)
                 != result.topics.end();
    if (!topic.empty() && !known && has_subject(topic)
        && result.topics.size() < topics_max)
      result.topics.push_back(topic);
  };
  auto lower = to_lower(clip(goal, goal_read_bytes_max));
  for (auto word : {"compare", "comparison", "differ", "conflict", "versus",
                    "disagree", "contradict"})
    result.is_comparison |= lower.find(word) != std::string::npos;
  auto clauses = split_clauses(clip(goal, goal_read_bytes_max));
  bool all_manner = std::all_of(clauses.begin(), clauses.end(), is_manner);
  for (auto& clause : clauses) {
    if (is_manner(clause) && !all_manner)
      continue;
    for (auto& question : split_questions(clause))
      for (auto& topic : split_list(question))
        add(topic);
  }
  if (result.topics.empty())
    return result;
  // The first topic's last words are what later pronouns stand for.
  for (auto& t : tokenize(result.topics[0], 64))
    if (t.is_content() && !t.has(flag_weak)) {
      auto word = result.topics[0].substr(t.offset, t.size);
      result.subject += (result.subject.empty() ? "" : " ") + word;
    }
  return result;
}

bool leans_on_subject(std::string_view topic) {
  auto tokens = tokenize(topic, 64);
  return std::any_of(tokens.begin(), tokens.end(), [&topic](auto& t) {
    auto word = to_lower(topic.substr(t.offset, t.size));
    return is_any(word, {"it", "its", "they", "them", "their", "this", "these",
                         "he", "she", "his", "her"});
  });
}

std::string capitalised(std::string_view text) {
  std::string result{text};
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z')
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return result;
}

} // namespace brigade::core::extractive
