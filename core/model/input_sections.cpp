#include "brigade/core/model/input_sections.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

/// A heading right behind another one does not make a section.
constexpr std::uint32_t section_lines_min = 20;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// The finest sections that are worth a name.
std::vector<input_section> divide(const input& document) {
  std::vector<input_section> result;
  heading_finder headings;
  std::uint32_t first = 1;
  std::uint32_t last_blank = 0;
  const auto cut_before = [&](std::uint32_t next) {
    result.push_back({first, next - 1});
    first = next;
  };
  for (std::uint32_t at = 1; at <= document.line_count(); ++at) {
    const auto line = document.line(at);
    if (headings.is_heading(line) && at - first >= section_lines_min) {
      cut_before(at);
    } else if (at - first >= section_lines) {
      // Between two paragraphs if there is such a place near.
      cut_before(last_blank > first + section_lines / 2 ? last_blank + 1 : at);
    }
    if (is_blank(line))
      last_blank = at;
  }
  const auto end = document.line_count() + 1;
  if (end - first >= section_lines_min || result.empty())
    cut_before(end);
  else
    result.back().last = end - 1;
  return result;
}

/// Joins neighbours until at most `sections_max` are left.
std::vector<input_section> join(const std::vector<input_section>& sections,
                                std::size_t sections_max) {
  const auto together = (sections.size() + sections_max - 1) / sections_max;
  std::vector<input_section> result;
  for (std::size_t i = 0; i < sections.size(); i += together)
    result.push_back(
        {sections[i].first,
         sections[std::min(i + together, sections.size()) - 1].last});
  return result;
}

} // namespace

bool heading_finder::is_heading(std::string_view line) {
  const auto indent = std::min(line.find_first_not_of(' '), line.size());
  const auto text = line.substr(indent);
  if (text.starts_with("```") || text.starts_with("~~~")) {
    in_fence_ = !in_fence_;
    return false;
  }
  const auto level = text.find_first_not_of('#');
  return !in_fence_ && level != std::string_view::npos && level >= 1
         && level <= 6 && text[level] == ' ';
}

std::size_t sections_max_of(const input_set& inputs) {
  const auto divided =
      std::count_if(inputs.begin(), inputs.end(), [](const input& document) {
        return document.line_count() > whole_lines_max;
      });
  const auto room =
      input_choices_max - std::min(input_choices_max, inputs.size());
  return divided == 0 ? 1
                      : std::max(std::size_t{1},
                                 room / static_cast<std::size_t>(divided));
}

std::vector<input_section> sections_of(const input& document,
                                       std::size_t sections_max) {
  if (document.line_count() <= whole_lines_max || sections_max <= 1)
    return {{1, document.line_count()}};
  return join(divide(document), sections_max);
}

std::vector<std::string> input_choices(const input_set& inputs) {
  std::vector<std::string> result;
  for (const auto& document : inputs)
    result.push_back(document.id());
  const auto sections_max = sections_max_of(inputs);
  for (const auto& document : inputs) {
    const auto sections = sections_of(document, sections_max);
    if (sections.size() > 1)
      for (auto part : sections)
        result.push_back(
            to_string(input_range{document.id(), part.first, part.last}));
  }
  return result;
}

} // namespace brigade::core
