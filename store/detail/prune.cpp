#include "brigade/store/detail/prune.hpp"

#include "brigade/store/detail/day_ledger.hpp"
#include "brigade/store/detail/log.hpp"
#include "brigade/store/detail/owner.hpp"

#include <SQLiteCpp/Statement.h>

#include <boost/json.hpp>

#include <set>
#include <utility>

namespace brigade::store::detail {

namespace {

namespace json = boost::json;

bool may_go(const run_row& row, const std::string& directory) {
  const auto status = row.summary.status;
  if (status == core::run_status::running
      || status == core::run_status::suspended)
    return false;
  return row.owner.empty() || !is_alive(directory, row.owner);
}

/// The run and those nested in it.
std::vector<run_row> family_of(SQLite::Database& db, run_row first) {
  std::vector<run_row> all{std::move(first)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    SQLite::Statement select{
        db, std::string{"SELECT "} + run_columns
                + " FROM runs WHERE parent_run = ? AND parent_run <> ''"};
    select.bind(1, all[i].summary.id.text);
    while (select.executeStep())
      all.push_back(read_run(select));
  }
  return all;
}

void erase(SQLite::Database& db, const char* statement, std::int64_t run) {
  SQLite::Statement remove{db, statement};
  remove.bind(1, run);
  remove.exec();
}

} // namespace

std::size_t prune(SQLite::Database& db, const std::string& directory,
                  const core::run_id& run) {
  auto row = find_run(db, run);
  if (!row || !may_go(*row, directory))
    return 0;
  const auto family = family_of(db, std::move(*row));
  for (const auto& part : family) {
    close_grants(db, part.summary.id,
                 part.summary.spent + part.summary.in_flight);
    erase(db, "DELETE FROM events WHERE run = ?", part.id);
    erase(db, "DELETE FROM sources WHERE run = ?", part.id);
    erase(db, "DELETE FROM runs WHERE id = ?", part.id);
  }
  return family.size();
}

void prune_documents(SQLite::Database& db) {
  std::set<std::string> used;
  SQLite::Statement select{db, "SELECT data FROM sources"};
  while (select.executeStep()) {
    boost::system::error_code failed;
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    const auto source =
        json::parse(select.getColumn(0).getString(), failed, {}, options);
    if (failed)
      return; // What it needs is not known: everything stays.
    used.emplace(source.at("crew").as_string());
    for (const auto& document : source.at("inputs").as_array())
      used.emplace(document.at("sha256").as_string());
  }
  std::vector<std::int64_t> unused;
  SQLite::Statement all{db, "SELECT id, sha256 FROM documents"};
  while (all.executeStep())
    if (!used.contains(all.getColumn(1).getString()))
      unused.push_back(all.getColumn(0).getInt64());
  for (const auto id : unused)
    erase(db, "DELETE FROM documents WHERE id = ?", id);
}

} // namespace brigade::store::detail
