// The log: what reaches the descriptor, and that nobody ever waits for it.
#include "brigade/app/log.hpp"

#include "brigade/app/unique_fd.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <future>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace brigade;
using app::daemon_log;
using app::log_options;
using config::log_level;

namespace {

struct channel {
  channel() {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    BOOST_TEST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    read_end = app::unique_fd{ends[0]};
    write_end = app::unique_fd{ends[1]};
  }

  log_options options() const {
    log_options result;
    result.fd = write_end.get();
    result.now = [] { return std::int64_t{1'793'534'400'000}; };
    return result;
  }

  /// Everything that was written, without the times.
  std::vector<std::string> lines() {
    write_end.reset();
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0;
         (got = ::read(read_end.get(), buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    std::vector<std::string> result;
    std::istringstream in{text};
    constexpr std::string_view time = "2026-11-01T12:00:00.000Z ";
    for (std::string line; std::getline(in, line);) {
      const auto at = line.find(time);
      BOOST_TEST_REQUIRE(at != std::string::npos, line);
      result.push_back(line.erase(at, time.size()));
    }
    return result;
  }

  app::unique_fd read_end;
  app::unique_fd write_end;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(lines_come_in_order_and_are_there_at_the_end, channel) {
  {
    daemon_log log{options()};
    for (int i = 0; i < 100; ++i)
      log.info("e", {{"i", i}});
    log.debug("unwanted");
  }
  const auto seen = lines();
  BOOST_TEST_REQUIRE(seen.size() == 100u);
  for (std::size_t i = 0; i < seen.size(); ++i)
    BOOST_TEST(seen[i] == "info e i=" + std::to_string(i));
}

BOOST_FIXTURE_TEST_CASE(a_reload_changes_level_style_and_secrets, channel) {
  {
    daemon_log log{options()};
    log.debug("a");
    log.change(log_level::debug, config::log_style::text,
               {core::secret{"secret-key"}});
    BOOST_TEST(log.enabled(log_level::debug));
    log.debug("b", {{"x", "secret-key"}, {"y", "c2VjcmV0LWtleQ=="}});
    log.change(log_level::error, config::log_style::text, {});
    BOOST_TEST(!log.enabled(log_level::warning));
    log.warning("c");
    log.error("d");
  }
  // Of the base64, the last character depends on what would follow.
  BOOST_TEST(
      (lines()
       == std::vector<std::string>{"debug b x=*** y=\"***Q==\"", "error d"}));
}

BOOST_FIXTURE_TEST_CASE(levels_are_told_to_systemd, channel) {
  {
    auto with = options();
    with.level_prefix = true;
    with.level_min = log_level::debug;
    daemon_log log{with};
    log.debug("a");
    log.info("b");
    log.warning("c");
    log.error("d");
  }
  BOOST_TEST((lines()
              == std::vector<std::string>{"<7>debug a", "<6>info b",
                                          "<4>warning c", "<3>error d"}));
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_does_not_read_holds_up_nobody, channel) {
  auto small = options();
  small.queue_lines_max = 8;
  small.write_timeout_ms = 1;
  const std::string big(1'000, 'x');
  std::uint64_t dropped = 0;
  {
    daemon_log log{small};
    for (int i = 0; i < 2'000; ++i)
      log.info("e", {{"x", big}});
    // More than the pipe takes was written by now, so lines were lost.
    dropped = log.dropped();
  }
  BOOST_TEST(dropped > 0u);
  BOOST_TEST(lines().size() < 2'000u);
}

BOOST_FIXTURE_TEST_CASE(dropped_lines_are_told_of_once, channel) {
  auto small = options();
  small.write_timeout_ms = 1;
  small.queue_lines_max = 4;
  std::size_t told = 0;
  // The reader comes when lines are lost already, and then reads to the end.
  std::promise<void> lost;
  std::vector<std::string> seen;
  {
    std::jthread reader{[&] {
      lost.get_future().wait();
      seen = [this] {
        std::string text;
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0;
             (got = ::read(read_end.get(), buffer.data(), buffer.size())) > 0;)
          text.append(buffer.data(), static_cast<std::size_t>(got));
        std::vector<std::string> result;
        std::istringstream in{text};
        for (std::string line; std::getline(in, line);)
          result.push_back(line);
        return result;
      }();
    }};
    {
      daemon_log log{small};
      while (log.dropped() == 0)
        log.info("e", {{"x", std::string(1'000, 'x')}});
      lost.set_value();
      // Until the reader made room, and one line came through.
      for (auto before = log.dropped();; before = log.dropped()) {
        for (int i = 0; i < 4; ++i)
          log.info("later");
        if (log.dropped() == before)
          break;
      }
    }
    write_end.reset();
  }
  for (const auto& line : seen)
    told += line.find("warning log.dropped lines=") != std::string::npos;
  BOOST_TEST(told >= 1u);
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_is_gone_is_no_fault, channel) {
  daemon_log log{options()};
  read_end.reset();
  for (int i = 0; i < 10; ++i)
    log.info("e");
}

BOOST_FIXTURE_TEST_CASE(threads_log_whole_lines, channel) {
  auto roomy = options();
  roomy.queue_lines_max = 2'000;
  {
    daemon_log log{roomy};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 100; ++i)
          log.info("e", {{"t", t}, {"i", i}});
      });
  }
  std::array<int, 4> next{};
  for (const auto& line : lines()) {
    int t = 0;
    int i = 0;
    BOOST_TEST_REQUIRE(
        std::sscanf(line.c_str(), "info e t=%d i=%d", &t, &i) == 2, line);
    BOOST_TEST(i == next.at(static_cast<std::size_t>(t))++);
  }
  for (const auto count : next)
    BOOST_TEST(count == 100);
}
