#include "brigade/core/plan/plan_words.hpp"

#include <algorithm>
#include <array>

namespace brigade::core {

namespace {

/// Of the larger set, the part in percent that the smaller one must hold.
constexpr std::size_t near_percent_min = 90;
/// Sets with fewer words than this are near only when they are equal.
constexpr std::size_t near_words_min = 5;

/// Words without a meaning of their own.
constexpr std::array<std::string_view, 59> filler_words{
    "a",    "about", "also",  "an",     "and",    "any",  "are",   "as",
    "at",   "be",    "been",  "being",  "but",    "by",   "can",   "could",
    "do",   "does",  "each",  "every",  "for",    "had",  "has",   "have",
    "if",   "in",    "is",    "it",     "its",    "may",  "must",  "of",
    "on",   "or",    "our",   "please", "should", "so",   "some",  "such",
    "than", "that",  "the",   "their",  "them",   "then", "there", "these",
    "they", "this",  "those", "to",     "was",    "we",   "were",  "will",
    "with", "you",   "your"};

/// Words that fit any subtask, without a plural's ending; among
/// them the verbs by which things are gathered, which all mean the same.
constexpr std::array<std::string_view, 102> generic_words{
    "accordingly",   "additional",  "anything",  "appropriate",
    "area",          "aspect",      "assigned",  "assignment",
    "available",     "background",  "best",      "careful",
    "carefully",     "collect",     "complete",  "completely",
    "comprehensive", "content",     "context",   "data",
    "deep",          "deeply",      "depth",     "detail",
    "detailed",      "dig",         "do",        "document",
    "everything",    "explore",     "fact",      "file",
    "find",          "finding",     "finish",    "fully",
    "further",       "gather",      "general",   "get",
    "give",          "given",       "goal",      "good",
    "handle",        "help",        "helpful",   "important",
    "info",          "information", "input",     "insight",
    "investigate",   "issue",       "item",      "job",
    "key",           "look",        "main",      "make",
    "material",      "matter",      "more",      "necessary",
    "need",          "needed",      "objective", "obtain",
    "output",        "part",        "perform",   "piece",
    "point",         "problem",     "process",   "produce",
    "project",       "proper",      "properly",  "provide",
    "provided",      "question",    "relevant",  "report",
    "request",       "requested",   "required",  "research",
    "response",      "result",      "return",    "search",
    "step",          "stuff",       "subject",   "subtask",
    "task",          "text",        "thing",     "thorough",
    "thoroughly",    "topic"};

/// What can be done to or asked of anything: too little to describe a subtask,
/// but enough to tell two subtasks apart.
constexpr std::array<std::string_view, 44> telling_words{
    "after",    "all",    "analyse",  "analysi",   "analyze",   "answer",
    "assess",   "before", "both",     "check",     "compare",   "conduct",
    "describe", "discus", "evaluate", "examine",   "execute",   "explain",
    "extract",  "from",   "how",      "identify",  "into",      "list",
    "no",       "not",    "only",     "other",     "out",       "over",
    "read",     "review", "study",    "summarise", "summarize", "summary",
    "up",       "what",   "when",     "where",     "which",     "who",
    "why",      "write"};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c)
         || static_cast<unsigned char>(c) >= 0x80;
}

// FNV-1a, 64 bits. Source: RFC 9923.
constexpr std::uint64_t hash_seed = 14'695'981'039'346'656'037u;

constexpr std::uint64_t hash_step(std::uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
}

constexpr std::uint64_t hash_of(std::string_view word) {
  auto hash = hash_seed;
  for (char c : word)
    hash = hash_step(hash, c);
  return hash;
}

/// What the lists say of a word.
enum class word_kind : std::uint8_t { content, filler, telling };

/// The lists as a hash table, made by the compiler: each word of each
/// description is looked up.
class word_table {
public:
  constexpr word_table() {
    for (auto word : filler_words)
      insert(hash_of(word), word_kind::filler);
    for (auto word : generic_words)
      insert(hash_of(word), word_kind::filler);
    for (auto word : telling_words)
      insert(hash_of(word), word_kind::telling);
  }

