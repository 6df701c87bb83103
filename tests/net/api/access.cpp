// Who may ask, and which pages.
#include "api_fixture.hpp"

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;

namespace {

struct access_fixture : api_fixture {
  void need_tokens() {
    options.access.client_of =
        [](std::string_view token) -> std::optional<std::string> {
      if (token == "tok-ada")
        return "ada";
      if (token == "tok-bob")
        return "bob";
      return std::nullopt;
    };
  }

  int status(std::string target, std::vector<http_field> fields) {
    return get(std::move(target), std::move(fields))->status();
  }
};

http_field token(const char* name) {
  return {"authorization", std::string{"Bearer tok-"} + name};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(access_checks, access_fixture)

BOOST_AUTO_TEST_CASE(only_the_names_of_this_machine_are_answered_to) {
  options.access.hosts = {"brigade.example.org", "10.0.0.7"};
  on_io([this] {
    for (const char* host :
         {"localhost", "localhost:8080", "LocalHost.", "127.0.0.1",
          "127.0.0.1:1", "[::1]", "[::1]:8080", "brigade.example.org",
          "Brigade.Example.Org.:443", "10.0.0.7:80"})
      BOOST_TEST(status("/version", {{"host", host}}) == 200, host);
    for (const char* host :
         {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
          "evil.example:8080", "", ":8080", "[::2]", "[::1", "127.0.0.2",
          "localhost..", "::1", "xbrigade.example.org"})
      BOOST_TEST(status("/version", {{"host", host}}) == 421, host);
    // A supervisor knows the server by an address only.
    BOOST_TEST(status("/livez", {{"host", "10.9.8.7"}}) == 200);
    BOOST_TEST(status("/readyz", {{"host", "10.9.8.7"}}) == 200);
    BOOST_TEST(status("/metrics", {{"host", "10.9.8.7"}}) == 421);
  });
}

BOOST_AUTO_TEST_CASE(pages_of_other_origins_are_refused) {
  options.access.origins = {"https://chat.example.org"};
  on_io([this] {
    const auto allowed =
        get("/version", {{"origin", "https://chat.example.org"}});
    BOOST_TEST(allowed->status() == 200);
    BOOST_TEST(allowed->field("Access-Control-Allow-Origin")
               == "https://chat.example.org");
    BOOST_TEST(allowed->field("Vary") == "Origin");
    for (const char* origin :
         {"https://evil.example", "http://chat.example.org", "null", "",
          "https://chat.example.org:8443", "https://chat.example.org/",
          "https://CHAT.example.org", "http://localhost:8080"}) {
      const auto refused = get("/version", {{"origin", origin}});
      BOOST_TEST(refused->status() == 403, origin);
      BOOST_TEST(refused->field("Access-Control-Allow-Origin").empty());
      BOOST_TEST(at(refused, "/code") == "origin_not_allowed");
    }
    BOOST_TEST(get("/version")->field("Access-Control-Allow-Origin").empty());
  });
}

BOOST_AUTO_TEST_CASE(a_browser_that_asks_first_is_told_only_about_known_pages) {
  options.access.origins = {"https://chat.example.org"};
  const auto ask = [this](const char* origin, std::vector<http_field> more) {
    more.push_back({"origin", origin});
    return send(request_of("OPTIONS", "/api/v1/runs", {}, std::move(more)));
  };
  on_io([&] {
    const http_field method{"access-control-request-method", "POST"};
    const auto allowed = ask("https://chat.example.org", {method});
    BOOST_TEST(allowed->status() == 204);
    BOOST_TEST(
        allowed->field("Access-Control-Allow-Headers").find("Idempotency-Key")
        != std::string::npos);
    BOOST_TEST(ask("https://evil.example", {method})->status() == 405);
    BOOST_TEST(ask("https://chat.example.org", {})->status() == 405);
    BOOST_TEST(
        ask("https://chat.example.org", {method, {"host", "evil.example"}})
            ->status()
        == 405);
  });
}

BOOST_AUTO_TEST_CASE(tokens_are_asked_for_where_runs_are) {
  need_tokens();
  on_io([this] {
    for (const char* target :
         {"/livez", "/readyz", "/version", "/openapi.json"})
      BOOST_TEST(status(target, {}) == 200, target);
    for (const char* target :
         {"/metrics", "/api/v1/runs", "/api/v1/crews", "/v1/models",
          "/api/v1/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV"}) {
      const auto refused = get(target);
      BOOST_TEST(refused->status() == 401, target);
      BOOST_TEST(refused->field("WWW-Authenticate") == "Bearer");
      BOOST_TEST(status(target, {token("eve")}) == 401, target);
      BOOST_TEST(status(target, {token("ada")}) != 401, target);
    }
    BOOST_TEST(at(get("/v1/models"), "/error/type") == "authentication_error");
    BOOST_TEST(at(get("/metrics"), "/code") == "token_missing");
  });
}

BOOST_AUTO_TEST_CASE(only_a_bearer_token_is_one) {
  need_tokens();
  on_io([this] {
    const auto with = [this](const char* field) {
      return status("/metrics", {{"authorization", field}});
    };
    for (const char* field :
         {"Bearer tok-ada", "bearer tok-ada", "BEARER   tok-ada"})
      BOOST_TEST(with(field) == 200, field);
    for (const char* field :
         {"", "Bearer", "Bearer ", "tok-ada", "Basic tok-ada", "Bearertok-ada",
          "Bearer tok-ada x", "Bearer tok-Ada", "Bearer tok-ad",
          "Bearer tok-adaa", "Bearer \ttok-ada"})
      BOOST_TEST(with(field) == 401, field);
  });
}

BOOST_AUTO_TEST_CASE(a_run_of_another_client_is_not_there) {
  need_tokens();
  on_io([this] {
    const auto run = runs.begin("ada").text;
    const auto base = "/api/v1/runs/" + run;
    BOOST_TEST(status(base, {token("ada")}) == 200);
    for (const char* below :
         {"", "/plan", "/tasks", "/tasks/t1", "/result", "/events"}) {
      const auto refused = get(base + below, {token("bob")});
      BOOST_TEST(refused->status() == 404, below);
      BOOST_TEST(refused->text().find("ada") == std::string::npos);
    }
    for (const char* below : {"/cancel", "/approve", "/reject"})
      BOOST_TEST(post(base + below, "", {token("bob")})->status() == 404);
    BOOST_TEST(send(request_of("DELETE", base, {}, {token("bob")}))->status()
               == 404);
    BOOST_TEST(json_in(get("/api/v1/runs", {token("bob")}))
                   .at("runs")
                   .as_array()
                   .empty());
    BOOST_TEST(runs.cancelled.empty());
  });
}

BOOST_AUTO_TEST_CASE(other_rules_hold_from_the_next_request_on) {
  on_io([this] {
    BOOST_TEST(status("/metrics", {}) == 200);
    need_tokens();
    served->set_access(options.access);
    BOOST_TEST(status("/metrics", {}) == 401);
  });
}

BOOST_AUTO_TEST_CASE(rules_that_change_while_the_body_comes_hold) {
  on_io([this] {
    auto request = request_of("POST", "/api/v1/runs", R"({"goal":"x"})");
    const auto exchange = std::make_shared<fake_exchange>(request);
    served_api();
    BOOST_TEST(
        std::holds_alternative<std::size_t>(served->admission()(request)));
    need_tokens();
    served->set_access(options.access);
    served->handler()(exchange);
    BOOST_TEST(exchange->status() == 401);
    BOOST_TEST(runs.runs.empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(admissions, access_fixture)

BOOST_AUTO_TEST_CASE(bodies_are_json_that_a_page_cannot_send_unasked) {
  on_io([this] {
    const auto with = [this](const char* target, const char* type) {
      return post(target, R"({"goal":"x"})", {{"content-type", type}})
          ->status();
    };
    BOOST_TEST(with("/api/v1/runs", "application/json") == 202);
    BOOST_TEST(with("/api/v1/runs", "Application/JSON; charset=utf-8") == 202);
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded",
                             "multipart/form-data", "", "application/jsonx",
                             "application/json-seq"}) {
      BOOST_TEST(with("/api/v1/runs", type) == 415, type);
      BOOST_TEST(with("/v1/chat/completions", type) == 415, type);
    }
    auto bare = request_of("POST", "/api/v1/runs");
    BOOST_TEST(send(bare)->status() == 415);
    // Without a body there is no type to tell.
    const auto run = runs.begin();
    BOOST_TEST(post("/api/v1/runs/" + run.text + "/cancel", "")->status()
               == 202);
    const auto other = runs.begin();
    BOOST_TEST(post("/api/v1/runs/" + other.text + "/cancel", "{}",
                    {{"content-type", "text/plain"}})
                   ->status()
               == 415);
  });
}

BOOST_AUTO_TEST_CASE(what_has_no_body_takes_none) {
  options.body_bytes_max = 100;
  on_io([this] {
    const auto room = [this](const char* method, const char* target) {
      const auto verdict = served_api().admission()(request_of(
          method, target, {}, {{"content-type", "application/json"}}));
      return std::get<std::size_t>(verdict);
    };
    BOOST_TEST(room("GET", "/api/v1/runs") == 0u);
    BOOST_TEST(room("DELETE", "/api/v1/runs/R") == 0u);
    BOOST_TEST(room("POST", "/api/v1/runs") == 100u);
    BOOST_TEST(room("POST", "/api/v1/runs/R/approve") == 100u);
    BOOST_TEST(room("POST", "/v1/chat/completions") == 100u);
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_told_in_the_form_of_its_part) {
  on_io([this] {
    const auto job = get("/api/v1/nothing");
    BOOST_TEST(job->status() == 404);
    BOOST_TEST(job->field("Content-Type") == "application/problem+json");
    BOOST_TEST(at(job, "/code") == "not_found");
    const auto model = get("/v1/embeddings");
    BOOST_TEST(model->status() == 404);
    BOOST_TEST(at(model, "/error/code") == "not_found");
    const auto method = send(request_of("PUT", "/api/v1/runs"));
    BOOST_TEST(method->status() == 405);
    BOOST_TEST(method->field("Allow") == "POST, GET, HEAD");
    BOOST_TEST(at(get("/api/v1/runs/%zz"), "/code") == "invalid_target");
  });
}

BOOST_AUTO_TEST_CASE(operators_see_health_version_and_figures) {
  std::vector<operation> seen;
  options.on_request = [&](operation what) { seen.push_back(what); };
  on_io([&, this] {
    BOOST_TEST(get("/livez")->text() == "ok\n");
    BOOST_TEST(get("/readyz")->text() == "[+] journal ok\n");
    BOOST_TEST(get("/metrics")->field("Content-Type")
               == "text/plain; version=0.0.4; charset=utf-8");
    BOOST_TEST(at(get("/version"), "/version") == "1.2.3");
    BOOST_TEST(get("/openapi.json")->text() == "{}");
    runs.is_ready = false;
    const auto failed = get("/readyz");
    BOOST_TEST(failed->status() == 503);
    BOOST_TEST(failed->text() == "[-] journal failed\n");
    BOOST_TEST(seen.size() == 6u);
    BOOST_TEST((seen.front() == operation::livez));
  });
}

BOOST_AUTO_TEST_SUITE_END()
