#include "brigade/net/detail/reply_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using brigade::core::outcome_code;
using brigade::net::detail::reply_limits;
using brigade::net::detail::reply_parser;
using brigade::net::detail::reply_state;

namespace {

constexpr std::string_view with_length =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "X-Request-Id: r1\r\nContent-Length: 5\r\n\r\nhello";

constexpr std::string_view chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: x\r\n\r\n";

/// What becomes of an answer that comes whole and is then ended.
reply_state state_of(std::string_view text, bool is_clean = true) {
  reply_parser parser{{}};
  auto state = parser.feed(text);
  return state == reply_state::more ? parser.finish(is_clean) : state;
}

std::string with_header(std::string_view header) {
  return "HTTP/1.1 200 OK\r\n" + std::string{header} + "\r\n\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_detail_reply_parser)

BOOST_AUTO_TEST_CASE(a_whole_answer_is_read_at_once) {
  reply_parser parser{{}};
  BOOST_TEST((parser.feed(with_length) == reply_state::complete));
  BOOST_TEST(parser.status() == 200);
  BOOST_TEST(parser.body() == "hello");
  BOOST_TEST(parser.headers().content_type == "application/json");
  BOOST_TEST(parser.headers().request_id == "r1");
  BOOST_TEST(parser.keep_alive());
}

BOOST_AUTO_TEST_CASE(an_answer_is_under_way_inside_its_head_and_its_body) {
  for (auto text : {with_length, chunked}) {
    const auto head = text.find("\r\n\r\n") + 4;
    const auto body = text.find("he", head);
    reply_parser parser{{}};
    BOOST_TEST(!parser.is_under_way());
    // An interim answer is none.
    parser.feed("HTTP/1.1 100 Continue\r\n\r\n");
    BOOST_TEST(!parser.is_under_way());
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      parser.feed(text.substr(at, 1));
      const auto taken = at + 1;
      // Chunks are taken whole or not, as the parser likes.
      const bool in_first_chunk = taken > body && taken < body + 4;
      if (text == with_length || !in_first_chunk) {
        BOOST_TEST(parser.is_under_way() == (taken < head || taken > body), at);
        BOOST_TEST(parser.has_body() == (taken > body), at);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_survives_any_split) {
  for (auto text : {with_length, chunked}) {
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      reply_parser parser{{}};
      BOOST_TEST((parser.feed(text.substr(0, cut)) == reply_state::more), cut);
      BOOST_TEST((parser.feed(text.substr(cut)) == reply_state::complete), cut);
      BOOST_TEST(parser.body() == "hello");
    }
    reply_parser bytewise{{}};
    for (std::size_t at = 0; at + 1 < text.size(); ++at)
      BOOST_TEST((bytewise.feed(text.substr(at, 1)) == reply_state::more), at);
    BOOST_TEST(
        (bytewise.feed(text.substr(text.size() - 1)) == reply_state::complete));
    BOOST_TEST(bytewise.body() == "hello");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_cut_anywhere_is_lost) {
  for (auto text : {with_length, chunked}) {
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      reply_parser parser{{}};
      parser.feed(text.substr(0, cut));
      BOOST_TEST((parser.finish(true) == reply_state::failed), cut);
      BOOST_TEST((parser.error() == outcome_code::connection_lost), cut);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_length_the_body_ends_with_the_connection) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Type: a\r\n\r\nhel";
  reply_parser parser{{}};
  BOOST_TEST((parser.feed(text) == reply_state::more));
  BOOST_TEST((parser.feed("lo") == reply_state::more));
  BOOST_TEST((parser.finish(true) == reply_state::complete));
  BOOST_TEST(parser.body() == "hello");
  BOOST_TEST(!parser.keep_alive());
  // A TLS connection that ends without saying so may have been cut.
  BOOST_TEST((state_of(text, false) == reply_state::failed));
}

BOOST_AUTO_TEST_CASE(the_body_may_be_as_large_as_its_limit_and_not_larger) {
  auto answer = [](std::size_t announced) {
    return with_header("Content-Length: " + std::to_string(announced));
  };
  reply_parser fits{{100, 1000}};
  BOOST_TEST((fits.feed(answer(100)) == reply_state::more));
  BOOST_TEST((fits.feed(std::string(100, 'x')) == reply_state::complete));
  reply_parser announced{{100, 1000}};
  BOOST_TEST((announced.feed(answer(101)) == reply_state::failed));
  BOOST_TEST((announced.error() == outcome_code::reply_too_large));
  reply_parser open_ended{{100, 1000}};
  BOOST_TEST((open_ended.feed(with_header("A: b")) == reply_state::more));
  BOOST_TEST((open_ended.feed(std::string(101, 'x')) == reply_state::failed));
  BOOST_TEST((open_ended.error() == outcome_code::reply_too_large));
  reply_parser in_chunks{{100, 1000}};
  BOOST_TEST((in_chunks.feed(with_header("Transfer-Encoding: chunked"))
              == reply_state::more));
  auto chunk = "40\r\n" + std::string(64, 'x') + "\r\n";
  BOOST_TEST((in_chunks.feed(chunk) == reply_state::more));
  BOOST_TEST((in_chunks.feed(chunk) == reply_state::failed));
  BOOST_TEST((in_chunks.error() == outcome_code::reply_too_large));
}

BOOST_AUTO_TEST_CASE(the_header_has_a_limit_also_when_it_never_ends) {
  reply_parser parser{{100, 1000}};
  auto state = parser.feed("HTTP/1.1 200 OK\r\n");
  auto fed = 0;
  while (state == reply_state::more && fed < 200'000) {
    state = parser.feed("X-Y: zzzzzzzzzzzzzzzzzzzz\r\n");
    fed += 27;
  }
  BOOST_TEST((state == reply_state::failed));
  BOOST_TEST((parser.error() == outcome_code::reply_too_large));
  BOOST_TEST(fed < 3000);
}

BOOST_AUTO_TEST_CASE(an_endless_chunk_head_is_cut_off) {
  reply_parser parser{{100, 1000}};
  auto state = parser.feed(with_header("Transfer-Encoding: chunked") + "1;");
  std::size_t fed = 0;
  while (state == reply_state::more && fed < 10'000'000) {
    state = parser.feed(std::string(1000, 'x'));
    fed += 1000;
  }
  BOOST_TEST((state == reply_state::failed));
  BOOST_TEST(fed < 100'000);
}

BOOST_AUTO_TEST_CASE(encodings_that_were_not_asked_for_are_refused) {
  for (auto header :
       {"Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Content-Encoding: gzip\r\nContent-Length: 0"})
    BOOST_TEST((state_of(with_header(header)) == reply_state::failed), header);
  BOOST_TEST((state_of(with_header("Content-Encoding: identity\r\n"
                                   "Content-Length: 0"))
              == reply_state::complete));
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_malformed) {
  for (auto text :
       {"hello\r\n\r\n", "<html>\r\n", "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n"}) {
    reply_parser parser{{}};
    BOOST_TEST((parser.feed(text) == reply_state::failed), text);
    BOOST_TEST((parser.error() == outcome_code::reply_malformed), text);
  }
}

BOOST_AUTO_TEST_CASE(interim_answers_are_passed_over_within_a_limit) {
  std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  auto times = [&](int n) {
    std::string out;
    for (auto i = 0; i < n; ++i)
      out += interim;
    return out;
  };
  reply_parser parser{{}};
  BOOST_TEST((parser.feed(times(8) + std::string{with_length})
              == reply_state::complete));
  BOOST_TEST(parser.body() == "hello");
  BOOST_TEST(
      (state_of(times(9) + std::string{with_length}) == reply_state::failed));
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_only_when_the_answer_allows_it) {
  auto keeps = [](std::string_view text) {
    reply_parser parser{{}};
    BOOST_TEST((parser.feed(text) == reply_state::complete));
    return parser.keep_alive();
  };
  BOOST_TEST(keeps(chunked));
  BOOST_TEST(!keeps(with_header("Connection: close\r\nContent-Length: 0")));
  BOOST_TEST(!keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  // More than was asked for: whose answer would the rest be?
  BOOST_TEST(!keeps(std::string{with_length} + "H"));
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_are_complete) {
  for (auto status : {"204 No Content", "304 Not Modified"})
    BOOST_TEST((state_of("HTTP/1.1 " + std::string{status} + "\r\n\r\n")
                == reply_state::complete));
}

BOOST_AUTO_TEST_SUITE_END()
