#include "brigade/core/model/prompt_index.hpp"

#include "brigade/core/model/prompt_blocks.hpp"
#include "brigade/core/model/prompt_parts.hpp"

#include <algorithm>
#include <numeric>

namespace brigade::core {

namespace {

/// Room for the tags and attribute names around an excerpt.
constexpr std::uint64_t tag_bytes = 110;

/// A line number in front of a line, and its line end.
constexpr std::uint64_t line_prefix_bytes = 8;

/// What a section must be able to show to be worth a block of its own.
constexpr std::uint64_t section_bytes_min = 64;

/// What each document shows, however small the limit is.
constexpr std::uint64_t excerpt_bytes_min = 48;

constexpr std::string_view cut_mark = " ...";

// -- excerpts -----------------------------------------------------------------

/// Shares `total` out: nobody gets more than they need, and whoever needs more
/// than they get gets as much as any other.
std::vector<std::uint64_t> fair_shares(const std::vector<std::uint64_t>& needs,
                                       std::uint64_t total) {
  std::vector<std::size_t> order(needs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&needs](auto lhs, auto rhs) { return needs[lhs] < needs[rhs]; });
  std::vector<std::uint64_t> result(needs.size());
  auto takers = needs.size();
  for (auto i : order) {
    result[i] = std::min(needs[i], total / takers);
    total -= result[i];
    --takers;
  }
  return result;
}

std::uint64_t tag_bytes_of(const input& document) {
  return tag_bytes + document.id().size() + document.name().size();
}

std::uint64_t bytes_of(const input& document, input_section part) {
  const std::uint64_t lines = part.last - part.first + 1;
  return tag_bytes_of(document) + document.lines(part.first, part.last).size()
         + lines * line_prefix_bytes;
}

/// Writes lines as long as there is room for them.
class excerpt_writer {
public:
  excerpt_writer(std::string& out, std::uint64_t bytes_max)
      : out_(out), left_(bytes_max) {
    // nop
  }

  void allow(std::uint64_t bytes) { left_ += bytes; }

  bool add(std::uint32_t number, std::string_view line) {
    if (line.size() + line_prefix_bytes > left_)
      return false;
    append_numbered_line(out_, number, line);
    left_ -= line.size() + line_prefix_bytes;
    return true;
  }

  /// Writes what there is room for, and a mark.
  void add_cut(std::uint32_t number, std::string_view line) {
    std::string text{cut_text(line, left_)};
    if (text.size() < line.size())
      text += cut_mark;
    append_numbered_line(out_, number, text);
    left_ = 0;
  }

  /// The first lines of a part; at least the beginning of its first one.
  /// Returns the last line that was written.
  std::uint32_t add_first_lines(const input& document, input_section part) {
    auto at = part.first;
    while (at <= part.last && add(at, document.line(at)))
      ++at;
    if (at > part.first)
      return at - 1;
    add_cut(at, document.line(at));
    return at;
  }

private:
  std::string& out_;
  std::uint64_t left_;
};

void open_excerpt(std::string& out, const input& document, input_section part) {
  const auto lines =
      std::to_string(part.first) + '-' + std::to_string(part.last);
  const auto total = std::to_string(document.line_count());
  open_block(out, "document",
             {{"id", document.id()},
              {"name", document.name()},
              {"lines", lines},
              {"total_lines", total}});
}

std::uint64_t room_for_lines(const input& document, std::uint64_t share) {
  const auto tags = tag_bytes_of(document);
  return std::max(excerpt_bytes_min, share - std::min(share, tags));
}

void append_sections(std::string& out, const input& document,
                     const std::vector<input_section>& sections,
                     std::uint64_t share) {
  std::vector<std::uint64_t> needs;
  needs.reserve(sections.size());
  for (auto part : sections)
    needs.push_back(bytes_of(document, part));
  const auto shares = fair_shares(needs, share);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    open_excerpt(out, document, sections[i]);
    excerpt_writer{out, room_for_lines(document, shares[i])}.add_first_lines(
        document, sections[i]);
    close_block(out, "document");
  }
}

/// The bytes of a document's headings, or `bytes_max` when they take more.
std::uint64_t heading_bytes(const input& document, std::uint64_t bytes_max) {
  std::uint64_t sum = 0;
  heading_finder headings;
  for (std::uint32_t at = 1; at <= document.line_count(); ++at) {
    const auto line = document.line(at);
    if (headings.is_heading(line))
      sum += line.size() + line_prefix_bytes;
    if (sum >= bytes_max)
      return bytes_max;
  }
  return sum;
}

/// One block for a document that has no room for more: up to half of it for
/// headings, the rest for the first lines.
void append_outline(std::string& out, const input& document,
                    std::uint64_t share) {
  const input_section whole{1, document.line_count()};
  open_excerpt(out, document, whole);
  const auto room = room_for_lines(document, share);
  const auto room_for_headings = heading_bytes(document, room / 2);
  excerpt_writer writer{out, room - room_for_headings};
  const auto shown = writer.add_first_lines(document, whole);
  writer.allow(room_for_headings);
  heading_finder headings;
  for (std::uint32_t at = 1; at <= whole.last; ++at) {
    const auto line = document.line(at);
    if (headings.is_heading(line) && at > shown && !writer.add(at, line))
      break;
  }
  close_block(out, "document");
}

} // namespace

void append_input_index(std::string& out, const input_set& inputs,
                        const limits& bounds) {
  if (inputs.empty())
    return;
  const auto sections_max = sections_max_of(inputs);
  std::vector<std::vector<input_section>> parts;
  std::vector<std::uint64_t> needs;
  parts.reserve(inputs.size());
  needs.reserve(inputs.size());
  for (const auto& document : inputs) {
    parts.push_back(sections_of(document, sections_max));
    std::uint64_t need = 0;
    for (auto part : parts.back())
      need += bytes_of(document, part);
    needs.push_back(need);
  }
  const auto shares = fair_shares(needs, bounds.planner_input_bytes_max);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& document = inputs[i];
    const auto wanted =
        parts[i].size() * (tag_bytes_of(document) + section_bytes_min);
    if (shares[i] >= needs[i] || shares[i] >= wanted)
      append_sections(out, document, parts[i], shares[i]);
    else
      append_outline(out, document, shares[i]);
  }
}

} // namespace brigade::core
