/// Deleting runs.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/sqlite.hpp"

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <string>

namespace brigade::store::detail {

/// Within a transaction; see `sqlite_journal::prune`.
/// The run and those nested in it.
std::size_t prune(SQLite::Database& db, const std::string& directory,
                  const core::run_id& run);

/// Documents and crews that no run is made from any more.
void prune_documents(SQLite::Database& db);

} // namespace brigade::store::detail
