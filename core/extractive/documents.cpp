// The documents of a prompt, and how they are cited.
#include "brigade/core/extractive/document.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace brigade::core::extractive {

namespace {

std::uint32_t to_number(std::string_view text) {
  std::uint32_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

line_range to_range(std::string_view text) {
  auto dash = std::min(text.find('-'), text.size());
  auto first = to_number(text.substr(0, dash));
  return {first, dash < text.size() ? to_number(text.substr(dash + 1)) : first};
}

} // namespace

std::vector<document> read_documents(const std::vector<prompt_block>& blocks) {
  struct source {
    std::string_view id;
    std::string_view name;
    std::uint32_t total = 0;
    std::vector<line_range> parts;
    std::vector<numbered_line> lines;
  };
  std::vector<source> sources;
  for (auto& block : blocks) {
    if (block.tag != "document")
      continue;
    auto id = block.attribute("id");
    auto i = std::find_if(sources.begin(), sources.end(),
                          [id](const source& s) { return s.id == id; });
    if (i == sources.end())
      i = sources.insert(i, {id, block.attribute("name"), 0, {}, {}});
    i->total = std::max(i->total, to_number(block.attribute("total_lines")));
    i->parts.push_back(to_range(block.attribute("lines")));
    auto lines = parse_numbered_lines(block.content);
    std::move(lines.begin(), lines.end(), std::back_inserter(i->lines));
  }
  std::vector<document> result;
  for (auto& s : sources) {
    auto by_number = [](auto& a, auto& b) { return a.number < b.number; };
    std::stable_sort(s.lines.begin(), s.lines.end(), by_number);
    auto same = [](auto& a, auto& b) { return a.number == b.number; };
    s.lines.erase(std::unique(s.lines.begin(), s.lines.end(), same),
                  s.lines.end());
    result.push_back(
        read_document(s.id, s.name.empty() ? s.id : s.name, s.lines));
    result.back().lines_given = static_cast<std::uint32_t>(s.lines.size());
    result.back().parts = std::move(s.parts);
    result.back().lines_total = std::max(s.total, result.back().last_line);
  }
  return result;
}

std::string citation(const document& doc, const unit& u) {
  auto result = doc.name + ":" + std::to_string(u.first_line);
  if (u.last_line > u.first_line)
    result += "-" + std::to_string(u.last_line);
  return result;
}

} // namespace brigade::core::extractive
