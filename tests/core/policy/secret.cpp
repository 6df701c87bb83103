// A secret is reachable through `reveal` alone and leaves nothing behind.
#include "brigade/core/policy/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <type_traits>

using brigade::core::secret;
using brigade::core::wipe;

namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& t) {
  out << t;
};

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_secret_cannot_be_printed_compared_or_converted) {
  BOOST_TEST(!printable<secret>);
  BOOST_TEST(!comparable<secret>);
  BOOST_TEST((!std::is_convertible_v<secret, std::string>));
  BOOST_TEST((!std::is_convertible_v<std::string, secret>));
  BOOST_TEST((!std::is_convertible_v<secret, bool>));
  // The same checks can say yes.
  BOOST_TEST(printable<std::string>);
  BOOST_TEST(comparable<std::string>);
}

BOOST_AUTO_TEST_CASE(reveal_gives_the_text_back) {
  BOOST_TEST(secret{std::string{"sk-1"}}.reveal() == "sk-1");
  const std::string large(1000, 'k');
  BOOST_TEST(secret{large}.reveal() == large);
}

BOOST_AUTO_TEST_CASE(no_text_and_an_empty_text_are_no_secret) {
  BOOST_TEST(!static_cast<bool>(secret{}));
  BOOST_TEST(!static_cast<bool>(secret{std::string{}}));
  BOOST_TEST(static_cast<bool>(secret{std::string{"x"}}));
  BOOST_TEST(secret{}.reveal() == "");
}

BOOST_AUTO_TEST_CASE(copies_share_one_buffer_that_outlives_the_first) {
  secret copy;
  {
    const secret first{std::string{"sk-shared"}};
    copy = first;
    BOOST_TEST((static_cast<const void*>(copy.reveal().data())
                == static_cast<const void*>(first.reveal().data())));
  }
  BOOST_TEST(copy.reveal() == "sk-shared");
}

BOOST_AUTO_TEST_CASE(wipe_zeroes_all_of_the_buffer_and_empties_it) {
  for (std::size_t size : {3u, 15u, 16u, 500u}) {
    std::string text(size, 'k');
    const char* bytes = text.data();
    wipe(text);
    BOOST_TEST(text.empty());
    BOOST_TEST((static_cast<const void*>(text.data())
                == static_cast<const void*>(bytes)));
    // Growing again within the capacity shows what the buffer held.
    bool clean = true;
    for (std::size_t i = 0; i < size; ++i)
      clean = clean && *(static_cast<const volatile char*>(bytes) + i) == '\0';
    BOOST_TEST(clean, "size " << size);
  }
}
