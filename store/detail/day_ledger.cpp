#include "brigade/store/detail/day_ledger.hpp"

#include "brigade/core/money/money.hpp"
#include "brigade/store/detail/owner.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace brigade::store::detail {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

core::pico_usd sum(core::pico_usd a, core::pico_usd b) {
  core::pico_usd out;
  if (__builtin_add_overflow(a.value, b.value, &out.value))
    return core::pico_usd::max();
  return out;
}

/// The day of this grant: never before one that was granted already, so that a
/// clock that is set back frees nothing.
std::int64_t day_of(SQLite::Database& db, std::int64_t wall_ms) {
  SQLite::Statement last{db,
                         "SELECT max(day) FROM (SELECT max(day) AS day FROM "
                         "grants UNION ALL SELECT max(day) FROM "
                         "day_totals)"};
  const auto latest = last.executeStep() && !last.getColumn(0).isNull()
                          ? last.getColumn(0).getInt64()
                          : 0;
  return std::max(latest, wall_ms / day_ms);
}

/// One grant, with what is known of the life that it was given to.
struct grant_row {
  std::int64_t id = 0;
  std::string client;
  /// What it takes of its day: its slice as long as its life goes on, then what
  /// that life has spent, calls in flight at their worst case.
  core::pico_usd taken;
  /// It will never take another amount.
  bool is_final = false;
};

grant_row read_grant(SQLite::Statement& row, bool alive) {
  grant_row out;
  out.id = row.getColumn(7).getInt64();
  out.client = row.getColumn(0).getString();
  const core::pico_usd before{row.getColumn(2).getInt64()};
  const core::pico_usd slice{row.getColumn(3).getInt64()};
  const bool has_row = !row.getColumn(5).isNull();
  if (!row.getColumn(4).isNull()) { // A later life began with so much spent.
    out.taken = core::pico_usd{row.getColumn(4).getInt64()} - before;
    out.is_final = row.getColumn(8).getInt() != 0;
  } else if (!has_row) { // Nothing of the run is written down yet.
    out.taken = alive ? slice : core::pico_usd{0};
  } else if (alive
             && row.getColumn(1).getString() == row.getColumn(6).getString()) {
    out.taken = slice;
  } else {
    out.taken = core::pico_usd{row.getColumn(5).getInt64()} - before;
    out.is_final = row.getColumn(9).getInt() != 0;
  }
  out.taken = std::max(core::pico_usd{0}, out.taken);
  return out;
}

/// Amounts that will not change any more become a part of their day's total, so
/// that what is looked through is as long as what is going on.
void fold(SQLite::Database& db, std::int64_t day, const grant_row& grant) {
  SQLite::Statement add{db, "INSERT INTO day_totals(day, client, spent_pico) "
                            "VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET "
                            "spent_pico = spent_pico + excluded.spent_pico"};
  add.bind(1, day);
  add.bind(2, grant.client);
  add.bind(3, grant.taken.value);
  add.exec();
  SQLite::Statement remove{db, "DELETE FROM grants WHERE id = ?"};
  remove.bind(1, grant.id);
  remove.exec();
}

struct used {
  core::pico_usd all;
  core::pico_usd client;
};

used totals_of(SQLite::Database& db, std::int64_t day,
               const std::string& client) {
  SQLite::Statement select{db, "SELECT ifnull(sum(spent_pico), 0), "
                               "ifnull(sum(CASE WHEN client = ?2 THEN "
                               "spent_pico END), 0) FROM day_totals WHERE day "
                               "= ?1"};
  select.bind(1, day);
  select.bind(2, client);
  select.executeStep();
  return {core::pico_usd{select.getColumn(0).getInt64()},
          core::pico_usd{select.getColumn(1).getInt64()}};
}

