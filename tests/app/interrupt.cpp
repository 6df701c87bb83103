#include "brigade/app/interrupt.hpp"

#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <filesystem>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace brigade::app;

namespace {

bool readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, 0) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(interrupt)

BOOST_AUTO_TEST_CASE(the_first_signal_is_told_through_the_descriptor) {
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    interrupt_guard guard;
    BOOST_TEST(!readable(guard.fd()));
    BOOST_TEST(!interrupt_guard::interrupted());
    ::raise(signal);
    BOOST_TEST(readable(guard.fd()));
    BOOST_TEST(interrupt_guard::interrupted());
  }
}

BOOST_AUTO_TEST_CASE(a_closed_pipe_is_an_error_and_not_a_death) {
  interrupt_guard guard;
  std::array<int, 2> ends{};
  BOOST_TEST_REQUIRE(::pipe(ends.data()) == 0);
  ::close(ends[0]);
  BOOST_TEST(::write(ends[1], "x", 1) == -1);
  BOOST_TEST(errno == EPIPE);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_CASE(the_old_handlers_come_back) {
  { interrupt_guard guard; }
  struct sigaction now {};
  ::sigaction(SIGINT, nullptr, &now);
  BOOST_TEST((now.sa_handler == SIG_DFL));
}

BOOST_AUTO_TEST_CASE(the_second_signal_cleans_up_and_leaves_with_130) {
  scratch_folder folder;
  auto temporary = folder.write("t.tmp", "half");
  std::array<int, 2> ends{};
  BOOST_TEST_REQUIRE(::pipe(ends.data()) == 0);
  auto child = ::fork();
  BOOST_TEST_REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    interrupt_guard guard;
    interrupt_guard::set_cursor_hidden(true);
    interrupt_guard::set_temporary(temporary);
    ::raise(SIGINT);
    ::raise(SIGTERM);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 256> chunk{};
  for (ssize_t n = 0; (n = ::read(ends[0], chunk.data(), chunk.size())) > 0;) {
    said.append(chunk.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 130);
  BOOST_TEST(said.starts_with("\x1b[?25h"));
  BOOST_TEST(!std::filesystem::exists(temporary));
}

BOOST_AUTO_TEST_SUITE_END()
