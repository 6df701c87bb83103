#include "brigade/net/api/route.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace brigade::net::api;

namespace {

/// `operation name task`, or the status and what is allowed.
std::string routed(std::string_view method, std::string_view target) {
  const auto result = find_route(method, target);
  if (!result.found)
    return std::to_string(result.missing.status)
           + (result.missing.allow.empty() ? "" : " " + result.missing.allow);
  std::string out{to_string(result.found->what)};
  for (const auto& part : {result.found->name, result.found->task})
    out += part.empty() ? "" : " " + part;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(each_path_leads_to_its_operation) {
  BOOST_TEST(routed("GET", "/livez") == "livez");
  BOOST_TEST(routed("GET", "/healthz") == "livez");
  BOOST_TEST(routed("GET", "/readyz?verbose") == "readyz");
  BOOST_TEST(routed("GET", "/version") == "version");
  BOOST_TEST(routed("GET", "/openapi.json") == "openapi");
  BOOST_TEST(routed("GET", "/metrics") == "metrics");
  BOOST_TEST(routed("POST", "/api/v1/runs") == "create_run");
  BOOST_TEST(routed("GET", "/api/v1/runs?limit=2") == "list_runs");
  BOOST_TEST(routed("GET", "/api/v1/crews") == "list_crews");
  BOOST_TEST(routed("GET", "/api/v1/runs/R") == "get_run R");
  BOOST_TEST(routed("DELETE", "/api/v1/runs/R") == "delete_run R");
  BOOST_TEST(routed("GET", "/api/v1/runs/R/plan") == "get_plan R");
  BOOST_TEST(routed("GET", "/api/v1/runs/R/tasks") == "get_tasks R");
  BOOST_TEST(routed("GET", "/api/v1/runs/R/tasks/t1") == "get_task R t1");
  BOOST_TEST(routed("GET", "/api/v1/runs/R/result") == "get_result R");
  BOOST_TEST(routed("GET", "/api/v1/runs/R/events") == "get_events R");
  BOOST_TEST(routed("POST", "/api/v1/runs/R/cancel") == "cancel_run R");
  BOOST_TEST(routed("POST", "/api/v1/runs/R/approve") == "approve_run R");
  BOOST_TEST(routed("POST", "/api/v1/runs/R/reject") == "reject_run R");
  BOOST_TEST(routed("GET", "/v1/models") == "list_models");
  BOOST_TEST(routed("GET", "/v1/models/a%2Fb") == "get_model a/b");
  BOOST_TEST(routed("POST", "/v1/chat/completions") == "chat");
}

BOOST_AUTO_TEST_CASE(head_is_a_get) {
  BOOST_TEST(routed("HEAD", "/api/v1/runs/R") == "get_run R");
  BOOST_TEST(routed("HEAD", "/v1/chat/completions") == "405 POST");
}

BOOST_AUTO_TEST_CASE(another_method_is_told_which_there_are) {
  BOOST_TEST(routed("PUT", "/api/v1/runs") == "405 POST, GET, HEAD");
  BOOST_TEST(routed("POST", "/api/v1/runs/R") == "405 GET, HEAD, DELETE");
  BOOST_TEST(routed("GET", "/api/v1/runs/R/cancel") == "405 POST");
  BOOST_TEST(routed("get", "/livez") == "405 GET, HEAD");
  BOOST_TEST(routed("OPTIONS", "/livez") == "405 GET, HEAD");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found) {
  for (const char* target : {"/",
                             "",
                             "*",
                             "livez",
                             "/livez/",
                             "//livez",
                             "/LIVEZ",
                             "/livez/x",
                             "/api",
                             "/api/v1",
                             "/api/v1/",
                             "/api/v1/runs/",
                             "/api/v1/runs//plan",
                             "/api/v1/runs/R/",
                             "/api/v1/runs/R/plan/",
                             "/api/v1/runs/R/plan/x",
                             "/api/v1/runs/R/tasks/",
                             "/api/v1/runs/R/tasks/t/x",
                             "/api//v1/runs",
                             "/./livez",
                             "/api/v1/../v1/runs",
                             "/api/v1/runs/../../livez/x",
                             "/v1/models/",
                             "/v1/models/a/b",
                             "/api%2Fv1%2Fruns",
                             "/%6Civez",
                             "http://localhost/livez"})
    BOOST_TEST(routed("GET", target) == "404", target);
}

BOOST_AUTO_TEST_CASE(names_are_decoded_once_and_stay_names) {
  BOOST_TEST(routed("GET", "/api/v1/runs/%2e%2e") == "get_run ..");
  BOOST_TEST(routed("GET", "/api/v1/runs/..") == "get_run ..");
  BOOST_TEST(routed("GET", "/api/v1/runs/a%2Fplan") == "get_run a/plan");
  BOOST_TEST(routed("GET", "/api/v1/runs/%2541") == "get_run %41");
  BOOST_TEST(routed("GET", "/api/v1/runs/a+b") == "get_run a+b");
  BOOST_TEST(routed("GET", "/api/v1/runs/%C3%A9") == "get_run \u00e9");
}

BOOST_AUTO_TEST_CASE(broken_escapes_are_told) {
  for (const char* target :
       {"/api/v1/runs/%", "/api/v1/runs/%4", "/api/v1/runs/%zz",
        "/api/v1/runs/%00", "/api/v1/runs/%0a", "/api/v1/runs/%1F",
        "/api/v1/runs/%7f", "/api/v1/runs?limit=%", "/api/v1/runs?%g0=1",
        "/livez?%00"})
    BOOST_TEST(routed("GET", target) == "400", target);
}

BOOST_AUTO_TEST_CASE(the_first_of_a_parameter_counts) {
  const auto found =
      *find_route("GET", "/api/v1/runs?crew=a+b%26c&&crew=d&x&y=&=z").found;
  BOOST_TEST((found.parameter("crew") == "a b&c"));
  BOOST_TEST((found.parameter("x") == ""));
  BOOST_TEST((found.parameter("y") == ""));
  BOOST_TEST((found.parameter("") == "z"));
  BOOST_TEST(!found.parameter("z").has_value());
}

BOOST_AUTO_TEST_CASE(each_operation_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(operation::chat); ++i) {
    const auto name = to_string(static_cast<operation>(i));
    BOOST_TEST(name != "unknown");
    names.insert(name);
  }
  BOOST_TEST(names.size() == static_cast<std::size_t>(operation::chat) + 1);
}

BOOST_AUTO_TEST_SUITE_END()
