// Limits, reload, approval, drain and restart of the real daemon.
#include "daemon_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace brigade;
using namespace brigade::serve_test;

namespace {

const std::string alice = "Authorization: Bearer alice-0123456789abcdefghij";
const std::string bob = "Authorization: Bearer bob-0123456789abcdefghijkl";

struct served_fixture : daemon_fixture {
  /// A daemon's file with two clients.
  std::string file(const std::string& server_keys,
                   const std::string& limits = {}) {
    folder.write("tokens", "alice alice-0123456789abcdefghij\n"
                           "bob bob-0123456789abcdefghijkl\n");
    ::chmod(folder.path("tokens").c_str(), 0600);
    return folder.write("brigade.toml", "[server]\ntokens_file = \"tokens\"\n"
                                            + server_keys
                                            + "\n[crews.main]\nfile = \""
                                            + crew(limits) + "\"\n");
  }
};

std::string post(std::uint16_t port, const std::string& target,
                 const std::string& body = "{}") {
  return std::to_string(ask(port, {"POST", target, body, {alice}}).status);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(operations, served_fixture)

BOOST_AUTO_TEST_CASE(nobody_sees_or_touches_the_runs_of_others) {
  auto daemon = start(file(""));
  const auto port = daemon.port();
  BOOST_REQUIRE(port != 0);
  const auto run = make_run(port, goal_body("Order"), {alice});
  BOOST_REQUIRE(!run.empty());
  const auto path = "/api/v1/runs/" + run;
  for (const std::string part :
       {"", "/plan", "/tasks", "/tasks/t1", "/result", "/events"}) {
    BOOST_TEST(ask(port, {"GET", path + part, {}, {bob}}).status == 404);
    BOOST_TEST(ask(port, {"GET", path + part, {}}).status == 401);
  }
  for (const std::string part : {"/cancel", "/approve", "/reject"})
    BOOST_TEST(ask(port, {"POST", path + part, "{}", {bob}}).status == 404);
  BOOST_TEST(ask(port, {"DELETE", path, {}, {bob}}).status == 404);
  const auto listed = ask(port, {"GET", "/api/v1/runs", {}, {bob}});
  BOOST_TEST(listed.body.find(run) == std::string::npos);
  BOOST_TEST(ask(port, {"GET", "/api/v1/runs", {}, {alice}}).body.find(run)
             != std::string::npos);
  BOOST_TEST(ask(port, {"GET", "/livez", {}}).status == 200);
  BOOST_TEST(ask(port, {"GET", "/metrics", {}}).status == 401);
  BOOST_TEST(ask(port, {"GET", "/api/v1/runs", {}, {alice + "x"}}).status
             == 401);
  BOOST_TEST(
      ask(port, {"GET", "/api/v1/runs", {}, {alice, "Origin: http://x"}}).status
      == 403);
}

BOOST_AUTO_TEST_CASE(the_same_key_starts_one_run) {
  auto daemon = start(file(""));
  const auto port = daemon.port();
  const std::vector<std::string> keyed{alice, "Idempotency-Key: \"k1\""};
  const auto run = make_run(port, goal_body("Order"), keyed);
  BOOST_TEST(!run.empty());
  BOOST_TEST(make_run(port, goal_body("Order"), keyed) == run);
  BOOST_TEST(
      ask(port, {"POST", "/api/v1/runs", goal_body("Other"), keyed}).status
      == 422);
  // A key of somebody else is another one.
  BOOST_TEST(
      make_run(port, goal_body("Order"), {bob, "Idempotency-Key: \"k1\""})
      != run);
  // It is remembered by the journal, not by the process.
  daemon.send_signal(SIGKILL);
  daemon.end();
  auto next = start(folder.path("brigade.toml"));
  BOOST_TEST(make_run(next.port(), goal_body("Order"), keyed) == run);
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_and_what_waits_can_be_cancelled) {
  // Plans wait for approval, so that runs go no further; each is worked on
  // until then.
  auto daemon = start(file("runs_max = 1\nqueue_max = 1\nclient_queue_max = 1",
                           "attempt_timeout_s = 50"),
                      {});
  const auto port = daemon.port();
  std::vector<std::string> runs;
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    const auto made = ask(port, {"POST",
                                 "/api/v1/runs",
                                 goal_body("Order " + std::to_string(i)),
                                 {alice}});
    if (made.status == 429) {
      ++refused;
      BOOST_TEST(!made.field("retry-after").empty());
    } else {
      BOOST_TEST(made.status == 202);
      runs.emplace_back(boost::json::parse(made.body).at("id").as_string());
    }
  }
  BOOST_TEST(refused > 0);
  for (const auto& run : runs) {
    const auto status = post(port, "/api/v1/runs/" + run + "/cancel");
    BOOST_TEST((status == "202" || status == "409"));
  }
  for (const auto& run : runs) {
    BOOST_TEST(
        ask(port, {"GET", "/api/v1/runs/" + run + "/events", {}, {alice}})
            .status
        == 200);
    const auto end = shown(port, run, "status", {alice});
    BOOST_TEST((end == "cancelled" || end == "succeeded"));
  }
}

BOOST_AUTO_TEST_CASE(a_plan_waits_for_approval_even_over_a_restart) {
  std::vector<std::string> runs;
  {
    auto daemon = start(file("", "approval = \"plan\""));
    for (int i = 0; i < 3; ++i) {
      const auto made =
          ask(daemon.port(), {"POST",
                              "/api/v1/runs",
                              goal_body("Order " + std::to_string(i)),
                              {alice, "Prefer: wait=30"}});
      BOOST_TEST(made.status == 202);
      const auto json = boost::json::parse(made.body);
      BOOST_TEST(json.at("phase").as_string() == "approval");
      BOOST_TEST(json.at("approval").at("status").as_string() == "waiting");
      runs.emplace_back(json.at("id").as_string());
    }
    daemon.send_signal(SIGKILL);
    daemon.end();
  }
  const auto requests = server.requests();
  auto daemon = start(folder.path("brigade.toml"));
  const auto port = daemon.port();
  BOOST_REQUIRE(daemon.wait_for("runs.restored"));
  const auto path = [&runs](int i, const char* what) {
    return "/api/v1/runs/" + runs[static_cast<std::size_t>(i)] + what;
  };
  BOOST_TEST(post(port, path(0, "/approve"), R"({"plan":{"tasks":[]}})")
             == "422");
  BOOST_TEST(post(port, path(0, "/approve"), R"({"comment":"fine"})") == "202");
  BOOST_TEST(post(port, path(1, "/reject")) == "202");
  BOOST_TEST(post(port, path(2, "/cancel")) == "202");
  const std::vector<std::string> ends{"succeeded", "cancelled", "cancelled"};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    ask(port, {"GET", "/api/v1/runs/" + runs[i] + "/events", {}, {alice}});
    BOOST_TEST(shown(port, runs[i], "status", {alice}) == ends[i]);
  }
  // No plan was bought again.
  std::size_t plans = 0;
  for (const auto& receipt : server.receipts())
    plans += receipt.body.find("json_schema") != std::string::npos ? 1 : 0;
  BOOST_TEST(plans == 3u);
  BOOST_TEST(server.requests() > requests);
}

