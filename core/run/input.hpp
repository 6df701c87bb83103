/// Documents given with a goal, and ranges of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// One document. Lines are numbered from 1; a line ends at `\n` or `\r\n`, and
/// the end of the last one starts no further line.
class input {
public:
  /// `text` must be valid UTF-8 (see `is_text`).
  input(std::string id, std::string name, std::string text);

  /// `doc1`, `doc2`, ...: how plans and prompts name it.
  const std::string& id() const { return id_; }

  /// How people name it: the path or title it was given with. Citations are
  /// `name:line`.
  const std::string& name() const { return name_; }

  const std::string& text() const { return text_; }

  /// At least 1, even for an empty text.
  std::uint32_t line_count() const;

  /// Line `number` (from 1) without its line end. Out of range: empty.
  std::string_view line(std::uint32_t number) const;

  /// The lines `first` to `last`, both included, clamped to the text, without
  /// the end of the last one.
  std::string_view lines(std::uint32_t first, std::uint32_t last) const;

private:
  std::string id_;
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

/// The documents of one run, shared by all of its actors; never changes.
using input_set = std::vector<input>;
using input_set_ptr = std::shared_ptr<const input_set>;

/// The document with this id, or null.
const input* find_input(const input_set& inputs, std::string_view id);

/// A part of a document: `doc2` is all of it, `doc2:10-80` lines 10 to 80.
struct input_range {
  std::string id;
  /// 0 means the whole document.
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  friend bool operator==(const input_range&, const input_range&) = default;
};

/// Reads `doc2`, `doc2:10-80` or `doc2:10`. Checks the form only: not whether
/// such a document or line exists. Refuses line 0 and `first > last`.
std::optional<input_range> parse_input_range(std::string_view text);

std::string to_string(const input_range& range);

/// Whether `bytes` is UTF-8 text without NUL: what an input may hold.
bool is_text(std::string_view bytes);

} // namespace brigade::core
