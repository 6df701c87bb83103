#include "brigade/store/detail/log.hpp"

#include "brigade/core/model/digest.hpp"
#include "brigade/core/run/event_record.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace brigade::store::detail {

namespace {

std::string_view bytes_of(const chain_hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// Numbers in a fixed width, so that no two contents look the same.
std::string_view bytes_of(const std::array<std::uint64_t, 6>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()),
          numbers.size() * sizeof(numbers[0])};
}

struct row_content {
  std::uint64_t seq = 0;
  std::int64_t wall_ms = 0;
  std::int64_t at_ms = 0;
  std::string_view type;
  std::string_view data;
  std::string_view text;
  /// The sequence of the event whose text this one has too; 0: its own.
  std::uint64_t text_of = 0;
};

chain_hash next_hash(const chain_hash& before, const row_content& row) {
  const std::array<std::uint64_t, 6> numbers{
      row.seq,
      static_cast<std::uint64_t>(row.wall_ms),
      static_cast<std::uint64_t>(row.at_ms),
      row.text_of,
      row.type.size(),
      row.data.size()};
  return core::sha256(
      {bytes_of(before), bytes_of(numbers), row.type, row.data, row.text});
}

chain_hash hash_in(const SQLite::Column& column) {
  chain_hash hash{};
  if (column.getBytes() == static_cast<int>(hash.size()))
    std::memcpy(hash.data(), column.getBlob(), hash.size());
  return hash;
}

std::string_view view_of(const SQLite::Column& column) {
  const auto* data = static_cast<const char*>(column.getBlob());
  return {data, static_cast<std::size_t>(column.getBytes())};
}

fault damaged(const run_row& run, const std::string& path, std::uint64_t seq,
              std::int64_t row, const std::string& what) {
  return {fault_code::corrupt,
          path + ": event " + std::to_string(seq) + " of run "
              + run.summary.id.text + " (row " + std::to_string(row) + ") "
              + what
              + "; the file was damaged or changed. Nothing of the run was "
                "continued; restore the file from a copy"};
}

} // namespace

chain_hash chain_start(const core::run_id& run, std::string_view source) {
  return core::sha256({"brigade run ", run.text, "\n", source});
}

// -- writing ------------------------------------------------------------------

event_writer::event_writer(SQLite::Database& db)
    : insert_(db, "INSERT INTO events(run, seq, wall_ms, at_ms, type, data, "
                  "text, text_of, chain) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)") {
  // nop
}

void event_writer::insert(std::int64_t run, const core::event& e,
                          chain_hash& chain, known_texts& texts) {
  const auto record = core::to_record(e.body);
  row_content row{e.seq, e.wall_ms, e.at_ms, record.type, record.data, {}, 0};
  if (!record.text.empty()) {
    const auto known = texts.emplace(&record.text.str(), e.seq);
    if (known.second)
      row.text = record.text.view();
    else
      row.text_of = known.first->second;
  }
  chain = next_hash(chain, row);
  insert_.reset();
  insert_.bind(1, run);
  insert_.bind(2, static_cast<std::int64_t>(e.seq));
  insert_.bind(3, e.wall_ms);
  insert_.bind(4, e.at_ms);
  const std::string type{record.type};
  insert_.bindNoCopy(5, type);
  insert_.bindNoCopy(6, record.data);
  if (row.text.empty())
    insert_.bind(7);
  else
    insert_.bindNoCopy(7, record.text.str());
  if (row.text_of == 0)
    insert_.bind(8);
  else
    insert_.bind(8, static_cast<std::int64_t>(row.text_of));
  insert_.bindNoCopy(9, chain.data(), static_cast<int>(chain.size()));
  insert_.exec();
}

// -- reading ------------------------------------------------------------------

const char* const run_columns =
    "id, run, parent_run, status, reason, goal, crew, ceiling_pico, "
    "spent_pico, in_flight_pico, calls, tasks, tasks_succeeded, "
    "submitted_wall_ms, updated_wall_ms, worked_ms, epoch, last_seq, chain, "
    "owner, client";

