/// Requests that must not pass, and how they are answered: every row of the
/// table of hostile requests, those that common parsers let through as well.
#pragma once

#include <string>
#include <vector>

namespace brigade::net::test {

struct hostile_request {
  std::string name;
  std::string text;
  int status = 400;
  /// The head is in order, and what is wrong comes after it.
  bool is_wrong_body = false;
};

/// A head with these fields after a proper `Host`.
inline std::string post(const std::string& fields, const std::string& body) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

inline std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

/// What an attacker would like to be taken for the next request.
inline const std::string hidden_request =
    "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

/// Where the body ends.
inline std::vector<hostile_request> hostile_lengths() {
  return {
      {"length and chunks",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n")},
      {"chunks and length",
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "0\r\n\r\n")},
      {"two different lengths",
       post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
      {"two equal lengths",
       post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
      {"a list of lengths", post("Content-Length: 5, 5\r\n", "hello")},
      {"a length with a sign", post("Content-Length: +5\r\n", "hello")},
      {"a negative length", post("Content-Length: -5\r\n", "hello")},
      {"a hexadecimal length", post("Content-Length: 0x5\r\n", "hello")},
      {"a length of 2^64+5",
       post("Content-Length: 18446744073709551621\r\n", "hello")},
      {"an empty length", post("Content-Length:\r\n", "hello")},
      {"a length with a space", post("Content-Length: 5 0\r\n", "hello")},
      {"two codings",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n")},
      {"an unknown coding", post("Transfer-Encoding: xchunked\r\n", {}), 501},
      {"chunked, identity",
       post("Transfer-Encoding: chunked, identity\r\n", {}), 501},
      {"identity, chunked",
       post("Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n"), 501},
      {"an empty coding", post("Transfer-Encoding:\r\n", {}), 501},
      {"a quoted coding", post("Transfer-Encoding: \"chunked\"\r\n", {}), 501},
      {"a coding on HTTP/1.0",
       "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0\r\n\r\n"},
  };
}

/// How lines, names and values are written.
inline std::vector<hostile_request> hostile_fields() {
  using namespace std::string_literals;
  std::string many;
  for (auto i = 0; i < 900; ++i)
    many += "a:\r\n";
  return {
      {"a space before the colon", post("Content-Length : 0\r\n", {})},
      {"a tab before the colon", post("X\t: 0\r\n", {})},
      {"a name with a space", post("X Y: 0\r\n", {})},
      {"an empty name", post(": 0\r\n", {})},
      {"a name beyond ASCII", post("X\xc3\xa9: 0\r\n", {})},
      {"no colon", post("X\r\n", {})},
      {"a bare LF", "GET / HTTP/1.1\nHost: a\n\n"},
      {"a bare LF between fields", post("A: b\nC: d\r\n", {})},
      {"NUL in a value", post("X: a\0b\r\n"s, {})},
      {"CR in a value", post("X: a\rb\r\n", {})},
      {"two CR", post("X: a\r\r\n", {})},
      {"DEL in a value", post("X: a\x7f\r\n", {})},
      {"escape in a value", post("X: \x1b[31m\r\n", {})},
      {"obs-fold", post("X: a\r\n b\r\n", {})},
      {"obs-fold with a tab", post("X: a\r\n\tb\r\n", {})},
      {"obs-fold of the first field",
       "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n"},
      {"no Host", "GET / HTTP/1.1\r\nX: a\r\n\r\n"},
      {"no field at all", "GET / HTTP/1.1\r\n\r\n"},
      {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
      {"two Hosts", post("Host: b\r\n", {})},
      {"two equal Hosts", post("Host: a\r\n", {})},
      {"two Hosts on HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"},
      {"a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
      {"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"a Host with an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"},
      {"a Host with a name as port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
      {"a Host with an open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
      {"a Connection that is no list", post("Connection: a b\r\n", {})},
      {"a Connection with an empty item", post("Connection: a,,b\r\n", {})},
      {"two tokens",
       post("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", {})},
      {"900 tiny fields", post(many, {}), 431},
      {"a head of 9 KB", post("X: " + std::string(9000, 'a') + "\r\n", {}),
       431},
      {"an unknown Expect", post("Expect: more\r\n", {}), 417},
  };
}

inline std::vector<hostile_request> hostile_request_lines() {
  using namespace std::string_literals;
  auto line = [](const std::string& text) {
    return text + "\r\nHost: a\r\n\r\n";
  };
  return {
      {"an empty line first", line("\r\nGET / HTTP/1.1")},
      {"a space first", line(" GET / HTTP/1.1")},
      {"two spaces", line("GET  / HTTP/1.1")},
      {"a space at the end", line("GET / HTTP/1.1 ")},
      {"a tab between", line("GET\t/\tHTTP/1.1")},
      {"a space in the target", line("GET /a b HTTP/1.1")},
      {"two parts", line("GET /")},
      {"one part", line("GET")},
      {"a method with a colon", line("G:T / HTTP/1.1")},
      {"a URL", line("GET http://a/ HTTP/1.1")},
      {"an authority", line("CONNECT a:443 HTTP/1.1")},
      {"a star", line("GET * HTTP/1.1")},
      {"a fragment", line("GET /#a HTTP/1.1")},
      {"NUL in the target", line("GET /\0 HTTP/1.1"s)},
      {"a target beyond ASCII", line("GET /\xc3\xa9 HTTP/1.1")},
      {"a target that is too long",
       line("GET /" + std::string(2048, 'a') + " HTTP/1.1"), 414},
      {"an endless target", "GET /" + std::string(9000, 'a'), 414},
      {"no HTTP", line("GET / HTCPCP/1.0")},
      {"http in lower case", line("GET / http/1.1")},
      {"a version of two digits", line("GET / HTTP/1.10")},
      {"HTTP/0.9", line("GET / HTTP/0.9"), 505},
      {"HTTP/1.2", line("GET / HTTP/1.2"), 505},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"TLS where there is none", "\x16\x03\x01\x02\x00\x01"s},
  };
}

inline std::vector<hostile_request> hostile_chunks() {
  return {
      {"a chunk size that is none", chunked("x\r\n"), 400, true},
      {"an empty chunk size", chunked("\r\n"), 400, true},
      {"a chunk size with a sign", chunked("+5\r\nhello\r\n"), 400, true},
      {"a chunk size with 0x", chunked("0x5\r\nhello\r\n"), 400, true},
      {"a chunk size with a space", chunked("5 \r\nhello\r\n"), 400, true},
      {"a chunk size of 2^64", chunked("10000000000000000\r\n"), 400, true},
      {"a chunk extension", chunked("5;a=b\r\nhello\r\n"), 400, true},
      {"an endless chunk extension", chunked("5;" + std::string(99, 'a')), 400,
       true},
      {"a chunk size with a bare LF", chunked("5\nhello\r\n"), 400, true},
      {"a chunk without CRLF", chunked("5\r\nhelloX"), 400, true},
      {"a chunk with a bare LF", chunked("5\r\nhello\n0"), 400, true},
      {"a trailer", chunked("0\r\nX: a\r\n\r\n"), 400, true},
      {"a body of 2 MB in one chunk", chunked("200000\r\n"), 413, true},
      {"a body of 2 MB", post("Content-Length: 2097152\r\n", {}), 413, true},
  };
}

inline std::vector<hostile_request> hostile_heads() {
  auto all = hostile_lengths();
  for (const auto& more : {hostile_fields(), hostile_request_lines()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

inline std::vector<hostile_request> hostile_requests() {
  auto all = hostile_heads();
  for (const auto& item : hostile_chunks())
    all.push_back(item);
  return all;
}

} // namespace brigade::net::test
