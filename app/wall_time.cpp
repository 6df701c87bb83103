#include "brigade/app/wall_time.hpp"

#include <algorithm>
#include <chrono>

namespace brigade::app {

namespace {

std::string digits(std::int64_t value, std::size_t width) {
  auto text = std::to_string(value);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

struct parts {
  std::string day;
  std::string clock;
  std::string fraction;
};

parts parts_of(std::int64_t wall_ms) {
  using namespace std::chrono;
  sys_time<milliseconds> time{milliseconds{wall_ms}};
  auto midnight = floor<days>(time);
  year_month_day date{midnight};
  hh_mm_ss clock{time - midnight};
  return {digits(static_cast<int>(date.year()), 4) + "-"
              + digits(static_cast<unsigned>(date.month()), 2) + "-"
              + digits(static_cast<unsigned>(date.day()), 2),
          digits(clock.hours().count(), 2) + ":"
              + digits(clock.minutes().count(), 2) + ":"
              + digits(clock.seconds().count(), 2),
          digits(clock.subseconds().count(), 3)};
}

} // namespace

std::string rfc3339(std::int64_t wall_ms) {
  auto p = parts_of(wall_ms);
  return p.day + "T" + p.clock + "." + p.fraction + "Z";
}

std::string display_time(std::int64_t wall_ms) {
  auto p = parts_of(wall_ms);
  return p.day + " " + p.clock + " UTC";
}

std::string display_age(std::int64_t wall_ms, std::int64_t now_wall_ms) {
  auto s = std::max<std::int64_t>(now_wall_ms - wall_ms, 0) / 1000;
  if (s < 60) {
    return std::to_string(s) + "s";
  }
  if (s < 3600) {
    return std::to_string(s / 60) + "m";
  }
  if (s < 48 * 3600) {
    return std::to_string(s / 3600) + "h";
  }
  return std::to_string(s / 86'400) + "d";
}

std::int64_t now_wall_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
      .count();
}

} // namespace brigade::app
