/// Marked blocks in prompts. Text from users, documents, models and workers
/// stands only inside such blocks, with the delimiter escaped, so that it
/// stays data (rule S4). The built-in model reads the same blocks back.
///
///     <brigade-document id="doc1" name="notes.md" lines="10-12">
///     10| first line
///     ...
///     </brigade-document>
///
/// Inside a block, a backslash is put behind the `<` of everything that a
/// reader could take for a delimiter: `<` or `</` before `brigade-`, in any
/// case, with blanks or backslashes between. So a delimiter in a prompt is
/// always ours, blocks never nest, and the text comes back byte by byte.
#pragma once

#include "brigade/core/run/input.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::core {

using block_attributes = std::vector<std::pair<std::string, std::string>>;

/// The same for writers, without copies.
using block_attribute_views =
    std::initializer_list<std::pair<std::string_view, std::string_view>>;

struct prompt_block {
  /// The name without `brigade-`: `goal`, `document`, ...
  std::string tag;
  block_attributes attributes;
  /// Unescaped, without the line ends next to the tags.
  std::string content;

  /// The value of an attribute, or empty.
  std::string_view attribute(std::string_view name) const;
};

/// Appends a block with one line end behind it. `tag` and the names of
/// attributes are of `[a-z0-9_-]`; their values and the content may be
/// anything.
void append_block(std::string& out, std::string_view tag,
                  const block_attributes& attributes, std::string_view content);
void append_block(std::string& out, std::string_view tag,
                  block_attribute_views attributes, std::string_view content);

/// Appends a `document` block with the lines `first` to `last`, clamped to the
/// document, each prefixed with its number and `| `.
void append_document(std::string& out, const input& document,
                     std::uint32_t first, std::uint32_t last);

/// Appends only the opening tag and its line end, for content that is written
/// piece by piece with the functions below.
void open_block(std::string& out, std::string_view tag,
                block_attribute_views attributes);

/// Appends `content`, escaped, and returns how many backslashes it took. A
/// delimiter must not be spread over two calls.
std::size_t append_escaped(std::string& out, std::string_view content);

/// Appends `number| text` and a line end. `text` must not hold line ends.
void append_numbered_line(std::string& out, std::uint32_t number,
                          std::string_view text);

/// Appends the closing tag. What was written since `open_block` must be empty
/// or end in a line end.
void close_block(std::string& out, std::string_view tag);

/// The blocks of a prompt, in order. Text outside of blocks is passed over, as
/// is a block whose next delimiter is not its own closing tag.
std::vector<prompt_block> parse_blocks(std::string_view prompt);

/// A line of a `document` block.
struct numbered_line {
  std::uint32_t number = 0;
  std::string text;
};

/// Splits the content of a `document` block into its lines. Lines without a
/// number are passed over.
std::vector<numbered_line> parse_numbered_lines(std::string_view content);

} // namespace brigade::core
