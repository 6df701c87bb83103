#include "brigade/testkit/scripted_provider.hpp"

#include "brigade/actors/compat.hpp"
#include "brigade/core/model/prompt_blocks.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <array>
#include <sstream>
#include <utility>

namespace brigade::testkit {

namespace {

int status_of(core::outcome_code code) {
  switch (code) {
    case core::outcome_code::ok:
      return 200;
    case core::outcome_code::rate_limited:
    case core::outcome_code::quota_exhausted:
      return 429;
    case core::outcome_code::overloaded:
      return 503;
    case core::outcome_code::server_error:
      return 500;
    case core::outcome_code::unauthorized:
      return 401;
    case core::outcome_code::not_found:
      return 404;
    case core::outcome_code::bad_request:
      return 400;
    case core::outcome_code::request_too_large:
      return 413;
    default:
      return 0;
  }
}

/// The id of the subtask that a worker's prompt is about.
std::string task_of(const core::prepared_call& call) {
  if (call.role != core::call_role::worker)
    return {};
  for (const auto& block : core::parse_blocks(call.body.view()))
    if (block.tag == "subtask")
      return std::string{block.attribute("id")};
  return {};
}

/// Runs `then` after `delay` of virtual time.
caf::behavior late_answer(caf::event_based_actor* self,
                          std::chrono::milliseconds delay,
                          const std::function<void()>& then) {
  self->delayed_send(self, delay, caf::ok_atom::value);
  return {[self, then](caf::ok_atom) {
    then();
    self->quit();
  }};
}

} // namespace

scripted_step reply(std::string text, std::chrono::milliseconds delay) {
  scripted_step step;
  step.delay = delay;
  step.result.code = core::outcome_code::ok;
  step.result.http_status = 200;
  step.result.reply.text = core::shared_text{std::move(text)};
  return step;
}

scripted_step fail(core::outcome_code code, std::chrono::milliseconds delay) {
  scripted_step step;
  step.delay = delay;
  step.result.code = code;
  step.result.http_status = status_of(code);
  step.result.message = "scripted " + std::string{to_string(code)};
  return step;
}

scripted_step silence() {
  scripted_step step;
  step.silent = true;
  return step;
}

scripted_provider::scripted_provider(caf::actor_system& system, script steps)
  : system_(system), script_(std::move(steps)) {
  // nop
}

std::string
scripted_provider::encode(const core::model_request& request) const {
  std::string body = request.model + "\n";
  for (const auto& m : request.messages) {
    body += m.content;
    body += '\n';
  }
  if (request.schema)
    body += request.schema->schema.view();
  return body;
}

void scripted_provider::send(core::try_id id, const core::prepared_call& call,
                             std::chrono::milliseconds time_limit,
                             done_fn done) {
  scripted_call seen;
  seen.role = call.role;
  seen.task = task_of(call);
  seen.number
    = ++numbers_[std::string{to_string(call.role)} + "/" + seen.task];
  seen.model = call.model;
  seen.body = call.body.str();
  seen.output_tokens_max = call.output_tokens_max;
  auto step = script_(seen);
  auto& result = step.result;
  if (result.code == core::outcome_code::ok && !result.reply.usage)
    result.reply.usage = core::usage{seen.body.size() / 4, 0,
                                     result.reply.text.str().size() / 4};
  served_call line;
  line.code = result.code;
  line.tokens = result.reply.usage.value_or(core::usage{});
  line.call = std::move(seen);
  served_.push_back(std::move(line));
  open_.emplace(id, std::move(done));
  if (step.silent || step.delay >= time_limit) {
    core::outcome late;
    late.code = core::outcome_code::timed_out;
    late.message = "no answer within the time limit";
    finish_later(id, std::move(late), time_limit);
    return;
  }
  if (step.duplicate) {
    auto twice = open_.at(id);
    twice(step.result);
  }
  if (step.delay.count() > 0)
    finish_later(id, std::move(step.result), step.delay);
  else
    finish(id, std::move(step.result));
}

void scripted_provider::cancel(core::try_id id) {
  core::outcome result;
  result.code = core::outcome_code::cancelled;
  result.message = "cancelled";
  if (open_.contains(id))
    ++cancelled_;
  finish(id, std::move(result));
}

void scripted_provider::finish(core::try_id id, core::outcome result) {
  auto node = open_.extract(id);
  if (!node.empty())
    node.mapped()(std::move(result));
}

void scripted_provider::finish_later(core::try_id id, core::outcome result,
                                     std::chrono::milliseconds delay) {
  system_.spawn<caf::hidden>(late_answer, delay,
                             [me = shared_from_this(), id,
                              result = std::move(result)] {
                               me->finish(id, result);
                             });
}

std::string plan_text(const std::vector<std::string>& tasks) {
  // Subjects that share no words, so that no two descriptions are alike.
  static constexpr std::array subjects{
    "harbour tariffs in Bergen",   "grain storage near Odessa",
    "tram maintenance in Prague",  "vaccine logistics for Peru",
    "cotton irrigation in Egypt",  "copper exports from Chile",
    "school libraries of Estonia", "glacier tourism in Iceland"};
  std::string out = R"({"analysis":"scripted","tasks":[)";
  std::size_t index = 0;
  for (const auto& line : tasks) {
    std::istringstream words{line};
    std::string id, worker, deps;
    words >> id >> worker >> deps;
    if (index > 0)
      out += ',';
    out += R"({"id":")" + id + R"(","worker":")" + worker
           + R"(","description":"Collect the published figures on )"
           + subjects[index % subjects.size()] + " (part " + id
           + R"() and return them as a short list.","depends_on":[)";
    std::istringstream list{deps};
    std::string dep;
    bool first = true;
    while (std::getline(list, dep, ',')) {
      out += (first ? "\"" : ",\"") + dep + "\"";
      first = false;
    }
    out += "]}";
    ++index;
  }
  return out + "]}";
}

} // namespace brigade::testkit
