#include "brigade/net/api/api.hpp"

#include "brigade/net/api/openapi.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

namespace brigade::net::api {

namespace {

/// In the form in which clients of this part of the API read errors.
http_response refused(operation what, const refusal& why) {
  return is_model_operation(what) ? openai_error_of(why) : problem_of(why);
}

/// Where nothing is found, clients of the model API are told so in their way.
http_response no_such_place(const http_request& head, const no_route& missing) {
  refusal why{missing.status, "not_found", "there is nothing at this address"};
  if (missing.status == 405) {
    why.code = "method_not_allowed";
    why.detail = "this takes only " + missing.allow;
  } else if (missing.status == 400) {
    why.code = "invalid_target";
    why.detail = "the address has a broken % escape";
  }
  auto out =
      head.target.starts_with("/v1/") ? openai_error_of(why) : problem_of(why);
  if (!missing.allow.empty())
    out.fields.push_back({"Allow", missing.allow});
  return out;
}

bool is_json(std::string_view media_type) {
  constexpr std::string_view json = "application/json";
  if (media_type.size() < json.size())
    return false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto c = media_type[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c)
        != json[i])
      return false;
  }
  const auto rest = media_type.substr(json.size());
  return rest.empty() || rest.front() == ';' || rest.front() == ' ';
}

/// Adds what a page of an allowed origin needs to read the answer.
class cross_origin_exchange : public http_exchange {
public:
  explicit cross_origin_exchange(std::shared_ptr<http_exchange> inner)
      : inner_(std::move(inner)) {
    // nop
  }

  const http_request& request() const override { return inner_->request(); }

  void respond(http_response response) override {
    allow_origin(response, request());
    inner_->respond(std::move(response));
  }

  void start_stream(http_response head) override {
    allow_origin(head, request());
    inner_->start_stream(std::move(head));
  }

  void write(std::shared_ptr<const std::string> chunk) override {
    inner_->write(std::move(chunk));
  }

  std::size_t queued_bytes() const override { return inner_->queued_bytes(); }
  void finish() override { inner_->finish(); }

  void on_drained(std::function<void()> drained) override {
    inner_->on_drained(std::move(drained));
  }

  void on_gone(std::function<void()> gone) override {
    inner_->on_gone(std::move(gone));
  }

  void close() override { inner_->close(); }

private:
  std::shared_ptr<http_exchange> inner_;
};

} // namespace

api::api(std::shared_ptr<io_thread> io, backend& runs, api_options options)
    : runs_(runs), options_(std::move(options)), jobs_(io, runs, options_.jobs),
      models_(io, runs, options_.models) {
  if (!options_.openapi)
    options_.openapi = std::make_shared<const std::string>(openapi_text());
}

http_admission api::admission() {
  return [this](const http_request& head) { return admit(head); };
}

http_handler api::handler() {
  return [this](std::shared_ptr<http_exchange> exchange) {
    handle(std::move(exchange));
  };
}

http_verdict api::admit(const http_request& head) const {
  if (auto preflight = preflight_of(options_.access, head))
    return std::move(*preflight);
  const auto routed = find_route(head.method, head.target);
  if (!routed.found)
    return no_such_place(head, routed.missing);
  const auto what = routed.found->what;
  const auto allowed = check_access(options_.access, head, what);
  if (const auto* why = std::get_if<refusal>(&allowed))
    return refused(what, *why);
  if (!has_body(what))
    return std::size_t{0};
  // A form of a web page cannot send this type without asking first.
  const bool needs_type = head.has("content-type")
                          || what == operation::create_run
                          || what == operation::chat;
  if (needs_type && !is_json(head.field("content-type")))
    return refused(what, {415, "media_type",
                          "the body must be JSON: Content-Type: "
                          "application/json"});
  // One that comes in chunks is measured by the server.
  const auto length = head.field("content-length");
  std::uint64_t bytes = 0;
  const auto read =
      std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (read.ec == std::errc::result_out_of_range
      || bytes > options_.body_bytes_max)
    return refused(what,
                   {413, "body_too_large",
                    "the body may have at most "
                        + std::to_string(options_.body_bytes_max) + " bytes"});
  return options_.body_bytes_max;
}

void api::handle(std::shared_ptr<http_exchange> exchange) {
  const auto& head = exchange->request();
  auto routed = find_route(head.method, head.target);
  if (!routed.found) {
    exchange->respond(no_such_place(head, routed.missing));
    return;
  }
  const auto what = routed.found->what;
  // The rules may have changed while the body came.
  auto allowed = check_access(options_.access, head, what);
  if (const auto* why = std::get_if<refusal>(&allowed)) {
    exchange->respond(refused(what, *why));
    return;
  }
  if (options_.on_request)
    options_.on_request(what);
  if (head.has("origin"))
    exchange = std::make_shared<cross_origin_exchange>(std::move(exchange));
  const auto client = std::get<std::string>(std::move(allowed));
  if (is_model_operation(what))
    models_.handle(*routed.found, client, std::move(exchange));
  else if (what <= operation::metrics)
    exchange->respond(operate(what));
  else
    jobs_.handle(*routed.found, client, std::move(exchange));
}

http_response api::operate(operation what) const {
  http_response out;
  out.fields = {{"Content-Type", "text/plain; charset=utf-8"},
                {"Cache-Control", "no-store"}};
  switch (what) {
  case operation::readyz:
    out.status = runs_.ready(out.body) ? 200 : 503;
    return out;
  case operation::metrics:
    out.fields.front().value = "text/plain; version=0.0.4; charset=utf-8";
    out.body = runs_.metrics();
    return out;
  case operation::version:
    return json_response(200, options_.version);
  case operation::openapi:
    out = json_response(200, {});
    out.shared_body = options_.openapi;
    return out;
  default:
    out.body = "ok\n";
    return out;
  }
}

} // namespace brigade::net::api
