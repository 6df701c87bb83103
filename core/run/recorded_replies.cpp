#include "brigade/core/run/recorded_replies.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace brigade::core {

namespace {

void add_run(reply_script& script, const run_export& run) {
  recorded_replies replies;
  for (const auto& e : run.events)
    replies.apply(e);
  for (const auto& call : replies.all()) {
    auto& outcomes = script[call.request_hash];
    outcomes.insert(outcomes.end(), call.outcomes.begin(), call.outcomes.end());
  }
  for (const auto& below : run.nested)
    add_run(script, below);
}

bool was_ended_by_us(const outcome& x) {
  return x.code == outcome_code::cancelled || x.code == outcome_code::not_sent;
}

} // namespace

outcome outcome_of(const events::call_settled& settled) {
  outcome result;
  result.code = settled.code;
  result.http_status = settled.http_status;
  result.message = settled.message;
  result.request_id = settled.request_id;
  result.reply.text = settled.reply;
  result.reply.finish = settled.finish;
  if (settled.usage_known)
    result.reply.usage = settled.tokens;
  return result;
}

const outcome* recorded_tries::succeeded() const {
  for (const auto& x : outcomes)
    if (x.code == outcome_code::ok)
      return &x;
  return nullptr;
}

void recorded_replies::apply(const event& e) {
  if (const auto* intent = std::get_if<events::call_intended>(&e.body)) {
    if (!intent->nested_run.empty())
      return;
    const auto [entry, is_new] = index_.emplace(
        std::pair{intent->key, intent->request_hash}, all_.size());
    if (is_new)
      all_.push_back({intent->key, intent->request_hash, {}});
    open_[intent->id] = entry->second;
  } else if (const auto* settled = std::get_if<events::call_settled>(&e.body)) {
    const auto call = open_.extract(settled->id);
    if (!call.empty())
      all_[call.mapped()].outcomes.push_back(outcome_of(*settled));
  } else if (const auto* doubt = std::get_if<events::call_in_doubt>(&e.body)) {
    open_.erase(doubt->id);
  }
}

const recorded_tries*
recorded_replies::find(const call_key& key,
                       std::string_view request_hash) const {
  const auto found = index_.find(std::pair{key, std::string{request_hash}});
  return found == index_.end() ? nullptr : &all_[found->second];
}

reply_script script_of(const run_export& run) {
  reply_script script;
  add_run(script, run);
  for (auto& [hash, outcomes] : script)
    if (!std::all_of(outcomes.begin(), outcomes.end(), was_ended_by_us))
      std::erase_if(outcomes, was_ended_by_us);
  return script;
}

} // namespace brigade::core
