/// Requests that must start one run only.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/sqlite.hpp"

#include <SQLiteCpp/Database.h>

namespace brigade::store::detail {

/// Within a transaction.
remembered_request remember(SQLite::Database& db, const keyed_request& request);

} // namespace brigade::store::detail
