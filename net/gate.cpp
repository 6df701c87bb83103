#include "brigade/net/gate.hpp"

#include "brigade/net/detail/head_grammar.hpp"

#include <algorithm>
#include <utility>

namespace brigade::net {

namespace {

using namespace detail;

using rejection = std::optional<gate_rejection>;

constexpr int bad_request = 400;
constexpr int target_too_long = 414;
constexpr int expectation_failed = 417;
constexpr int head_too_large = 431;
constexpr int not_implemented = 501;
constexpr int version_not_supported = 505;

/// Space that is used again for the next head. There are many connections, and
/// most wait.
constexpr std::size_t kept_bytes_max = 1024;

/// Fields that lose their meaning when there are two.
constexpr std::string_view single_fields[] = {
    "authorization", "content-length", "content-type",     "expect",
    "host",          "origin",         "transfer-encoding"};

/// `method SP target SP HTTP/1.x`
rejection parse_request_line(std::string_view line, const gate_limits& limits,
                             gate_head& head) {
  auto first = line.find(' ');
  auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return gate_rejection{bad_request, "the request line has not three parts"};
  auto method = line.substr(0, first);
  auto target = line.substr(first + 1, last - first - 1);
  auto version = line.substr(last + 1);
  if (!is_token(method))
    return gate_rejection{bad_request, "the method is not a token"};
  if (target.size() > limits.target_bytes_max)
    return gate_rejection{target_too_long, "the target is too long"};
  if (!is_http_version(version))
    return gate_rejection{bad_request, "the version is not one of HTTP"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return gate_rejection{version_not_supported,
                          "this version of HTTP is not served"};
  if (!is_origin_form(target) && !(target == "*" && method == "OPTIONS"))
    return gate_rejection{bad_request, "the target is not a path"};
  head.request.method = method;
  head.request.target = target;
  head.request.version_minor = version.back() - '0';
  return std::nullopt;
}

rejection parse_field(std::string_view line, gate_head& head) {
  if (line.front() == ' ' || line.front() == '\t')
    return gate_rejection{bad_request, "a field goes on in a second line"};
  auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return gate_rejection{bad_request, "a field has no colon"};
  auto name = line.substr(0, colon);
  if (!is_token(name))
    return gate_rejection{bad_request, "the name of a field is not a token"};
  auto& field = head.request.fields.emplace_back();
  field.name = lower(name);
  field.value = trimmed(line.substr(colon + 1));
  return std::nullopt;
}

rejection check_host(const gate_head& head) {
  const auto& request = head.request;
  if (!request.has("host")) {
    if (request.version_minor == 0)
      return std::nullopt;
    return gate_rejection{bad_request, "there is no Host"};
  }
  if (!is_host(request.field("host")))
    return gate_rejection{bad_request, "the Host is not a host"};
  return std::nullopt;
}

/// Where the body ends. Two ways to say it, or one that others may read
/// differently, would let a second request hide in the first.
rejection check_body(gate_head& head) {
  const auto& request = head.request;
  const auto has_length = request.has("content-length");
  if (request.has("transfer-encoding")) {
    if (has_length)
      return gate_rejection{bad_request, "the body has two kinds of length"};
    if (request.version_minor == 0)
      return gate_rejection{bad_request, "HTTP/1.0 has no Transfer-Encoding"};
    if (lower(request.field("transfer-encoding")) != "chunked")
      return gate_rejection{not_implemented,
                            "the only Transfer-Encoding is chunked"};
    head.chunked = true;
    return std::nullopt;
  }
  if (!has_length)
    return std::nullopt;
  auto bytes = parse_length(request.field("content-length"));
  if (!bytes)
    return gate_rejection{bad_request, "the Content-Length is not a number"};
  head.content_bytes = *bytes;
  return std::nullopt;
}

rejection check_expect(gate_head& head) {
  const auto& request = head.request;
  if (!request.has("expect"))
    return std::nullopt;
  if (lower(request.field("expect")) != "100-continue")
    return gate_rejection{expectation_failed,
                          "the only Expect is 100-continue"};
  // A client of HTTP/1.0 would take the interim answer for the answer.
  head.expects_continue = request.version_minor == 1 && head.has_body();
  return std::nullopt;
}

rejection check_connection(gate_head& head) {
  head.keep_alive = head.request.version_minor == 1;
  for (const auto& field : head.request.fields) {
    if (field.name != "connection")
      continue;
    if (!is_token_list(field.value))
      return gate_rejection{bad_request, "the Connection is not a list"};
    if (has_item(field.value, "close"))
      head.keep_alive = false;
  }
  return std::nullopt;
}

rejection check_single_fields(const http_request& request) {
  for (auto name : single_fields)
    if (std::count_if(request.fields.begin(), request.fields.end(),
                      [&](const auto& field) { return field.name == name; })
        > 1)
      return gate_rejection{bad_request,
                            "a field that may stand once stands twice"};
  return std::nullopt;
}

/// `text` ends with an empty line, and each of its lines with CRLF.
rejection parse_head(std::string_view text, const gate_limits& limits,
                     gate_head& head) {
  auto next_line = [&text] {
    auto line = text.substr(0, text.find('\r'));
    text.remove_prefix(line.size() + 2);
    return line;
  };
  if (auto no = parse_request_line(next_line(), limits, head))
    return no;
  for (auto line = next_line(); !line.empty(); line = next_line()) {
    if (head.request.fields.size() == limits.fields_max)
      return gate_rejection{head_too_large, "there are too many fields"};
    if (auto no = parse_field(line, head))
      return no;
  }
  if (auto no = check_single_fields(head.request))
    return no;
  if (auto no = check_host(head))
    return no;
  if (auto no = check_body(head))
    return no;
  if (auto no = check_connection(head))
    return no;
  return check_expect(head);
}

} // namespace

gate::gate(const gate_limits& limits) : limits_(limits) {
  // nop
}

std::size_t gate::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == gate_state::wants_more)
    if (scan(bytes[taken++]))
      parse();
  return taken;
}

/// Takes one byte; true when it was the last of the head.
bool gate::scan(char c) {
  const auto after_cr = !text_.empty() && text_.back() == '\r';
  if (text_.empty() && !is_token_char(c)) {
    reject(bad_request, "the first byte is not one of a method");
  } else if ((c == '\n') != after_cr) {
    reject(bad_request, "a line does not end with CRLF");
  } else if (is_control(c) && c != '\r' && c != '\n' && c != '\t') {
    reject(bad_request, "there is a control character in the head");
  } else if (text_.size() == limits_.header_bytes_max) {
    if (in_fields_)
      reject(head_too_large, "the head is too large");
    else
      reject(target_too_long, "the request line is too long");
  } else {
    text_.push_back(c);
    in_fields_ = in_fields_ || c == '\n';
    return c == '\n' && text_.ends_with("\r\n\r\n");
  }
  return false;
}

void gate::reject(int status, std::string_view reason) {
  state_ = gate_state::rejected;
  rejection_ = {status, reason};
  text_ = {};
}

void gate::parse() {
  head_ = {};
  if (auto no = parse_head(text_, limits_, head_))
    reject(no->status, no->reason);
  else
    state_ = gate_state::passed;
}

gate_head gate::take() {
  state_ = gate_state::wants_more;
  text_.clear();
  if (text_.capacity() > kept_bytes_max)
    text_ = {};
  in_fields_ = false;
  return std::exchange(head_, {});
}

} // namespace brigade::net
