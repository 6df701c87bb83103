// The control socket: real sockets in a scratch folder.
#include "brigade/app/control_socket.hpp"

#include "brigade/app/control_client.hpp"
#include "brigade/app/control_path.hpp"
#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace brigade;
using namespace brigade::app;

namespace {

const std::string owner = "4242-0011223344556677";

control_request cancel() {
  return {core::run_id{"01ARYZ6S41TSV4RRFFQ69G5FAV"},
          {core::decision_kind::cancel, "", "enough", {}}};
}

struct fixture {
  fixture() { ::mkdir(folder.path("state").c_str(), 0700); }

  std::string directory() {
    const auto path = folder.path("state");
    ::mkdir((path + "/owners").c_str(), 0700);
    return path;
  }

  std::unique_ptr<control_socket> open(control_socket::handler answer) {
    auto made = control_socket::open(directory(), owner, std::move(answer));
    BOOST_REQUIRE(
        std::holds_alternative<std::unique_ptr<control_socket>>(made));
    return std::get<0>(std::move(made));
  }

  /// A client that says what it likes.
  unique_fd connect() {
    const auto owners = open_owners(directory());
    const auto address = control_address(owners, owner);
    unique_fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    BOOST_REQUIRE(::connect(fd.get(),
                            reinterpret_cast<const sockaddr*>(&*address),
                            sizeof(*address))
                  == 0);
    return fd;
  }

  static std::string read_all(const unique_fd& fd) {
    std::string text;
    std::array<char, 4096> chunk{};
    for (ssize_t got = 1; got > 0;) {
      got = ::read(fd.get(), chunk.data(), chunk.size());
      if (got > 0)
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

  bool exists(const std::string& name) {
    struct ::stat info {};
    return ::lstat((directory() + "/owners/" + name).c_str(), &info) == 0;
  }

  scratch_folder folder;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(control_socket_of_a_process, fixture)

BOOST_AUTO_TEST_CASE(a_request_is_answered_by_the_handler) {
  control_request heard;
  const auto socket = open([&heard](const control_request& asked) {
    heard = asked;
    return control_answer{false, "not_here", "wrong door", {}};
  });
  for (int round = 0; round < 3; ++round) {
    const auto answer = ask_owner(directory(), owner, cancel());
    BOOST_REQUIRE(std::holds_alternative<control_answer>(answer));
    BOOST_TEST(std::get<control_answer>(answer).message == "wrong door");
    BOOST_TEST(heard.decision.comment == "enough");
  }
}

BOOST_AUTO_TEST_CASE(a_plan_of_a_mebibyte_gets_through) {
  std::size_t bytes = 0;
  const auto socket = open([&bytes](const control_request& asked) {
    bytes = asked.decision.plan_text.value_or("").size();
    return control_answer{};
  });
  auto asked = cancel();
  asked.decision.kind = core::decision_kind::approve;
  asked.decision.plan_text = std::string(edited_plan_bytes_max, 'x');
  const auto answer = ask_owner(directory(), owner, asked);
  BOOST_REQUIRE(std::holds_alternative<control_answer>(answer));
  BOOST_TEST(bytes == edited_plan_bytes_max);
}

BOOST_AUTO_TEST_CASE(only_its_user_may_open_it_and_it_goes_with_its_process) {
  {
    const auto socket = open([](const auto&) { return control_answer{}; });
    struct ::stat info {};
    BOOST_REQUIRE(
        ::stat((directory() + "/owners/" + owner + ".sock").c_str(), &info)
        == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600u);
  }
  BOOST_TEST(!exists(owner + ".sock"));
  const auto answer = ask_owner(directory(), owner, cancel());
  BOOST_REQUIRE(std::holds_alternative<control_silence>(answer));
  BOOST_TEST(std::get<control_silence>(answer).gone);
}

BOOST_AUTO_TEST_CASE(a_long_path_of_the_state_directory_does_no_harm) {
  auto path = folder.path("state");
  for (int i = 0; i < 4; ++i) {
    path += "/" + std::string(60, 'd');
    BOOST_REQUIRE(::mkdir(path.c_str(), 0700) == 0);
  }
  BOOST_REQUIRE(::mkdir((path + "/owners").c_str(), 0700) == 0);
  auto made = control_socket::open(
      path, owner, [](const auto&) { return control_answer{}; });
  BOOST_REQUIRE(std::holds_alternative<std::unique_ptr<control_socket>>(made));
  BOOST_TEST(
      std::holds_alternative<control_answer>(ask_owner(path, owner, cancel())));
}

BOOST_AUTO_TEST_CASE(sockets_of_dead_processes_are_removed) {
  std::ofstream{directory() + "/owners/1-alive"};
  std::ofstream{directory() + "/owners/1-alive.sock"};
  std::ofstream{directory() + "/owners/2-dead.sock"};
  const auto socket = open([](const auto&) { return control_answer{}; });
  BOOST_TEST(exists("1-alive.sock"));
  BOOST_TEST(!exists("2-dead.sock"));
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused_and_an_endless_line_is_cut) {
  int heard = 0;
  const auto socket = open([&heard](const auto&) {
    ++heard;
    return control_answer{};
  });
  auto client = connect();
  BOOST_REQUIRE(::write(client.get(), "hello\n", 6) == 6);
  BOOST_TEST(read_all(client).find("bad_request") != std::string::npos);
  auto endless = connect();
  const std::string chunk(65'536, 'x');
  std::size_t sent = 0;
  for (ssize_t got = 1; got > 0 && sent < 4 * control_line_bytes_max;) {
    got = ::send(endless.get(), chunk.data(), chunk.size(), MSG_NOSIGNAL);
    sent += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  BOOST_TEST(sent < 4 * control_line_bytes_max);
  BOOST_TEST(heard == 0);
}

BOOST_AUTO_TEST_CASE(silent_clients_do_not_keep_others_from_being_heard) {
  const auto socket = open([](const auto&) { return control_answer{}; });
  std::vector<unique_fd> silent;
  while (silent.size() + 1 < control_clients_max)
    silent.push_back(connect());
  BOOST_TEST(std::holds_alternative<control_answer>(
      ask_owner(directory(), owner, cancel())));
}

BOOST_AUTO_TEST_SUITE_END()
