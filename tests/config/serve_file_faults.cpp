// Every kind of fault of a daemon's file, its exact place and what it says.
#include "serve_support.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;
using test::faults_of;
using test::serve;
using test::server_faults;

BOOST_AUTO_TEST_CASE(a_daemon_without_crews_is_told_how_to_add_one) {
  const std::string wanted = "etc/d.toml:1:1: no crews: add at least one "
                             "[crews.NAME] with file, or give a crew file\n";
  BOOST_TEST(faults_of(serve("")) == wanted);
  BOOST_TEST(faults_of(serve("[crews]\n")) == wanted);
  BOOST_TEST(faults_of(serve("crews = 1\n"))
             == "etc/d.toml:1:9: crews must hold tables: [crews.NAME]\n");
}

BOOST_AUTO_TEST_CASE(unknown_keys_of_a_daemon_name_the_nearest) {
  BOOST_TEST(server_faults("run_max = 1")
             == "etc/d.toml:2:1: unknown key \"run_max\" in [server]: did you "
                "mean \"runs_max\"?\n");
  BOOST_TEST(server_faults("passthrough_model = \"x\"")
             == "etc/d.toml:2:1: unknown key \"passthrough_model\" in "
                "[server]: it belongs in [crews.NAME]\n");
  BOOST_TEST(faults_of(serve("[crews.a]\nfile = \"c.toml\"\n[client.x]\n"))
             == "etc/d.toml:3:2: unknown key \"client\": did you mean "
                "\"clients\"?\n");
}

BOOST_AUTO_TEST_CASE(an_address_that_others_reach_needs_tokens_and_tls) {
  const std::string reach = "etc/d.toml:2:10: server.listen: 0.0.0.0:80 can be "
                            "reached from other machines, which needs tokens "
                            "and TLS: set ";
  const std::string end = ", or listen on 127.0.0.1\n";
  const std::string listen = "listen = \"0.0.0.0:80\"\n";
  const std::string tokens = "tokens_file = \"tokens\"\n";
  const std::string tls = "tls_certificate = \"c\"\ntls_key = \"k\"\n";
  BOOST_TEST(server_faults(listen)
             == reach + "tokens_file, tls_certificate and tls_key" + end);
  BOOST_TEST(server_faults(listen + tls) == reach + "tokens_file" + end);
  BOOST_TEST(server_faults(listen + tokens)
             == reach + "tls_certificate and tls_key" + end);
  BOOST_TEST(server_faults(listen + tokens + tls) == "");
  // A value that was refused is not missing as well.
  BOOST_TEST(server_faults(listen + tls + "tokens_file = 1")
             == "etc/d.toml:5:15: server.tokens_file must be a string, not an "
                "integer\n");
}

BOOST_AUTO_TEST_CASE(a_listen_address_is_no_name) {
  BOOST_TEST(server_faults("listen = \"example.com:80\"")
             == "etc/d.toml:2:10: server.listen must be an address and a port, "
                "such as \"127.0.0.1:8787\" or \"[::1]:8787\"; of names only "
                "localhost is taken\n");
}

BOOST_AUTO_TEST_CASE(a_certificate_and_its_key_come_together) {
  BOOST_TEST(server_faults("tls_certificate = \"c\"")
             == "etc/d.toml:2:19: server.tls_certificate needs tls_key: give "
                "both or none\n");
  BOOST_TEST(server_faults("tls_key = \"k\"")
             == "etc/d.toml:2:11: server.tls_key needs tls_certificate: give "
                "both or none\n");
}

BOOST_AUTO_TEST_CASE(hosts_and_origins_have_their_own_form) {
  for (const auto* bad :
       {"https://a", "a:80", "*", "a/b", "", "a b", "[::1]:80", "\\u00e4"})
    BOOST_TEST(server_faults("allowed_hosts = [\"" + std::string{bad} + "\"]")
                   != "",
               bad);
  BOOST_TEST(server_faults("allowed_hosts = [\"ok\", \"a:80\"]")
             == "etc/d.toml:2:24: server.allowed_hosts must hold names or "
                "addresses without scheme and port, such as "
                "\"brigade.example.com\", not \"a:80\"\n");
  for (const auto* bad :
       {"null", "*", "a.example.com", "https://a/", "https://a:", "ftp://a",
        "https://", "https://a:123456", "https://u@a", "https://a/b"})
    BOOST_TEST(server_faults("allowed_origins = [\"" + std::string{bad} + "\"]")
                   != "",
               bad);
  for (const auto* good : {"https://a", "http://[::1]", "http://[::1]:80"})
    BOOST_TEST(
        server_faults("allowed_origins = [\"" + std::string{good} + "\"]")
            == "",
        good);
  BOOST_TEST(server_faults("allowed_hosts = \"a\"")
             == "etc/d.toml:2:17: server.allowed_hosts must be an array of "
                "strings, not a string\n");
}

