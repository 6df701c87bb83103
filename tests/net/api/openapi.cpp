// The API's description is true: every operation in it is asked over a real
// socket, and what it answers is what it says.
#include "openapi_fixture.hpp"

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;
using brigade::net::test::raw_client;
using brigade::net::test::status_of;

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
  look_around();
  begin_runs();
  look_at_runs();
  change_runs();
  chat();
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
