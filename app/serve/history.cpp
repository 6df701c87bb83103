#include "brigade/app/serve/history.hpp"

#include "brigade/core/run/event_record.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app::serve {

namespace {

using net::api::refusal;

constexpr std::size_t page_events_max = 256;
constexpr std::size_t kept_bytes_max = 32u << 20;
/// Of an event besides its long text.
constexpr std::size_t event_bytes = 512;

refusal refusal_of(const store::fault& why) {
  switch (why.code) {
  case store::fault_code::not_found:
    return {404, "not_found", "there is no such run"};
  case store::fault_code::corrupt:
    return {500, "damaged",
            "the run's log is damaged; brigade show tells where"};
  default:
    return {503, "storage", "the journal cannot be read now"};
  }
}

std::size_t bytes_of(const std::vector<core::event_ptr>& log) {
  std::size_t out = 0;
  for (const auto& e : log) {
    const auto* text = core::long_text_of(e->body);
    out += event_bytes + (text != nullptr ? text->view().size() : 0);
  }
  return out;
}

bool has_ended(const std::vector<core::event_ptr>& log) {
  return !log.empty()
         && std::holds_alternative<core::events::run_finished>(
             log.back()->body);
}

} // namespace

history::history(std::string directory,
                 std::shared_ptr<store::sqlite_journal> journal,
                 std::size_t threads)
    : directory_(std::move(directory)), journal_(std::move(journal)),
      archives_(threads) {
  // nop
}

history::~history() = default;

store::archive* history::archive_of(std::size_t thread) {
  auto& mine = archives_.at(thread);
  if (!mine) {
    if (auto opened = store::archive::open(directory_)) {
      mine.emplace(std::move(*opened));
    }
  }
  return mine ? &*mine : nullptr;
}

run_log history::kept(const core::run_id& run) {
  std::lock_guard guard{mutex_};
  const auto at = std::ranges::find(kept_, run, &kept_log::run);
  if (at == kept_.end()) {
    return nullptr;
  }
  kept_.splice(kept_.begin(), kept_, at);
  return kept_.front().log;
}

void history::keep(const core::run_id& run, const run_log& log) {
  const auto bytes = bytes_of(*log);
  std::lock_guard guard{mutex_};
  if (bytes > kept_bytes_max
      || std::ranges::find(kept_, run, &kept_log::run) != kept_.end()) {
    return;
  }
  kept_.push_front({run, log, bytes});
  kept_bytes_ += bytes;
  while (kept_bytes_ > kept_bytes_max) {
    kept_bytes_ -= kept_.back().bytes;
    kept_.pop_back();
  }
}

void history::forget(const core::run_id& run) {
  std::lock_guard guard{mutex_};
  const auto at = std::ranges::find(kept_, run, &kept_log::run);
  if (at != kept_.end()) {
    kept_bytes_ -= at->bytes;
    kept_.erase(at);
  }
}

std::variant<run_log, refusal> history::log(std::size_t thread,
                                            const core::run_id& run) {
  if (auto found = kept(run)) {
    return found;
  }
  auto* archive = archive_of(thread);
  if (archive == nullptr) {
    return refusal{503, "storage", "the journal cannot be read now"};
  }
  auto read = archive->events(run);
  if (!read) {
    if (read.error().code == store::fault_code::io) {
      archives_.at(thread).reset();
    }
    return refusal_of(read.error());
  }
  auto log =
      std::make_shared<const std::vector<core::event_ptr>>(std::move(*read));
  if (has_ended(*log)) {
    keep(run, log);
  }
  return log;
}

std::variant<net::api::run_view, refusal>
history::look(std::size_t thread, const core::run_id& run) {
  auto events = journal_->live(run, 0, SIZE_MAX);
  if (!events) {
    auto read = log(thread, run);
    if (auto* why = std::get_if<refusal>(&read)) {
      return std::move(*why);
    }
    events = *std::get<run_log>(read);
  }
  if (events->empty()) {
    return refusal{404, "not_found", "there is no such run"};
  }
  net::api::run_view view;
  view.run = run;
  auto state = std::make_shared<core::run_state>();
  for (const auto& e : *events) {
    state->apply(*e);
  }
  view.updated_wall_ms = events->back()->wall_ms;
  view.state = std::move(state);
  return view;
}

std::variant<std::vector<core::event_ptr>, refusal>
history::page(std::size_t thread, const core::run_id& run,
              std::uint64_t after) {
  if (auto live = journal_->live(run, after, page_events_max)) {
    return std::move(*live);
  }
  auto read = log(thread, run);
  if (auto* why = std::get_if<refusal>(&read)) {
    return std::move(*why);
  }
  const auto& all = *std::get<run_log>(read);
  const auto first = std::min<std::uint64_t>(after, all.size());
  const auto count =
      std::min<std::uint64_t>(page_events_max, all.size() - first);
  const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
  return std::vector<core::event_ptr>(
      from, from + static_cast<std::ptrdiff_t>(count));
}

std::variant<std::vector<net::api::run_line>, refusal>
history::list(std::size_t thread, const std::string& client,
              const net::api::list_query& query) {
  auto* archive = archive_of(thread);
  if (archive == nullptr) {
    return refusal{503, "storage", "the journal cannot be read now"};
  }
  store::list_filter filter;
  filter.status = query.status;
  filter.crew = query.crew;
  filter.client = client;
  filter.before = query.before;
  filter.runs_max = query.runs_max;
  auto rows = archive->list(filter);
  if (!rows) {
    return refusal_of(rows.error());
  }
  std::vector<net::api::run_line> out;
  out.reserve(rows->size());
  for (auto& row : *rows) {
    out.push_back({std::move(row.summary), false});
  }
  return out;
}

std::vector<core::run_id> history::ended_before(std::size_t thread,
                                                std::int64_t wall_ms,
                                                std::size_t runs_max) {
  std::vector<core::run_id> out;
  auto* archive = archive_of(thread);
  if (archive == nullptr) {
    return out;
  }
  store::list_filter filter;
  filter.ended_before_wall_ms = wall_ms;
  filter.runs_max = runs_max;
  if (auto rows = archive->list(filter)) {
    for (auto& row : *rows) {
      out.push_back(std::move(row.summary.id));
    }
  }
  return out;
}

} // namespace brigade::app::serve
