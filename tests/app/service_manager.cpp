// What a service manager is told, over a real socket.
#include "brigade/app/service_manager.hpp"

#include "brigade/app/unique_fd.hpp"
#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using brigade::app::service_manager;
using brigade::app::unique_fd;
using std::chrono::microseconds;

namespace {

using variables = std::map<std::string, std::string, std::less<>>;

service_manager make(variables all, std::int64_t pid = 7) {
  return {[all = std::move(all)](
              std::string_view name) -> std::optional<std::string> {
            const auto found = all.find(name);
            if (found == all.end())
              return std::nullopt;
            return found->second;
          },
          pid};
}

/// A manager that listens at `name`, `@` standing for NUL.
struct listener {
  explicit listener(const std::string& name)
      : fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.starts_with('@'))
      address.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + name.size();
    BOOST_TEST_REQUIRE(::bind(fd.get(),
                              reinterpret_cast<const sockaddr*>(&address),
                              static_cast<socklen_t>(size))
                       == 0);
  }

  /// The next message; empty when there is none.
  std::string next() const {
    std::array<char, 4096> buffer{};
    const auto got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    return got < 0 ? ""
                   : std::string(buffer.data(), static_cast<std::size_t>(got));
  }

  unique_fd fd;
};

std::string abstract_name() {
  return "@brigade-test-" + std::to_string(::getpid());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_manager_is_told_of_each_step) {
  const listener heard{abstract_name()};
  const auto manager = make({{"NOTIFY_SOCKET", abstract_name()}});
  BOOST_TEST(manager.present());
  BOOST_TEST(manager.ready("listens on 127.0.0.1:8787"));
  BOOST_TEST(heard.next() == "READY=1\nSTATUS=listens on 127.0.0.1:8787\n");
  BOOST_TEST(manager.status("3 runs"));
  BOOST_TEST(heard.next() == "STATUS=3 runs\n");
  BOOST_TEST(manager.reloading());
  const auto reload = heard.next();
  BOOST_TEST(reload.starts_with("RELOADING=1\nMONOTONIC_USEC="));
  BOOST_TEST(std::stoll(reload.substr(reload.rfind('=') + 1)) > 0);
  BOOST_TEST(manager.alive());
  BOOST_TEST(heard.next() == "WATCHDOG=1\n");
  BOOST_TEST(manager.stopping(microseconds{30'000'000}));
  BOOST_TEST(heard.next() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000\n");
}

BOOST_AUTO_TEST_CASE(a_path_is_a_socket_too) {
  const scratch_folder folder;
  const auto name = folder.path("notify");
  const listener heard{name};
  BOOST_TEST(make({{"NOTIFY_SOCKET", name}}).ready(""));
  BOOST_TEST(heard.next() == "READY=1\nSTATUS=\n");
}

BOOST_AUTO_TEST_CASE(a_status_is_one_line) {
  const listener heard{abstract_name()};
  const auto manager = make({{"NOTIFY_SOCKET", abstract_name()}});
  manager.status("a\nREADY=1\x1b[1m");
  BOOST_TEST(heard.next() == "STATUS=a READY=1\xef\xbf\xbd[1m\n");
  manager.status(std::string(10'000, 'x'));
  BOOST_TEST(heard.next().size() < 300u);
}

BOOST_AUTO_TEST_CASE(without_a_manager_nothing_happens) {
  for (const auto& name :
       {std::string{}, std::string{"/"}, std::string{"@"}, std::string{"x"},
        std::string{"vsock:2:1"}, "/" + std::string(200, 'x'),
        std::string{"/a\0b", 4}}) {
    const auto manager =
        make({{"NOTIFY_SOCKET", name}, {"WATCHDOG_USEC", "1000"}});
    BOOST_TEST(!manager.present(), name);
    BOOST_TEST(!manager.ready("x"));
    BOOST_TEST(!manager.alive_interval().has_value());
  }
  BOOST_TEST(!make({}).present());
  // One that is gone, or that does not read, is no fault of ours.
  BOOST_TEST(!make({{"NOTIFY_SOCKET", "@brigade-nobody"}}).ready("x"));
}

BOOST_AUTO_TEST_CASE(a_manager_that_does_not_read_holds_up_nobody) {
  const listener deaf{abstract_name()};
  const auto manager = make({{"NOTIFY_SOCKET", abstract_name()}});
  int sent = 0;
  while (manager.alive() && sent < 100'000)
    ++sent;
  BOOST_TEST(sent < 100'000);
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_of_this_process_only) {
  const auto interval = [](variables all) {
    all["NOTIFY_SOCKET"] = "@x";
    return make(std::move(all)).alive_interval();
  };
  BOOST_TEST(
      (interval({{"WATCHDOG_USEC", "60000000"}}) == microseconds{30'000'000}));
  BOOST_TEST((interval({{"WATCHDOG_USEC", "3"}, {"WATCHDOG_PID", "7"}})
              == microseconds{1}));
  BOOST_TEST(!interval({{"WATCHDOG_USEC", "3"}, {"WATCHDOG_PID", "8"}}));
  for (const auto* bad : {"", "0", "-1", "x", "1x", "99999999999999999999"})
    BOOST_TEST(!interval({{"WATCHDOG_USEC", bad}}), bad);
  BOOST_TEST(!interval({}));
}
