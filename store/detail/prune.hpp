/// Deleting runs.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/sqlite.hpp"

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::store::detail {

/// Within a transaction; see `sqlite_journal::prune`.
std::size_t prune(SQLite::Database& db, const std::string& directory,
                  const std::vector<core::run_id>& runs);

} // namespace brigade::store::detail
