#include "brigade/store/archive.hpp"

#include "brigade/store/detail/database.hpp"
#include "brigade/store/detail/log.hpp"
#include "brigade/store/detail/owner.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace brigade::store {

namespace {

constexpr std::size_t prefix_bytes_min = 6;

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// For LIKE, with `\` as its escape character.
std::string pattern_of(std::string_view part) {
  std::string out = "%";
  for (char c : part) {
    if (c == '%' || c == '_' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + "%";
}

} // namespace

struct archive::impl {
  std::string directory;
  detail::database_ptr db;

  std::string path() const { return detail::journal_path(directory); }

  /// Says who works on a run, if somebody does.
  listed_run listed(detail::run_row row) const {
    listed_run out{std::move(row.summary), {}};
    if (!row.owner.empty() && detail::is_alive(directory, row.owner)) {
      out.owner = detail::owner_text(row.owner);
      out.owner_name = std::move(row.owner);
    }
    return out;
  }

  /// One transaction, so that a log and its end fit together while others
  /// write.
  template <class Result, class What>
  Result read(What what) const {
    try {
      db->exec("BEGIN");
      Result out = what();
      db->exec("COMMIT");
      return out;
    } catch (const SQLite::Exception& error) {
      db->tryExec("ROLLBACK");
      return detail::fault_of(error, path());
    }
  }

  result<detail::run_row> row_of(const core::run_id& run) const {
    auto row = detail::find_run(*db, run);
    if (!row)
      return fault{fault_code::not_found,
                   "there is no run " + run.text + " in " + directory};
    return std::move(*row);
  }

  result<listed_run> find_by(const std::string& condition,
                             const std::string& value,
                             std::string_view name) const {
    SQLite::Statement select{*db, std::string{"SELECT "} + detail::run_columns
                                      + " FROM runs WHERE " + condition
                                      + " ORDER BY id DESC LIMIT 2"};
    if (!value.empty())
      select.bind(1, value);
    if (!select.executeStep())
      return fault{
          fault_code::not_found,
          "there is no run "
              + (value.empty() ? std::string{} : std::string{name} + " ")
              + "in " + directory + "; brigade runs lists them"};
    auto row = detail::read_run(select);
    if (!value.empty() && select.executeStep())
      return fault{fault_code::ambiguous, "several runs begin with "
                                              + std::string{name}
                                              + "; give more of the id"};
    return listed(std::move(row));
  }
};

archive::archive(std::unique_ptr<impl> parts) : impl_(std::move(parts)) {
  // nop
}

archive::archive(archive&&) noexcept = default;
archive& archive::operator=(archive&&) noexcept = default;
archive::~archive() = default;

result<archive> archive::open(const std::string& directory) {
  auto db = detail::open_to_read(directory);
  if (!db)
    return db.error();
  auto parts = std::make_unique<impl>();
  parts->directory = directory;
  parts->db = std::move(*db);
  return archive{std::move(parts)};
}

result<std::vector<listed_run>> archive::list(const list_filter& filter) const {
  return impl_->read<result<std::vector<listed_run>>>([&] {
    SQLite::Statement select{
        *impl_->db,
        std::string{"SELECT "} + detail::run_columns
            + " FROM runs WHERE (?1 = '' OR status = ?1) AND "
              "(?2 = '' OR crew = ?2) AND (?3 = '%%' OR goal LIKE ?3 ESCAPE "
              "'\\') AND submitted_wall_ms >= ?4 AND (?5 OR parent_run = '') "
              "AND (?7 IS NULL OR client = ?7) AND (?8 = '' OR id < "
              "coalesce((SELECT id FROM runs WHERE run = ?8), (SELECT id + 1 "
              "FROM runs WHERE run < ?8 ORDER BY run DESC LIMIT 1), 0)) AND "
              "(?9 = 0 OR (updated_wall_ms < "
              "?9 AND status NOT IN ('running', 'suspended'))) ORDER BY id "
              "DESC LIMIT ?6"};
    select.bind(9, filter.ended_before_wall_ms);
    select.bind(1, filter.status ? std::string{core::to_string(*filter.status)}
                                 : std::string{});
    select.bind(2, filter.crew);
    select.bind(3, pattern_of(filter.goal_part));
    select.bind(4, filter.since_wall_ms);
    select.bind(5, filter.nested ? 1 : 0);
    select.bind(6, static_cast<std::int64_t>(
                       std::min<std::size_t>(filter.runs_max, INT32_MAX)));
    if (filter.client)
      select.bind(7, *filter.client);
    select.bind(8, filter.before.text);
    std::vector<listed_run> out;
    while (select.executeStep())
      out.push_back(impl_->listed(detail::read_run(select)));
    return out;
  });
}

result<listed_run> archive::find(std::string_view name) const {
  return impl_->read<result<listed_run>>([&]() -> result<listed_run> {
    if (name == "last")
      return impl_->find_by("parent_run = ''", {}, name);
    const auto id = upper(name);
    const bool is_id_part = std::all_of(id.begin(), id.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    });
    if (id.size() < prefix_bytes_min || !is_id_part)
      return fault{fault_code::not_found,
                   std::string{name}
                       + " is no run: give an id, its first 6 or more "
                         "characters, or last"};
    // Nested runs begin as the run above them does.
    auto found = impl_->find_by(
        "run >= ?1 AND run < ?1 || '~' AND parent_run = ''", id, name);
    if (found || found.error().code != fault_code::not_found)
      return found;
    return impl_->find_by("run >= ?1 AND run < ?1 || '~'", id, name);
  });
}

result<std::vector<core::event_ptr>>
archive::events(const core::run_id& run, std::uint64_t after,
                std::size_t events_max) const {
  using answer = result<std::vector<core::event_ptr>>;
  return impl_->read<answer>([&]() -> answer {
    const auto row = impl_->row_of(run);
    if (!row)
      return row.error();
    auto log = detail::log_reader{*impl_->db, impl_->path()}.log(*row);
    if (!log)
      return log;
    const auto skipped = std::min<std::uint64_t>(after, log->size());
    log->erase(log->begin(),
               log->begin() + static_cast<std::ptrdiff_t>(skipped));
    if (log->size() > events_max)
      log->resize(events_max);
    return log;
  });
}

result<core::run_source> archive::source(const core::run_id& run) const {
  using answer = result<core::run_source>;
  return impl_->read<answer>([&]() -> answer {
    const auto row = impl_->row_of(run);
    if (!row)
      return row.error();
    return detail::log_reader{*impl_->db, impl_->path()}.source(*row);
  });
}

} // namespace brigade::store
