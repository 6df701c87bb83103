#include "brigade/net/detail/body_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace brigade::net::detail;

namespace {

std::size_t feed(body_reader& subject, std::string_view text,
                 std::size_t piece_bytes) {
  std::size_t taken = 0;
  while (taken < text.size() && subject.state() == body_state::wants_more)
    taken += subject.feed(text.substr(taken, piece_bytes));
  return taken;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_body)

BOOST_AUTO_TEST_CASE(of_no_length_is_complete) {
  BOOST_TEST((body_reader{}.state() == body_state::complete));
  BOOST_TEST((body_reader::of_length(0, 0).state() == body_state::complete));
}

BOOST_AUTO_TEST_CASE(ends_at_its_length) {
  for (std::size_t piece_bytes : {1, 3, 100}) {
    auto subject = body_reader::of_length(5, 5);
    BOOST_TEST(feed(subject, "hello!", piece_bytes) == 5u);
    BOOST_TEST((subject.state() == body_state::complete));
    BOOST_TEST(subject.take() == "hello");
  }
}

BOOST_AUTO_TEST_CASE(of_too_great_a_length_is_not_read) {
  auto subject = body_reader::of_length(6, 5);
  BOOST_TEST((subject.state() == body_state::too_large));
  BOOST_TEST(subject.feed("hello!") == 0u);
}

BOOST_AUTO_TEST_CASE(in_chunks_is_put_together) {
  const std::string text = "3\r\nhel\r\n00000002\r\nlo\r\nA\r\n0123456789\r\n"
                           "0\r\n\r\nrest";
  for (std::size_t piece_bytes : {1, 4, 100}) {
    auto subject = body_reader::of_chunks(15);
    BOOST_TEST(feed(subject, text, piece_bytes) == text.size() - 4);
    BOOST_TEST((subject.state() == body_state::complete));
    BOOST_TEST(subject.take() == "hello0123456789");
  }
}

BOOST_AUTO_TEST_CASE(in_chunks_has_a_limit) {
  auto subject = body_reader::of_chunks(4);
  feed(subject, "3\r\nhel\r\n2\r\nlo", 100);
  BOOST_TEST((subject.state() == body_state::too_large));
  auto exact = body_reader::of_chunks(5);
  feed(exact, "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 100);
  BOOST_TEST((exact.state() == body_state::complete));
}

BOOST_AUTO_TEST_CASE(in_chunks_is_not_complete_before_its_last_byte) {
  const std::string text = "2\r\nhi\r\n0\r\n\r\n";
  for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
    auto subject = body_reader::of_chunks(5);
    feed(subject, text.substr(0, bytes), 100);
    BOOST_TEST((subject.state() == body_state::wants_more));
  }
}

BOOST_AUTO_TEST_SUITE_END()
