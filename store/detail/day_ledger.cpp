#include "brigade/store/detail/day_ledger.hpp"

#include "brigade/core/money/money.hpp"
#include "brigade/store/detail/owner.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

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
  SQLite::Statement last{db, "SELECT max(day) FROM grants"};
  const auto latest = last.executeStep() && !last.getColumn(0).isNull()
                          ? last.getColumn(0).getInt64()
                          : 0;
  return std::max(latest, wall_ms / day_ms);
}

/// What one grant takes of its day: its slice as long as its life goes on, then
/// what that life has spent, calls in flight at their worst case.
core::pico_usd taken_by(SQLite::Statement& row, bool alive) {
  const core::pico_usd before{row.getColumn(2).getInt64()};
  const core::pico_usd slice{row.getColumn(3).getInt64()};
  if (!row.getColumn(4).isNull()) // A later life began with so much spent.
    return core::pico_usd{row.getColumn(4).getInt64()} - before;
  if (row.getColumn(5).isNull()) // Nothing of the run is written down yet.
    return alive ? slice : core::pico_usd{0};
  if (alive && row.getColumn(1).getString() == row.getColumn(6).getString())
    return slice;
  return core::pico_usd{row.getColumn(5).getInt64()} - before;
}

struct used {
  core::pico_usd all;
  core::pico_usd client;
};

used used_on(SQLite::Database& db, const std::string& directory,
             std::int64_t day, const day_request& request) {
  // The life that asks ends those of its run before it.
  SQLite::Statement select{
      db, "SELECT g.client, g.owner, g.spent_before_pico, g.slice_pico, "
          "ifnull((SELECT n.spent_before_pico FROM grants n WHERE n.run = "
          "g.run AND n.id > g.id ORDER BY n.id LIMIT 1), "
          "CASE WHEN g.run = ?2 THEN ?3 END), "
          "r.spent_pico + r.in_flight_pico, ifnull(r.owner, '') "
          "FROM grants g LEFT JOIN runs r ON r.run = g.run WHERE g.day = ?1"};
  select.bind(1, day);
  select.bind(2, request.run.text);
  select.bind(3, request.spent_before.value);
  std::map<std::string, bool> alive;
  used sums{};
  while (select.executeStep()) {
    const auto owner = select.getColumn(1).getString();
    const auto known = alive.find(owner);
    const bool lives =
        known != alive.end()
            ? known->second
            : alive.emplace(owner, is_alive(directory, owner)).first->second;
    const auto amount = std::max(core::pico_usd{0}, taken_by(select, lives));
    sums.all = sum(sums.all, amount);
    if (select.getColumn(0).getString() == request.client)
      sums.client = sum(sums.client, amount);
  }
  return sums;
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
