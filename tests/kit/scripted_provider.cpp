#include "brigade/testkit/scripted_provider.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace brigade::testkit {

namespace {

using std::chrono::milliseconds;

/// The id of the subtask that a worker's prompt is about.
std::string task_of(const core::prepared_call& call) {
  if (call.role != core::call_role::worker)
    return {};
  // Only Brigade's own delimiters look so: those in texts are escaped.
  constexpr std::string_view opening = "<brigade-subtask id=\"";
  const auto body = call.body.view();
  const auto at = body.find(opening);
  if (at == std::string_view::npos)
    return {};
  const auto begin = at + opening.size();
  return std::string{body.substr(begin, body.find('"', begin) - begin)};
}

/// Takes the part before `end` off `text`.
std::string_view cut(std::string_view& text, char end) {
  const auto at = text.find(end);
  const auto part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

/// A token for 4 bytes, and at least one for a text.
std::uint64_t tokens_of(std::string_view text) {
  return (text.size() + 3) / 4;
}

} // namespace

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

// -- steps --------------------------------------------------------------------

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

scripted_step malformed(std::chrono::milliseconds delay) {
  auto step = fail(core::outcome_code::reply_malformed, delay);
  step.result.http_status = 200;
  return step;
}

scripted_step twice(scripted_step step) {
  step.duplicate = true;
  return step;
}

scripted_step too_late(scripted_step step, std::chrono::milliseconds delay) {
  step.silent = true;
  step.late = delay;
  return step;
}

scripted_step overlong(std::string text, std::uint64_t output_tokens) {
  auto step = reply(std::move(text));
  step.result.reply.usage = core::usage{1, 0, output_tokens};
  return step;
}

// -- the provider -------------------------------------------------------------

scripted_provider::scripted_provider(deterministic_system& system, script steps)
    : system_(&system), script_(std::move(steps)) {
  // nop
}

scripted_provider::~scripted_provider() {
  for (const auto& [id, open] : open_)
    if (open.timer)
      system_->forget(*open.timer);
  for (const auto& [number, open] : orphans_)
    if (open.timer)
      system_->forget(*open.timer);
}

void scripted_provider::set_tariff(const std::string& model, tariff prices) {
  tariffs_.insert_or_assign(model, std::move(prices));
}

const tariff& scripted_provider::tariff_of(const std::string& model) const {
  static const tariff free_of_charge;
  const auto i = tariffs_.find(model);
  return i != tariffs_.end() ? i->second : free_of_charge;
}

std::string
scripted_provider::encode(const core::model_request& request) const {
  if (before_encode_)
    before_encode_(request);
  std::size_t size = request.model.size() + 1;
  for (const auto& m : request.messages)
    size += m.content.size() + 1;
  if (request.schema)
    size += request.schema->schema.view().size();
  std::string body;
  body.reserve(size);
  body += request.model;
  body += '\n';
  for (const auto& m : request.messages) {
    body += m.content;
    body += '\n';
  }
  if (request.schema)
    body += request.schema->schema.view();
  return body;
}

/// A script that throws is the test's fault and not the provider's.
scripted_step scripted_provider::next_step(const scripted_call& call) {
  try {
    return script_(call);
  } catch (...) {
    if (!script_failure_)
      script_failure_ = std::current_exception();
    throw;
  }
}

void scripted_provider::send(core::try_id id, const core::prepared_call& call,
                             std::chrono::milliseconds time_limit,
                             done_fn done) {
  served_call line;
  auto& seen = line.call;
  seen.role = call.role;
  seen.task = task_of(call);
  // Of this run: nested runs may have subtasks of the same names.
  seen.number =
      ++numbers_[std::to_string(static_cast<std::uint64_t>(id) >> 24) + "/"
                 + std::string{to_string(call.role)} + "/" + seen.task];
  seen.model = call.model;
  seen.body = call.body.str();
  seen.output_tokens_max = call.output_tokens_max;
  seen.id = id;
  seen.at_ms = system_->elapsed().count();
  auto step = next_step(seen);
  auto& told = step.result.reply;
  if (step.result.code == core::outcome_code::ok && !told.usage
      && !step.usage_hidden)
    told.usage =
        core::usage{tokens_of(seen.body), 0,
                    std::min<std::uint64_t>(tokens_of(told.text.view()),
                                            seen.output_tokens_max)};
  line.code = step.result.code;
  served_.push_back(std::move(line));
  open_.insert_or_assign(id, open_try{served_.size() - 1, std::move(step),
                                      std::move(done), std::nullopt,
                                      milliseconds{0}});
  if (on_arrival_)
    on_arrival_(served_.back());
  plan_answer(id, time_limit);
}

void scripted_provider::plan_answer(core::try_id id,
                                    std::chrono::milliseconds time_limit) {
  auto& open = open_.at(id);
  const auto delay = open.step.delay;
  open.ends = system_->elapsed()
              + (open.step.silent ? time_limit : std::min(delay, time_limit));
  if (open.step.silent || delay >= time_limit)
    open.timer = system_->call_later(time_limit, [this, id] {
      give_up(id, core::outcome_code::timed_out,
              "no answer within the time limit");
    });
  else if (delay.count() > 0)
    open.timer = system_->call_later(
        delay, [this, id] { finish(id, open_.at(id).step.result); });
  else
    finish(id, open.step.result);
}

void scripted_provider::cancel(core::try_id id) {
  auto i = open_.find(id);
  if (i == open_.end())
    return;
  ++cancelled_;
  served_[i->second.line].cancelled = true;
  if (i->second.timer)
    system_->forget(*i->second.timer);
  give_up(id, core::outcome_code::cancelled, "cancelled");
}

/// Ends a try without its answer, which may come later all the same.
void scripted_provider::give_up(core::try_id id, core::outcome_code code,
                                const char* why) {
  const auto& open = open_.at(id);
  if (open.step.late)
    system_->call_later(
        *open.step.late,
        [done = open.done, result = open.step.result] { done(result); });
  core::outcome result;
  result.code = code;
  result.message = why;
  finish(id, std::move(result));
}

void scripted_provider::finish(core::try_id id, core::outcome result) {
  auto node = open_.extract(id);
  if (node.empty())
    return;
  auto& [place, step, done, timer, ends] = node.mapped();
  write(served_[place], step, result);
  if (step.duplicate)
    done(result);
  done(std::move(result));
}

void scripted_provider::move_to(deterministic_system& next, bool notices) {
  std::map<core::try_id, open_try> left;
  for (auto& [id, open] : open_)
    left.emplace(id, std::move(open));
  open_.clear();
  for (auto& [id, open] : left) {
    open.done = nullptr;
    const auto number = ++last_orphan_;
    served_[open.line].cancelled = true; // Nobody hears its answer.
    orphans_.emplace(number, std::move(open));
  }
  system_ = &next;
  for (auto i = orphans_.begin(); i != orphans_.end();) {
    const auto number = i->first;
    auto& open = (i++)->second;
    open.timer.reset();
    if (notices)
      finish_orphan(number);
    else
      open.timer =
          next.call_later(std::max(open.ends - next.elapsed(), milliseconds{0}),
                          [this, number] { finish_orphan(number); });
  }
}

void scripted_provider::finish_orphan(std::uint64_t number) {
  auto node = orphans_.extract(number);
  if (node.empty())
    return;
  const auto& open = node.mapped();
  auto result = open.step.result;
  if (open.step.silent)
    result.code = core::outcome_code::cancelled;
  write(served_[open.line], open.step, result);
}

void scripted_provider::write(served_call& line, const scripted_step& step,
                              const core::outcome& result) {
  const auto& prices = tariff_of(line.call.model);
  line.code = result.code;
  line.ended_ms = system_->elapsed().count();
  if (is_billed(prices, result)) {
    const bool told =
        result.code == core::outcome_code::ok && result.reply.usage.has_value();
    line.tokens = step.used ? *step.used
                  : told    ? *result.reply.usage
                            : most_used(prices, line.call.body.size(),
                                        line.call.output_tokens_max);
    line.billed = bill(prices, line.tokens);
  }
  if (on_end_)
    on_end_(line);
}

core::pico_usd scripted_provider::billed() const {
  // By hand, so that no code of the ledger's is used.
  std::int64_t sum = 0;
  for (const auto& line : served_)
    if (__builtin_add_overflow(sum, line.billed.value, &sum))
      return core::pico_usd::max();
  return {sum};
}

// -- plans --------------------------------------------------------------------

std::string plan_text(const std::vector<std::string>& tasks) {
  // Subjects that share no words, so that no two descriptions are alike.
  static constexpr std::array<std::string_view, 8> subjects{
      "harbour tariffs in Bergen",   "grain storage near Odessa",
      "tram maintenance in Prague",  "vaccine logistics for Peru",
      "cotton irrigation in Egypt",  "copper exports from Chile",
      "school libraries of Estonia", "glacier tourism in Iceland"};
  std::string out = R"({"analysis":"scripted","tasks":[)";
  std::size_t index = 0;
  for (std::string_view line : tasks) {
    const auto id = cut(line, ' ');
    const auto worker = cut(line, ' ');
    if (index > 0)
      out += ',';
    out.append(R"({"id":")").append(id);
    out.append(R"(","worker":")").append(worker);
    out.append(R"(","description":"Collect the published figures on )");
    out.append(subjects[index % subjects.size()]);
    out.append(" (part ").append(id);
    out.append(R"() and return them as a short list.","depends_on":[)");
    for (bool first = true; !line.empty(); first = false)
      out.append(first ? "\"" : ",\"").append(cut(line, ',')).append("\"");
    out += "]}";
    ++index;
  }
  return out + "]}";
}

} // namespace brigade::testkit
