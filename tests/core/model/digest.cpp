// SHA-256 by the published test vectors.

#include "brigade/core/model/digest.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using brigade::core::sha256_hex;

BOOST_AUTO_TEST_SUITE(digest)

// Source of the vectors: FIPS 180-2, appendix B.
BOOST_AUTO_TEST_CASE(the_published_vectors_come_out) {
  BOOST_TEST(
      sha256_hex("")
      == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(
      sha256_hex("abc")
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(
      sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
      == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  BOOST_TEST(
      sha256_hex(std::string(1'000'000, 'a'))
      == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(nothing_of_one_digest_reaches_the_next) {
  const auto first = sha256_hex("one");
  sha256_hex("two");
  BOOST_TEST(sha256_hex("one") == first);
  BOOST_TEST(sha256_hex(std::string_view{"one\0", 4}) != first);
}

BOOST_AUTO_TEST_CASE(threads_do_not_disturb_each_other) {
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results)
    threads.emplace_back([&result] {
      for (int i = 0; i < 200; ++i)
        result = sha256_hex("abc");
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& result : results)
    BOOST_TEST(result == sha256_hex("abc"));
}

BOOST_AUTO_TEST_SUITE_END()
