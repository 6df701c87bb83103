#include "brigade/store/detail/claims.hpp"

#include "brigade/core/run/event_record.hpp"
#include "brigade/store/detail/database.hpp"
#include "brigade/store/detail/owner.hpp"

#include <utility>

namespace brigade::store::detail {

namespace {

bool has_ended(core::run_status status) {
  return status != core::run_status::running
         && status != core::run_status::suspended;
}

bool is_owned(const claimant& who, const run_row& row) {
  return !row.owner.empty() && row.owner != who.owner
         && is_alive(who.directory, row.owner);
}

/// Reads a run and marks it as ours.
result<claimed_run> take(claimant& who, run_row row) {
  auto log = who.reader.log(row);
  if (!log)
    return log.error();
  auto source = who.reader.source(row);
  if (!source)
    return source.error();
  auto live = std::make_shared<live_run>(row.summary.id);
  live->row = row.id;
  live->chain = row.chain;
  for (const auto& e : *log) {
    live->fold.apply(*e);
    const auto* text = core::long_text_of(e->body);
    if (text != nullptr && !text->empty())
      live->texts.emplace(&text->str(), e->seq);
  }
  // What a list shows is no part of the chain, but follows from it.
  if (live->fold.summary() != row.summary)
    return fault{fault_code::corrupt,
                 who.directory + ": the row of run " + row.summary.id.text
                     + " does not say what its events say; the file was "
                       "damaged or changed. Nothing of the run was continued; "
                       "restore the file from a copy"};
  live->add(*log);
  auto& mark = who.mark;
  mark.reset();
  mark.bind(1, who.owner);
  mark.bind(2, row.id);
  mark.exec();
  if (!row.owner.empty() && row.owner != who.owner)
    forget_owner(who.directory, row.owner);
  who.runs.add(row.summary.id, std::move(live));
  return claimed_run{std::move(row.summary), std::move(*source)};
}

/// The runs nested in this one that have not ended go with it.
std::optional<fault> take_nested(claimant& who, const core::run_id& run) {
  std::vector<run_row> rows;
  {
    auto& select = who.find_nested;
    select.reset();
    select.bind(1, run.text);
    while (select.executeStep())
      rows.push_back(read_run(select));
  }
  for (auto& row : rows) {
    const auto id = row.summary.id;
    auto taken = take(who, std::move(row));
    if (!taken)
      return taken.error();
    if (auto failed = take_nested(who, id))
      return failed;
  }
  return std::nullopt;
}

void give_back(const claimant& who, const core::run_id& run) {
  SQLite::Statement update{who.db,
                           "UPDATE runs SET owner = NULL WHERE run = ?"};
  update.bind(1, run.text);
  update.exec();
  who.runs.drop(run);
}

} // namespace

claimant::claimant(SQLite::Database& to, const std::string& where,
                   const std::string& name, live_runs& ours)
    : db(to), directory(where), owner(name), runs(ours),
      reader(to, journal_path(where)),
      mark(to, "UPDATE runs SET owner = ? WHERE id = ?"),
      find_nested(to, std::string{"SELECT "} + run_columns
                          + " FROM runs WHERE parent_run = ? AND parent_run <> "
                            "'' AND status IN ('running', 'suspended')") {
  // nop
}

result<claimed_run> claim(claimant& who, const core::run_id& run) {
  auto row = find_run(who.db, run);
  if (!row)
    return fault{fault_code::not_found,
                 "there is no run " + run.text + " in " + who.directory};
  const auto& status = row->summary.status;
  if (has_ended(status))
    return fault{fault_code::ended,
                 "run " + run.text + " has ended ("
                     + std::string{core::to_string(status)}
                     + "); there is nothing to continue. To use what it paid "
                       "for in a new run: brigade run --from "
                     + run.text};
  if (is_owned(who, *row))
    return fault{fault_code::owned, "run " + run.text
                                        + " is being worked on by "
                                        + owner_text(row->owner)};
  if (!row->summary.parent_run.empty())
    return fault{fault_code::ended, "run " + run.text + " is a part of run "
                                        + row->summary.parent_run
                                        + "; continue that one"};
  auto taken = take(who, std::move(*row));
  if (!taken)
    return taken;
  if (auto failed = take_nested(who, run)) {
    who.runs.drop(run);
    return std::move(*failed);
  }
  return taken;
}

result<std::vector<claimed_run>>
claim_unfinished(claimant& who, std::size_t runs_max,
                 std::vector<fault>& faults,
                 const sqlite_journal::claim_filter& wanted) {
  std::vector<run_row> rows;
  {
    SQLite::Statement select{
        who.db, std::string{"SELECT "} + run_columns
                    + " FROM runs WHERE status IN ('running', 'suspended') "
                      "AND parent_run = '' ORDER BY id LIMIT ?"};
    select.bind(1, static_cast<std::int64_t>(runs_max));
    while (select.executeStep())
      rows.push_back(read_run(select));
  }
  std::vector<claimed_run> claimed;
  claimed.reserve(rows.size());
  for (auto& row : rows) {
    // What this process works on already is no run to be restored.
    if (row.owner == who.owner || is_owned(who, row))
      continue;
    const auto id = row.summary.id;
    if (wanted) {
      const auto source = who.reader.source(row);
      if (source && !wanted(row.summary, *source))
        continue;
    }
    auto taken = take(who, std::move(row));
    if (!taken) {
      faults.push_back(taken.error());
      continue;
    }
    if (auto failed = take_nested(who, id)) {
      faults.push_back(std::move(*failed));
      give_back(who, id);
      continue;
    }
    claimed.push_back(std::move(*taken));
  }
  return claimed;
}

} // namespace brigade::store::detail
