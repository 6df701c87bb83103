/// The fields of every event, each named once. The writer and the reader of
/// the JSON form both walk these lists, so that they cannot differ.
///
/// INTERNAL: included by the sources that write or read events.
#pragma once

#include "brigade/core/json/fields.hpp"
#include "brigade/core/money/money_fields.hpp"
#include "brigade/core/plan/plan_fields.hpp"
#include "brigade/core/run/event.hpp"

namespace brigade::core {

namespace json_fields {

template <>
struct text_form<call_role> : parsed_form<call_role, parse_call_role> {};

template <>
struct text_form<outcome_code> : parsed_form<outcome_code, parse_outcome_code> {
};

template <>
struct text_form<money_rule> : parsed_form<money_rule, parse_money_rule> {};

template <>
struct text_form<finish_reason>
    : parsed_form<finish_reason, parse_finish_reason> {};

template <>
struct text_form<run_status> : parsed_form<run_status, parse_run_status> {};

template <>
inline constexpr bool is_number_name<call_id> = true;

} // namespace json_fields

// -- parts of events ----------------------------------------------------------

template <>
struct fields<usage> {
  static void visit(auto& v, auto& x) {
    v("input_tokens", x.input_tokens);
    v("cached_input_tokens", x.cached_input_tokens);
    v("output_tokens", x.output_tokens);
  }
};

template <>
struct fields<call_key> {
  static void visit(auto& v, auto& x) {
    v("path", x.path);
    v("generation", x.generation);
    v("step", x.step);
  }
};

template <>
struct fields<input_info> {
  static void visit(auto& v, auto& x) {
    v("id", x.id);
    v("name", x.name);
    v("bytes", x.bytes);
    v("lines", x.lines);
    v("sha256", x.sha256);
  }
};

// -- events -------------------------------------------------------------------

template <>
struct fields<events::run_submitted> {
  static void visit(auto& v, auto& x) {
    v("goal", x.goal);
    v("crew", x.crew);
    v("ceiling_usd", x.ceiling);
    v("deadline_ms", x.deadline_ms);
    v("inputs", x.inputs);
    v("tokens_max", x.tokens_max);
    v("calls_max", x.calls_max);
    v("estimate", x.estimate);
    v("prices", x.prices);
    v("parent_run", x.parent_run);
    v("parent_task", x.parent_task);
    v("crew_hash", x.crew_hash);
    v("client", x.client);
    v("approval", x.approval);
    v("approval_timeout_ms", x.approval_timeout_ms);
  }
};

template <>
struct fields<events::plan_proposed> {
  static void visit(auto& v, auto& x) {
    v("generation", x.generation);
    v("text", x.text);
  }
};

template <>
struct fields<events::plan_rejected> {
  static void visit(auto& v, auto& x) {
    v("generation", x.generation);
    v("faults", x.faults);
  }
};

template <>
struct fields<events::plan_accepted> {
  static void visit(auto& v, auto& x) {
    v("plan", x.plan);
    v("synthesis_share_usd", x.synthesis_share);
    v("synthesis_tokens", x.synthesis_tokens);
  }
};

template <>
struct fields<events::approval_requested> {
  static void visit(auto& v, auto& x) {
    v("timeout_ms", x.timeout_ms);
    v("cost_low_usd", x.cost_low);
    v("cost_expected_usd", x.cost_expected);
    v("cost_worst_usd", x.cost_worst);
    v("critical_path", x.critical_path);
  }
};

template <>
struct fields<events::approval_given> {
  static void visit(auto& v, auto& x) {
    v("decision", x.decision);
    v("by", x.by);
    v("comment", x.comment);
  }
};

template <>
struct fields<events::task_started> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("attempt", x.attempt);
  }
};

