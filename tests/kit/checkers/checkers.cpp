// Finds runs, subtasks and calls again and hands events to the groups of rules.

#include "brigade/testkit/checkers.hpp"

#include "books.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace brigade::testkit {

namespace detail {

namespace {

namespace ev = core::events;

/// Not `std::hash`, so that nothing depends on the library. The end of a run's
/// name is its random part.
std::uint64_t hash_of(std::string_view id) {
  auto h = 0xcbf29ce484222325ULL;
  for (char c : id)
    h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h ^ (h >> 29);
}

struct visitor {
  books& b;
  run_book& run;
  const core::event& whole;

  void operator()(const ev::run_submitted& e) const {
    run.asked_ms = whole.at_ms;
    if (run.seq > 1)
      b.report("L1", run, "the run was accepted twice");
    else
      b.nest(run, e);
    b.check_submission(run, e);
  }
  void operator()(const ev::plan_proposed&) const {}
  void operator()(const ev::plan_rejected&) const {
    run.asked_ms = whole.at_ms;
  }
  void operator()(const ev::plan_accepted& e) const { b.accept(run, e); }
  void operator()(const ev::approval_requested& e) const { b.ask(run, e); }
  void operator()(const ev::approval_given& e) const { b.give(run, e); }
  void operator()(const ev::task_started& e) const { b.start(run, e); }
  void operator()(const ev::call_intended& e) const {
    run.calls.emplace_back();
    auto& call = run.calls.back();
    b.check_buyer(run, call, e);
    b.check_paid(run, call, e);
    b.check_time(run, call, e.attempt);
    b.intend(run, call, e);
  }
  void operator()(const ev::call_settled& e) const { b.settle(run, e); }
  void operator()(const ev::call_in_doubt& e) const { b.doubt(run, e); }
  void operator()(const ev::task_retried& e) const { b.retry(run, e); }
  void operator()(const ev::task_succeeded& e) const { b.succeed(run, e); }
  void operator()(const ev::task_failed& e) const { b.fail(run, e); }
  void operator()(const ev::task_skipped& e) const { b.skip(run, e); }
  void operator()(const ev::task_cancelled& e) const { b.cancel(run, e); }
  void operator()(const ev::synthesis_started&) const { b.synthesize(run); }
  void operator()(const ev::synthesis_succeeded& e) const {
    run.end_answer = e.answer;
  }
  void operator()(const ev::synthesis_failed& e) const {
    b.check_refusal(run, e.code, e.message);
  }
  void operator()(const ev::budget_warned& e) const { b.warn(run, e); }
  void operator()(const ev::budget_breached& e) const { b.breach(run, e); }
  void operator()(const ev::run_suspended& e) const { b.suspend(run, e); }
  void operator()(const ev::run_resumed& e) const { b.resume(run, e); }
  void operator()(const ev::run_ending& e) const { b.decide(run, e); }
  void operator()(const ev::run_finished& e) const {
    run.end_status = e.status;
    run.end_reason = e.reason;
    if (!e.answer.empty())
      run.end_answer = e.answer;
    b.check_answer(run, e);
    b.finish(run, whole);
  }
};

} // namespace

void run_book::clear() {
  auto kept_tasks = std::move(tasks);
  auto kept_ids = std::move(by_id);
  auto kept_edges = std::move(edges);
  auto kept_calls = std::move(calls);
  auto kept_restarts = std::move(restarts);
  *this = run_book{};
  kept_tasks.clear();
  kept_ids.clear();
  kept_edges.clear();
  kept_calls.clear();
  kept_restarts.clear();
  tasks = std::move(kept_tasks);
  by_id = std::move(kept_ids);
  edges = std::move(kept_edges);
  calls = std::move(kept_calls);
  restarts = std::move(kept_restarts);
}

void books::reset() {
  used = tops = 0;
  last = none;
  std::fill(slots.begin(), slots.end(), none);
  by_serial.clear();
  violations.clear();
  found = 0;
  excused_ms = 0;
  lossy = tills_lost = false;
  top_spent = top_reserved = excess = billed = 0;
  earlier_spent = earlier_reserved = 0;
  any_breach = false;
  now = nullptr;
}

run_book* books::find(std::string_view id) {
  if (last < used && runs[last].id.text == id)
    return &runs[last];
  if (slots.empty())
    return nullptr;
  const auto mask = slots.size() - 1;
  for (auto i = hash_of(id) & mask; slots[i] != none; i = (i + 1) & mask)
    if (runs[slots[i]].id.text == id) {
      last = slots[i];
      return &runs[last];
    }
  return nullptr;
}

run_book& books::add(const core::run_id& id) {
  constexpr std::size_t slots_min = 16;
  if (2 * (std::size_t{used} + 1) > slots.size()) {
    slots.assign(std::max(slots_min, slots.size() * 2), none);
    for (std::uint32_t i = 0; i < used; ++i) {
      auto at = hash_of(runs[i].id.text) & (slots.size() - 1);
      while (slots[at] != none)
        at = (at + 1) & (slots.size() - 1);
      slots[at] = i;
    }
  }
  if (used == runs.size())
    runs.emplace_back();
  auto& run = runs[used];
  run.clear();
  run.id = id;
  auto at = hash_of(id.text) & (slots.size() - 1);
  while (slots[at] != none)
    at = (at + 1) & (slots.size() - 1);
  slots[at] = last = used++;
  return run;
}

void books::report(const char* rule, const run_book* run, const core::event* e,
                   std::int64_t at_ms, std::string what) {
  ++found;
  if (violations.size() >= options.violations_max)
    return;
  violations.push_back({rule, run != nullptr ? run->id : core::run_id{},
                        e != nullptr ? e->seq : 0,
                        e != nullptr ? e->at_ms : at_ms, std::move(what)});
}

void books::saw(run_book& run, const core::event& e) {
  now = &e;
  number(run, e);
  run.last_at_ms = std::max(run.last_at_ms, e.at_ms);
  if (may_follow(run, e)) {
    check_dues(run, e.body);
    check_ends_due(run, e.body);
    check_question_due(run, e.body);
    std::visit(visitor{*this, run, e}, e.body);
  }
  now = nullptr;
}

call_book* books::find_call(run_book& run, core::call_id id) {
  const auto guess = static_cast<std::uint64_t>(id) - 1;
  if (guess < run.calls.size() && run.calls[guess].id == id)
    return &run.calls[guess];
  for (auto& call : run.calls)
    if (call.id == id)
      return &call;
  return nullptr;
}

task_book* books::find_task(run_book& run, std::string_view id) {
  const auto i = std::lower_bound(
      run.by_id.begin(), run.by_id.end(), id,
      [&run](auto at, auto wanted) { return run.tasks[at].id < wanted; });
  return i != run.by_id.end() && run.tasks[*i].id == id ? &run.tasks[*i]
                                                        : nullptr;
}

run_book* books::run_of(const served_call& line) {
  constexpr std::uint64_t serial_max = 1 << 24;
  const auto id = static_cast<std::uint64_t>(line.call.id);
  const auto serial = id >> 24;
  const core::call_id call_id{id & 0xffffff};
  if (serial < by_serial.size() && by_serial[serial] != none)
    return &runs[by_serial[serial]];
  if (serial >= serial_max)
    return nullptr;
  run_book* best = nullptr;
  std::string hash;
  for (std::uint32_t i = 0; i < used; ++i) {
    auto& run = runs[i];
    const auto* call = run.serial == 0 && !run.calls.empty()
                           ? find_call(run, call_id)
                           : nullptr;
    if (call == nullptr || call->served || call->nested
        || call->role != line.call.role || call->model_name != line.call.model)
      continue;
    if (best == nullptr) {
      best = &run;
      continue;
    }
    // Numbers are given in order of start.
    if (hash.empty())
      hash = sha256_hex(line.call.body);
    const auto* rival = find_call(*best, call_id);
    const bool fits = call->request_hash == hash;
    const bool rival_fits = rival->request_hash == hash;
    if (fits != rival_fits)
      best = fits ? &run : best;
    else if (run.is_top && std::uint64_t{run.rank} + 1 == serial)
      best = &run;
  }
  if (best != nullptr) {
    best->serial = serial;
    if (by_serial.size() <= serial)
      by_serial.resize(serial + 1, none);
    by_serial[serial] = place_of(*best);
  }
  return best;
}

} // namespace detail

