// What a daemon's file may say, and what becomes of it.
#include "serve_support.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;
using brigade::core::pico_per_usd;
using brigade::core::pico_usd;
using test::faults_of;
using test::serve;
using test::served_files;

namespace {

serve_settings load(const std::string& text,
                    const load_options& options = served_files()) {
  auto result = serve(text, options);
  BOOST_TEST_REQUIRE(faults_of(result) == "");
  BOOST_TEST_REQUIRE(result.value.has_value());
  return std::move(*result.value);
}

const std::string one_crew = "[crews.a]\nfile = \"c.toml\"\n";

} // namespace

BOOST_AUTO_TEST_CASE(a_daemon_needs_no_more_than_a_crew) {
  const auto s = load(one_crew);
  BOOST_TEST((s.server == server_settings{}));
  BOOST_TEST_REQUIRE(s.crews.size() == 1u);
  BOOST_TEST(s.crews[0].name == "a");
  BOOST_TEST(s.crews[0].file == "etc/c.toml");
  BOOST_TEST(s.crews[0].crew.crew.name == "a");
  BOOST_TEST(s.crews[0].crew.crew.workers.size() == 1u);
  BOOST_TEST(!s.tokens.has_value());
}

BOOST_AUTO_TEST_CASE(every_key_of_the_server_arrives) {
  const auto s = load(R"([server]
listen = "${HOST}:443"
state = "st"
tokens_file = "tokens"
tls_certificate = "cert.pem"
tls_key = "/keys/key.pem"
allowed_hosts = ["Brigade.Example.com", "[::1]", "10.0.0.1"]
allowed_origins = ["https://Chat.example.com", "http://localhost:3000"]
runs_max = 1
queue_max = 2
client_runs_max = 3
client_queue_max = 4
cost_per_day_usd = 5
client_cost_per_day_usd = "0.6"
retention_days = 7
allow_typical_estimate = true
on_disconnect = "continue"
reattach_window_s = 8
reasoning = false
drain_timeout_s = 9.5
body_bytes_max = 10000
connections_max = 11
connections_per_peer_max = 12
header_timeout_s = 13
idle_timeout_s = 14
log_level = "warning"
log_format = "json"
)" + one_crew);
  server_settings wanted;
  wanted.listen = {"10.0.0.1", 443};
  wanted.state = "etc/st";
  wanted.tokens_file = "etc/tokens";
  wanted.tls_certificate = "etc/cert.pem";
  wanted.tls_key = "/keys/key.pem";
  wanted.allowed_hosts = {"brigade.example.com", "[::1]", "10.0.0.1"};
  wanted.allowed_origins = {"https://chat.example.com",
                            "http://localhost:3000"};
  wanted.runs_max = 1;
  wanted.queue_max = 2;
  wanted.client_runs_max = 3;
  wanted.client_queue_max = 4;
  wanted.cost_per_day = pico_usd{5 * pico_per_usd};
  wanted.client_cost_per_day = pico_usd{6 * pico_per_usd / 10};
  wanted.retention_days = 7;
  wanted.allow_typical_estimate = true;
  wanted.on_disconnect = disconnect_policy::go_on;
  wanted.reattach_window_ms = 8'000;
  wanted.reasoning = false;
  wanted.drain_timeout_ms = 9'500;
  wanted.body_bytes_max = 10'000;
  wanted.connections_max = 11;
  wanted.connections_per_peer_max = 12;
  wanted.header_timeout_ms = 13'000;
  wanted.idle_timeout_ms = 14'000;
  wanted.log_level_min = log_level::warning;
  wanted.log_format = log_style::json;
  BOOST_TEST((s.server == wanted));
}

