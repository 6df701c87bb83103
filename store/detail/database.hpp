/// Opening the journal's file: permissions, settings, schema.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/result.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <memory>
#include <string>

namespace brigade::store::detail {

/// The version of the schema that this program writes (`PRAGMA user_version`).
inline constexpr int schema_version = 2;

/// Marks the file as ours (`PRAGMA application_id`): "brgd".
inline constexpr int application_id = 0x62726764;

/// How long a write waits for other processes to finish theirs.
inline constexpr int busy_wait_ms = 20'000;

using database_ptr = std::unique_ptr<SQLite::Database>;

/// The path of the journal in a state directory.
std::string journal_path(const std::string& directory);

/// Makes the directory (0700) and the file (0600) where they are missing, and
/// brings an older schema forward. `vfs` names SQLite's file layer; empty: its
/// default one.
result<database_ptr> open_to_write(const std::string& directory,
                                   const std::string& vfs = {});

/// Opens what is there; `not_found` when nothing is.
result<database_ptr> open_to_read(const std::string& directory,
                                  const std::string& vfs = {});

/// What an exception of SQLite means to a user of the journal at `path`.
fault fault_of(const SQLite::Exception& error, const std::string& path);

} // namespace brigade::store::detail