BOOST_AUTO_TEST_CASE(a_bad_file_changes_nothing_and_a_good_one_does) {
  const auto name = file("");
  auto daemon = start(name);
  const auto port = daemon.port();
  auto size = daemon.log().size();
  folder.write("brigade.toml", "[server]\nruns_max = \"many\"\n");
  daemon.send_signal(SIGHUP);
  BOOST_TEST(daemon.wait_for("config.kept", size));
  BOOST_TEST(!make_run(port, goal_body("Order"), {alice}).empty());
  size = daemon.log().size();
  folder.write("tokens", "alice another-0123456789abcdefghij\n");
  file("");
  folder.write("tokens", "alice another-0123456789abcdefghij\n");
  daemon.send_signal(SIGHUP);
  BOOST_TEST(daemon.wait_for("config.reloaded", size));
  BOOST_TEST(ask(port, {"GET", "/api/v1/runs", {}, {alice}}).status == 401);
  BOOST_TEST(ask(port, {"GET",
                        "/api/v1/runs",
                        {},
                        {"Authorization: Bearer another-0123456789abcdefghij"}})
                 .status
             == 200);
}

BOOST_AUTO_TEST_CASE(it_stops_in_order_and_the_next_one_goes_on) {
  std::string run;
  {
    auto daemon = start(file("drain_timeout_s = 0"));
    run = make_run(daemon.port(), goal_body("Order"), {alice});
    wait_for_requests(2);
    daemon.send_signal(SIGTERM);
    BOOST_TEST(daemon.end() == 0);
  }
  auto daemon = start(folder.path("brigade.toml"));
  ask(daemon.port(), {"GET", "/api/v1/runs/" + run + "/events", {}, {alice}});
  BOOST_TEST(shown(daemon.port(), run, "status", {alice}) == "succeeded");
}

BOOST_AUTO_TEST_CASE(what_may_be_spent_per_day_holds_over_restarts) {
  const auto name = file("client_cost_per_day_usd = 0.5", "cost_usd = 0.3");
  for (int i = 0; i < 2; ++i) {
    auto daemon = start(name);
    const auto port = daemon.port();
    if (i == 0) {
      BOOST_TEST(!make_run(port, goal_body("Order"), {alice}).empty());
      const auto second =
          ask(port, {"POST", "/api/v1/runs", goal_body("More"), {alice}});
      // The first one's slice is set aside as long as it goes on; once it has
      // ended only what it spent counts.
      BOOST_TEST((second.status == 429 || second.status == 202));
    }
    const auto beyond =
        ask(port, {"POST",
                   "/api/v1/runs",
                   R"({"goal":"x","budget":{"cost_usd":"0.4"}})",
                   {alice}});
    BOOST_TEST(beyond.status == 422);
    daemon.send_signal(SIGKILL);
    daemon.end();
  }
}

BOOST_AUTO_TEST_SUITE_END()
