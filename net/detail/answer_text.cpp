#include "brigade/net/detail/answer_text.hpp"

#include "brigade/net/detail/head_grammar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace brigade::net::detail {

namespace {

struct phrase {
  int status;
  std::string_view text;
};

constexpr phrase phrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

std::string_view phrase_of(int status) {
  const auto* found = std::find_if(
      std::begin(phrases), std::end(phrases),
      [status](const auto& item) { return item.status == status; });
  return found != std::end(phrases) ? found->text : "Answer";
}

/// What the server itself says.
constexpr std::string_view own_fields[] = {
    "connection", "content-length", "date", "keep-alive", "transfer-encoding"};

bool is_own(std::string_view name) {
  return std::find(std::begin(own_fields), std::end(own_fields), lower(name))
         != std::end(own_fields);
}

void append_field(std::string& text, std::string_view name,
                  std::string_view value) {
  text += name;
  text += ": ";
  std::copy_if(value.begin(), value.end(), std::back_inserter(text),
               [](char c) { return c == '\t' || !is_control(c); });
  text += "\r\n";
}

} // namespace

int usable_status(int status) {
  return status >= 200 && status <= 599 ? status : 500;
}

bool is_bodiless(int status) {
  return status == 204 || status == 304;
}

std::string head_text(const http_response& response,
                      const answer_framing& framing, std::string_view date) {
  const auto status = usable_status(response.status);
  std::string text = "HTTP/1.1 " + std::to_string(status) + ' ';
  text += phrase_of(status);
  text += "\r\n";
  append_field(text, "Date", date);
  for (const auto& field : response.fields)
    if (is_token(field.name) && !is_own(field.name))
      append_field(text, field.name, field.value);
  if (framing.kind == body_framing::length)
    append_field(text, "Content-Length", std::to_string(framing.body_bytes));
  if (framing.kind == body_framing::chunked)
    append_field(text, "Transfer-Encoding", "chunked");
  if (framing.close)
    append_field(text, "Connection", "close");
  text += "\r\n";
  return text;
}

std::string date_text(std::time_t when) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  // strftime would speak the language of the locale.
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                months[static_cast<std::size_t>(parts.tm_mon)],
                parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

http_response problem(int status, std::string_view reason) {
  http_response result;
  result.status = status;
  result.fields.push_back({"Content-Type", "application/problem+json"});
  result.body = R"({"title":")";
  result.body += phrase_of(status);
  result.body += R"(","status":)" + std::to_string(status) + R"(,"detail":")";
  result.body += reason;
  result.body += "\"}\n";
  return result;
}

std::string chunk_head(std::size_t bytes) {
  std::array<char, 20> text{};
  auto* end =
      std::to_chars(text.data(), text.data() + text.size(), bytes, 16).ptr;
  std::string result{text.data(), end};
  result += "\r\n";
  return result;
}

} // namespace brigade::net::detail
