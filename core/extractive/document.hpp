/// The structure of a document: sections, and units of text that can be quoted
/// with the lines they stand on.
#pragma once

#include "brigade/core/extractive/text.hpp"
#include "brigade/core/model/prompt_blocks.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// At most this many units are read of one document; the rest is passed over.
inline constexpr std::size_t units_max = 100'000;

inline constexpr std::size_t unit_tokens_max = 256;

/// Longer sentences are split between two words.
inline constexpr std::size_t unit_bytes_max = 1'000;

enum class unit_kind : std::uint8_t {
  /// A sentence of a paragraph.
  prose,
  /// A sentence of a list item.
  item,
  /// A row of a table or of a CSV file.
  row,
  /// A line `key: value`.
  pair,
  /// A sentence that asks; it heads the units behind it.
  question,
};

/// A piece of text that can be quoted. `text` stands verbatim on its lines,
/// joined, with runs of blanks folded and quote marks (`>`) left out.
struct unit {
  unit_kind kind = unit_kind::prose;
  std::string text;
  /// The words of `text`, at most `unit_tokens_max`.
  std::vector<token> tokens;
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  /// Index into `document::sections`.
  std::uint32_t section = 0;
  /// Of a row: index into `document::headers`, plus 1; 0 without a header.
  std::uint32_t header = 0;
  /// Index of the question that this unit answers, plus 1; 0 for none.
  std::uint32_t question = 0;
};

struct section {
  /// Empty for the text before the first heading.
  std::string heading;
  std::uint32_t level = 0;
  std::uint32_t first_line = 1;
  /// Index of the enclosing section; its own index for the first one.
  std::uint32_t parent = 0;
};

/// Lines of a document, both included.
struct line_range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

struct document {
  /// `doc1`, and the name that citations use.
  std::string id;
  std::string name;
  /// The last line that was given, and the lines the whole document has.
  std::uint32_t last_line = 0;
  std::uint32_t lines_total = 0;
  /// How many of its lines were given.
  std::uint32_t lines_given = 0;
  /// The parts in which it was given: what a plan may hand to subtasks.
  std::vector<line_range> parts;
  /// Never empty.
  std::vector<section> sections;
  std::vector<unit> units;
  /// The header rows of tables, as cells.
  std::vector<std::vector<std::string>> headers;
};

/// Reads a document's lines. Never fails: what has no structure is prose.
document read_document(std::string_view id, std::string_view name,
                       const std::vector<numbered_line>& lines);

/// The documents of a prompt, in order. Ranges of one document become one.
std::vector<document> read_documents(const std::vector<prompt_block>& blocks);

/// The cells of a row, trimmed: split at `|`, tabs or commas.
std::vector<std::string> split_cells(std::string_view row);

/// The key and the value of `key: value` (Markdown marks and quotes left out);
/// both empty when the text is not of that form.
struct key_value {
  std::string key;
  std::string value;
  /// Where the value begins in the text.
  std::size_t value_offset = 0;
};
key_value split_pair(std::string_view text);

/// Where the sentences of a folded paragraph begin and end.
struct text_span {
  std::size_t first = 0;
  std::size_t last = 0;
};
std::vector<text_span> split_sentences(std::string_view paragraph);

/// `name:12` or `name:12-13`.
std::string citation(const document& doc, const unit& u);

} // namespace brigade::core::extractive
