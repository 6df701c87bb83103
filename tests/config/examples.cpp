// The example crews load, and are what they say they are.
#include "documented.hpp"
#include "serve_support.hpp"

#include "brigade/core/crew/crew.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;

namespace {

crew_file load(const std::string& name, test::texts environment = {}) {
  auto options = test::fake(std::move(environment));
  options.read_file = nullptr;
  auto result =
      load_crew_file(BRIGADE_SOURCE_DIR "/examples/crews/" + name, options);
  BOOST_TEST_REQUIRE(test::faults_of(result) == "");
  BOOST_TEST_REQUIRE(test::warnings_of(result) == "");
  BOOST_TEST_REQUIRE(result.value.has_value());
  return std::move(*result.value);
}

} // namespace

BOOST_AUTO_TEST_CASE(offline_is_the_built_in_crew) {
  const auto file = load("offline.toml");
  const auto builtin = brigade::core::builtin_crew();
  BOOST_TEST(file.crew.planner.model == "builtin/extractive");
  BOOST_TEST(file.crew.synthesizer.model == "builtin/extractive");
  BOOST_TEST_REQUIRE(file.crew.workers.size() == builtin.workers.size());
  for (std::size_t i = 0; i < builtin.workers.size(); ++i) {
    BOOST_TEST(file.crew.workers[i].name == builtin.workers[i].name);
    BOOST_TEST(file.crew.workers[i].description
               == builtin.workers[i].description);
  }
  auto limits = builtin.limits;
  limits.cost = {0};
  BOOST_TEST((file.crew.limits == limits));
  BOOST_TEST((file.crew.if_dependency_failed == builtin.if_dependency_failed));
  BOOST_TEST_REQUIRE(file.providers.size() == 1u);
  BOOST_TEST((file.providers[0].kind == provider_kind::builtin));
}

BOOST_AUTO_TEST_CASE(market_analysis_goes_wherever_the_environment_says) {
  const auto plain = load("market-analysis.toml", {{"OPENAI_API_KEY", "k"}});
  BOOST_TEST(plain.providers.at(0).base_url == "https://api.openai.com/v1");
  BOOST_TEST(plain.crew.models.at(0).name == "gpt-5.4-mini");
  std::vector<std::string> workers;
  for (const auto& w : plain.crew.workers)
    workers.push_back(w.name);
  BOOST_TEST(
      (workers == std::vector<std::string>{"researcher", "analyst", "writer"}));
  const auto other =
      load("market-analysis.toml", {{"OPENAI_API_KEY", "k"},
                                    {"OPENAI_BASE_URL", "http://[::1]:1/v1"},
                                    {"BRIGADE_MODEL", "m"}});
  BOOST_TEST(other.providers.at(0).base_url == "http://[::1]:1/v1");
  BOOST_TEST(other.crew.models.at(0).name == "m");
}

BOOST_AUTO_TEST_CASE(local_needs_neither_key_nor_money) {
  const auto file = load("local.toml");
  BOOST_TEST(!file.providers.at(0).api_key_configured());
  BOOST_TEST(file.providers.at(0).base_url.starts_with("http://127.0.0.1"));
  BOOST_TEST((file.crew.models.at(0).price == brigade::core::price{}));
  BOOST_TEST(file.crew.limits.cost.value == 0);
}

BOOST_AUTO_TEST_CASE(the_daemons_example_serves_the_offline_crew) {
  auto text = test::read(BRIGADE_SOURCE_DIR "/packaging/brigade.toml.in");
  const std::string data = "@CMAKE_INSTALL_FULL_DATADIR@/brigade";
  const auto at = text.find(data);
  BOOST_TEST_REQUIRE(at != std::string::npos);
  text.replace(at, data.size(), BRIGADE_SOURCE_DIR);
  auto options = test::fake();
  options.read_file = nullptr;
  options.read_private_file = [](const std::string& path,
                                 std::uint64_t) -> file_text {
    BOOST_TEST(path == "/run/credentials/brigade.service/tokens");
    return {"chat " + test::token_a, {}};
  };
  const auto result = parse_serve(text, "/etc/brigade/brigade.toml", options);
  BOOST_TEST_REQUIRE(test::faults_of(result) == "");
  BOOST_TEST(result.warnings.empty());
  BOOST_TEST_REQUIRE(result.value->crews.size() == 1u);
  BOOST_TEST(result.value->crews[0].name == "offline");
  BOOST_TEST((result.value->tokens->client_of(test::token_a) == "chat"));
}

BOOST_AUTO_TEST_CASE(the_daemons_documentation_shows_files_that_load) {
  const auto text = test::read(test::docs + "serve-file.md");
  std::size_t shown = 0;
  for (auto at = text.find("```toml\n"); at != std::string::npos;
       at = text.find("```toml\n", at + 1)) {
    const auto begin = at + std::string_view{"```toml\n"}.size();
    const auto end = text.find("```", begin);
    const auto crew = test::parts{}.text();
    auto options = test::fake({}, {{"market-analysis.toml", crew},
                                   {"crews/market-analysis.toml", crew},
                                   {"crews/legal.toml", crew}});
    options.read_private_file = [](const std::string&,
                                   std::uint64_t) -> file_text {
      return {"reporting " + test::token_a, {}};
    };
    const auto result =
        parse_serve(text.substr(begin, end - begin), "brigade.toml", options);
    BOOST_TEST(test::faults_of(result) == "");
    BOOST_TEST(result.warnings.empty());
    ++shown;
    at = end;
  }
  BOOST_TEST(shown == 2u);
}
