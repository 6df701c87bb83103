#include "brigade/net/detail/reply_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace brigade::net::detail {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;

using core::outcome_code;

/// What a chunk's head or a trailer may take, beyond the header's own limit.
constexpr std::size_t pending_slack_bytes_max = 64u << 10;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

} // namespace

reply_parser::reply_parser(reply_limits limits) : limits_(limits) {
  start();
}

void reply_parser::start() {
  parser_.emplace();
  parser_->header_limit(limits_.header_bytes_max);
  parser_->body_limit(limits_.body_bytes_max);
  parser_->eager(true);
  header_checked_ = false;
  has_begun_ = false;
}

reply_state reply_parser::fail(core::outcome_code code,
                               std::string_view detail) {
  error_ = code;
  detail_ = detail;
  return reply_state::failed;
}

reply_state reply_parser::fail(beast::error_code ec) {
  if (ec == http::error::body_limit)
    return fail(outcome_code::reply_too_large,
                "is larger than " + std::to_string(limits_.body_bytes_max)
                    + " bytes");
  if (ec == http::error::header_limit)
    return fail(outcome_code::reply_too_large,
                "has a header larger than "
                    + std::to_string(limits_.header_bytes_max) + " bytes");
  if (ec == http::error::partial_message || ec == http::error::end_of_stream)
    return fail(outcome_code::connection_lost, "was cut off");
  return fail(outcome_code::reply_malformed,
              "is not valid HTTP (" + ec.message() + ")");
}

/// Beast takes `Transfer-Encoding: xchunked` for an empty body, and the rest
/// for the next answer.
reply_state reply_parser::after_header() {
  header_checked_ = true;
  const auto& fields = parser_->get();
  auto encodings = fields.equal_range(http::field::transfer_encoding);
  for (auto i = encodings.first; i != encodings.second; ++i)
    if (i != encodings.first || !beast::iequals(i->value(), "chunked"))
      return fail(outcome_code::reply_malformed,
                  "has a transfer encoding other than chunked");
  auto encoding = fields[http::field::content_encoding];
  if (!encoding.empty() && !beast::iequals(encoding, "identity"))
    return fail(outcome_code::reply_malformed,
                "is compressed, which was not asked for");
  return reply_state::more;
}

reply_state reply_parser::after_message(std::string_view rest) {
  auto status = parser_->get().result_int();
  if (status == 101)
    return fail(outcome_code::reply_malformed, "switches protocols");
  if (status >= 200) {
    has_extra_bytes_ = !rest.empty();
    return reply_state::complete;
  }
  if (++interim_replies_ > interim_replies_max)
    return fail(outcome_code::reply_malformed, "has too many interim answers");
  start();
  return reply_state::more;
}

/// Gives `bytes` to the parser and takes off what it used.
reply_state reply_parser::consume(std::string_view& bytes) {
  // Each turn uses bytes, ends a message or leaves the loop.
  while (!bytes.empty()) {
    has_begun_ = true;
    beast::error_code ec;
    auto used =
        parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    bytes.remove_prefix(used);
    if (ec && ec != http::error::need_more)
      return fail(ec);
    if (parser_->is_header_done() && !header_checked_)
      if (after_header() == reply_state::failed)
        return reply_state::failed;
    if (parser_->is_done()) {
      if (auto state = after_message(bytes); state != reply_state::more)
        return state;
      continue;
    }
    if (ec || used == 0)
      break;
  }
  return reply_state::more;
}

reply_state reply_parser::feed(std::string_view bytes) {
  has_bytes_ = has_bytes_ || !bytes.empty();
  if (pending_.empty()) {
    auto state = consume(bytes);
    if (state == reply_state::more)
      pending_ = bytes;
    return state;
  }
  pending_ += bytes;
  std::string_view all = pending_;
  auto state = consume(all);
  pending_.erase(0, pending_.size() - all.size());
  if (state == reply_state::more
      && pending_.size() > limits_.header_bytes_max + pending_slack_bytes_max)
    return fail(outcome_code::reply_malformed, "has an endless chunk header");
  return state;
}

reply_state reply_parser::finish(bool is_clean) {
  if (!has_bytes_ || !is_clean || !parser_->is_header_done()
      || !parser_->need_eof())
    return fail(outcome_code::connection_lost, "was cut off");
  beast::error_code ec;
  parser_->put_eof(ec);
  if (ec)
    return fail(ec);
  return reply_state::complete;
}

bool reply_parser::has_body() const {
  return parser_->is_header_done() && !parser_->get().body().empty();
}

bool reply_parser::is_under_way() const {
  return has_begun_ && (!parser_->is_header_done() || has_body());
}

int reply_parser::status() const {
  return static_cast<int>(parser_->get().result_int());
}

reply_headers reply_parser::headers() const {
  const auto& fields = parser_->get();
  reply_headers out;
  out.content_type = view(fields[http::field::content_type]);
  out.retry_after_ms = view(fields["retry-after-ms"]);
  out.retry_after = view(fields[http::field::retry_after]);
  out.should_retry = view(fields["x-should-retry"]);
  out.request_id = view(fields["x-request-id"]);
  return out;
}

std::string_view reply_parser::body() const {
  return parser_->get().body();
}

bool reply_parser::keep_alive() const {
  return !has_extra_bytes_ && !parser_->need_eof() && parser_->keep_alive();
}

} // namespace brigade::net::detail
