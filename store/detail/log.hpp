/// The rows of a run's log: how events are written to them, chained and read
/// back.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_source.hpp"
#include "brigade/core/run/run_summary.hpp"
#include "brigade/store/result.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace brigade::store::detail {

/// SHA-256 over the hash before it and a row's content: no row can be changed,
/// left out or moved without all that follow it changing too.
using chain_hash = std::array<unsigned char, 32>;

/// Where a run's chain begins: at what it is made from.
chain_hash chain_start(const core::run_id& run, std::string_view source);

/// Texts of a run that were stored already, by the object that holds them:
/// whoever keeps this keeps the events alive too.
using known_texts = std::unordered_map<const std::string*, std::uint64_t>;

/// Inserts a run's events; keeps what it prepared.
class event_writer {
public:
  explicit event_writer(SQLite::Database& db);

  /// `run` is the run's row. Moves `chain` on. The caller holds a transaction.
  void insert(std::int64_t run, const core::event& e, chain_hash& chain,
              known_texts& texts);

private:
  SQLite::Statement insert_;
};

/// The row of a run and where its log ends.
struct run_row {
  std::int64_t id = 0;
  core::run_summary summary;
  chain_hash chain{};
  /// Empty: nobody's.
  std::string owner;
};

/// The columns of `runs` in the order that `read_run` expects.
extern const char* const run_columns;

/// `select` stands on a row of `run_columns`.
run_row read_run(SQLite::Statement& select);

/// The run of this id, if there is one.
std::optional<run_row> find_run(SQLite::Database& db, const core::run_id& run);

/// All events of a run up to its last, checked against its chain.
result<std::vector<core::event_ptr>>
read_log(SQLite::Database& db, const run_row& run, const std::string& path);

// -- what runs are made from --------------------------------------------------

/// The stored form, which names documents by their hashes.
std::string source_text(const core::run_source& source);

/// Stores a run's source and the documents that are not stored yet.
void write_source(SQLite::Database& db, std::int64_t run,
                  const core::run_source& source, const std::string& text);

/// The stored form of a run's source; empty when it has none.
std::string read_source_text(SQLite::Database& db, std::int64_t run);

result<core::run_source> read_source(SQLite::Database& db, const run_row& run,
                                     const std::string& path);

} // namespace brigade::store::detail
