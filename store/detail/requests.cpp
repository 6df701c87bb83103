#include "brigade/store/detail/requests.hpp"

#include "brigade/store/detail/log.hpp"

#include <SQLiteCpp/Statement.h>

#include <utility>

namespace brigade::store::detail {

namespace {

/// Those whose time is over go first, at most so many at once.
constexpr int expired_per_request_max = 64;

/// A run that is going on is never replaced.
bool may_replace(SQLite::Database& db, const keyed_request& request) {
  const auto row = find_run(db, request.instead_of);
  if (!row)
    return true;
  const auto status = row->summary.status;
  return !request.only_if_not_begun && status != core::run_status::running
         && status != core::run_status::suspended;
}

} // namespace

remembered_request remember(SQLite::Database& db,
                            const keyed_request& request) {
  SQLite::Statement expire{
      db,
      "DELETE FROM requests WHERE (client, key) IN (SELECT client, key FROM "
      "requests WHERE until_wall_ms <= ? ORDER BY until_wall_ms LIMIT ?)"};
  expire.bind(1, request.wall_ms);
  expire.bind(2, expired_per_request_max);
  expire.exec();
  SQLite::Statement find{db, "SELECT run, body_sha256 FROM requests WHERE "
                             "client = ? AND key = ? AND until_wall_ms > ?"};
  find.bind(1, request.client);
  find.bind(2, request.key);
  find.bind(3, request.wall_ms);
  if (find.executeStep()) {
    core::run_id run{find.getColumn(0).getString()};
    if (run != request.instead_of || !may_replace(db, request))
      return {std::move(run), false,
              find.getColumn(1).getString() == request.body_sha256};
  }
  if (request.only_look)
    return {{}, true, true};
  SQLite::Statement insert{
      db, "INSERT OR REPLACE INTO requests(client, key, "
          "body_sha256, run, until_wall_ms) VALUES(?, ?, ?, ?, "
          "?)"};
  insert.bind(1, request.client);
  insert.bind(2, request.key);
  insert.bind(3, request.body_sha256);
  insert.bind(4, request.run.text);
  insert.bind(5, request.wall_ms + request.keep_ms);
  insert.exec();
  return {request.run, true, true};
}

} // namespace brigade::store::detail
