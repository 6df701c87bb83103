#include "brigade/core/run/merge.hpp"

#include <string>
#include <unordered_set>

namespace brigade::core {

namespace {

constexpr std::size_t heading_bytes_max = 100;

/// The first sentence or line of a description, cut at a word.
std::string heading_of(std::string_view description) {
  auto end = description.find_first_of("\n");
  auto sentence = description.find(". ");
  end = std::min(end, sentence);
  auto text = description.substr(0, end);
  if (text.size() > heading_bytes_max) {
    auto cut = text.rfind(' ', heading_bytes_max);
    if (cut == std::string_view::npos) {
      cut = heading_bytes_max;
      while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
        --cut;
    }
    return std::string{text.substr(0, cut)} + " ...";
  }
  while (!text.empty() && text.back() == '.')
    text.remove_suffix(1);
  return std::string{text};
}

std::string one_line(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c == '\n' || c == '\r')
      c = ' ';
  return result;
}

/// Appends the paragraphs of `text` that are not in `seen` yet.
void append_paragraphs(std::string& out, std::string_view text,
                       std::unordered_set<std::string>& seen) {
  while (!text.empty()) {
    auto end = text.find("\n\n");
    auto paragraph = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    while (!paragraph.empty() && paragraph.front() == '\n')
      paragraph.remove_prefix(1);
    while (!paragraph.empty() && paragraph.back() == '\n')
      paragraph.remove_suffix(1);
    if (paragraph.empty() || !seen.emplace(paragraph).second)
      continue;
    out += '\n';
    out += paragraph;
    out += '\n';
  }
}

} // namespace

std::string merge_results(std::string_view goal,
                          const std::vector<task_result>& results) {
  std::string out = "# " + one_line(goal) + "\n";
  std::unordered_set<std::string> seen;
  std::string gaps;
  for (const auto& entry : results) {
    const auto heading = heading_of(entry.task->description);
    if (entry.result == nullptr) {
      gaps += "- " + entry.task->id + " (" + std::string{entry.status}
              + "): " + one_line(heading) + "\n";
      continue;
    }
    out += "\n## " + heading + "\n";
    append_paragraphs(out, entry.result->view(), seen);
  }
  if (!gaps.empty())
    out += "\n## Missing\n\n" + gaps;
  return out;
}

} // namespace brigade::core
