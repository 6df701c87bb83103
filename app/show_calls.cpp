#include "brigade/app/show_calls.hpp"

#include "brigade/app/call_text.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/text_block.hpp"

#include <boost/json.hpp>

namespace brigade::app {

namespace {

namespace json = boost::json;
using lines = std::vector<std::string>;

/// Where the values of a call begin.
constexpr std::size_t value_column = 12;
constexpr std::size_t text_indent = 6;

void field(lines& out, std::string_view label, std::string_view text,
           const show_view& view) {
  lines block;
  append_block(block, text, value_column, view.columns);
  if (block.empty()) {
    return;
  }
  auto head = "  " + std::string{label};
  head.resize(value_column, ' ');
  block.front().replace(0, value_column, head);
  for (auto& line : block) {
    out.push_back(std::move(line));
  }
}

std::string buyer(const core::call_state& call) {
  std::string text{core::to_string(call.role)};
  return call.task.empty() ? text : text + " " + terminal_line(call.task);
}

std::string time_text(const core::call_history& h) {
  auto text = "from " + display_duration(h.started_ms);
  if (h.ended_ms) {
    text += " to " + display_duration(*h.ended_ms) + ", took "
            + display_duration(*h.ended_ms - h.started_ms);
  }
  if (h.waited_ms > 0) {
    text += "; waited " + display_duration(h.waited_ms)
            + " for room under the ceiling";
  }
  return text;
}

std::string token_text(const core::call_state& call) {
  if (!call.settled) {
    return counted(call.reserved_tokens, "token") + " reserved";
  }
  auto text = call.usage_known ? display_tokens(call.tokens)
                               : std::string{"usage unknown"};
  if (call.tokens.cached_input_tokens > 0) {
    text += ", " + display_count(call.tokens.cached_input_tokens)
            + " of the input cached";
  }
  return text + "; " + display_count(call.reserved_tokens) + " reserved";
}

std::string cost_text(const core::call_state& call,
                      const core::call_history& h) {
  if (!call.settled) {
    return display_cost(call.reserved) + " reserved";
  }
  auto text = display_cost(call.charged) + " charged, "
              + display_cost(call.reserved) + " reserved";
  if (h.rule == core::money_rule::charge_in_full) {
    text += "; charged in full";
  } else if (h.rule == core::money_rule::release) {
    text += "; not billed";
  }
  return text;
}

std::string answer_note(const core::call_state& call,
                        const core::call_history& h) {
  std::string text;
  if (h.http_status != 0) {
    text += "HTTP " + std::to_string(h.http_status);
  }
  if (!h.request_id.empty()) {
    text += (text.empty() ? "" : ", ") + std::string{"request "}
            + terminal_line(h.request_id);
  }
  if (call.settled && !call.in_doubt && h.finish != core::finish_reason::stop) {
    text += (text.empty() ? "" : ", ") + std::string{"finish: "}
            + std::string{core::to_string(h.finish)};
  }
  return text;
}

void append_text(lines& out, std::string_view text, const show_view& view) {
  append_block(out, text, text_indent, view.columns);
}

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

/// JSON is put in as such, so that a program need not parse twice.
json::value body_json(const core::shared_text& text) {
  if (text.empty()) {
    return nullptr;
  }
  json::error_code error;
  auto value = json::parse(text.str(), error);
  return error ? json::value(text.view()) : value;
}

} // namespace

std::string call_outcome(const core::call_state& call) {
  if (call.in_doubt) {
    return cause_text("in doubt", call.message);
  }
  if (!call.settled) {
    return "in flight";
  }
  return cause_text(core::to_string(call.code),
                    call.code == core::outcome_code::ok ? "" : call.message);
}

std::string call_line(const stored_run& run, std::size_t call) {
  const auto& c = run.history.state.calls[call];
  const auto& h = run.history.calls[call];
  auto text = std::to_string(static_cast<std::uint64_t>(c.id)) + "  " + buyer(c)
              + "  " + terminal_line(c.model);
  if (c.try_no > 1) {
    text += "  try " + std::to_string(c.try_no);
  }
  if (h.ended_ms) {
    text += "  " + display_duration(*h.ended_ms - h.started_ms);
  }
  if (c.usage_known) {
    text += "  " + display_tokens(c.tokens);
  }
  return text + "  " + display_cost(c.settled ? c.charged : c.reserved) + "  "
         + call_outcome(c);
}

lines show_call(const stored_run& run, std::size_t call,
                const show_view& view) {
  const auto& c = run.history.state.calls[call];
  const auto& h = run.history.calls[call];
  lines out;
  bool bad = c.in_doubt || (c.settled && c.code != core::outcome_code::ok);
  out.push_back(
      styled("call " + std::to_string(static_cast<std::uint64_t>(c.id)) + "  "
                 + buyer(c) + "  " + fit(call_outcome(c), 200, view.ascii),
             bad ? text_style::red : text_style::bold, view.color));
  field(out, "key",
        core::to_string(c.key) + ", try " + std::to_string(c.try_no)
            + ", attempt " + std::to_string(c.attempt),
        view);
  field(out, "model", terminal_line(c.model), view);
  field(out, "time", time_text(h), view);
  field(out, "tokens", token_text(c), view);
  field(out, "cost", cost_text(c, h), view);
  field(out, "answer", answer_note(c, h), view);
  if (!c.nested_run.empty()) {
    field(out, "nested", "brigade show " + terminal_line(c.nested_run), view);
  }
  for (const auto& part : request_parts(h.request.view())) {
    out.push_back(styled("    " + terminal_line(part.role) + ":",
                         text_style::cyan, view.color));
    append_text(out, part.text, view);
  }
  if (!h.reply.empty()) {
    out.push_back(styled("    answer:", text_style::green, view.color));
    append_text(out, readable(h.reply.view()), view);
  }
  return out;
}

lines show_calls(const stored_run& run, std::string_view task,
                 const show_view& view) {
  lines out;
  for (std::size_t i = 0; i < run.history.calls.size(); ++i) {
    if (!task.empty() && run.history.state.calls[i].task != task) {
      continue;
    }
    if (!out.empty()) {
      out.emplace_back();
    }
    for (auto& line : show_call(run, i, view)) {
      out.push_back(std::move(line));
    }
  }
  if (out.empty()) {
    out.emplace_back("no calls");
  }
  return out;
}

boost::json::value calls_json(const core::run_history& history) {
  auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
  json::array out;
  for (std::size_t i = 0; i < history.calls.size(); ++i) {
    const auto& c = history.state.calls[i];
    const auto& h = history.calls[i];
    json::object call{
        {"id", static_cast<std::uint64_t>(c.id)},
        {"role", core::to_string(c.role)},
        {"task", text_or_null(c.task)},
        {"key", core::to_string(c.key)},
        {"attempt", c.attempt},
        {"try", c.try_no},
        {"model", c.model},
        {"outcome", c.in_doubt  ? json::value("in_doubt")
                    : c.settled ? json::value(core::to_string(c.code))
                                : json::value(nullptr)},
        {"message", text_or_null(c.message)},
        {"started_s", seconds(h.started_ms)},
        {"finished_s",
         h.ended_ms ? json::value(seconds(*h.ended_ms)) : json::value(nullptr)},
        {"waited_s", seconds(h.waited_ms)},
        {"input_tokens", c.tokens.input_tokens},
        {"cached_input_tokens", c.tokens.cached_input_tokens},
        {"output_tokens", c.tokens.output_tokens},
        {"usage_known", c.usage_known},
        {"reserved_usd", core::to_decimal(c.reserved)},
        {"charged_usd", core::to_decimal(c.charged)},
        {"http_status", h.http_status == 0 ? json::value(nullptr)
                                           : json::value(h.http_status)},
        {"request_id", text_or_null(h.request_id)},
        {"nested_run", text_or_null(c.nested_run)},
        {"request", body_json(h.request)},
        {"reply", text_or_null(h.reply.view())}};
    out.push_back(std::move(call));
  }
  return out;
}

} // namespace brigade::app
