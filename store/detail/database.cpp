#include "brigade/store/detail/database.hpp"

#include "brigade/store/archive.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sqlite3.h>
#include <sys/stat.h>
#include <system_error>
#include <time.h>
#include <unistd.h>
#include <utility>

namespace brigade::store::detail {

namespace {

/// What takes an empty file to version 1, a file of version 1 to 2, and so on.
constexpr std::array<const char*, schema_version> migrations{R"(
CREATE TABLE runs(
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,
  parent_run TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  goal TEXT NOT NULL,
  crew TEXT NOT NULL,
  ceiling_pico INTEGER NOT NULL,
  spent_pico INTEGER NOT NULL,
  in_flight_pico INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  tasks_succeeded INTEGER NOT NULL,
  submitted_wall_ms INTEGER NOT NULL,
  updated_wall_ms INTEGER NOT NULL,
  worked_ms INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  chain BLOB NOT NULL,
  owner TEXT);
CREATE INDEX runs_open ON runs(status)
  WHERE status IN ('running', 'suspended');
CREATE INDEX runs_nested ON runs(parent_run) WHERE parent_run <> '';
CREATE TABLE events(
  row INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  text TEXT,
  text_of INTEGER,
  chain BLOB NOT NULL);
CREATE UNIQUE INDEX events_of_run ON events(run, seq);
CREATE TABLE sources(
  run INTEGER PRIMARY KEY,
  data TEXT NOT NULL);
CREATE TABLE documents(
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL);
CREATE TABLE grants(
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  day INTEGER NOT NULL,
  client TEXT NOT NULL,
  owner TEXT NOT NULL,
  spent_before_pico INTEGER NOT NULL,
  slice_pico INTEGER NOT NULL);
CREATE INDEX grants_of_day ON grants(day);
CREATE INDEX grants_of_run ON grants(run);
)",
                                                             R"(
ALTER TABLE runs ADD COLUMN client TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_of_client ON runs(client) WHERE client <> '';
CREATE TABLE requests(
  client TEXT NOT NULL,
  key TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  run TEXT NOT NULL,
  until_wall_ms INTEGER NOT NULL,
  PRIMARY KEY(client, key)) WITHOUT ROWID;
CREATE INDEX requests_by_time ON requests(until_wall_ms);
CREATE TABLE day_totals(
  day INTEGER NOT NULL,
  client TEXT NOT NULL,
  spent_pico INTEGER NOT NULL,
  PRIMARY KEY(day, client)) WITHOUT ROWID;
)"};

int number(SQLite::Database& db, const char* pragma) {
  return db.execAndGet(pragma).getInt();
}

fault io_fault(const std::string& what, const std::string& path) {
  return {fault_code::io,
          what + " " + path + ": " + std::strerror(errno)
              + "; name another state directory with --state DIR"};
}

/// Waits for the other processes' writes, which take a few milliseconds each;
/// SQLite's own waits grow too long for many short writers.
int wait_for_others(void*, int times) {
  constexpr int wait_us = 500;
  if (times * (wait_us / 1000.0) > busy_wait_ms)
    return 0;
  ::timespec pause{0, wait_us * 1000L};
  ::nanosleep(&pause, nullptr);
  return 1;
}

/// Refuses what is not ours or newer than we are.
std::optional<fault> check_version(SQLite::Database& db,
                                   const std::string& path) {
  const auto version = number(db, "PRAGMA user_version");
  const auto owner = number(db, "PRAGMA application_id");
  // A new file is empty: what others wrote there is not ours to change.
  const bool is_new = owner == 0 && version == 0
                      && number(db, "SELECT count(*) FROM sqlite_schema") == 0;
  if ((owner != application_id && !is_new) || version < 0)
    return fault{fault_code::unreadable, path + " is no journal of Brigade"};
  if (version > schema_version)
    return fault{fault_code::unreadable,
                 path + " was written by a newer version of Brigade (schema "
                     + std::to_string(version) + ", this one knows "
                     + std::to_string(schema_version)
                     + "); upgrade Brigade or name another state directory "
                       "with --state DIR"};
  return std::nullopt;
}

/// Where two processes make the same file, SQLite does not wait for the other
/// one's switch by itself.
void switch_to_wal(SQLite::Database& db) {
  for (int times = 0;; ++times) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_BUSY
          || wait_for_others(nullptr, times) == 0)
        throw;
    }
  }
}

void migrate(SQLite::Database& db) {
  db.exec("BEGIN IMMEDIATE");
  // Another process may have been faster.
  for (auto version = number(db, "PRAGMA user_version");
       version < schema_version; ++version)
    db.exec(migrations[static_cast<std::size_t>(version)]);
  db.exec("PRAGMA user_version = " + std::to_string(schema_version));
  db.exec("PRAGMA application_id = " + std::to_string(application_id));
  db.exec("COMMIT");
}

