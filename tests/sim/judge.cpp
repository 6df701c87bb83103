#include "judge.hpp"

#include <utility>

namespace brigade::sim {

namespace {

/// Hashing every request's body would take longer than everything else: it is
/// compared with its intent in one seed of so many.
constexpr std::uint64_t hashed_seeds = 64;

/// One for all seeds of a process, which keeps its memory.
testkit::rule_checkers& shared_checkers() {
  static testkit::rule_checkers checkers;
  return checkers;
}

} // namespace

judge::judge(std::uint64_t seed) : checkers_(shared_checkers()) {
  checkers_.reset();
  checkers_.set_check_hashes(seed % hashed_seeds == 0);
}

void judge::submitted(const core::run_order& order) {
  checkers_.submitted(order);
  runs_.insert(order.id);
  if (journal_failed_)
    checkers_.journal_failed(order.id);
}

void judge::saw(const core::run_id& run, const core::event& e,
                std::int64_t now_ms) {
  hash_.add(run, e);
  checkers_.saw(run, e, now_ms);
  if (runs_.insert(run).second && journal_failed_)
    checkers_.journal_failed(run);
}

void judge::numbered(const core::run_id& run, std::uint64_t serial) {
  checkers_.serial(run, serial);
}

void judge::arrived(const testkit::served_call& line) {
  hash_.arrived(line);
  checkers_.served(line);
}

void judge::ended(const testkit::served_call& line) {
  hash_.ended(line);
  checkers_.answered(line);
}

void judge::answered(const core::run_id& run,
                     const testkit::pending_run& answer) {
  if (!answer.error_text.empty())
    checkers_.refused(run);
}

void judge::journal_failed() {
  journal_failed_ = true;
  for (const auto& run : runs_)
    checkers_.journal_failed(run);
}

void judge::stood_still(std::int64_t ms) {
  checkers_.stood_still(ms);
}

void judge::at_rest(std::size_t open_tries, std::size_t open_orders) {
  testkit::hygiene now;
  now.open_tries = open_tries;
  now.open_orders = open_orders;
  checkers_.at_rest(now);
}

void judge::found(std::string rule, std::string what) {
  found_.push_back({std::move(rule), std::move(what)});
}

std::vector<violation> judge::violations() const {
  auto all = found_;
  for (const auto& v : checkers_.violations())
    all.push_back({v.rule, v.what + " (run " + v.run.text + ", event "
                             + std::to_string(v.seq) + ", "
                             + std::to_string(v.at_ms) + " ms)"});
  return all;
}

} // namespace brigade::sim
