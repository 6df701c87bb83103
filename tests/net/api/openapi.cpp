// The API's description is true: every operation in it is asked over a real
// socket, and what it answers is what it says.
#include "api_fixture.hpp"

#include "brigade/core/plan/output_schema.hpp"
#include "brigade/net/api/openapi.hpp"
#include "brigade/net/http_server.hpp"

#include "../server_fixture.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;
using brigade::net::test::body_of;
using brigade::net::test::raw_client;
using brigade::net::test::status_of;

namespace json = boost::json;

namespace {

const json::value& document() {
  static const json::value read = json::parse(openapi_text());
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

std::string upper(std::string text) {
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

std::string field_in(const std::string& answer, const std::string& name) {
  const auto mark = "\r\n" + name + ": ";
  const auto begin = answer.find(mark);
  if (begin == std::string::npos || begin > answer.find("\r\n\r\n"))
    return {};
  const auto from = begin + mark.size();
  return answer.substr(from, answer.find("\r\n", from) - from);
}

/// A schema of the document with all that it refers to.
core::output_schema compiled(const json::value& schema) {
  // The library reads `$ref` within `$defs`.
  auto text = json::serialize(
      json::object{{"allOf", json::array{schema}},
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
    raw_client client{server->port()};
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
    const auto status = status_of(answer);
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
                         const json::object& response,
                         const std::string& told) {
    const auto* content = response.if_contains("content");
    if (content == nullptr) {
      BOOST_TEST(body_of(answer).empty(), told);
      return;
    }
    const auto type = field_in(answer, "Content-Type");
    const auto* form =
        content->as_object().if_contains(type.substr(0, type.find(';')));
    BOOST_REQUIRE_MESSAGE(form != nullptr, told + ": " + type);
    if (const auto* headers = response.if_contains("headers"))
      for (const auto& each : headers->as_object())
        if (std::string_view{each.key()} != "X-Should-Retry")
          BOOST_TEST(!field_in(answer, std::string{each.key()}).empty(),
                     told + ": " + std::string{each.key()});
    if (type.find("json") == std::string::npos)
      return;
    const auto faults =
        compiled(form->at("schema")).validate(json::parse(body_of(answer)));
    for (const auto& fault : faults)
      BOOST_ERROR(told + ": " + fault.pointer + " " + fault.message);
  }

  core::run_id going;
  core::run_id waiting;
  core::run_id rejected;
  core::run_id ended;
  core::run_id old;
  /// `METHOD path status`.
  std::set<std::string> seen;
  std::unique_ptr<http_server> server;
};

} // namespace

BOOST_AUTO_TEST_SUITE(openapi_documents)

BOOST_AUTO_TEST_CASE(every_operation_has_a_route_of_its_name) {
  std::set<std::string> names;
  each_operation([&](const auto& method, const auto& path, const auto& what) {
    auto target = path;
    for (auto at = target.find('{'); at != std::string::npos;
         at = target.find('{'))
      target.replace(at, target.find('}') - at + 1, "x");
    const auto routed = find_route(method, target);
    BOOST_REQUIRE_MESSAGE(routed.found.has_value(), method + " " + path);
    const std::string name{what.at("operationId").as_string()};
    // A second name of the same thing.
    if (name != "healthz")
      BOOST_TEST(std::string{to_string(routed.found->what)} == name);
    BOOST_TEST(names.insert(name).second, name);
    BOOST_TEST(what.as_object().contains("requestBody")
                   == has_body(routed.found->what),
               name);
  });
  for (int i = 0; i <= static_cast<int>(operation::chat); ++i)
    BOOST_TEST(names.count(std::string{to_string(static_cast<operation>(i))})
                   == 1u,
               to_string(static_cast<operation>(i)));
}

BOOST_AUTO_TEST_CASE(
    every_schema_compiles_and_every_reference_leads_somewhere) {
  const auto& components = document().at("components");
  for (const auto& schema : components.at("schemas").as_object())
    compiled(schema.value());
  const std::string text{openapi_text()};
  for (const std::string kind : {"schemas", "responses"}) {
    std::set<std::string> used;
    const auto mark = "#/components/" + kind + "/";
    for (auto at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + 1)) {
      const auto from = at + mark.size();
      used.insert(text.substr(from, text.find('"', from) - from));
    }
    for (const auto& each : components.at(kind).as_object())
      BOOST_TEST(used.erase(std::string{each.key()}) == 1u,
                 std::string{each.key()});
    BOOST_TEST(used.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(openapi_answers, openapi_fixture)

BOOST_AUTO_TEST_CASE(every_operation_answers_as_it_is_described) {
  const std::string runs_path = "/api/v1/runs";
  const auto of = [&](const core::run_id& run, const std::string& below = {}) {
    return runs_path + "/" + run.text + below;
  };
  const std::string one = runs_path + "/{run}";
  const std::string goal = R"({"goal":"g","inputs":[{"text":"x"}]})";
  const std::string chat_body =
      R"({"model":"report","messages":[{"role":"user","content":"Hi"}])";
  for (const char* path :
       {"/livez", "/healthz", "/readyz", "/version", "/openapi.json",
        "/metrics", "/api/v1/crews", "/api/v1/runs", "/v1/models"})
    BOOST_TEST(check({"GET", path, path, "", ""}) == 200);
  const std::string model = "/v1/models/{model}";
  BOOST_TEST(check({"GET", model, "/v1/models/report-direct", "", ""}) == 200);
  BOOST_TEST(check({"GET", model, "/v1/models/none", "", ""}) == 404);
  BOOST_TEST(check({"GET", runs_path, runs_path + "?limit=x", "", ""}) == 400);
  BOOST_TEST(check({"POST", runs_path, runs_path, goal, ""}) == 202);
  BOOST_TEST(check({"POST", runs_path, runs_path, goal, "Prefer: wait=20\r\n"})
             == 200);
  BOOST_TEST(check({"POST", runs_path, runs_path, "{", ""}) == 400);
  BOOST_TEST(check({"POST", runs_path, runs_path, "{}", ""}) == 422);
  const std::string large(options.body_bytes_max + 1, ' ');
  BOOST_TEST(check({"POST", runs_path, runs_path, large, ""}) == 413);
  for (const char* below : {"", "/plan", "/tasks", "/result"}) {
    BOOST_TEST(check({"GET", one + below, of(ended, below), "", ""}) == 200);
    BOOST_TEST(check({"GET", one + below, of(ended, below), "",
                      "If-None-Match: *\r\n"})
               == 304);
    BOOST_TEST(check({"GET", one + below, runs_path + "/x" + below, "", ""})
               == 404);
  }
  BOOST_TEST(check({"GET", one + "/plan", of(waiting, "/plan"), "", ""})
             == 200);
  BOOST_TEST(check({"GET", one, of(waiting), "", ""}) == 200);
  const auto task = one + "/tasks/{task}";
  BOOST_TEST(check({"GET", task, of(ended, "/tasks/t1"), "", ""}) == 200);
  BOOST_TEST(
      check({"GET", task, of(ended, "/tasks/t1"), "", "If-None-Match: *\r\n"})
      == 304);
  BOOST_TEST(check({"GET", task, of(ended, "/tasks/t9"), "", ""}) == 404);
  BOOST_TEST(check({"GET", one + "/result", of(going, "/result"), "", ""})
             == 409);
  const auto events = one + "/events";
  BOOST_TEST(check({"GET", events, of(ended, "/events"), "", ""}) == 200);
  BOOST_TEST(check({"GET", events, of(ended, "/events?after=999"), "", ""})
             == 204);
  BOOST_TEST(check({"GET", events, of(ended, "/events?after=x"), "", ""})
             == 400);
  BOOST_TEST(check({"GET", events, runs_path + "/x/events", "", ""}) == 404);
  const std::string comment = R"({"comment":"so"})";
  const auto change = [&](const std::string& verb, const core::run_id& run) {
    const auto path = one + verb;
    BOOST_TEST(check({"POST", path, of(run, verb), comment, ""}) == 202);
    BOOST_TEST(check({"POST", path, of(ended, verb), "", ""}) == 409);
    BOOST_TEST(check({"POST", path, of(ended, verb), "{", ""}) == 400);
    BOOST_TEST(check({"POST", path, of(ended, verb), "{\"x\":1}", ""}) == 422);
    BOOST_TEST(check({"POST", path, runs_path + "/x" + verb, "", ""}) == 404);
  };
  change("/approve", waiting);
  change("/reject", rejected);
  BOOST_TEST(check({"DELETE", one, of(going), "", ""}) == 409);
  change("/cancel", going);
  BOOST_TEST(check({"DELETE", one, of(old), "", ""}) == 204);
  BOOST_TEST(check({"DELETE", one, of(old), "", ""}) == 404);
  const std::string chat = "/v1/chat/completions";
  BOOST_TEST(check({"POST", chat, chat, chat_body + "}", ""}) == 200);
  BOOST_TEST(check({"POST", chat, chat, chat_body + R"(,"stream":true})", ""})
             == 200);
  BOOST_TEST(check({"POST", chat, chat, chat_body + R"(,"n":2})", ""}) == 400);
  BOOST_TEST(check({"POST", chat, chat, large, ""}) == 413);
  BOOST_TEST(
      check({"POST", chat, chat,
             R"({"model":"x","messages":[{"role":"user","content":"Hi"}]})",
             ""})
      == 404);
  each_operation([&](const auto& method, const auto& path, const auto& what) {
    for (const auto& response : what.at("responses").as_object())
      if (response.key().front() == '2' || response.key().front() == '3')
        BOOST_TEST(
            seen.count(method + " " + path + " " + std::string{response.key()})
                == 1u,
            method + " " + path + " " + std::string{response.key()});
  });
}

BOOST_AUTO_TEST_CASE(refusals_of_the_door_are_described_too) {
  each_operation([&, this](const auto& method, const auto& path, const auto&) {
    auto target = path;
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"{run}", going.text}, {"{task}", "t1"}, {"{model}", "report"}})
      if (const auto at = target.find(name); at != std::string::npos)
        target.replace(at, name.size(), value);
    const auto routed = find_route(method, target);
    const bool is_public = routed.found->what <= operation::readyz;
    const auto refused = [&](const std::string& fields, int expected) {
      raw_client client{server->port()};
      client.send(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n"
                  + fields + "\r\n");
      const auto answer = client.read_all();
      BOOST_TEST(status_of(answer) == (is_public ? 200 : expected),
                 method + " " + target);
      if (!is_public)
        BOOST_TEST(document()
                       .at("paths")
                       .at(path)
                       .at(lower(method))
                       .at("responses")
                       .as_object()
                       .contains(std::to_string(expected)),
                   method + " " + path + " " + std::to_string(expected));
    };
    refused("Host: evil.example\r\n", 421);
    refused("Host: localhost\r\nOrigin: https://evil.example\r\n", 403);
    const auto what = routed.found->what;
    if (what != operation::version && what != operation::openapi)
      refused("Host: localhost\r\n", 401);
    if (has_body(what))
      refused("Host: localhost\r\nAuthorization: Bearer tok\r\n"
              "Content-Type: text/plain\r\n",
              415);
  });
}

BOOST_AUTO_TEST_SUITE_END()