std::optional<fault> make_directory(const std::string& directory) {
  std::error_code failed;
  const auto parent = std::filesystem::path{directory}.parent_path();
  if (!parent.empty())
    std::filesystem::create_directories(parent, failed);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return io_fault("cannot make the state directory", directory);
  struct ::stat info {};
  if (::stat(directory.c_str(), &info) != 0)
    return io_fault("cannot read the state directory", directory);
  if (!S_ISDIR(info.st_mode)) {
    errno = ENOTDIR;
    return io_fault("cannot use the state directory", directory);
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fault{fault_code::io, "the state directory " + directory
                                     + " can be written by others: chmod 700 "
                                     + directory};
  return std::nullopt;
}

/// Nobody else may read prompts and replies. Only a file that does not exist
/// is opened here: closing one that is in use would drop SQLite's locks on it.
std::optional<fault> make_file(const std::string& path) {
  const auto fd =
      ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW,
             S_IRUSR | S_IWUSR);
  if (fd < 0 && errno != EEXIST)
    return io_fault("cannot make the journal", path);
  if (fd >= 0)
    ::close(fd);
  return std::nullopt;
}

database_ptr connect(const std::string& path, int flags,
                     const std::string& vfs) {
  auto db = std::make_unique<SQLite::Database>(
      path, flags | SQLITE_OPEN_NOMUTEX, 0, vfs);
  ::sqlite3_extended_result_codes(db->getHandle(), 1);
  ::sqlite3_busy_handler(db->getHandle(), wait_for_others, nullptr);
  db->exec("PRAGMA cache_size = -4096; PRAGMA trusted_schema = OFF; PRAGMA "
           "cell_size_check = ON");
  return db;
}

} // namespace

std::string journal_path(const std::string& directory) {
  return directory + "/" + std::string{journal_file_name};
}

result<database_ptr> open_to_write(const std::string& directory,
                                   const std::string& vfs) {
  if (auto failed = make_directory(directory))
    return std::move(*failed);
  const auto path = journal_path(directory);
  if (auto failed = make_file(path))
    return std::move(*failed);
  try {
    auto db = connect(path, SQLite::OPEN_READWRITE, vfs);
    if (auto failed = check_version(*db, path))
      return std::move(*failed);
    // The mode first: it cannot change within a transaction. Larger pages waste
    // less behind requests and replies of a few KiB; a file keeps its size.
    db->exec("PRAGMA page_size = 16384");
    switch_to_wal(*db);
    db->exec("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; "
             "PRAGMA journal_size_limit = 67108864");
    if (number(*db, "PRAGMA user_version") < schema_version)
      migrate(*db);
    return db;
  } catch (const SQLite::Exception& error) {
    return fault_of(error, path);
  }
}

result<database_ptr> open_to_read(const std::string& directory,
                                  const std::string& vfs) {
  const auto path = journal_path(directory);
  struct ::stat info {};
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT)
    return fault{fault_code::not_found, "there is no journal in " + directory
                                            + " yet; brigade run makes one"};
  try {
    database_ptr db;
    try {
      // A reader of a file in WAL mode takes part in its index.
      db = connect(path, SQLite::OPEN_READWRITE, vfs);
      db->exec("PRAGMA query_only = ON");
    } catch (const SQLite::Exception&) {
      db = connect(path, SQLite::OPEN_READONLY, vfs);
    }
    if (auto failed = check_version(*db, path))
      return std::move(*failed);
    const auto version = number(*db, "PRAGMA user_version");
    if (version == 0)
      return fault{fault_code::not_found,
                   "the journal in " + directory + " is just being made"};
    if (version < schema_version)
      return fault{fault_code::unreadable,
                   path
                       + " is of an older version of Brigade; the next "
                         "brigade run brings it forward"};
    return db;
  } catch (const SQLite::Exception& error) {
    return fault_of(error, path);
  }
}

fault fault_of(const SQLite::Exception& error, const std::string& path) {
  const auto extended = error.getExtendedErrorCode();
  std::string why = error.what();
  const auto say = [&](fault_code code, const std::string& advice) {
    return fault{code, "the journal " + path + ": " + why + advice};
  };
  switch (error.getErrorCode()) {
  case SQLITE_FULL:
    return say(fault_code::io, "; make room on its disk");
  case SQLITE_READONLY:
    return say(fault_code::io, "; it must be writable");
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return say(fault_code::io, "; another process has held it for more than "
                                   + std::to_string(busy_wait_ms / 1000)
                                   + " s");
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return say(fault_code::corrupt,
               "; keep a copy of the file, and name another state directory "
               "with --state DIR to go on");
  case SQLITE_IOERR:
    return say(fault_code::io,
               " (code " + std::to_string(extended) + "); look at its disk");
  default:
    return say(fault_code::io, " (code " + std::to_string(extended) + ")");
  }
}

} // namespace brigade::store::detail
