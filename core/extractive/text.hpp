/// Words of a text: tokens, light stemming, stop words and concepts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// Names a word by its stem, or a group of words of one meaning by its concept
/// (a hash, the same on every machine).
using term = std::uint64_t;

/// The FNV-1a hash that makes terms.
constexpr term hash_term(std::string_view text) {
  term result = 14695981039346656037ull;
  for (char c : text)
    result = (result ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return result;
}

/// What is known of a word. Bits of `token::flags`.
enum token_flag : std::uint8_t {
  /// Says nothing about the subject: `the`, `of`, `is`.
  flag_stop = 1,
  /// Begins with a capital letter.
  flag_capital = 2,
  /// Holds a digit.
  flag_digit = 4,
  /// Belongs to a group of the thesaurus; `meaning` names the group.
  flag_concept = 8,
  /// An instruction or filler word: `list`, `document`, `currently`.
  flag_weak = 16,
  /// May turn a statement around: `not`, `closed`.
  flag_negates = 32,
};

/// A word of a text.
struct token {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  /// The stem.
  term stem = 0;
  /// The concept, or the stem when the thesaurus does not know the word.
  term meaning = 0;
  std::uint8_t flags = 0;

  bool has(token_flag flag) const { return (flags & flag) != 0; }
  /// Whether the word says something about the subject.
  bool is_content() const { return (flags & flag_stop) == 0; }
};

/// Longer words are cut to this many bytes before they are stemmed.
inline constexpr std::size_t word_bytes_max = 48;

/// The words of `text`, at most `tokens_max` of them.
std::vector<token> tokenize(std::string_view text,
                            std::size_t tokens_max = 4096);

/// The lower-case stem of one word: `Prices` and `pricing` give `pric`.
std::string stem(std::string_view word);

/// `hash_term(stem(word))`.
term stem_term(std::string_view word);

/// Nonzero for a meaning (see `token::meaning`) that excludes others: two
/// different meanings with one bit in common are opposites or two cases of one
/// thing, so that statements about them never conflict: `adult`, `child`.
std::uint64_t contrast_bits(term meaning);

/// The share of words two token lists have in common, 0 to 1 (Jaccard; stop
/// words count only when there is nothing else).
double similarity(const std::vector<token>& lhs, const std::vector<token>& rhs);

/// `text` with each run of blanks and control characters as one space, and
/// none at its ends.
std::string fold_blanks(std::string_view text);

/// The longest prefix of at most `bytes_max` bytes that ends between two UTF-8
/// characters, and between two words when there is a blank in its last third.
std::string_view clip(std::string_view text, std::size_t bytes_max);

/// ASCII case folding.
std::string to_lower(std::string_view text);

std::string_view trim(std::string_view text);

/// Whether the word at `offset` begins with a capital letter (ASCII, Latin-1,
/// Greek or Cyrillic).
bool starts_with_capital(std::string_view text);

} // namespace brigade::core::extractive
