#include "brigade/app/goal.hpp"

#include "brigade/app/unique_fd.hpp"
#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <thread>
#include <unistd.h>

using namespace brigade;
using namespace brigade::app;

namespace {

struct fixture {
  scratch_folder folder;
  core::limits bounds;

  std::variant<std::string, problem> from_text(const std::string& text) {
    run_options options;
    options.goal = text;
    return load_goal(options, bounds, -1);
  }

  std::variant<std::string, problem> from_file(const std::string& path) {
    run_options options;
    options.goal_file = path;
    return load_goal(options, bounds, -1);
  }

  std::variant<std::string, problem> from_stdin(const std::string& text) {
    std::array<int, 2> ends{};
    BOOST_TEST_REQUIRE(::pipe(ends.data()) == 0);
    unique_fd read_end{ends[0]};
    std::thread writer{[&] {
      unique_fd write_end{ends[1]};
      [[maybe_unused]] auto n =
          ::write(write_end.get(), text.data(), text.size());
    }};
    run_options options;
    options.goal = "-";
    auto result = load_goal(options, bounds, read_end.get());
    // A goal above the limit is not read to its end.
    std::array<char, 4096> rest{};
    while (::read(read_end.get(), rest.data(), rest.size()) > 0) {
      // nop
    }
    writer.join();
    return result;
  }
};

bool says(const std::variant<std::string, problem>& result,
          const std::string& what) {
  const auto* fault = std::get_if<problem>(&result);
  return fault && fault->message.find(what) != std::string::npos;
}

const std::string& text_of(const std::variant<std::string, problem>& result) {
  BOOST_TEST_REQUIRE(std::holds_alternative<std::string>(result));
  return std::get<std::string>(result);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(goal, fixture)

BOOST_AUTO_TEST_CASE(the_three_sources_give_the_same_goal) {
  BOOST_TEST(text_of(from_text("  What\nchanged? \n")) == "What\nchanged?");
  BOOST_TEST(text_of(from_file(folder.write("g", "\xEF\xBB\xBFWhat\n")))
             == "What");
  BOOST_TEST(text_of(from_stdin("What\n")) == "What");
}

BOOST_AUTO_TEST_CASE(an_empty_goal_is_refused_from_every_source) {
  BOOST_TEST(says(from_text(""), "is empty"));
  BOOST_TEST(says(from_text(" \n\t "), "is empty"));
  BOOST_TEST(says(from_file(folder.write("g", "\n")), "is empty"));
  BOOST_TEST(says(from_stdin(""), "from stdin is empty"));
}

BOOST_AUTO_TEST_CASE(the_limit_holds_on_both_sides_of_every_source) {
  bounds.goal_bytes_max = 5;
  BOOST_TEST(text_of(from_text("12345")) == "12345");
  BOOST_TEST(says(from_text("123456"), "longer than 5 bytes"));
  BOOST_TEST(text_of(from_file(folder.write("a", "12345"))) == "12345");
  BOOST_TEST(says(from_file(folder.write("b", "123456")), "longer than"));
  BOOST_TEST(says(from_file(folder.write("c", "123456789")), "too large"));
  BOOST_TEST(text_of(from_stdin("12345")) == "12345");
  BOOST_TEST(says(from_stdin("123456"), "longer than"));
  BOOST_TEST(says(from_stdin(std::string(100'000, 'x')), "longer than"));
}

BOOST_AUTO_TEST_CASE(a_goal_that_is_not_text_is_refused) {
  BOOST_TEST(says(from_text("gr\xFC\xDF"), "not UTF-8"));
  BOOST_TEST(says(from_file(folder.path("none")), "no such file"));
  BOOST_TEST(says(from_file(folder.path(".")), "directory"));
}

BOOST_AUTO_TEST_CASE(a_closed_stdin_is_told) {
  run_options options;
  options.goal = "-";
  BOOST_TEST(says(load_goal(options, bounds, -1), "cannot be read"));
}

BOOST_AUTO_TEST_SUITE_END()
