#include "brigade/net/api/job_api.hpp"

#include "brigade/core/model/digest.hpp"
#include "brigade/net/api/job_body.hpp"
#include "brigade/net/api/run_end.hpp"
#include "brigade/net/api/run_resource.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace brigade::net::api {

namespace {

constexpr std::size_t key_bytes_max = 255;

template <class T>
std::optional<T> number_in(std::string_view text) {
  T out{};
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || end.ec != std::errc{}
      || end.ptr != text.data() + text.size())
    return std::nullopt;
  return out;
}

/// `Prefer: respond-async, wait=20`: the seconds; nothing: do not wait.
std::optional<std::chrono::seconds> wait_in(std::string_view prefer) {
  while (!prefer.empty()) {
    const auto end = prefer.find_first_of(",;");
    auto part = prefer.substr(0, end);
    prefer = end == std::string_view::npos ? std::string_view{}
                                           : prefer.substr(end + 1);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    constexpr std::string_view wait = "wait=";
    if (part.starts_with(wait))
      if (const auto s = number_in<std::uint32_t>(part.substr(wait.size())))
        return std::chrono::seconds{*s};
  }
  return std::nullopt;
}

/// The key of `Idempotency-Key`: a string of RFC 8941, or the bare text that
/// most clients send. Nothing when it cannot be one.
std::optional<std::string> key_in(std::string_view field) {
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    field = field.substr(1, field.size() - 2);
  const bool visible = std::all_of(field.begin(), field.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"';
  });
  if (field.empty() || field.size() > key_bytes_max || !visible)
    return std::nullopt;
  return std::string{field};
}

refusal too_many_streams() {
  refusal why{503, "too_many_streams",
              "too many streams of events are open; ask for the run instead"};
  why.retry_after_ms = 5'000;
  return why;
}

refusal not_found(std::string what) {
  return {404, "not_found", std::move(what)};
}

/// What `then` does with a value; a refusal is answered.
template <class T, class F>
reply<T> answering(std::shared_ptr<http_exchange> exchange, F then) {
  return [exchange = std::move(exchange),
          then = std::move(then)](std::variant<T, refusal> answer) {
    if (const auto* why = std::get_if<refusal>(&answer))
      exchange->respond(problem_of(*why));
    else
      then(std::get<T>(std::move(answer)));
  };
}

/// Whether `If-None-Match` names this version: any of a list, weak or not.
bool is_known(const http_exchange& exchange, const std::string& etag) {
  auto list = exchange.request().field("if-none-match");
  if (list == "*")
    return true;
  while (!list.empty()) {
    const auto end = list.find(',');
    auto each = list.substr(0, end);
    list = end == std::string_view::npos ? std::string_view{}
                                         : list.substr(end + 1);
    each.remove_prefix(std::min(each.find_first_not_of(' '), each.size()));
    if (each.starts_with("W/"))
      each.remove_prefix(2);
    if (each.substr(0, etag.size()) == etag
        && each.find_first_not_of(' ', etag.size()) == std::string_view::npos)
      return true;
  }
  return false;
}

/// What one path below a run shows of it.
http_response response_of(const route& what, const run_view& view) {
  const auto& state = *view.state;
  switch (what.what) {
  case operation::get_plan:
    if (auto plan = plan_json(view))
      return json_response(200, std::move(*plan));
    return problem_of(not_found("the run has no accepted plan yet"));
  case operation::get_tasks:
    return json_response(200, tasks_json(view));
  case operation::get_task:
    if (auto task = task_json(view, what.task))
      return json_response(200, std::move(*task));
    return problem_of(not_found("the run has no such subtask"));
  case operation::get_result: {
    if (state.phase == core::run_phase::finished)
      return json_response(200, result_json(view));
    refusal why{409, "not_finished",
                "the run has not ended; follow its events, or ask again"};
    why.retry_after_ms = 1000;
    why.run = view.run.text;
    return problem_of(why);
  }
  default:
    return json_response(200, run_json(view));
  }
}

} // namespace

job_api::job_api(std::shared_ptr<io_thread> io, backend& runs,
                 job_api_options options)
    : io_(std::move(io)), runs_(runs), options_(options) {
  // nop
}

