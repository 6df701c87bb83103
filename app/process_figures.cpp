#include "brigade/app/process_figures.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace brigade::app {

namespace {

std::string read_file(const char* path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop == text.data() || error != std::errc{})
    return std::nullopt;
  return value;
}

/// The fields of /proc/self/stat behind the name, which may hold anything:
/// proc(5) counts them from 3.
std::vector<std::string_view> stat_fields(std::string_view stat) {
  std::vector<std::string_view> fields;
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos)
    return fields;
  stat.remove_prefix(name_end + 1);
  while (true) {
    const auto begin = stat.find_first_not_of(" \n");
    if (begin == std::string_view::npos)
      return fields;
    stat.remove_prefix(begin);
    const auto end = std::min(stat.find_first_of(" \n"), stat.size());
    fields.push_back(stat.substr(0, end));
    stat.remove_prefix(end);
  }
}

/// When the machine was started, Unix time in seconds.
std::optional<std::uint64_t> boot_seconds() {
  const auto stat = read_file("/proc/stat");
  constexpr std::string_view key = "\nbtime ";
  const auto found = stat.find(key);
  if (found == std::string::npos)
    return std::nullopt;
  return number(std::string_view{stat}.substr(found + key.size()));
}

std::optional<std::uint64_t> count_open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator entries{"/proc/self/fd", error};
  if (error)
    return std::nullopt;
  std::uint64_t count = 0;
  for (const std::filesystem::directory_iterator end; entries != end;
       entries.increment(error)) {
    if (error)
      return std::nullopt;
    ++count;
  }
  // The folder itself is one of them.
  return count > 0 ? count - 1 : 0;
}

} // namespace

process_figures read_process_figures() {
  process_figures result;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec)
             + static_cast<double>(time.tv_usec) / 1e6;
    };
    result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
    result.fds_max = files.rlim_cur;
  result.open_fds = count_open_fds();
  const auto stat = read_file("/proc/self/stat");
  const auto fields = stat_fields(stat);
  const auto field = [&fields](std::size_t n) -> std::optional<std::uint64_t> {
    return n - 3 < fields.size() ? number(fields[n - 3]) : std::nullopt;
  };
  result.threads = field(20);
  result.virtual_bytes = field(23);
  if (const auto pages = field(24))
    result.resident_bytes =
        *pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto boot = boot_seconds();
  if (const auto ticks = field(22); ticks && boot)
    result.start_seconds = static_cast<double>(*boot)
                           + static_cast<double>(*ticks)
                                 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return result;
}

} // namespace brigade::app