BOOST_AUTO_TEST_CASE(crews_keep_the_order_of_the_file_and_their_own_names) {
  const auto s = load("[crews.z]\nfile = \"c.toml\"\ndescription = \"d\"\n"
                      "approval = \"plan\"\npassthrough_model = \"fast\"\n"
                      + one_crew);
  BOOST_TEST_REQUIRE(s.crews.size() == 2u);
  BOOST_TEST(s.crews[0].name == "z");
  BOOST_TEST(s.crews[0].description == "d");
  BOOST_TEST(s.crews[0].approval == "plan");
  BOOST_TEST(s.crews[0].passthrough_model == "fast");
  BOOST_TEST(s.crews[1].approval == "");
  BOOST_TEST(find_crew(s, "a") == &s.crews[1]);
  BOOST_TEST(find_crew(s, "c") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_client_without_a_table_gets_the_defaults) {
  const auto s = load("[server]\nclient_runs_max = 3\nclient_queue_max = 4\n"
                      "client_cost_per_day_usd = 5\n"
                      + one_crew
                      + "[clients.anna]\nruns_max = 9\ncost_max_usd = 0.5\n"
                        "crews = [\"a\"]\n"
                        "[clients.bert]\nqueue_max = 0\n"
                        "cost_per_day_usd = 0\n");
  const auto anna = settings_of(s, "anna");
  BOOST_TEST(anna.runs_max == 9u);
  BOOST_TEST(anna.queue_max == 4u);
  BOOST_TEST((anna.cost_per_day == pico_usd{5 * pico_per_usd}));
  BOOST_TEST((anna.cost_max == pico_usd{pico_per_usd / 2}));
  BOOST_TEST((anna.crews == std::vector<std::string>{"a"}));
  const auto bert = settings_of(s, "bert");
  BOOST_TEST(bert.runs_max == 3u);
  BOOST_TEST(bert.queue_max == 0u);
  BOOST_TEST((bert.cost_per_day == pico_usd{0}));
  const auto other = settings_of(s, "carl");
  BOOST_TEST(other.runs_max == 3u);
  BOOST_TEST(other.queue_max == 4u);
  BOOST_TEST((other.cost_per_day == pico_usd{5 * pico_per_usd}));
  BOOST_TEST(!other.cost_max.has_value());
  BOOST_TEST(!other.crews.has_value());
}

BOOST_AUTO_TEST_CASE(tokens_come_with_the_settings) {
  const auto text = "[server]\ntokens_file = \"tokens\"\n" + one_crew;
  const auto s = load(text);
  BOOST_TEST_REQUIRE(s.tokens.has_value());
  BOOST_TEST((s.tokens->client_of(test::token_b) == "bert"));
  auto unresolved = served_files();
  unresolved.resolve_secrets = false;
  BOOST_TEST(!load(text, unresolved).tokens.has_value());
}

BOOST_AUTO_TEST_CASE(a_limit_of_a_client_without_a_token_is_a_warning) {
  const auto result = serve("[server]\ntokens_file = \"tokens\"\n" + one_crew
                            + "[clients.ana]\nruns_max = 1\n");
  BOOST_TEST(faults_of(result) == "");
  BOOST_TEST_REQUIRE(result.warnings.size() == 1u);
  BOOST_TEST(to_string(result.warnings[0])
             == "etc/d.toml:5:10: client \"ana\" has no token in the tokens "
                "file: did you mean \"anna\"?");
}

BOOST_AUTO_TEST_CASE(a_passthrough_model_needs_its_key_like_a_role_does) {
  const std::string crew = "[crews.a]\nfile = \"spare.toml\"\n";
  BOOST_TEST(faults_of(serve(crew)) == "");
  const auto result = serve(crew + "passthrough_model = \"spare\"\n");
  BOOST_TEST_REQUIRE(result.faults.size() == 1u, faults_of(result));
  BOOST_TEST(result.faults[0].file == "etc/spare.toml");
  BOOST_TEST((result.faults[0].kind == fault_kind::missing_secret));
}

BOOST_AUTO_TEST_CASE(a_crew_file_is_a_daemon_of_one_crew) {
  const auto s = load(test::parts{}.text());
  BOOST_TEST_REQUIRE(s.crews.size() == 1u);
  BOOST_TEST(s.crews[0].name == "d");
  BOOST_TEST(s.crews[0].file == "etc/d.toml");
  BOOST_TEST(s.crews[0].crew.crew.name == "d");
  BOOST_TEST((s.server == server_settings{}));
}

BOOST_AUTO_TEST_CASE(a_set_changes_the_daemons_file_and_no_crew) {
  const auto s =
      load(one_crew,
           served_files({"server.runs_max=5", "server.allowed_hosts=[\"x\"]"}));
  BOOST_TEST(s.server.runs_max == 5u);
  BOOST_TEST((s.server.allowed_hosts == std::vector<std::string>{"x"}));
}
