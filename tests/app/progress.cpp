#include "brigade/app/progress.hpp"

#include "sample_run.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::app;

namespace {

constexpr const char* hide = "\x1b[?25l";
constexpr const char* show = "\x1b[?25h";

struct fixture {
  std::vector<std::string> writes;
  std::vector<bool> cursor;
  terminal_size size{80, 24};

  std::unique_ptr<progress> make(bool live, bool quiet = false) {
    progress::options how;
    how.quiet = quiet;
    how.traits.live = live;
    how.size = [this] { return size; };
    how.write = [this](std::string_view bytes) { writes.emplace_back(bytes); };
    how.cursor_hidden = [this](bool hidden) { cursor.push_back(hidden); };
    return std::make_unique<progress>(std::move(how));
  }

  std::string all() const {
    std::string out;
    for (const auto& piece : writes) {
      out += piece;
    }
    return out;
  }

  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto i = text.find(part); i != std::string::npos;
         i = text.find(part, i + 1)) {
      ++n;
    }
    return n;
  }
};

sample_run short_run() {
  sample_run run;
  run.submitted().planned(2).started("t1").succeeded("t1");
  run.finished(core::run_status::succeeded, "", "answer");
  return run;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(progress_, fixture)

BOOST_AUTO_TEST_CASE(without_a_terminal_each_change_is_a_line) {
  auto run = short_run();
  auto shown = make(false);
  for (const auto& e : run.log) {
    shown->on_event(e, 0);
  }
  BOOST_TEST(!shown->next_due_ms().has_value());
  shown->finish(run.report());
  BOOST_TEST(all()
             == "goal: Compare the three offers\n"
                "plan: 2 subtasks, depth 1\n"
                "t1 extractor started\n"
                "t1 extractor succeeded in 0.0s  0 in 0 out  $0.0000\n"
                "journal: memory, results do not survive this process\n"
                "done in 0.0s  subtasks 1/2  tokens 0 in 0 out  cost $0.0000 "
                "of $0.50  run 01J0000000000000000000TEST\n");
}

BOOST_AUTO_TEST_CASE(quiet_writes_nothing) {
  auto run = short_run();
  for (bool live : {false, true}) {
    auto shown = make(live, true);
    for (const auto& e : run.log) {
      shown->on_event(e, 0);
    }
    shown->finish(run.report());
  }
  BOOST_TEST(writes.empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_at_once_is_drawn_once) {
  auto run = short_run();
  auto shown = make(true);
  for (const auto& e : run.log) {
    shown->on_event(e, 0);
  }
  shown->tick(39);
  BOOST_TEST(writes.empty());
  shown->finish(run.report());
  BOOST_TEST(writes.size() == 1U);
  BOOST_TEST(count(all(), hide) == 1U);
  BOOST_TEST(count(all(), show) == 1U);
  BOOST_TEST(all().find(hide) < all().find(show));
}

BOOST_AUTO_TEST_CASE(the_picture_is_drawn_ten_times_a_second_at_most) {
  sample_run run;
  run.submitted().planned(2);
  auto shown = make(true);
  shown->on_event(run.log[0], 1000);
  BOOST_TEST(shown->next_due_ms().value() == 1040);
  for (std::int64_t now = 1000; now < 2040; ++now) {
    shown->on_event(run.log[1], now);
    shown->tick(now);
  }
  BOOST_TEST(writes.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_picture_replaces_the_one_before) {
  live_frame frame;
  BOOST_TEST(frame.draw({"one", "two"}, 80)
             == std::string{hide} + "\rone\x1b[K\ntwo\x1b[K\n\x1b[J");
  BOOST_TEST(frame.draw({"three"}, 80) == "\x1b[2A\rthree\x1b[K\n\x1b[J");
  BOOST_TEST(frame.close() == show);
  BOOST_TEST(frame.close() == "");
}

BOOST_AUTO_TEST_CASE(a_narrowed_terminal_is_cleared_by_its_wrapped_lines) {
  live_frame frame;
  frame.draw({"\x1b[1m0123456789\x1b[0m", ""}, 80);
  // Ten columns became three rows of four; the empty line stays one.
  BOOST_TEST(frame.draw({"x"}, 4).starts_with("\x1b[4A\r"));
}

BOOST_AUTO_TEST_CASE(the_cursor_comes_back_when_the_run_is_abandoned) {
  sample_run run;
  run.submitted();
  auto shown = make(true);
  shown->on_event(run.log[0], 0);
  shown->tick(100);
  BOOST_TEST(cursor == std::vector<bool>{true},
             boost::test_tools::per_element());
  shown.reset();
  BOOST_TEST(writes.back() == show);
  BOOST_TEST(cursor == (std::vector<bool>{true, false}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_message_stands_above_the_next_picture) {
  sample_run run;
  run.submitted();
  auto shown = make(true);
  shown->on_event(run.log[0], 0);
  shown->tick(50);
  shown->say("suspending");
  BOOST_TEST(writes.back().find("suspending") != std::string::npos);
  shown->tick(51);
  BOOST_TEST(writes.back().find("goal  Compare") != std::string::npos);
  // The message itself is not overwritten.
  BOOST_TEST(writes.back().find("A\r") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