used used_on(SQLite::Database& db, const std::string& directory,
             std::int64_t day, const day_request& request) {
  auto sums = totals_of(db, day, request.client);
  std::vector<grant_row> finals;
  // The life that asks ends those of its run before it.
  SQLite::Statement select{
      db, "SELECT g.client, g.owner, g.spent_before_pico, g.slice_pico, "
          "ifnull((SELECT n.spent_before_pico FROM grants n WHERE n.run = "
          "g.run AND n.id > g.id ORDER BY n.id LIMIT 1), "
          "CASE WHEN g.run = ?2 THEN ?3 END), "
          "r.spent_pico + r.in_flight_pico, ifnull(r.owner, ''), g.id, "
          "EXISTS(SELECT 1 FROM grants n WHERE n.run = g.run AND n.id > g.id), "
          "r.status NOT IN ('running', 'suspended') "
          "FROM grants g LEFT JOIN runs r ON r.run = g.run WHERE g.day = ?1"};
  select.bind(1, day);
  select.bind(2, request.run.text);
  select.bind(3, request.spent_before.value);
  std::map<std::string, bool> alive;
  while (select.executeStep()) {
    const auto owner = select.getColumn(1).getString();
    const auto known = alive.find(owner);
    const bool lives =
        known != alive.end()
            ? known->second
            : alive.emplace(owner, is_alive(directory, owner)).first->second;
    auto grant = read_grant(select, lives);
    sums.all = sum(sums.all, grant.taken);
    if (grant.client == request.client)
      sums.client = sum(sums.client, grant.taken);
    if (grant.is_final)
      finals.push_back(std::move(grant));
  }
  for (const auto& grant : finals)
    fold(db, day, grant);
  return sums;
}

/// Nothing is asked of days that are over.
void forget_days_before(SQLite::Database& db, std::int64_t day) {
  constexpr std::int64_t kept_days = 3;
  for (const char* statement : {"DELETE FROM grants WHERE day < ?",
                                "DELETE FROM day_totals WHERE day < ?"}) {
    SQLite::Statement remove{db, statement};
    remove.bind(1, day - kept_days);
    remove.exec();
  }
}

std::optional<fault> check(const std::string& whose, core::pico_usd spent,
                           core::pico_usd slice, core::pico_usd ceiling) {
  if (sum(spent, slice) <= ceiling)
    return std::nullopt;
  return fault{fault_code::over_ceiling,
               "the run may cost up to $" + core::to_decimal(slice)
                   + ", but of the ceiling of $" + core::to_decimal(ceiling)
                   + " per day (UTC) " + whose + " $"
                   + core::to_decimal(std::min(spent, ceiling))
                   + " is spent or set aside for runs that are going; lower "
                     "--max-cost, or raise limits.cost_per_day_usd"};
}

} // namespace

result<bool> reserve_for_day(SQLite::Database& db, const std::string& directory,
                             const std::string& owner,
                             const day_request& request) {
  const auto day = day_of(db, request.wall_ms);
  const auto& ceilings = request.ceilings;
  if (ceilings.all || ceilings.client) {
    const auto sums = used_on(db, directory, day, request);
    forget_days_before(db, day);
    std::optional<fault> failed;
    if (ceilings.all)
      failed = check("of this state directory", sums.all, request.slice,
                     *ceilings.all);
    if (!failed && ceilings.client)
      failed = check("of client " + request.client, sums.client, request.slice,
                     *ceilings.client);
    if (failed)
      return std::move(*failed);
  }
  SQLite::Statement insert{
      db, "INSERT INTO grants(run, day, client, owner, spent_before_pico, "
          "slice_pico) VALUES(?, ?, ?, ?, ?, ?)"};
  insert.bind(1, request.run.text);
  insert.bind(2, day);
  insert.bind(3, request.client);
  insert.bind(4, owner);
  insert.bind(5, request.spent_before.value);
  insert.bind(6, request.slice.value);
  insert.exec();
  return true;
}

void close_grants(SQLite::Database& db, const core::run_id& run,
                  core::pico_usd spent) {
  SQLite::Statement insert{
      db, "INSERT INTO grants(run, day, client, owner, spent_before_pico, "
          "slice_pico) SELECT run, day, client, '', ?, 0 FROM grants WHERE "
          "run = ? ORDER BY id DESC LIMIT 1"};
  insert.bind(1, spent.value);
  insert.bind(2, run.text);
  insert.exec();
}

} // namespace brigade::store::detail
