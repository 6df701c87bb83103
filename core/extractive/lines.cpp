#include "brigade/core/extractive/lines.hpp"

#include "brigade/core/extractive/text.hpp"

#include <algorithm>

namespace brigade::core::extractive {

namespace {

constexpr std::size_t heading_words_max = 10;

/// Six words or more, most of them with a capital, and no number.
bool is_title_case(std::string_view line) {
  auto tokens = tokenize(line, 32);
  std::size_t capitals = 0;
  for (auto& t : tokens) {
    capitals += t.has(flag_capital);
    if (t.has(flag_digit))
      return false;
  }
  return tokens.size() >= 6 && capitals * 10 >= tokens.size() * 6;
}

} // namespace

std::size_t marker_size(std::string_view line) {
  if (line.size() < 3)
    return 0;
  if ((line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ')
    return 2;
  if (line.starts_with("\xE2\x80\xA2 ") || line.starts_with("\xE2\x80\x93 "))
    return 4;
  std::size_t i = 0;
  while (i < 3 && line[i] >= '0' && line[i] <= '9')
    ++i;
  if (i == 0 && line[0] >= 'a' && line[0] <= 'z')
    i = line[1] == ')' ? 1 : 0;
  if (i == 0 || i + 1 >= line.size() || (line[i] != '.' && line[i] != ')')
      || line[i + 1] != ' ')
    return 0;
  return i + 2;
}

bool is_fence(std::string_view line) {
  return line.starts_with("```") || line.starts_with("~~~");
}

bool is_rule(std::string_view line) {
  return line.size() >= 3
         && line.find_first_not_of("-=|:+ *_") == std::string_view::npos;
}

std::size_t count_of(std::string_view line, char c) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), c));
}

bool is_table_row(std::string_view line) {
  return (line.starts_with('|') && count_of(line, '|') >= 2)
         || line.find(" | ") != std::string_view::npos
         || count_of(line, '\t') >= 1;
}

bool ends_sentence(std::string_view line) {
  return !line.empty()
         && std::string_view{".!?:;"}.find(line.back())
                != std::string_view::npos;
}

bool looks_like_code(std::string_view raw, std::string_view line) {
  constexpr std::string_view starts[] = {
      "import ", "from ",  "def ",    "class ", "return ",  "async ",
      "await ",  "const ", "let ",    "var ",   "#include", "public ",
      "func ",   "fn ",    "SELECT ", "//",     "# result."};
  bool has_symbols = line.find_first_of("(){}[]=;") != std::string_view::npos;
  for (auto start : starts)
    if (line.starts_with(start) && (has_symbols || start == "//"))
      return true;
  if (line.starts_with("import ") || line.ends_with('(') || line.ends_with('{')
      || line.ends_with("),") || line.ends_with("[") || line == ")"
      || line == "]" || line == "}" || line.starts_with("from "))
    return line.find(". ") == std::string_view::npos;
  if (line.starts_with('"') && line.find("\":") != std::string_view::npos)
    return false;
  std::size_t symbols = 0;
  for (char c : line)
    symbols +=
        std::string_view{"(){}[]=<>_;|\\"}.find(c) != std::string_view::npos;
  bool indented = raw.starts_with("    ") || raw.starts_with('\t');
  return symbols * 100 > line.size() * (indented ? 4u : 12u) && symbols >= 2
         && !is_table_row(line);
}

bool looks_like_heading(std::string_view line) {
  if (line.size() > bare_heading_bytes_max || line.size() < 3
      || !starts_with_capital(line)
      || std::string_view{".,;:!|"}.find(line.back()) != std::string_view::npos)
    return false;
  if (line.find(". ") != std::string_view::npos
      || (line.find(": ") != std::string_view::npos && !is_title_case(line))
      || line.find('|') != std::string_view::npos
      || line.find('\t') != std::string_view::npos)
    return false;
  return count_of(line, ' ') < heading_words_max;
}

} // namespace brigade::core::extractive
