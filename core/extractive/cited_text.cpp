#include "brigade/core/extractive/cited_text.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core::extractive {

namespace {

/// `name:12` or `name:12-13`.
bool is_place(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
    return false;
  auto lines = text.substr(colon + 1);
  return lines.find_first_not_of("0123456789-") == std::string_view::npos
         && lines.front() != '-' && lines.back() != '-';
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

class result_reader {
public:
  told_result read(std::string_view text) {
    std::size_t lines = 0;
    while (!text.empty() && lines++ < result_lines_max) {
      auto end = std::min(text.find('\n'), text.size());
      read_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    close_block();
    return std::move(result_);
  }

private:
  void read_line(std::string_view raw) {
    auto line = trim(raw);
    bool fence = line.starts_with("```") || line.starts_with("~~~");
    if (fence || in_fence_) {
      if (!in_fence_)
        close_block();
      add_to_block(raw);
      if (fence && in_fence_)
        close_block();
      in_fence_ = fence ? !in_fence_ : in_fence_;
      return;
    }
    if (line.starts_with('|')) {
      add_to_block(raw);
      return;
    }
    close_block();
    if (line.empty()) {
      in_conflict_ = false;
      return;
    }
    read_text(line, indent_of(raw));
  }

  void read_text(std::string_view line, std::size_t indent) {
    bool bullet = line.starts_with("- ") || line.starts_with("* ");
    auto body = bullet ? trim(line.substr(2)) : line;
    if (body.starts_with(conflict_mark)) {
      result_.conflicts.push_back(
          {std::string{trim(body.substr(conflict_mark.size()))}, {}});
      in_conflict_ = true;
      return;
    }
    if (in_conflict_ && bullet && indent > 0) {
      result_.conflicts.back().sides.push_back(read_cited(body));
      return;
    }
    in_conflict_ = false;
    if (body.starts_with(not_found_mark))
      result_.not_found.emplace_back(body.substr(not_found_mark.size()));
    else if (body.starts_with(no_conflicts_mark))
      result_.no_conflicts.emplace_back(body.substr(no_conflicts_mark.size()));
    else if (!body.starts_with('#'))
      result_.sentences.push_back(read_cited(body));
  }

  void add_to_block(std::string_view line) {
    if (!block_.empty())
      block_ += '\n';
    block_ += line;
  }

  void close_block() {
    if (!block_.empty())
      result_.sentences.push_back({std::exchange(block_, {}), {}});
  }

  told_result result_;
  std::string block_;
  bool in_fence_ = false;
  bool in_conflict_ = false;
};

} // namespace

told_result read_result(std::string_view text) {
  return result_reader{}.read(text);
}

cited_sentence read_cited(std::string_view text) {
  cited_sentence result;
  text = trim(text);
  while (text.ends_with(']') && result.places.size() < places_read_max) {
    auto open = text.rfind('[');
    if (open == std::string_view::npos)
      break;
    auto place = text.substr(open + 1, text.size() - open - 2);
    if (!is_place(place))
      break;
    result.places.insert(result.places.begin(), std::string{place});
    text = trim(text.substr(0, open));
  }
  result.text = std::string{text};
  return result;
}

std::string write_cited(const cited_sentence& sentence) {
  auto result = sentence.text;
  for (auto& place : sentence.places)
    result += " [" + place + "]";
  return result;
}

} // namespace brigade::core::extractive
