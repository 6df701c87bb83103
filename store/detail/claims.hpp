/// Taking over runs that nobody works on.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/detail/live_runs.hpp"
#include "brigade/store/sqlite.hpp"

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::store::detail {

/// Who claims, and where; within a transaction.
struct claimant {
  claimant(SQLite::Database& to, const std::string& where,
           const std::string& name, live_runs& ours);

  SQLite::Database& db;
  const std::string& directory;
  const std::string& owner;
  live_runs& runs;
  log_reader reader;
  SQLite::Statement mark;
  SQLite::Statement find_nested;
};

result<claimed_run> claim(claimant& who, const core::run_id& run);

result<std::vector<claimed_run>>
claim_unfinished(claimant& who, std::size_t runs_max,
                 std::vector<fault>& faults,
                 const sqlite_journal::claim_filter& wanted);

} // namespace brigade::store::detail