  constexpr word_kind find(std::uint64_t hash) const {
    auto at = hash % slots_.size();
    while (slots_[at].hash != 0 && slots_[at].hash != hash)
      at = (at + 1) % slots_.size();
    return slots_[at].kind;
  }

private:
  struct slot {
    std::uint64_t hash = 0;
    word_kind kind = word_kind::content;
  };

  constexpr void insert(std::uint64_t hash, word_kind kind) {
    auto at = hash % slots_.size();
    while (slots_[at].hash != 0)
      at = (at + 1) % slots_.size();
    slots_[at] = {hash, kind};
  }

  // A power of two, more than half of it empty.
  std::array<slot, 1'024> slots_{};
};

constexpr word_table listed_words;

/// A word of a text, in lower case.
struct word {
  /// Without a plural's ending, so that `figures` and `figure` are one word.
  std::uint64_t hash = hash_seed;
  word_kind kind = word_kind::content;
  std::size_t bytes = 0;
  bool all_digits = true;
};

/// Reads the word at `text[at]` and moves `at` behind it.
word read_word(std::string_view text, std::size_t& at) {
  word w;
  auto before_last = hash_seed;
  char last = 0;
  for (; at < text.size() && is_word_char(text[at]); ++at, ++w.bytes) {
    last = text[at];
    if (last >= 'A' && last <= 'Z')
      last = static_cast<char>(last - 'A' + 'a');
    before_last = w.hash;
    w.hash = hash_step(w.hash, last);
    w.all_digits = w.all_digits && is_digit(last);
  }
  constexpr std::size_t plural_bytes_min = 4;
  w.kind = listed_words.find(w.hash);
  if (last == 's' && w.bytes >= plural_bytes_min) {
    w.hash = before_last;
    if (w.kind == word_kind::content)
      w.kind = listed_words.find(w.hash);
  }
  return w;
}

/// Calls `visit` with each word until it returns false.
template <class Visitor>
void for_each_word(std::string_view text, Visitor visit) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word_char(text[at]))
      ++at;
    else if (!visit(read_word(text, at)))
      return;
  }
}

/// A small number counts something; a large one, such as a year, is a thing.
bool is_small_number(const word& w) {
  constexpr std::size_t digits_max = 3;
  return w.all_digits && w.bytes <= digits_max;
}

/// Whether each of `few` is among `many`; both are sorted.
bool is_subset(const word_set& few, const word_set& many) {
  return (few.signature & ~many.signature) == 0
         && std::includes(many.hashes.begin(), many.hashes.end(),
                          few.hashes.begin(), few.hashes.end());
}

} // namespace

bool is_vague(std::string_view description) {
  bool vague = true;
  for_each_word(description, [&vague](const word& w) {
    vague = w.kind != word_kind::content || is_small_number(w);
    return vague;
  });
  return vague;
}

word_set words_of(std::string_view text) {
  word_set words;
  for_each_word(text, [&words](const word& w) {
    if (w.kind != word_kind::filler)
      words.hashes.push_back(w.hash);
    return true;
  });
  std::sort(words.hashes.begin(), words.hashes.end());
  words.hashes.erase(std::unique(words.hashes.begin(), words.hashes.end()),
                     words.hashes.end());
  for (auto hash : words.hashes)
    words.signature |= std::uint64_t{1} << (hash >> 58);
  return words;
}

bool are_near(const word_set& lhs, const word_set& rhs) {
  const bool left_is_small = lhs.hashes.size() <= rhs.hashes.size();
  const auto& few = left_is_small ? lhs : rhs;
  const auto& many = left_is_small ? rhs : lhs;
  if (many.hashes.size() < near_words_min)
    return !many.hashes.empty() && few.signature == many.signature
           && few.hashes == many.hashes;
  return few.hashes.size() * 100 >= many.hashes.size() * near_percent_min
         && is_subset(few, many);
}

} // namespace brigade::core
