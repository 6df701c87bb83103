#include "brigade/app/log_line.hpp"

#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace brigade::app {

namespace {

using config::log_style;

/// How much of a value is looked at: enough to find a secret across the cut.
constexpr std::size_t looked_at_bytes_max = 16'384;

/// Room for `cut=true`, the line's end in either style and a level's prefix.
constexpr std::size_t tail_bytes = 24;

std::string clean(std::string_view text, const net::secret_list& secrets) {
  std::string masked{text.substr(0, looked_at_bytes_max)};
  net::mask_secrets(masked, secrets);
  auto result = terminal_line(masked);
  // A secret with a line end in it is one no more: look again.
  net::mask_secrets(result, secrets);
  if (result.size() <= log_value_bytes_max)
    return result;
  constexpr std::string_view mark = "...";
  auto cut = log_value_bytes_max - mark.size();
  while ((static_cast<unsigned char>(result[cut]) & 0xC0) == 0x80)
    --cut;
  result.resize(cut);
  return result += mark;
}

std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string_view{text});
}

/// Whether a value can stand in a line for people as it is.
bool is_plain(std::string_view text) {
  return !text.empty()
         && text.find_first_of(" \"=\\") == std::string_view::npos;
}

std::string number(double value) {
  // JSON has no others.
  if (!std::isfinite(value))
    return "null";
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

struct value_text {
  log_style style;
  const net::secret_list& secrets;

  std::string operator()(std::string_view text) const {
    auto result = clean(text, secrets);
    return style == log_style::text && is_plain(result) ? result
                                                        : quoted(result);
  }

  std::string operator()(std::int64_t value) const {
    return std::to_string(value);
  }

  std::string operator()(double value) const { return number(value); }

  std::string operator()(bool value) const { return value ? "true" : "false"; }
};

} // namespace

std::string_view to_string(config::log_level level) {
  constexpr std::array<std::string_view, 4> names{"debug", "info", "warning",
                                                  "error"};
  return names[std::min(static_cast<std::size_t>(level), names.size() - 1)];
}

std::string log_line_of(const log_record& record, log_style style,
                        const net::secret_list& secrets) {
  const bool json = style == log_style::json;
  std::string line;
  const auto time = rfc3339(record.wall_ms);
  if (json)
    line.append("{\"time\":\"").append(time).append("\",\"level\":\"");
  else
    line.append(time).append(" ");
  line.append(to_string(record.level)).append(json ? "\",\"event\":\"" : " ");
  line.append(record.event).append(json ? "\"" : "");
  bool cut = false;
  for (const auto& field : record.fields) {
    const auto value = std::visit(value_text{style, secrets}, field.value);
    if (line.size() + field.key.size() + value.size() + 4 + tail_bytes
        > log_line_bytes_max) {
      cut = true;
      continue;
    }
    line.append(json ? ",\"" : " ").append(field.key);
    line.append(json ? "\":" : "=").append(value);
  }
  if (cut)
    line.append(json ? ",\"cut\":true" : " cut=true");
  return line.append(json ? "}\n" : "\n");
}

} // namespace brigade::app