run_row read_run(SQLite::Statement& select) {
  run_row row;
  row.id = select.getColumn(0).getInt64();
  auto& out = row.summary;
  out.id.text = select.getColumn(1).getString();
  out.parent_run = select.getColumn(2).getString();
  out.status = core::parse_run_status(select.getColumn(3).getString())
                   .value_or(core::run_status::running);
  out.reason = select.getColumn(4).getString();
  out.goal = select.getColumn(5).getString();
  out.crew = select.getColumn(6).getString();
  out.ceiling.value = select.getColumn(7).getInt64();
  out.spent.value = select.getColumn(8).getInt64();
  out.in_flight.value = select.getColumn(9).getInt64();
  out.calls = select.getColumn(10).getUInt();
  out.tasks = select.getColumn(11).getUInt();
  out.tasks_succeeded = select.getColumn(12).getUInt();
  out.submitted_wall_ms = select.getColumn(13).getInt64();
  out.updated_wall_ms = select.getColumn(14).getInt64();
  out.worked_ms = select.getColumn(15).getInt64();
  out.epoch = select.getColumn(16).getUInt();
  out.last_seq = static_cast<std::uint64_t>(select.getColumn(17).getInt64());
  row.chain = hash_in(select.getColumn(18));
  if (!select.getColumn(19).isNull())
    row.owner = select.getColumn(19).getString();
  out.client = select.getColumn(20).getString();
  return row;
}

std::optional<run_row> find_run(SQLite::Database& db, const core::run_id& run) {
  SQLite::Statement select{db, std::string{"SELECT "} + run_columns
                                   + " FROM runs WHERE run = ?"};
  select.bindNoCopy(1, run.text);
  if (!select.executeStep())
    return std::nullopt;
  return read_run(select);
}

log_reader::log_reader(SQLite::Database& db, std::string path)
    : path_(std::move(path)),
      events_(db, "SELECT row, seq, wall_ms, at_ms, type, data, text, text_of, "
                  "chain FROM events WHERE run = ? ORDER BY seq"),
      sources_(db, "SELECT data FROM sources WHERE run = ?"),
      documents_(db, "SELECT text FROM documents WHERE sha256 = ?") {
  // nop
}

result<std::vector<core::event_ptr>> log_reader::log(const run_row& run) {
  const auto& path = path_;
  auto& select = events_;
  select.reset();
  select.bind(1, run.id);
  auto chain = chain_start(run.summary.id, source_text(run.id));
  std::vector<core::event_ptr> log;
  log.reserve(run.summary.last_seq);
  while (select.executeStep()) {
    const auto row_id = select.getColumn(0).getInt64();
    row_content row;
    row.seq = static_cast<std::uint64_t>(select.getColumn(1).getInt64());
    row.wall_ms = select.getColumn(2).getInt64();
    row.at_ms = select.getColumn(3).getInt64();
    const auto type = select.getColumn(4).getString();
    const auto data = select.getColumn(5).getString();
    row.type = type;
    row.data = data;
    row.text = view_of(select.getColumn(6));
    row.text_of = static_cast<std::uint64_t>(select.getColumn(7).getInt64());
    chain = next_hash(chain, row);
    if (row.seq != log.size() + 1)
      return damaged(run, path, log.size() + 1, row_id, "is missing");
    if (chain != hash_in(select.getColumn(8)))
      return damaged(run, path, row.seq, row_id, "does not fit its hash");
    core::shared_text text;
    if (!row.text.empty())
      text = core::shared_text{std::string{row.text}};
    else if (row.text_of != 0 && row.text_of < row.seq)
      if (const auto* known = core::long_text_of(log[row.text_of - 1]->body))
        text = *known;
    auto body = core::body_from_record(type, data, std::move(text));
    if (!body)
      return damaged(run, path, row.seq, row_id,
                     "is of a kind that is not known");
    log.push_back(std::make_shared<const core::event>(
        core::event{row.seq, row.wall_ms, row.at_ms, std::move(*body)}));
  }
  if (log.size() != run.summary.last_seq || chain != run.chain)
    return damaged(run, path, log.size() + 1, 0,
                   "is missing, or the end of the log was cut off");
  return log;
}

} // namespace brigade::store::detail