template <>
struct fields<events::call_intended> {
  static void visit(auto& v, auto& x) {
    v("id", x.id);
    v("key", x.key);
    v("role", x.role);
    v("task", x.task);
    v("attempt", x.attempt);
    v("try_no", x.try_no);
    v("model", x.model);
    v("request_hash", x.request_hash);
    v("reserved_usd", x.reserved);
    v("reserved_tokens", x.reserved_tokens);
    v("worst_case_usd", x.worst_case);
    v("epoch", x.epoch);
    v("nested_run", x.nested_run);
    v("waited_ms", x.waited_ms);
    v("reserved_calls", x.reserved_calls);
    v("reserved_tasks", x.reserved_tasks);
    v("request", x.request);
  }
};

template <>
struct fields<events::call_settled> {
  static void visit(auto& v, auto& x) {
    v("id", x.id);
    v("code", x.code);
    v("rule", x.rule);
    v("charged_usd", x.charged);
    v("charged_tokens", x.charged_tokens);
    v("tokens", x.tokens);
    v("usage_known", x.usage_known);
    v("finish", x.finish);
    v("reply", x.reply);
    v("message", x.message);
    v("http_status", x.http_status);
    v("request_id", x.request_id);
    v("charged_calls", x.charged_calls);
    v("charged_tasks", x.charged_tasks);
  }
};

template <>
struct fields<events::call_in_doubt> {
  static void visit(auto& v, auto& x) {
    v("id", x.id);
    v("charged_usd", x.charged);
    v("charged_tokens", x.charged_tokens);
    v("charged_calls", x.charged_calls);
    v("charged_tasks", x.charged_tasks);
    v("message", x.message);
  }
};

template <>
struct fields<events::task_retried> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("attempt", x.attempt);
    v("delay_ms", x.delay_ms);
    v("code", x.code);
    v("message", x.message);
  }
};

template <>
struct fields<events::task_succeeded> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("attempt", x.attempt);
    v("result", x.result);
  }
};

template <>
struct fields<events::task_failed> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("attempt", x.attempt);
    v("code", x.code);
    v("message", x.message);
  }
};

template <>
struct fields<events::task_skipped> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("missing", x.missing);
  }
};

template <>
struct fields<events::task_cancelled> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("attempt", x.attempt);
    v("reason", x.reason);
  }
};

template <>
struct fields<events::synthesis_started> {
  static void visit(auto& v, auto& x) {
    v("kind", x.kind);
    v("results", x.results);
    v("gaps", x.gaps);
  }
};

template <>
struct fields<events::synthesis_succeeded> {
  static void visit(auto& v, auto& x) { v("answer", x.answer); }
};

template <>
struct fields<events::synthesis_failed> {
  static void visit(auto& v, auto& x) {
    v("code", x.code);
    v("message", x.message);
  }
};

template <>
struct fields<events::budget_warned> {
  static void visit(auto& v, auto& x) {
    v("ceiling", x.ceiling);
    v("percent", x.percent);
    v("spent_usd", x.spent);
  }
};

template <>
struct fields<events::budget_breached> {
  static void visit(auto& v, auto& x) {
    v("id", x.id);
    v("model", x.model);
    v("reserved_usd", x.reserved);
    v("charged_usd", x.charged);
    v("reserved_tokens", x.reserved_tokens);
    v("charged_tokens", x.charged_tokens);
  }
};

template <>
struct fields<events::run_suspended> {
  static void visit(auto& v, auto& x) { v("reason", x.reason); }
};

template <>
struct fields<events::run_resumed> {
  static void visit(auto& v, auto& x) {
    v("epoch", x.epoch);
    v("reason", x.reason);
    v("ceiling_usd", x.ceiling);
    v("tokens_max", x.tokens_max);
    v("calls_max", x.calls_max);
    v("deadline_ms", x.deadline_ms);
    v("crew_hash", x.crew_hash);
    v("changes_accepted", x.changes_accepted);
    v("inputs", x.inputs);
  }
};

template <>
struct fields<events::run_ending> {
  static void visit(auto& v, auto& x) {
    v("status", x.status);
    v("reason", x.reason);
    v("message", x.message);
    v("answer", x.answer);
  }
};

template <>
struct fields<events::run_finished> {
  static void visit(auto& v, auto& x) {
    v("status", x.status);
    v("reason", x.reason);
    v("message", x.message);
    v("answer", x.answer);
  }
};

} // namespace brigade::core
