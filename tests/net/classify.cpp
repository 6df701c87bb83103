#include "brigade/net/classify.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;
using core::outcome_code;
using net::classify;

namespace {

bool has(const std::string& text, std::string_view part) {
  BOOST_TEST_INFO_SCOPE(text);
  return text.find(part) != std::string::npos;
}

core::outcome failed(int status, const net::provider_error& error = {},
                     const net::reply_headers& headers = {},
                     std::string_view body = {}) {
  static const net::secret_list secrets{core::secret{"sk-canary-0123456789"}};
  return net::failed_outcome(status, headers, error, body,
                             {"main", &secrets, 784'111'777});
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_classify)

BOOST_AUTO_TEST_CASE(each_status_has_its_class) {
  using enum outcome_code;
  const std::pair<int, outcome_code> table[] = {
      {301, bad_request},     {302, bad_request},       {307, bad_request},
      {308, bad_request},     {304, bad_request},       {400, bad_request},
      {401, unauthorized},    {402, quota_exhausted},   {403, unauthorized},
      {404, not_found},       {405, bad_request},       {408, server_error},
      {409, server_error},    {413, request_too_large}, {415, bad_request},
      {422, bad_request},     {425, server_error},      {429, rate_limited},
      {451, bad_request},     {499, bad_request},       {500, server_error},
      {501, server_error},    {502, server_error},      {503, overloaded},
      {504, server_error},    {529, overloaded},        {599, server_error},
      {600, reply_malformed}, {999, reply_malformed},   {199, reply_malformed},
  };
  for (const auto& [status, code] : table)
    BOOST_TEST((classify(status, {}) == code), status);
}

BOOST_AUTO_TEST_CASE(a_429_of_an_empty_account_is_not_a_rate_limit) {
  for (auto word : {"insufficient_quota", "billing_hard_limit_reached",
                    "credit_balance_too_low", "BILLING", "out_of_credits"}) {
    BOOST_TEST((classify(429, {{}, word, {}}) == outcome_code::quota_exhausted),
               word);
    BOOST_TEST((classify(429, {{}, {}, word}) == outcome_code::quota_exhausted),
               word);
  }
  BOOST_TEST((classify(429, {"billing", "tokens", "rate_limit_exceeded"})
              == outcome_code::rate_limited));
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_success_is_told_by_its_own_words) {
  using enum outcome_code;
  const std::pair<net::provider_error, outcome_code> table[] = {
      {{"", "", "429"}, rate_limited},
      {{"", "", "401"}, unauthorized},
      {{"", "", "502"}, server_error},
      {{"", "", "200"}, server_error},
      {{"", "insufficient_quota", ""}, quota_exhausted},
      {{"", "", "rate_limit_exceeded"}, rate_limited},
      {{"", "overloaded_error", ""}, overloaded},
      {{"", "", "invalid_api_key"}, unauthorized},
      {{"", "authentication_error", ""}, unauthorized},
      {{"", "not_found_error", ""}, not_found},
      {{"", "invalid_request_error", ""}, bad_request},
      {{"", "", "context_length_exceeded"}, bad_request},
      {{"", "", ""}, server_error},
      {{"", "mystery", "4290"}, server_error},
  };
  for (const auto& [error, code] : table)
    BOOST_TEST((classify(200, error) == code), error.type << error.code);
}

BOOST_AUTO_TEST_CASE(a_message_says_what_failed_why_and_what_to_do) {
  auto result = failed(401, {"Incorrect API key provided", "", ""});
  BOOST_TEST(result.http_status == 401);
  BOOST_TEST(result.message
             == "provider main answered 401: Incorrect API key provided - "
                "check the api_key of provider main and what it is allowed to "
                "use");
  BOOST_TEST(has(failed(404).message, "model's name"));
  BOOST_TEST(
      has(failed(429, {"", "insufficient_quota", ""}).message, "add credit"));
  BOOST_TEST(has(failed(307).message, "redirects are not followed"));
  BOOST_TEST(!has(failed(400).message, "redirects"));
  BOOST_TEST(has(failed(413).message, "smaller inputs"));
}

BOOST_AUTO_TEST_CASE(without_a_readable_error_the_body_is_shown_in_part) {
  BOOST_TEST(has(failed(500, {}, {}, "upstream\nis gone").message,
                 ": upstream is gone - "));
  BOOST_TEST(has(failed(502, {}, {"text/html"}, "Bad gateway").message,
                 "a web page instead of JSON"));
  BOOST_TEST(has(failed(502, {}, {}, " \r\n<!DOCTYPE HTML><p>").message,
                 "a web page instead of JSON"));
  BOOST_TEST(has(failed(400, {"", "some_type", ""}, {}, "{}").message,
                 ": some_type - "));
}

BOOST_AUTO_TEST_CASE(a_message_stays_short_and_shows_no_key) {
  std::string hostile = "no \x1B[2J key sk-canary-0123456789 ";
  hostile += std::string(5000, 'x');
  for (auto status : {400, 401, 429, 500}) {
    for (auto result :
         {failed(status, {hostile, "", ""}), failed(status, {}, {}, hostile),
          failed(status, {"", "", hostile})}) {
      BOOST_TEST(result.message.size() < 500);
      BOOST_TEST(!has(result.message, "canary"));
      BOOST_TEST(!has(result.message, "\x1B"));
      BOOST_TEST(has(result.message, "key ***"));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_hints_of_the_headers_are_kept) {
  net::reply_headers headers;
  headers.retry_after = "3";
  headers.should_retry = "false";
  headers.request_id = "req_1\x01 sk-canary-0123456789";
  auto result = failed(503, {}, headers);
  BOOST_TEST(result.retry_after_ms.value() == 3000);
  BOOST_TEST(result.should_retry.value() == false);
  BOOST_TEST(result.request_id == "req_1 ***");
  headers.should_retry = "true";
  BOOST_TEST(failed(503, {}, headers).should_retry.value() == true);
  headers.should_retry = "maybe";
  BOOST_TEST(!failed(503, {}, headers).should_retry.has_value());
  BOOST_TEST(!failed(503).retry_after_ms.has_value());
}

BOOST_AUTO_TEST_CASE(a_long_request_id_is_cut) {
  auto id = std::string(4000, 'r');
  net::reply_headers headers;
  headers.request_id = id;
  BOOST_TEST(failed(500, {}, headers).request_id.size() == 128);
}

BOOST_AUTO_TEST_SUITE_END()
