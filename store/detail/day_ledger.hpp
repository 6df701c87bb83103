/// Ceilings per day over all processes of a state directory.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/sqlite.hpp"

#include <SQLiteCpp/Database.h>

#include <string>

namespace brigade::store::detail {

/// Within a transaction. True, or why the slice does not fit.
result<bool> reserve_for_day(SQLite::Database& db, const std::string& directory,
                             const std::string& owner,
                             const day_request& request);

/// What a run has spent of its day stays spent, and no more of it is set aside:
/// a grant of nothing ends its last life at `spent`.
void close_grants(SQLite::Database& db, const core::run_id& run,
                  core::pico_usd spent);

} // namespace brigade::store::detail
