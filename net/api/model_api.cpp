#include "brigade/net/api/model_api.hpp"

#include "brigade/core/model/digest.hpp"
#include "brigade/net/api/chat_answer.hpp"
#include "brigade/net/api/chat_json.hpp"
#include "brigade/net/api/chat_order.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

/// What a client may name as `model`.
struct known_model {
  std::string id;
  crew_card crew;
  bool direct = false;
};

std::vector<known_model> models_of(const std::vector<crew_card>& crews) {
  std::vector<known_model> out;
  for (const auto& crew : crews)
    out.push_back({crew.name, crew, false});
  for (const auto& crew : crews) {
    auto id = crew.name + std::string{direct_suffix};
    if (crew.passthrough
        && std::none_of(out.begin(), out.end(),
                        [&](const auto& each) { return each.id == id; }))
      out.push_back({std::move(id), crew, true});
  }
  return out;
}

json::object model_object(const known_model& model) {
  return {{"id", model.id},
          {"object", "model"},
          {"created", model.crew.loaded_s},
          {"owned_by", "brigade"}};
}

http_response no_model() {
  return openai_error_of(
      {404,
       "model_not_found",
       "there is no such model here; GET /v1/models lists them",
       {}});
}

/// What `then` does with a value; a refusal is answered.
template <class T, class F>
reply<T> answering(std::shared_ptr<http_exchange> exchange, F then) {
  return [exchange = std::move(exchange),
          then = std::move(then)](std::variant<T, refusal> answer) {
    if (const auto* why = std::get_if<refusal>(&answer))
      exchange->respond(openai_error_of(*why));
    else
      then(std::get<T>(std::move(answer)));
  };
}

http_response streamed(const chat_frames& frames, std::string_view text,
                       const chat_figures& figures) {
  http_response out;
  out.fields = {{"Content-Type", "text/event-stream"},
                {"Cache-Control", "no-cache"},
                {"X-Accel-Buffering", "no"}};
  out.body = frames.role() + frames.content(text) + frames.end(figures);
  return out;
}

/// The answer of a call without a run.
http_response response_of(const core::model_reply& reply,
                          const std::string& model, bool stream, bool usage) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  chat_head head{"chatcmpl-"
                     + core::sha256_hex(reply.text.view()).substr(0, 24),
                 std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                 model,
                 {}};
  chat_figures figures;
  figures.tokens = reply.usage.value_or(core::usage{});
  figures.finish = reply.finish;
  if (stream)
    return streamed(chat_frames{std::move(head), usage}, reply.text.view(),
                    figures);
  return json_response(200, chat_completion(head, reply.text.view(), figures));
}

} // namespace

model_api::model_api(std::shared_ptr<io_thread> io, backend& runs,
                     model_api_options options)
    : io_(std::move(io)), runs_(runs), options_(options),
      audience_(io_, runs, options.disconnect_grace) {
  // nop
}

void model_api::handle(const route& what, const std::string& client,
                       std::shared_ptr<http_exchange> exchange) {
  if (what.what == operation::chat)
    chat(client, exchange);
  else
    list(what, client, exchange);
}

void model_api::list(const route& what, const std::string& client,
                     const exchange_ptr& exchange) {
  json::array all;
  for (const auto& model : models_of(runs_.crews(client))) {
    if (what.what == operation::get_model && model.id == what.name) {
      exchange->respond(
          json_response(200, json::serialize(model_object(model))));
      return;
    }
    all.push_back(model_object(model));
  }
  if (what.what == operation::get_model)
    exchange->respond(no_model());
  else
    exchange->respond(
        json_response(200, json::serialize(json::object{
                               {"object", "list"}, {"data", std::move(all)}})));
}

void model_api::chat(const std::string& client, const exchange_ptr& exchange) {
  auto read = read_chat(exchange->request().body);
  if (const auto* why = std::get_if<refusal>(&read)) {
    exchange->respond(openai_error_of(*why));
    return;
  }
  const auto& request = std::get<chat_request>(read);
  const auto models = models_of(runs_.crews(client));
  const auto model =
      std::find_if(models.begin(), models.end(),
                   [&](const auto& each) { return each.id == request.model; });
  if (model == models.end())
    exchange->respond(no_model());
  else if (model->direct || is_side_request(request, exchange->request()))
    call(client, request, model->crew, exchange);
  else
    begin_run(client, request, model->crew.name, exchange);
}

void model_api::begin_run(const std::string& client,
                          const chat_request& request, const std::string& crew,
                          const exchange_ptr& exchange) {
  // The model and all else that matters stand in the body.
  const auto digest = core::sha256_hex(exchange->request().body);
  request_key key{"chat:" + digest, digest, options_.reattach_ms, true};
  chat_answer_options how;
  how.stream = request.stream;
  how.include_usage = request.include_usage;
  how.reasoning = options_.reasoning;
  how.cancel_on_disconnect = options_.cancel_on_disconnect;
  how.heartbeat = options_.heartbeat;
  how.waiting_bytes_max = options_.waiting_bytes_max;
  const auto follow = [this, client, model = request.model, how,
                       exchange](const run_view& view) {
    answer_chat(io_, runs_, audience_, client, view, model, exchange, how);
  };
  runs_.submit(
      client, order_of(request, crew), std::move(key),
      answering<accepted_run>(exchange, [this, client, exchange,
                                         follow](accepted_run accepted) {
        runs_.look(client, accepted.run, answering<run_view>(exchange, follow));
      }));
}

void model_api::call(const std::string& client, const chat_request& request,
                     const crew_card& crew, const exchange_ptr& exchange) {
  if (!crew.passthrough) {
    exchange->respond(openai_error_of(
        {400, "no_passthrough",
         "this is a chat program's request for itself, which this crew has no "
         "passthrough model for; no run was started"}));
    return;
  }
  runs_.call(client, call_of(request, crew.name),
             [model = request.model, stream = request.stream,
              usage = request.include_usage,
              exchange](std::variant<core::model_reply, refusal> to) {
               const auto* why = std::get_if<refusal>(&to);
               if (why == nullptr)
                 exchange->respond(response_of(std::get<core::model_reply>(to),
                                               model, stream, usage));
               else
                 // Only one that was not sent says when to come again.
                 exchange->respond(openai_error_of(
                     *why, why->status >= 500 && !why->retry_after_ms));
             });
}

} // namespace brigade::net::api
