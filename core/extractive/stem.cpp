// Light English stemming on a fixed buffer: it runs for every word of a text.
#include "brigade/core/extractive/text.hpp"

#include <algorithm>
#include <array>

namespace brigade::core::extractive {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/// A word in lower case that is cut from its end.
class word_buffer {
public:
  explicit word_buffer(std::string_view word) {
    word = word.substr(0, word_bytes_max);
    for (std::size_t i = 0; i < word.size(); ++i) {
      // A typographic apostrophe is an apostrophe.
      if (word.substr(i).starts_with("\xE2\x80\x99")) {
        push('\'');
        i += 2;
        continue;
      }
      push(lower(word, i));
    }
  }

  std::string_view view() const { return {bytes_.data(), size_}; }

  void reduce() {
    if (std::any_of(bytes_.begin(), bytes_.begin() + size_, is_digit)) {
      // 1,200 and 1200 are one word.
      auto end = std::remove(bytes_.begin(), bytes_.begin() + size_, ',');
      size_ = static_cast<std::size_t>(end - bytes_.begin());
      return;
    }
    if (view().ends_with("'s"))
      size_ -= 2;
    drop_plural();
    drop_ending();
    if (size_ > 3 && bytes_[size_ - 1] == 'e')
      --size_;
  }

private:
  static char lower(std::string_view word, std::size_t i) {
    auto c = word[i];
    if (c >= 'A' && c <= 'Z')
      return static_cast<char>(c - 'A' + 'a');
    // Latin-1 capitals: U+00C0 to U+00DE without the multiplication sign.
    auto byte = static_cast<unsigned char>(c);
    if (i > 0 && word[i - 1] == '\xC3' && byte >= 0x80 && byte <= 0x9E
        && byte != 0x97)
      return static_cast<char>(byte + 0x20);
    return c;
  }

  void push(char c) { bytes_[size_++] = c; }

  void replace_end(std::size_t count, char c) {
    size_ -= count;
    push(c);
  }

  void drop_plural() {
    auto w = view();
    if (size_ < 4 || w.back() != 's' || w.ends_with("ss") || w.ends_with("us")
        || w.ends_with("is"))
      return;
    if (w.ends_with("ies") && size_ > 4)
      replace_end(3, 'y');
    else if (w.ends_with("sses") || w.ends_with("xes") || w.ends_with("ches")
             || w.ends_with("shes") || w.ends_with("zes"))
      size_ -= 2;
    else
      --size_;
  }

  /// Cuts an ending when a syllable is left.
  bool cut(std::size_t count) {
    if (size_ < count + 3
        || view().substr(0, size_ - count).find_first_of("aeiouy")
               == std::string_view::npos)
      return false;
    size_ -= count;
    return true;
  }

  /// Undoubles the consonant that `-ing` and `-ed` doubled: `planned`, `plan`.
  void undouble() {
    if (size_ < 4)
      return;
    auto last = bytes_[size_ - 1];
    if (last == bytes_[size_ - 2] && !is_vowel(last) && last != 'l'
        && last != 's' && last != 'z')
      --size_;
  }

  void drop_ending() {
    auto w = view();
    if (w.ends_with("ing")) {
      if (cut(3))
        undouble();
    } else if (w.ends_with("ied") && size_ > 4) {
      replace_end(3, 'y');
    } else if (w.ends_with("ed") && !w.ends_with("eed")) {
      if (cut(2))
        undouble();
    } else if (w.ends_with("ly") && size_ > 5) {
      size_ -= 2;
    }
  }

  std::array<char, word_bytes_max> bytes_{};
  std::size_t size_ = 0;
};

} // namespace

std::string stem(std::string_view word) {
  word_buffer buffer{word};
  buffer.reduce();
  return std::string{buffer.view()};
}

term stem_term(std::string_view word) {
  word_buffer buffer{word};
  buffer.reduce();
  return hash_term(buffer.view());
}

} // namespace brigade::core::extractive
