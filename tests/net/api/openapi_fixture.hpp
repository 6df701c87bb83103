/// The API over a real socket, and what its description says about it.
#pragma once

#include "api_fixture.hpp"

#include "brigade/core/plan/output_schema.hpp"
#include "brigade/net/api/openapi.hpp"
#include "brigade/net/http_server.hpp"

#include "../server_fixture.hpp"

#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace brigade::net::api::test {

inline const boost::json::value& document() {
  static const boost::json::value read = boost::json::parse(openapi_text());
  return read;
}

/// One operation, or a client's request for it.
struct asked {
  std::string method;
  /// As the document has it: `/api/v1/runs/{run}`.
  std::string path;
  std::string target;
  std::string body;
  std::string fields;
};

inline std::string upper(std::string text) {
  for (auto& c : text)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Calls `f(method, path, operation)` for each operation in the document.
template <class F>
void each_operation(F f) {
  for (const auto& path : document().at("paths").as_object())
    for (const auto& method : path.value().as_object())
      f(upper(std::string{method.key()}), std::string{path.key()},
        method.value());
}

inline std::string field_in(const std::string& answer,
                            const std::string& name) {
  const auto mark = "\r\n" + name + ": ";
  const auto begin = answer.find(mark);
  if (begin == std::string::npos || begin > answer.find("\r\n\r\n"))
    return {};
  const auto from = begin + mark.size();
  return answer.substr(from, answer.find("\r\n", from) - from);
}

/// A schema of the document with all that it refers to.
inline core::output_schema compiled(const boost::json::value& schema) {
  // The library reads `$ref` within `$defs`.
  auto text = boost::json::serialize(boost::json::object{
      {"allOf", boost::json::array{schema}},
      {"$defs", document().at("components").at("schemas")}});
  const std::string from = "#/components/schemas/";
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from))
    text.replace(at, from.size(), "#/$defs/");
  auto made = core::output_schema::compile(text);
  for (const auto& fault : made.faults)
    BOOST_ERROR(fault.pointer + " " + fault.message);
  BOOST_REQUIRE(made.value.has_value());
  return *made.value;
}

struct openapi_fixture : api_fixture {
  openapi_fixture() {
    options.openapi = nullptr;
    options.body_bytes_max = 10'000;
    options.access.client_of =
        [](std::string_view token) -> std::optional<std::string> {
      return token == "tok" ? std::optional<std::string>{"ada"} : std::nullopt;
    };
    on_io([this] {
      going = runs.begin("ada");
      runs.publish(going, plan_of(2));
      waiting = runs.begin("ada");
      runs.publish(waiting, plan_of(1));
      runs.publish(waiting, approval_asked());
      rejected = runs.begin("ada");
      runs.publish(rejected, plan_of(1));
      runs.publish(rejected, approval_asked());
      ended = runs.begin("ada");
      play(runs, ended, "Hi");
      old = runs.begin("ada");
      play(runs, old, "Hi");
      // What is begun ends at once.
      runs.on_begin = [this](const core::run_id& run) {
        post_to(*io, [this, run] { play(runs, run, "Hi"); });
      };
      served_api();
    });
    auto started =
        http_server::start(io, {}, served->admission(), served->handler());
    BOOST_REQUIRE(started);
    server = std::move(*started);
  }

  ~openapi_fixture() { server.reset(); }

  std::string ask(const asked& what) const {
    net::test::raw_client client{server->port()};
    client.send(what.method + " " + what.target
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  "Authorization: Bearer tok\r\n"
                + what.fields
                + (what.body.empty()
                       ? ""
                       : "Content-Type: application/json\r\nContent-Length: "
                             + std::to_string(what.body.size()) + "\r\n")
                + "\r\n" + what.body);
    return client.read_all();
  }

  /// The answer is one that the document has, in the form that it has.
  int check(const asked& what) {
    const auto answer = ask(what);
    const auto status = net::test::status_of(answer);
    const auto& operation =
        document().at("paths").at(what.path).at(lower(what.method));
    const auto told =
        what.method + " " + what.target + ": " + std::to_string(status);
    const auto& responses = operation.at("responses").as_object();
    const auto* response = responses.if_contains(std::to_string(status));
    BOOST_REQUIRE_MESSAGE(response != nullptr, told);
    seen.insert(what.method + " " + what.path + " " + std::to_string(status));
    if (const auto* common = response->as_object().if_contains("$ref")) {
      const std::string name{common->as_string()};
      response = &document()
                      .at("components")
                      .at("responses")
                      .at(name.substr(name.rfind('/') + 1));
    }
    check_form(answer, response->as_object(), told);
    return status;
  }

  static std::string lower(std::string text) {
    for (auto& c : text)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  }

  static void check_form(const std::string& answer,
                         const boost::json::object& response,
                         const std::string& told) {
    const auto* content = response.if_contains("content");
    if (content == nullptr) {
      BOOST_TEST(net::test::body_of(answer).empty(), told);
      return;
    }
    const auto type = field_in(answer, "Content-Type");
    const auto* form =
        content->as_object().if_contains(type.substr(0, type.find(';')));
    BOOST_REQUIRE_MESSAGE(form != nullptr, told + ": " + type);
    // A call without a run names none.
    const bool is_direct = answer.find("report-direct") != std::string::npos;
    if (const auto* headers = response.if_contains("headers"))
      for (const auto& each : headers->as_object())
        if (!is_direct || each.key() != "X-Run-Id")
          BOOST_TEST(!field_in(answer, std::string{each.key()}).empty(),
                     told + ": " + std::string{each.key()});
    if (type.find("json") == std::string::npos)
      return;
    const auto faults =
        compiled(form->at("schema"))
            .validate(boost::json::parse(net::test::body_of(answer)));
    for (const auto& fault : faults)
      BOOST_ERROR(told + ": " + fault.pointer + " " + fault.message);
  }

