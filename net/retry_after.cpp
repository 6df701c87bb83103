#include "brigade/net/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace brigade::net {

namespace {

/// Digits with at most one dot among them, `scale` times; rounded up, so that
/// we never come back too early.
std::optional<std::int64_t> parse_wait(std::string_view text, double scale) {
  auto is_number = !text.empty() && text.front() != '-'
                   && std::all_of(text.begin(), text.end(), [](char c) {
                        return (c >= '0' && c <= '9') || c == '.';
                      });
  if (!is_number)
    return std::nullopt;
  auto value = 0.0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(),
                                   value, std::chars_format::fixed);
  if (ec == std::errc::result_out_of_range)
    return retry_after_ms_max;
  if (ec != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  auto wait = std::ceil(value * scale);
  if (!(wait < static_cast<double>(retry_after_ms_max)))
    return retry_after_ms_max;
  return static_cast<std::int64_t>(wait);
}

std::optional<unsigned> digits(std::string_view text) {
  auto value = 0u;
  auto [end, ec] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<unsigned> month_of(std::string_view text) {
  constexpr std::array<std::string_view, 12> names = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun",
      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end())
    return std::nullopt;
  return static_cast<unsigned>(at - names.begin()) + 1;
}

} // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  // 0    5  8   12   17 20 23 26
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' '
      || text[11] != ' ' || text[16] != ' ' || text[19] != ':'
      || text[22] != ':' || text.substr(25) != " GMT")
    return std::nullopt;
  auto d = digits(text.substr(5, 2));
  auto m = month_of(text.substr(8, 3));
  auto y = digits(text.substr(12, 4));
  auto hh = digits(text.substr(17, 2));
  auto mm = digits(text.substr(20, 2));
  auto ss = digits(text.substr(23, 2));
  // 60 is a leap second.
  if (!d || !m || !y || !hh || !mm || !ss || *hh > 23 || *mm > 59 || *ss > 60)
    return std::nullopt;
  namespace chr = std::chrono;
  chr::year_month_day date{chr::year{static_cast<int>(*y)}, chr::month{*m},
                           chr::day{*d}};
  if (!date.ok())
    return std::nullopt;
  auto at = chr::sys_days{date} + chr::hours{*hh} + chr::minutes{*mm}
            + chr::seconds{*ss};
  return at.time_since_epoch().count();
}

std::optional<std::int64_t> parse_retry_after(std::string_view retry_after_ms,
                                              std::string_view retry_after,
                                              std::int64_t now_unix_s) {
  if (auto wait = parse_wait(retry_after_ms, 1.0))
    return wait;
  if (auto wait = parse_wait(retry_after, 1000.0))
    return wait;
  if (auto at = parse_http_date(retry_after)) {
    constexpr auto wait_s_max = retry_after_ms_max / 1000;
    return std::clamp<std::int64_t>(*at - now_unix_s, 0, wait_s_max) * 1000;
  }
  return std::nullopt;
}

} // namespace brigade::net