rule_checkers::rule_checkers(checker_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {
  // nop
}

rule_checkers::~rule_checkers() = default;
rule_checkers::rule_checkers(rule_checkers&&) noexcept = default;
rule_checkers& rule_checkers::operator=(rule_checkers&&) noexcept = default;

void rule_checkers::reset() {
  impl_->reset();
}

void rule_checkers::set_check_hashes(bool on) {
  impl_->options.check_hashes = on;
}

void rule_checkers::set_process_ceiling(core::pico_usd ceiling) {
  impl_->options.process_ceiling = ceiling;
}

void rule_checkers::submitted(const core::run_order& order) {
  if (impl_->find(order.id.text) != nullptr)
    return; // A second order of that name is refused.
  auto& run = impl_->add(order.id);
  run.crew = order.crew;
  run.is_top = true;
  run.rank = impl_->tops++;
  run.most = run.ordered = detail::ceilings_of(order);
  run.goal = order.goal;
  run.inputs = order.inputs;
  run.ordered_approval =
      !order.plan_only
      && (order.approve_plan
          || order.crew->approval == core::approval_kind::plan);
}

void rule_checkers::refused(const core::run_id& id) {
  if (auto* run = impl_->find(id.text))
    run->refused = true;
}

void rule_checkers::serial(const core::run_id& id, std::uint64_t number) {
  auto* run = impl_->find(id.text);
  if (run == nullptr)
    run = &impl_->add(id); // A nested run that has not begun.
  run->serial = number;
  if (impl_->by_serial.size() <= number)
    impl_->by_serial.resize(number + 1, detail::none);
  impl_->by_serial[number] = impl_->place_of(*run);
}

void rule_checkers::saw(const core::run_id& id, const core::event& e,
                        std::optional<std::int64_t> now_ms) {
  auto* run = impl_->find(id.text);
  if (run == nullptr)
    run = &impl_->add(id);
  // What it stood still between two lives counts for no limit.
  if (const auto* next = std::get_if<core::events::run_resumed>(&e.body))
    if (next->reason != "crash")
      run->start_at_most_ms = std::numeric_limits<std::int64_t>::max();
  if (now_ms)
    run->start_at_most_ms = std::min(run->start_at_most_ms, *now_ms - e.at_ms);
  impl_->saw(*run, e);
}

void rule_checkers::served(const served_call& line) {
  auto* run = impl_->run_of(line);
  const core::call_id id{static_cast<std::uint64_t>(line.call.id) & 0xffffff};
  auto* call = run != nullptr ? impl_->find_call(*run, id) : nullptr;
  if (call == nullptr) {
    impl_->report("M3", run, nullptr, line.call.at_ms,
                  "a try of model " + detail::quoted(line.call.model)
                      + " arrived without a durable intent");
    return;
  }
  impl_->check_arrival(*run, line);
  impl_->arrive(*run, *call, line);
}

void rule_checkers::answered(const served_call& line) {
  auto* run = impl_->run_of(line);
  const core::call_id id{static_cast<std::uint64_t>(line.call.id) & 0xffffff};
  if (auto* call = run != nullptr ? impl_->find_call(*run, id) : nullptr)
    impl_->bill(*run, *call, line);
  else
    impl_->billed += line.billed.value; // `served` has told it.
}

void rule_checkers::journal_failed(const core::run_id& id) {
  auto* run = impl_->find(id.text);
  if (run == nullptr)
    return;
  run->journal_broken = true;
  // Runs stand behind the run that they are nested in.
  for (auto& below : impl_->runs)
    if (below.parent != detail::none
        && impl_->runs[below.parent].journal_broken)
      below.journal_broken = true;
}

void rule_checkers::reported(const core::run_report& report) {
  if (auto* run = impl_->find(report.id.text))
    impl_->check_report(*run, report.state);
}

void rule_checkers::gateway_lost() {
  impl_->lossy = true;
}

void rule_checkers::till_lost() {
  impl_->lossy = impl_->tills_lost = true;
}

void rule_checkers::stood_still(std::int64_t ms) {
  impl_->excused_ms += ms;
}

void rule_checkers::at_rest(const hygiene& left) {
  auto& b = *impl_;
  b.check_ends();
  b.check_bills_at_rest();
  const auto& before = b.options.baseline;
  const auto compare = [&b](const char* what, std::size_t was, std::size_t is) {
    if (is != was)
      b.report("H1", nullptr, nullptr, 0,
               std::to_string(is) + " " + what + " at rest, "
                   + std::to_string(was) + " before");
  };
  compare("actors", before.actors, left.actors);
  compare("timers", before.timers, left.timers);
  compare("files", before.files, left.files);
  compare("sockets", before.sockets, left.sockets);
  compare("open tries", before.open_tries, left.open_tries);
  compare("open orders", before.open_orders, left.open_orders);
}

void rule_checkers::shown(std::string_view where, std::string_view text,
                          std::string_view secret) {
  if (holds_secret(text, secret))
    impl_->report("H2", nullptr, nullptr, 0,
                  std::string{where} + " shows a secret");
}

const std::vector<violation>& rule_checkers::violations() const {
  return impl_->violations;
}

std::uint64_t rule_checkers::found() const {
  return impl_->found;
}

} // namespace brigade::testkit
