#include "brigade/app/time_bar.hpp"

#include "brigade/app/display.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

enum class mark : std::uint8_t { none, between, lost, worked };

std::string_view sign(mark m, bool ascii) {
  switch (m) {
  case mark::none:
    return " ";
  case mark::between:
    return ascii ? "." : "\u00B7";
  case mark::lost:
    return ascii ? "x" : "\u2592";
  case mark::worked:
    return ascii ? "#" : "\u2588";
  }
  return " ";
}

bool brought_nothing(core::attempt_end end) {
  return end != core::attempt_end::succeeded && end != core::attempt_end::open;
}

} // namespace

std::string time_bar(const std::vector<core::attempt_history>& attempts,
                     std::int64_t total_ms, std::size_t cells, bool ascii) {
  if (attempts.empty() || cells == 0) {
    return {};
  }
  total_ms = std::max<std::int64_t>(total_ms, 1);
  auto cell_of = [&](std::int64_t ms) {
    ms = std::clamp<std::int64_t>(ms, 0, total_ms);
    auto at = static_cast<std::size_t>(static_cast<double>(ms)
                                       * static_cast<double>(cells)
                                       / static_cast<double>(total_ms));
    return std::min(at, cells - 1);
  };
  std::vector<mark> marks(cells, mark::none);
  auto fill = [&](std::size_t first, std::size_t last, mark m) {
    for (auto i = first; i <= last; ++i) {
      marks[i] = std::max(marks[i], m);
    }
  };
  auto end_of = [&](const core::attempt_history& a) {
    return a.ended_ms.value_or(total_ms);
  };
  auto last_cell = [&](const core::attempt_history& a) {
    // A cell that begins with the end of the attempt is not touched by it.
    return std::max(cell_of(a.started_ms),
                    cell_of(std::max(a.started_ms, end_of(a) - 1)));
  };
  fill(cell_of(attempts.front().started_ms),
       std::max(cell_of(attempts.front().started_ms),
                last_cell(attempts.back())),
       mark::between);
  for (const auto& a : attempts) {
    fill(cell_of(a.started_ms), last_cell(a),
         brought_nothing(a.end) ? mark::lost : mark::worked);
  }
  while (!marks.empty() && marks.back() == mark::none) {
    marks.pop_back();
  }
  std::string out;
  for (auto m : marks) {
    out += sign(m, ascii);
  }
  return out;
}

std::string time_scale(std::int64_t total_ms, std::size_t cells) {
  auto end = display_duration(total_ms);
  std::string begin = "0s";
  if (begin.size() + end.size() + 1 > cells) {
    return {};
  }
  return begin + std::string(cells - begin.size() - end.size(), ' ') + end;
}

} // namespace brigade::app