void job_api::handle(const route& what, const std::string& client,
                     std::shared_ptr<http_exchange> exchange) {
  switch (what.what) {
  case operation::list_crews:
    exchange->respond(json_response(200, crews_json(runs_.crews(client))));
    return;
  case operation::create_run:
    create(client, exchange);
    return;
  case operation::list_runs:
    list(what, client, exchange);
    return;
  default:
    break;
  }
  if (!core::is_run_id(what.name)) {
    exchange->respond(problem_of(not_found("there is no such run")));
    return;
  }
  switch (what.what) {
  case operation::get_events:
    stream(what, client, exchange);
    return;
  case operation::cancel_run:
  case operation::approve_run:
  case operation::reject_run:
    decide(what, client, exchange);
    return;
  case operation::delete_run:
    runs_.remove(client, core::run_id{what.name},
                 answering<done>(exchange, [exchange](done) {
                   exchange->respond({204, {}, {}, nullptr, false});
                 }));
    return;
  default:
    show(what, client, exchange);
    return;
  }
}

// -- making runs --------------------------------------------------------------

void job_api::create(const std::string& client, const exchange_ptr& exchange) {
  const auto& request = exchange->request();
  const auto crews = runs_.crews(client);
  auto order =
      read_job(request.body, crews.size() == 1 ? crews.front().name : "");
  if (const auto* why = std::get_if<refusal>(&order)) {
    exchange->respond(problem_of(*why));
    return;
  }
  std::optional<request_key> key;
  if (request.has("idempotency-key")) {
    auto text = key_in(request.field("idempotency-key"));
    if (!text) {
      exchange->respond(problem_of(
          {400, "invalid_key",
           "Idempotency-Key must be 1 to 255 visible ASCII characters"}));
      return;
    }
    key = request_key{"job:" + *text, core::sha256_hex(request.body),
                      options_.key_keep_ms};
  }
  runs_.submit(client, std::get<job_order>(std::move(order)), std::move(key),
               answering<accepted_run>(
                   exchange, [this, client, exchange](accepted_run accepted) {
                     answer_created(client, accepted, exchange);
                   }));
}

void job_api::answer_created(const std::string& client,
                             const accepted_run& accepted,
                             const exchange_ptr& exchange) {
  if (const auto wait = wait_in(exchange->request().field("prefer"))) {
    wait_for_end(client, accepted.run, std::min(*wait, options_.wait_max),
                 exchange);
    return;
  }
  runs_.look(client, accepted.run,
             answering<run_view>(exchange, [exchange](run_view view) {
               auto answer = json_response(202, run_json(view));
               answer.fields.push_back({"Location", path_of(view.run)});
               answer.fields.push_back({"Retry-After", "1"});
               exchange->respond(std::move(answer));
             }));
}

void job_api::wait_for_end(const std::string& client, const core::run_id& run,
                           std::chrono::seconds wait,
                           const exchange_ptr& exchange) {
  const auto applied = "wait=" + std::to_string(wait.count());
  const auto answer = [exchange, applied](run_view view) {
    const bool ended = view.state->phase == core::run_phase::finished;
    auto out = json_response(ended ? 200 : 202,
                             ended ? result_json(view) : run_json(view));
    out.fields.push_back({"Location", path_of(view.run)});
    out.fields.push_back({"Preference-Applied", applied});
    exchange->respond(std::move(out));
  };
  const auto look = [this, client, run, exchange, answer] {
    runs_.look(client, run, answering<run_view>(exchange, answer));
  };
  // A known key leads to a run that may stand anywhere.
  runs_.look(
      client, run,
      answering<run_view>(exchange, [=, this](const run_view& view) {
        const auto& state = *view.state;
        if (state.phase == core::run_phase::finished || state.awaits_approval())
          answer(view);
        else
          await_end(io_, runs_, run, state.last_seq, wait, exchange, look);
      }));
}

// -- looking at runs ----------------------------------------------------------

