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

} // namespace brigade::store::detail
