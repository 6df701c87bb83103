// Lines of the log: both styles, what values may not do to them, their limits.
#include "brigade/app/log_line.hpp"

#include "brigade/app/secret_forms.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

using namespace brigade;
using app::log_field;
using app::log_line_of;
using config::log_level;
using config::log_style;

namespace {

const std::int64_t noon = 1'793'534'400'120;

std::string line(const std::vector<log_field>& fields, log_style style,
                 const net::secret_list& secrets = {}) {
  return log_line_of({log_level::info, noon, "run.accepted", fields}, style,
                     secrets);
}

std::string text(const std::vector<log_field>& fields) {
  return line(fields, log_style::text);
}

boost::json::object json(const std::vector<log_field>& fields) {
  const auto made = line(fields, log_style::json);
  BOOST_TEST_REQUIRE(made.ends_with("}\n"));
  return boost::json::parse(made).as_object();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_line_for_people_and_one_for_programs) {
  const std::vector<log_field> fields{{"run", "01J"},     {"crew", "a b"},
                                      {"waited_ms", 12u}, {"cost_usd", 0.25},
                                      {"tls", false},     {"port", -1}};
  BOOST_TEST(line(fields, log_style::text)
             == "2026-11-01T12:00:00.120Z info run.accepted run=01J "
                "crew=\"a b\" waited_ms=12 cost_usd=0.25 tls=false port=-1\n");
  BOOST_TEST(line(fields, log_style::json)
             == "{\"time\":\"2026-11-01T12:00:00.120Z\",\"level\":\"info\","
                "\"event\":\"run.accepted\",\"run\":\"01J\",\"crew\":\"a b\","
                "\"waited_ms\":12,\"cost_usd\":0.25,\"tls\":false,"
                "\"port\":-1}\n");
}

BOOST_AUTO_TEST_CASE(every_level_has_its_name) {
  BOOST_TEST(app::to_string(log_level::debug) == "debug");
  BOOST_TEST(app::to_string(log_level::info) == "info");
  BOOST_TEST(app::to_string(log_level::warning) == "warning");
  BOOST_TEST(app::to_string(log_level::error) == "error");
}

BOOST_AUTO_TEST_CASE(a_value_cannot_forge_a_field_or_a_line) {
  BOOST_TEST(
      text({{"goal", "a\nerror b=c"}}).ends_with(" goal=\"a error b=c\"\n"));
  BOOST_TEST(text({{"goal", "a=b"}}).ends_with(" goal=\"a=b\"\n"));
  BOOST_TEST(text({{"goal", "a\"b\\"}}).ends_with(" goal=\"a\\\"b\\\\\"\n"));
  BOOST_TEST(text({{"goal", ""}}).ends_with(" goal=\"\"\n"));
  BOOST_TEST(json({{"goal", "\",\"level\":\"error"}}).at("level") == "info");
}

BOOST_AUTO_TEST_CASE(a_terminal_has_nothing_to_obey) {
  for (auto style : {log_style::text, log_style::json}) {
    const auto made =
        line({{"x", "a\x1b[31m\x07\x7f\xc2\x9b\xff\r\n\tb"}}, style);
    for (const char c : made.substr(0, made.size() - 1))
      BOOST_TEST((static_cast<unsigned char>(c) >= ' ' && c != '\x7f'));
    BOOST_TEST(made.find("\xc2\x9b") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_json_does_not_know_are_null) {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(json({{"x", nan}}).at("x").is_null());
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut_between_characters) {
  std::string umlauts;
  while (umlauts.size() < 2 * app::log_value_bytes_max)
    umlauts += "\xc3\xa4";
  for (const auto* lead : {"", "x"}) {
    const auto made = json({{"x", lead + umlauts}});
    const std::string value{made.at("x").as_string()};
    BOOST_TEST(value.size() <= app::log_value_bytes_max);
    BOOST_TEST(value.size() >= app::log_value_bytes_max - 1);
    BOOST_TEST(value.ends_with("\xa4..."));
  }
  const std::string fits(app::log_value_bytes_max, 'x');
  BOOST_TEST(json({{"x", fits}}).at("x").as_string() == fits);
}

BOOST_AUTO_TEST_CASE(a_line_stays_within_its_limit) {
  const std::string big(app::log_value_bytes_max, '"');
  std::vector<log_field> fields;
  for (int i = 0; i < 10; ++i)
    fields.emplace_back("k", big);
  fields.emplace_back("last", 1);
  for (auto style : {log_style::text, log_style::json}) {
    const auto made = line(fields, style);
    BOOST_TEST(made.size() + 3 <= app::log_line_bytes_max);
    BOOST_TEST(made.find("last") != std::string::npos);
    BOOST_TEST(
        (made.ends_with(" cut=true\n") || made.ends_with(",\"cut\":true}\n")));
  }
}

BOOST_AUTO_TEST_CASE(a_secret_is_masked_in_every_form) {
  // Its encodings with other texts around it, from RFC 4648 and RFC 3986.
  const net::secret_list one{core::secret{"s3cr?t/key+"}};
  const auto forms = app::secret_forms(one);
  for (const auto* form :
       {"s3cr?t/key+", "czNjcj90L2tleSs=", "czNjcj90L2tleSs",
        "OnMzY3I/dC9rZXkr", "OnMzY3I_dC9rZXkr",
        "dTpzM2NyP3Qva2V5Kw==", "s3cr%3Ft%2Fkey%2B", "s3cr%3ft%2fkey%2b"})
    for (auto style : {log_style::text, log_style::json}) {
      const auto made =
          line({{"x", "<" + std::string{form} + ">"}}, style, forms);
      BOOST_TEST(made.find("***") != std::string::npos, made);
      BOOST_TEST(made.find("cr") == std::string::npos, made);
    }
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_across_a_cut) {
  const net::secret_list one{core::secret{"secret-key-0123456789"}};
  const auto value =
      std::string(app::log_value_bytes_max - 10, 'x') + "secret-key-0123456789";
  const auto made = line({{"x", value}}, log_style::text, one);
  BOOST_TEST(made.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(short_secrets_are_not_looked_for) {
  BOOST_TEST(app::secret_forms({core::secret{"12345"}}).empty());
  BOOST_TEST(app::secret_forms({core::secret{"123456"}}).front().reveal()
             == "123456");
}