void job_api::list(const route& what, const std::string& client,
                   const exchange_ptr& exchange) {
  list_query query;
  refusal why{400, "invalid_query", "the query has faults"};
  if (const auto status = what.parameter("status")) {
    query.status = core::parse_run_status(*status);
    if (!query.status)
      why.faults.push_back({"status", "must be running, suspended, succeeded, "
                                      "partial, failed or cancelled"});
  }
  query.crew = what.parameter("crew").value_or("");
  if (const auto limit = what.parameter("limit")) {
    const auto count = number_in<std::uint32_t>(*limit);
    if (!count || *count == 0 || *count > options_.list_runs_max)
      why.faults.push_back(
          {"limit", "must be 1 to " + std::to_string(options_.list_runs_max)});
    query.runs_max = count.value_or(1);
  }
  if (const auto cursor = what.parameter("cursor")) {
    query.before.text = *cursor;
    if (!core::is_run_id(query.before.text))
      why.faults.push_back({"cursor", "must be the `next` of a page"});
  }
  if (!why.faults.empty()) {
    exchange->respond(problem_of(why));
    return;
  }
  // One more tells whether there is another page.
  const auto count = query.runs_max++;
  runs_.list(client, std::move(query),
             answering<std::vector<run_line>>(
                 exchange, [exchange, count](std::vector<run_line> runs) {
                   std::string next;
                   if (runs.size() > count) {
                     runs.resize(count);
                     next = runs.back().summary.id.text;
                   }
                   exchange->respond(json_response(200, list_json(runs, next)));
                 }));
}

void job_api::show(const route& what, const std::string& client,
                   const exchange_ptr& exchange) {
  runs_.look(client, core::run_id{what.name},
             answering<run_view>(exchange, [exchange, what](run_view view) {
               const auto etag = etag_of(view);
               auto answer = response_of(what, view);
               // An error is no version of anything.
               if (answer.status < 400 && is_known(*exchange, etag)) {
                 answer = {};
                 answer.status = 304;
               }
               if (answer.status < 400)
                 answer.fields.push_back({"ETag", etag});
               exchange->respond(std::move(answer));
             }));
}

void job_api::stream(const route& what, const std::string& client,
                     const exchange_ptr& exchange) {
  // A browser that comes back sends the header and the address it had.
  const auto& request = exchange->request();
  const auto last = request.has("last-event-id")
                        ? std::optional{request.field("last-event-id")}
                        : what.parameter("after");
  const auto after = number_in<std::uint64_t>(last.value_or("0"));
  if (!after) {
    exchange->respond(problem_of(
        {400, "invalid_query",
         "Last-Event-ID and ?after= take the id of an event: a number"}));
    return;
  }
  runs_.look(
      client, core::run_id{what.name},
      answering<run_view>(exchange, [this, exchange, after](run_view view) {
        const auto& state = *view.state;
        // Nothing will ever follow: a browser stops asking.
        if (exchange->request().method == "HEAD")
          exchange->respond({200,
                             {{"Content-Type", "text/event-stream"}},
                             {},
                             nullptr,
                             false});
        else if (state.phase == core::run_phase::finished
                 && *after >= state.last_seq)
          exchange->respond({204, {}, {}, nullptr, false});
        else if (streams_.use_count() > static_cast<long>(options_.streams_max))
          exchange->respond(problem_of(too_many_streams()));
        else
          stream_events(io_, runs_, view.run, *after, exchange, options_.events,
                        streams_);
      }));
}

// -- changing runs ------------------------------------------------------------

void job_api::decide(const route& what, const std::string& client,
                     const exchange_ptr& exchange) {
  auto read = read_decision(exchange->request().body,
                            what.what == operation::approve_run);
  if (const auto* why = std::get_if<refusal>(&read)) {
    exchange->respond(problem_of(*why));
    return;
  }
  const core::run_id run{what.name};
  const auto then =
      answering<done>(exchange, [this, client, run, exchange](done) {
        runs_.look(client, run,
                   answering<run_view>(exchange, [exchange](run_view view) {
                     auto answer = json_response(202, run_json(view));
                     answer.fields.push_back({"Location", path_of(view.run)});
                     exchange->respond(std::move(answer));
                   }));
      });
  auto decision = std::get<plan_decision>(std::move(read));
  if (what.what == operation::cancel_run)
    runs_.cancel(client, run, std::move(decision.comment), then);
  else
    runs_.decide(client, run, std::move(decision), then);
}

} // namespace brigade::net::api