BOOST_AUTO_TEST_CASE(an_array_of_strings_has_an_end) {
  const auto array = [](std::size_t count) {
    std::string out = "allowed_hosts = [";
    for (std::size_t i = 0; i < count; ++i)
      out += "\"a\",";
    return out + "]";
  };
  BOOST_TEST(server_faults(array(256)) == "");
  BOOST_TEST(server_faults(array(257))
             == "etc/d.toml:2:17: server.allowed_hosts must not hold more than "
                "256 strings\n");
}

BOOST_AUTO_TEST_CASE(a_crew_needs_a_file_that_loads) {
  BOOST_TEST(faults_of(serve("[crews.a]\ndescription = \"d\"\n"))
             == "etc/d.toml:1:1: [crews.a] needs file: The crew file, relative "
                "to this file\n");
  BOOST_TEST(faults_of(serve("[crews.a]\nfile = \"none.toml\"\n"))
             == "etc/none.toml: does not exist\n");
  BOOST_TEST(faults_of(serve("[crews.\"a b\"]\nfile = \"c.toml\"\n"))
             == "etc/d.toml:1:8: bad name \"a b\": a name is 1 to 64 of the "
                "characters A-Z a-z 0-9 _ . -\n");
}

BOOST_AUTO_TEST_CASE(faults_of_all_files_come_at_once_under_their_own_names) {
  BOOST_TEST(faults_of(serve("[server]\nruns_max = 0\n"
                             "tokens_file = \"none\"\n"
                             "[crews.a]\nfile = \"broken.toml\"\n"))
             == "etc/d.toml:2:12: server.runs_max must be from 1 to 10000, not "
                "0\n"
                "etc/none: does not exist\n"
                "etc/broken.toml:2:1: unknown key \"cost_usb\" in [limits]: "
                "did you mean \"cost_usd\"?\n");
}

BOOST_AUTO_TEST_CASE(a_passthrough_model_is_one_of_the_crews) {
  BOOST_TEST(faults_of(serve("[crews.a]\nfile = \"c.toml\"\n"
                             "passthrough_model = \"fats\"\n"))
             == "etc/d.toml:3:21: crews.a: unknown model \"fats\": did you "
                "mean \"fast\"?\n");
}

BOOST_AUTO_TEST_CASE(an_estimate_that_can_be_exceeded_must_be_allowed) {
  const std::string crew = "[crews.a]\nfile = \"typical.toml\"\n";
  const auto faults = faults_of(serve(crew));
  BOOST_TEST(faults.starts_with("etc/d.toml:2:8: crews.a: the crew has "
                                "estimate = \"typical\""),
             faults);
  BOOST_TEST(
      faults_of(serve("[server]\nallow_typical_estimate = true\n" + crew))
      == "");
  test::parts typical;
  typical.limits = "estimate = \"typical\"\n";
  BOOST_TEST(faults_of(serve(typical.text()))
                 .starts_with("etc/d.toml: the crew has estimate"));
}

BOOST_AUTO_TEST_CASE(a_client_uses_crews_that_are_served) {
  BOOST_TEST(faults_of(serve("[crews.alpha]\nfile = \"c.toml\"\n"
                             "[clients.x]\ncrews = [\"alpha\", \"alpa\"]\n"))
             == "etc/d.toml:4:19: clients.x: unknown crew \"alpa\": did you "
                "mean \"alpha\"?\n");
}

BOOST_AUTO_TEST_CASE(a_crew_file_whose_name_cannot_be_served_is_refused) {
  const auto result =
      parse_serve(test::parts{}.text(), "my crew.toml", test::served_files());
  BOOST_TEST_REQUIRE(result.faults.size() == 1u);
  BOOST_TEST(result.faults[0].message.starts_with(
      "the crew is served under the file's name"));
  BOOST_TEST(!result.value.has_value());
}
