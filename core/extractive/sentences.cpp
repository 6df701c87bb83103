// Where sentences end: abbreviations, initials, decimals, quotes.
#include "brigade/core/extractive/document.hpp"

#include <algorithm>
#include <array>

namespace brigade::core::extractive {

namespace {

/// Never end a sentence, whatever follows.
constexpr std::array<std::string_view, 36> titles{
    "mr",  "mrs", "ms",  "dr",  "prof",   "st",  "no",  "nos",  "fig",
    "eq",  "vol", "pp",  "ca",  "approx", "e.g", "i.e", "vs",   "cf",
    "jan", "feb", "mar", "apr", "jun",    "jul", "aug", "sep",  "sept",
    "oct", "nov", "dec", "est", "gen",    "rev", "hon", "incl", "resp"};

/// End one only when a word that often begins sentences follows.
constexpr std::array<std::string_view, 11> endings{
    "inc", "ltd", "co", "corp", "etc", "al", "a.m", "p.m", "u.s", "u.k", "min"};

constexpr std::array<std::string_view, 24> starters{
    "the", "it",    "in",   "this", "a",    "an",   "they", "we",
    "he",  "she",   "its",  "our",  "for",  "from", "by",   "on",
    "at",  "these", "that", "if",   "when", "as",   "all",  "each"};

template <class Words>
bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z');
}

/// The word in front of `at`, dots inside it included.
std::string word_before(std::string_view text, std::size_t at) {
  auto first = at;
  while (first > 0 && at - first < 12
         && (is_alnum(text[first - 1]) || text[first - 1] == '.'))
    --first;
  return to_lower(text.substr(first, at - first));
}

std::string word_behind(std::string_view text, std::size_t at) {
  auto last = at;
  while (last < text.size() && last - at < 12 && is_alnum(text[last]))
    ++last;
  return to_lower(text.substr(at, last - at));
}

/// Closing quotes and brackets behind a full stop belong to the sentence.
std::size_t skip_closers(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 9> closers{
      "\"",           "'",       ")", "]", "*", "_", "\xE2\x80\x9D",
      "\xE2\x80\x99", "\xC2\xBB"};
  for (std::size_t i = 0; i < 4; ++i) {
    auto rest = text.substr(at);
    auto hit = std::find_if(closers.begin(), closers.end(), [&](auto closer) {
      return rest.starts_with(closer);
    });
    if (hit == closers.end())
      break;
    at += hit->size();
  }
  return at;
}

bool ends_at_stop(std::string_view text, std::size_t stop, std::size_t next) {
  if (text[stop] != '.')
    return true;
  auto before = word_before(text, stop);
  if (before.empty())
    return true;
  auto first = text[next];
  if (first >= 'a' && first <= 'z')
    return false;
  if (holds(titles, before))
    return false;
  bool is_initial = before.size() == 1 && before[0] >= 'a' && stop > 0
                    && text[stop - 1] >= 'A' && text[stop - 1] <= 'Z';
  if (is_initial || holds(endings, before))
    return holds(starters, word_behind(text, next));
  return true;
}

/// Whether the three bytes are a full stop of Chinese or Japanese.
bool is_wide_stop(std::string_view text, std::size_t at) {
  auto mark = text.substr(at, 3);
  return mark == "\xE3\x80\x82" || mark == "\xEF\xBC\x81"
         || mark == "\xEF\xBC\x9F";
}

} // namespace

std::vector<text_span> split_sentences(std::string_view paragraph) {
  std::vector<text_span> result;
  std::size_t first = 0;
  auto close = [&](std::size_t last) {
    if (last > first)
      result.push_back({first, last});
    first = last;
    while (first < paragraph.size() && paragraph[first] == ' ')
      ++first;
  };
  for (std::size_t i = 0; i < paragraph.size(); ++i) {
    auto c = paragraph[i];
    if (i - first >= unit_bytes_max) {
      close(first + clip(paragraph.substr(first), unit_bytes_max).size());
    } else if (c == '.' || c == '!' || c == '?') {
      auto end = skip_closers(paragraph, i + 1);
      if (end + 1 < paragraph.size() && paragraph[end] == ' '
          && ends_at_stop(paragraph, i, end + 1)) {
        close(end);
        i = end;
      }
    } else if (c == '\xE3' || c == '\xEF') {
      if (is_wide_stop(paragraph, i)) {
        close(i + 3);
        i += 2;
      }
    }
  }
  close(paragraph.size());
  return result;
}

} // namespace brigade::core::extractive