  /// Asks for the target of this path and expects this answer.
  void expect(int status, const std::string& method, const std::string& path,
              const std::string& target, const std::string& body = {},
              const std::string& fields = {}) {
    BOOST_TEST(check({method, path, target, body, fields}) == status,
               method + " " + target + " " + body);
  }

  static std::string of(const core::run_id& run,
                        const std::string& below = {}) {
    return all + "/" + run.text + below;
  }

  void look_around() {
    for (const char* path :
         {"/livez", "/healthz", "/readyz", "/version", "/openapi.json",
          "/metrics", "/api/v1/crews", "/api/v1/runs", "/v1/models"})
      expect(200, "GET", path, path);
    const std::string model = "/v1/models/{model}";
    expect(200, "GET", model, "/v1/models/report-direct");
    expect(404, "GET", model, "/v1/models/none");
    expect(400, "GET", all, all + "?limit=x");
  }

  void begin_runs() {
    const std::string goal = R"({"goal":"g","inputs":[{"text":"x"}]})";
    expect(202, "POST", all, all, goal);
    expect(200, "POST", all, all, goal, "Prefer: wait=20\r\n");
    expect(400, "POST", all, all, "{");
    expect(413, "POST", all, all, large());
    expect(422, "POST", all, all, "{}");
  }

  void look_at_runs() {
    const std::string same = "If-None-Match: *\r\n";
    for (const std::string below : {"", "/plan", "/tasks", "/result"}) {
      expect(200, "GET", one + below, of(ended, below));
      expect(304, "GET", one + below, of(ended, below), "", same);
      expect(404, "GET", one + below, all + "/x" + below);
    }
    expect(200, "GET", one, of(waiting));
    expect(200, "GET", one + "/plan", of(waiting, "/plan"));
    expect(409, "GET", one + "/result", of(going, "/result"));
    const auto task = one + "/tasks/{task}";
    expect(200, "GET", task, of(ended, "/tasks/t1"));
    expect(304, "GET", task, of(ended, "/tasks/t1"), "", same);
    expect(404, "GET", task, of(ended, "/tasks/t9"));
    const auto events = one + "/events";
    expect(200, "GET", events, of(ended, "/events"));
    expect(204, "GET", events, of(ended, "/events?after=999"));
    expect(400, "GET", events, of(ended, "/events?after=x"));
    expect(404, "GET", events, all + "/x/events");
  }

  void change_runs() {
    expect(409, "DELETE", one, of(going));
    for (const auto& [verb, run] :
         std::map<std::string, core::run_id>{{"/approve", waiting},
                                             {"/reject", rejected},
                                             {"/cancel", going}}) {
      expect(202, "POST", one + verb, of(run, verb), R"({"comment":"so"})");
      expect(400, "POST", one + verb, of(ended, verb), "{");
      expect(404, "POST", one + verb, all + "/x" + verb);
      expect(409, "POST", one + verb, of(ended, verb));
      expect(413, "POST", one + verb, of(ended, verb), large());
      expect(422, "POST", one + verb, of(ended, verb), R"({"x":1})");
    }
    expect(204, "DELETE", one, of(old));
    expect(404, "DELETE", one, of(old));
  }

  void chat() {
    const std::string path = "/v1/chat/completions";
    const auto body = [](const std::string& model, const std::string& more) {
      return R"({"model":")" + model
             + R"(","messages":[{"role":"user","content":"Hi"}])" + more + "}";
    };
    expect(200, "POST", path, path, body("report", ""));
    expect(200, "POST", path, path, body("report", R"(,"stream":true)"));
    expect(200, "POST", path, path, body("report-direct", ""));
    expect(400, "POST", path, path, body("report", R"(,"n":2)"));
    expect(404, "POST", path, path, body("x", ""));
    expect(413, "POST", path, path, large());
    for (const auto& [reason, status] :
         std::map<std::string, int>{{"over_budget", 422},
                                    {"internal", 500},
                                    {"provider", 502},
                                    {"deadline", 504},
                                    {"cancelled", 409}}) {
      on_io([this, reason = reason] {
        runs.on_begin = [this, reason](const core::run_id& run) {
          runs.publish(run, intended(1));
          runs.publish(run, finished(core::run_status::failed, "", reason));
        };
      });
      // Another body, so that it does not attach.
      expect(status, "POST", path, path,
             body("report", ",\"user\":\"" + reason + "\""));
    }
  }

  std::string large() const {
    return std::string(options.body_bytes_max + 1, ' ');
  }

  inline static const std::string all = "/api/v1/runs";
  inline static const std::string one = "/api/v1/runs/{run}";

  core::run_id going;
  core::run_id waiting;
  core::run_id rejected;
  core::run_id ended;
  core::run_id old;
  /// `METHOD path status`.
  std::set<std::string> seen;
  std::unique_ptr<http_server> server;
};

} // namespace brigade::net::api::test
