/// One HTTP/1.1 answer, from bytes as they come. No socket.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/net/classify.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::net::detail {

struct reply_limits {
  std::size_t body_bytes_max = 8u << 20;
  std::uint32_t header_bytes_max = 16u << 10;
};

/// Where an answer stands after a piece of it.
enum class reply_state : std::uint8_t {
  more,
  complete,
  /// See `error` and `detail`.
  failed,
};

class reply_parser {
public:
  explicit reply_parser(reply_limits limits);

  /// Takes the next bytes. Not to be called after `complete` or `failed`.
  reply_state feed(std::string_view bytes);

  /// The peer closed its side. `is_clean` when it said so (a TLS
  /// `close_notify`; a plain FIN counts as well): only then may an answer
  /// without a length end here.
  reply_state finish(bool is_clean);

  bool has_bytes() const { return has_bytes_; }

  /// Whether a byte of the body has come.
  bool has_body() const;

  /// Whether the answer has stopped in the middle of its head or of its body
  /// if nothing more comes. After the head alone it has not: a server may send
  /// that and then think.
  bool is_under_way() const;

  // -- when failed ------------------------------------------------------------

  core::outcome_code error() const { return error_; }

  /// What is wrong, to follow "the answer ".
  std::string_view detail() const { return detail_; }

  // -- when complete ----------------------------------------------------------

  int status() const;

  /// Views into this parser.
  reply_headers headers() const;

  std::string_view body() const;

  /// Whether the connection may carry another request.
  bool keep_alive() const;

private:
  using parser_type =
      boost::beast::http::response_parser<boost::beast::http::string_body>;

  /// Interim answers (100 Continue) are passed over, so many of them.
  static constexpr std::size_t interim_replies_max = 8;

  void start();
  reply_state consume(std::string_view& bytes);
  reply_state after_header();
  reply_state after_message(std::string_view rest);
  reply_state fail(core::outcome_code code, std::string_view detail);
  reply_state fail(boost::beast::error_code ec);

  reply_limits limits_;
  std::optional<parser_type> parser_;
  /// Bytes that the parser needs together with the next ones.
  std::string pending_;
  std::size_t interim_replies_ = 0;
  bool has_bytes_ = false;
  /// The answer that is parsed now, which may be an interim one, has begun.
  bool has_begun_ = false;
  bool header_checked_ = false;
  bool has_extra_bytes_ = false;
  core::outcome_code error_ = core::outcome_code::reply_malformed;
  std::string detail_;
};

} // namespace brigade::net::detail
