#include "brigade/core/model/prompt_template.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

/// A `{{name}}` in a text.
struct placeholder {
  std::size_t begin = std::string_view::npos;
  std::size_t end = std::string_view::npos;
  std::string_view name;
};

/// The first placeholder at or behind `from`; its `begin` is `npos` when there
/// is none. A name begins with a letter, so that JSON never looks like one.
placeholder find_placeholder(std::string_view text, std::size_t from) {
  for (auto at = text.find("{{", from); at != std::string_view::npos;
       at = text.find("{{", at + 1)) {
    auto first = at + 2;
    while (first < text.size() && text[first] == ' ')
      ++first;
    auto last = first;
    while (last < text.size() && is_name_char(text[last]))
      ++last;
    auto end = last;
    while (end < text.size() && text[end] == ' ')
      ++end;
    if (last > first && is_letter(text[first])
        && text.substr(end).starts_with("}}"))
      return {at, end + 2, text.substr(first, last - first)};
  }
  return {};
}

} // namespace

std::string render_template(std::string_view text,
                            const template_values& values) {
  std::string result;
  result.reserve(text.size());
  std::size_t done = 0;
  for (auto found = find_placeholder(text, 0);
       found.begin != std::string_view::npos;
       found = find_placeholder(text, found.end)) {
    const auto value =
        std::find_if(values.begin(), values.end(),
                     [&](const auto& x) { return x.first == found.name; });
    if (value == values.end())
      continue;
    result.append(text, done, found.begin - done);
    result += value->second;
    done = found.end;
  }
  return result.append(text, done);
}

std::vector<std::string>
unknown_template_names(std::string_view text,
                       const std::vector<std::string_view>& known) {
  std::vector<std::string> result;
  const auto has = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (auto found = find_placeholder(text, 0);
       found.begin != std::string_view::npos;
       found = find_placeholder(text, found.end))
    if (!has(known, found.name) && !has(result, found.name))
      result.emplace_back(found.name);
  return result;
}

} // namespace brigade::core
