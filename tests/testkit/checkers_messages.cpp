#include "checkers_story.hpp"

namespace brigade::testkit {

namespace {

BOOST_AUTO_TEST_SUITE(checkers_of_messages)

BOOST_AUTO_TEST_CASE(a_message_of_another_attempt_breaks_h3) {
  const std::vector<core::event_body> late{
      ev::task_succeeded{"a", 1, {}},
      ev::task_failed{"a", 1, "refused", ""},
      ev::task_retried{"a", 1, 1, "crashed", ""},
      ev::task_cancelled{"a", 1, "deadline"},
      ev::task_skipped{"a", {}},
      ev::task_started{"a", 3}};
  for (const auto& what : late) {
    story s;
    s.begin_with({story::task("a")});
    s.start("a");
    s.say(ev::task_retried{"a", 1, 1, "crashed", ""});
    s.start("a", 2);
    BOOST_TEST(s.is_sound());
    s.say(what);
    BOOST_TEST(s.breaks("H3"));
  }
}

BOOST_AUTO_TEST_CASE(a_start_after_the_end_breaks_h3) {
  story s;
  s.begin_with({story::task("a")});
  s.start("a");
  s.say(ev::task_failed{"a", 1, "refused", ""});
  s.start("a", 2);
  BOOST_TEST(s.breaks("H3"));
}

BOOST_AUTO_TEST_CASE(a_retry_that_fails_in_its_wait_is_sound) {
  story s;
  s.begin_with({story::task("a"), story::task("b")});
  s.start("a");
  s.say(ev::task_retried{"a", 1, 1, "crashed", ""});
  s.say(ev::task_failed{"a", 1, "task_timeout", ""});
  s.say(ev::task_failed{"b", 0, "nested_too_deep", ""});
  BOOST_TEST(s.is_sound());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace brigade::testkit
