#include "brigade/testkit/checkers/trace_hash.hpp"

#include <bit>
#include <cstring>
#include <type_traits>
#include <variant>

namespace brigade::testkit {

namespace {

/// Eight bytes, the first one lowest on any machine.
std::uint64_t word_at(std::string_view text) {
  std::uint64_t word = 0;
  if (std::endian::native == std::endian::little && text.size() == 8) {
    std::memcpy(&word, text.data(), 8);
    return word;
  }
  for (std::size_t i = 0; i < text.size(); ++i)
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  return word;
}

/// One overload for each kind of field.
struct fields {
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) static void put(
      trace_hash& h, T value) {
    h.add(static_cast<std::uint64_t>(value));
  }

  static void put(trace_hash& h, const std::string& text) {
    h.add(std::string_view{text});
  }

  static void put(trace_hash& h, const core::shared_text& text) {
    h.add(text.view());
  }

  static void put(trace_hash& h, core::pico_usd amount) {
    put(h, amount.value);
  }

  template <class T>
  static void put(trace_hash& h, const std::optional<T>& value) {
    put(h, value.has_value());
    if (value)
      put(h, *value);
  }

  template <class... Ts>
  requires(sizeof...(Ts) > 1) static void put(trace_hash& h,
                                              const Ts&... values) {
    (put(h, values), ...);
  }

  static void put(trace_hash& h, const core::usage& u) {
    put(h, u.input_tokens, u.cached_input_tokens, u.output_tokens);
  }

  static void put(trace_hash& h, const core::call_key& key) {
    put(h, key.path, key.generation, key.step);
  }

  static void put(trace_hash& h, const core::input_info& i) {
    put(h, i.id, i.name, i.bytes, i.lines);
  }

  static void put(trace_hash& h, const core::plan_fault& f) {
    put(h, f.code, f.pointer, f.message);
  }

  static void put(trace_hash& h, const core::dependency& d) {
    put(h, d.task, d.if_failed);
  }

  static void put(trace_hash& h, const core::input_range& r) {
    put(h, r.id, r.first, r.last);
  }

  static void put(trace_hash& h, const core::subtask& t) {
    put(h, t.id, t.worker, t.description);
    put(h, t.depends_on);
    put(h, t.inputs);
    put(h, t.context, t.expected_output);
  }

  template <class T>
  static void put(trace_hash& h, const std::vector<T>& all) {
    put(h, all.size());
    for (const auto& one : all)
      put(h, one);
  }
};

namespace ev = core::events;

struct body_hash {
  trace_hash& h;

  void operator()(const ev::run_submitted& e) const {
    fields::put(h, e.goal, e.crew, e.ceiling, e.deadline_ms, e.inputs,
                e.tokens_max, e.calls_max, e.estimate, e.parent_run,
                e.parent_task);
  }
  void operator()(const ev::plan_proposed& e) const {
    fields::put(h, e.generation, e.text);
  }
  void operator()(const ev::plan_rejected& e) const {
    fields::put(h, e.generation, e.faults);
  }
  void operator()(const ev::plan_accepted& e) const {
    fields::put(h, e.synthesis_share, e.synthesis_tokens, e.plan != nullptr);
    if (e.plan)
      fields::put(h, e.plan->analysis, e.plan->answer, e.plan->tasks);
  }
  void operator()(const ev::approval_requested& e) const {
    fields::put(h, e.timeout_ms, e.cost_low, e.cost_expected, e.cost_worst,
                e.critical_path);
  }
  void operator()(const ev::approval_given& e) const {
    fields::put(h, e.decision, e.by, e.comment);
  }
  void operator()(const ev::task_started& e) const {
    fields::put(h, e.task, e.attempt);
  }
  void operator()(const ev::call_intended& e) const {
    fields::put(h, e.id, e.key, e.role, e.task, e.attempt, e.try_no, e.model,
                e.request_hash, e.reserved, e.reserved_tokens, e.worst_case,
                e.epoch, e.nested_run);
  }
  void operator()(const ev::call_settled& e) const {
    fields::put(h, e.id, e.code, e.rule, e.charged, e.charged_tokens, e.tokens,
                e.usage_known, e.finish, e.reply, e.message, e.http_status,
                e.request_id);
  }
  void operator()(const ev::call_in_doubt& e) const {
    fields::put(h, e.id, e.charged, e.message, e.charged_tokens);
  }
  void operator()(const ev::task_retried& e) const {
    fields::put(h, e.task, e.attempt, e.delay_ms, e.code, e.message);
  }
  void operator()(const ev::task_succeeded& e) const {
    fields::put(h, e.task, e.attempt, e.result);
  }
  void operator()(const ev::task_failed& e) const {
    fields::put(h, e.task, e.attempt, e.code, e.message);
  }
  void operator()(const ev::task_skipped& e) const {
    fields::put(h, e.task, e.missing);
  }
  void operator()(const ev::task_cancelled& e) const {
    fields::put(h, e.task, e.attempt, e.reason);
  }
  void operator()(const ev::synthesis_started& e) const {
    fields::put(h, e.kind, e.results, e.gaps);
  }
  void operator()(const ev::synthesis_succeeded& e) const {
    fields::put(h, e.answer);
  }
  void operator()(const ev::synthesis_failed& e) const {
    fields::put(h, e.code, e.message);
  }
  void operator()(const ev::budget_warned& e) const {
    fields::put(h, e.ceiling, e.percent, e.spent);
  }
  void operator()(const ev::budget_breached& e) const {
    fields::put(h, e.id, e.model, e.reserved, e.charged, e.reserved_tokens,
                e.charged_tokens);
  }
  void operator()(const ev::run_suspended& e) const {
    fields::put(h, e.reason);
  }
  void operator()(const ev::run_resumed& e) const {
    fields::put(h, e.epoch, e.reason, e.ceiling, e.deadline_ms);
  }
  void operator()(const ev::run_ending& e) const {
    fields::put(h, e.status, e.reason, e.message, e.answer);
  }
  void operator()(const ev::run_finished& e) const {
    fields::put(h, e.status, e.reason, e.message, e.answer);
  }
};

} // namespace

void trace_hash::add(std::uint64_t number) {
  // The finish of SplitMix64; source: prng.di.unimi.it/splitmix64.c.
  auto z = (value_ ^ number) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value_ = z ^ (z >> 31);
}

void trace_hash::add(std::string_view text) {
  add(text.size());
  for (; text.size() >= 8; text.remove_prefix(8)) {
    value_ = (value_ ^ word_at(text.substr(0, 8))) * 0x9e3779b97f4a7c15ULL;
    value_ ^= value_ >> 32;
  }
  add(word_at(text));
}

void trace_hash::add(const core::run_id& run, const core::event& e) {
  fields::put(*this, run.text, e.seq, e.wall_ms, e.at_ms, e.body.index());
  std::visit(body_hash{*this}, e.body);
}

void trace_hash::arrived(const served_call& line) {
  const auto& c = line.call;
  fields::put(*this, c.role, c.task, c.number, c.model, c.body,
              c.output_tokens_max, c.id, c.at_ms);
}

void trace_hash::ended(const served_call& line) {
  fields::put(*this, line.call.id, line.code, line.tokens, line.billed,
              line.ended_ms, line.cancelled);
}

} // namespace brigade::testkit
