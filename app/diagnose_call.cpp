#include "brigade/app/diagnose_call.hpp"

#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <ranges>
#include <set>

namespace brigade::app {

namespace {

constexpr std::size_t message_columns_max = 400;

std::string shown(std::string_view text) {
  return fit(terminal_line(text), message_columns_max);
}

/// The call that a message is about, and whom it was made to.
struct failed_call {
  const core::call_state* call = nullptr;
  const core::model_spec* model = nullptr;
  provider_hint provider;

  std::string table() const {
    return "[providers." + shown(provider.name) + "]";
  }
};

/// The last call that failed for good: no later try under its key succeeded.
const core::call_state* last_failure(const core::run_state& state) {
  std::set<core::call_key> succeeded;
  for (const auto& call : state.calls | std::views::reverse) {
    if (call.settled && !call.in_doubt && call.code == core::outcome_code::ok) {
      succeeded.insert(call.key);
      continue;
    }
    bool failed = call.in_doubt
                  || (call.settled && call.code != core::outcome_code::cancelled
                      && call.code != core::outcome_code::not_sent);
    if (failed && !succeeded.contains(call.key)) {
      return &call;
    }
  }
  return nullptr;
}

failed_call find_failed(const core::run_state& state,
                        const diagnose_context& context) {
  failed_call out;
  out.call = last_failure(state);
  if (out.call == nullptr || !context.crew) {
    return out;
  }
  out.model = core::find_model(*context.crew, out.call->model);
  if (out.model != nullptr) {
    out.provider.name = out.model->provider;
    auto i = std::ranges::find(context.providers, out.model->provider,
                               &provider_hint::name);
    if (i != context.providers.end()) {
      out.provider = *i;
    }
  }
  return out;
}

std::string key_advice(const failed_call& failed) {
  if (failed.provider.key_source.empty()) {
    return "no key is configured: add api_key = \"env:NAME\" to "
           + failed.table();
  }
  return "check the key from " + shown(failed.provider.key_source)
         + " and that it is one for " + shown(failed.provider.base_url);
}

std::string model_name(const failed_call& failed) {
  return failed.model == nullptr ? "the model"
                                 : "'" + shown(failed.model->name) + "'";
}

std::string advice(const failed_call& failed) {
  auto url = shown(failed.provider.base_url);
  switch (failed.call->code) {
  case core::outcome_code::unauthorized:
    return key_advice(failed);
  case core::outcome_code::quota_exhausted:
    return "the account has no credit left: add some, or use another "
           "provider";
  case core::outcome_code::not_found:
    return "check that " + model_name(failed) + " exists there and that " + url
           + " is the API's base (it often ends in /v1)";
  case core::outcome_code::connect_failed:
    return "is the server up? check base_url = \"" + url + "\" of "
           + failed.table() + " and your network";
  case core::outcome_code::connect_timeout:
    return "is the server up? check base_url = \"" + url
           + "\" and your network, or raise connect_timeout_ms of "
           + failed.table();
  case core::outcome_code::tls_failed:
    return "check the certificate of " + url
           + "; for a private one set "
             "ca_file in "
           + failed.table();
  case core::outcome_code::rate_limited:
  case core::outcome_code::overloaded:
    return "try again later, or lower limits.parallel_max";
  case core::outcome_code::server_error:
  case core::outcome_code::connection_lost:
    return "try again later; if it stays, ask the provider";
  case core::outcome_code::first_token_timeout:
    return "raise first_token_timeout_ms of " + failed.table()
           + ", or use a faster model";
  case core::outcome_code::idle_timeout:
    return "try again later; if the server pauses for so long, raise "
           "idle_timeout_ms of "
           + failed.table();
  case core::outcome_code::timed_out:
    return "raise limits.attempt_timeout_s, and call_timeout_ms of "
           + failed.table() + " if it is shorter, or use a faster model";
  case core::outcome_code::reply_too_large:
    return "lower output_tokens_max of the model, or check that " + url
           + " is a Chat Completions API";
  case core::outcome_code::reply_malformed:
    return "check that " + url
           + " is the base of an OpenAI-compatible API (it often ends in "
             "/v1)";
  case core::outcome_code::bad_request:
    return "check the settings of the model in the crew file; older "
           "servers need structured = \"json_object\" or \"prompt\"";
  case core::outcome_code::request_too_large:
    return "give fewer or smaller documents";
  case core::outcome_code::nested_failed:
    return "look at the nested run's own events: its message says why";
  case core::outcome_code::ok:
  case core::outcome_code::cancelled:
  case core::outcome_code::not_sent:
    break;
  }
  return "try again; if it stays, ask the provider";
}

} // namespace

std::string_view what_failed(std::string_view message) {
  return message.substr(0, message.rfind(" - "));
}

std::vector<std::string> provider_lines(const core::run_state& state,
                                        const diagnose_context& context) {
  auto failed = find_failed(state, context);
  if (failed.call == nullptr) {
    return {state.message.empty() ? "a provider could not be used"
                                  : shown(state.message)};
  }
  auto line =
      "provider "
      + (failed.provider.name.empty() ? "of model " + shown(failed.call->model)
                                      : shown(failed.provider.name));
  if (!failed.provider.base_url.empty()) {
    line += " at " + shown(failed.provider.base_url);
  }
  line += ": " + std::string{core::to_string(failed.call->code)};
  auto message = shown(what_failed(failed.call->message));
  // It often names the provider itself.
  auto name = "provider " + shown(failed.provider.name) + " ";
  if (!failed.provider.name.empty() && message.starts_with(name)) {
    message.erase(0, name.size());
  }
  if (!message.empty()) {
    line += ": " + message;
  }
  return {std::move(line), advice(failed)};
}

} // namespace brigade::app
