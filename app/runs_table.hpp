/// The list of runs, for people and for programs. Pure.
#pragma once

#include "brigade/store/archive.hpp"

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace brigade::app {

struct table_view {
  /// Of the terminal; 0: no limit, and ids are whole.
  std::size_t columns = 80;
  bool color = false;
  bool ascii = false;
  std::int64_t now_wall_ms = 0;
};

/// What a narrow table shows of an id: its time, and enough to tell runs of
/// the same millisecond apart.
inline constexpr std::size_t short_id_columns = 14;

/// A heading and a line for each run.
std::vector<std::string> runs_table(const std::vector<store::listed_run>& runs,
                                    const table_view& view);

/// One array with one object per run.
boost::json::value runs_json(const std::vector<store::listed_run>& runs);

} // namespace brigade::app
