// Whatever a client sends: the gate and the reader of bodies do not break, say
// the same however the bytes are cut, and what they pass has one meaning, also
// to a parser that others wrote.
#include "brigade/net/detail/body_reader.hpp"
#include "brigade/net/gate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace brigade::net;
using brigade::net::detail::body_reader;
using brigade::net::detail::body_state;

namespace http = boost::beast::http;

constexpr std::size_t body_bytes_max = 64;

void require(bool condition) {
  if (!condition)
    std::abort();
}

struct read_head {
  gate subject{{}};
  std::string_view rest;

  read_head(std::string_view text, std::size_t piece_bytes) : rest(text) {
    while (!rest.empty() && subject.state() == gate_state::wants_more)
      rest.remove_prefix(subject.feed(rest.substr(0, piece_bytes)));
  }
};

struct read_body {
  body_reader subject;
  std::string_view rest;

  read_body(const gate_head& head, std::string_view text,
            std::size_t piece_bytes)
      : subject(head.chunked ? body_reader::of_chunks(body_bytes_max)
                             : body_reader::of_length(head.content_bytes,
                                                      body_bytes_max)),
        rest(text) {
    while (!rest.empty() && subject.state() == body_state::wants_more)
      rest.remove_prefix(subject.feed(rest.substr(0, piece_bytes)));
  }
};

bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

void check_head(const gate_head& head) {
  const auto& request = head.request;
  require(!request.method.empty() && !request.target.empty());
  require(is_clean(request.target)
          && request.target.find_first_of(" \t") == std::string::npos);
  require(request.fields.size() <= gate_limits{}.fields_max);
  require(request.version_minor == 0 || !request.field("host").empty());
  require(!(head.chunked && request.has("content-length")));
  require(!head.expects_continue || head.has_body());
  for (const auto& field : request.fields)
    require(!field.name.empty() && is_clean(field.value)
            && field.name.find_first_of(": \t") == std::string::npos);
}

/// The other parser takes what passed, and finds the same in it.
void check_against_beast(const gate_head& head, std::string_view text,
                         std::string_view rest, bool body_is_complete,
                         std::string_view body) {
  http::request_parser<http::string_body> parser;
  parser.body_limit(body_bytes_max);
  // It looks for the end of a line before it looks at the limit.
  parser.header_limit(gate_limits{}.header_bytes_max * 2);
  parser.eager(true);
  boost::beast::error_code ec;
  const auto taken =
      parser.put(boost::asio::buffer(text.data(), text.size()), ec);
  require(parser.is_header_done());
  const auto& other = parser.get();
  require(other.method_string() == head.request.method);
  require(other.target() == head.request.target);
  require(other.version() == 10u + unsigned(head.request.version_minor));
  require(parser.chunked() == head.chunked);
  if (!head.chunked)
    require(parser.content_length().value_or(0) == head.content_bytes);
  if (!body_is_complete)
    return;
  require(!ec && parser.is_done());
  require(taken == text.size() - rest.size());
  require(other.body() == body);
}

} // namespace

/// The first byte says how the rest is cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const std::size_t piece_bytes = data[0] % 32 + 1;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1,
                              size - 1};
  read_head whole{text, std::max<std::size_t>(text.size(), 1)};
  read_head cut{text, piece_bytes};
  require(whole.subject.state() == cut.subject.state());
  require(whole.rest.size() == cut.rest.size());
  if (whole.subject.state() == gate_state::rejected) {
    const auto& no = whole.subject.rejection();
    require(no.status >= 400 && no.status <= 505 && !no.reason.empty());
    require(no.reason == cut.subject.rejection().reason);
  }
  if (whole.subject.state() != gate_state::passed)
    return 0;
  const auto head = whole.subject.take();
  check_head(head);
  read_body body{head, whole.rest, std::max<std::size_t>(whole.rest.size(), 1)};
  read_body pieces{head, whole.rest, piece_bytes};
  require(body.subject.state() == pieces.subject.state());
  require(body.rest.size() == pieces.rest.size());
  const auto is_complete = body.subject.state() == body_state::complete;
  const auto content = body.subject.take();
  require(content.size() <= body_bytes_max);
  require(content == pieces.subject.take());
  check_against_beast(head, text, body.rest, is_complete, content);
  return 0;
}
