// What clients see of a run's events is its journal, whatever they do.
#include "daemon_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <random>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::serve_test;

namespace {

struct frame {
  std::uint64_t id = 0;
  std::string data;
};

/// The frames of a stream as far as they are whole.
std::vector<frame> frames_in(const std::string& text) {
  std::vector<frame> out;
  std::size_t at = 0;
  for (;;) {
    const auto end = text.find("\n\n", at);
    if (end == std::string::npos)
      return out;
    const auto part = text.substr(at, end - at);
    at = end + 2;
    if (!part.starts_with("id: "))
      continue;
    const auto data = part.find("\ndata: ");
    out.push_back({std::stoull(part.substr(4)), part.substr(data + 7)});
  }
}

std::string body_of(const std::string& answer) {
  const auto head = answer.find("\r\n\r\n");
  return head == std::string::npos ? std::string{}
                                   : dechunked(answer.substr(head + 4));
}

std::vector<std::string> lines_of(const std::vector<core::event_ptr>& log) {
  std::vector<std::string> out;
  for (const auto& e : log)
    out.push_back(boost::json::serialize(core::to_json(*e)));
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_streams, daemon_fixture)

BOOST_AUTO_TEST_CASE(frames_read_in_pieces_with_reconnects_are_the_journal) {
  auto daemon = start(crew());
  BOOST_REQUIRE(daemon.port() != 0);
  std::mt19937 random{7};
  for (int round = 0; round < 6; ++round) {
    const auto run =
        make_run(daemon.port(), goal_body("Order " + std::to_string(round)));
    BOOST_REQUIRE(!run.empty());
    std::vector<std::string> seen;
    std::uint64_t last = 0;
    bool ended = false;
    for (int connections = 0; !ended && connections < 500; ++connections) {
      // Some come back with the header, some with the address.
      question what{"GET", "/api/v1/runs/" + run + "/events", {}};
      if (random() % 2 == 0)
        what.fields.push_back("Last-Event-ID: " + std::to_string(last));
      else
        what.target += "?after=" + std::to_string(last);
      slow_reader reader{daemon.port(), what};
      std::string bytes;
      const auto pieces = 1 + random() % 12;
      for (std::size_t i = 0; i < pieces; ++i) {
        const auto part = reader.read(1 + random() % 3000);
        ended = part.empty() || bytes.starts_with("HTTP/1.1 204");
        bytes += part;
        if (ended)
          break;
      }
      for (auto& each : frames_in(body_of(bytes))) {
        BOOST_REQUIRE_EQUAL(each.id, last + 1);
        last = each.id;
        seen.push_back(std::move(each.data));
      }
    }
    BOOST_TEST(ended);
    const auto journal = lines_of(log_of(run));
    BOOST_TEST((seen == journal));
    BOOST_TEST(journal.back().find("run.finished") != std::string::npos);
  }
  daemon.send_signal(SIGTERM);
  BOOST_TEST(daemon.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_outlives_the_daemon_by_its_last_id) {
  const auto file = crew();
  std::string run;
  std::vector<frame> before;
  {
    auto first = start(file);
    run = make_run(first.port(), goal_body("Order"));
    slow_reader reader{first.port(),
                       {"GET", "/api/v1/runs/" + run + "/events", {}}};
    std::string bytes;
    while (frames_in(body_of(bytes)).size() < 3)
      bytes += reader.read(4096);
    before = frames_in(body_of(bytes));
    first.send_signal(SIGKILL);
    first.end();
  }
  auto second = start(file);
  const auto rest = ask(
      second.port(), {"GET",
                      "/api/v1/runs/" + run + "/events",
                      {},
                      {"Last-Event-ID: " + std::to_string(before.back().id)}});
  auto all = before;
  for (auto& each : frames_in(rest.body))
    all.push_back(std::move(each));
  std::vector<std::string> seen;
  for (auto& each : all)
    seen.push_back(std::move(each.data));
  BOOST_TEST((seen == lines_of(log_of(run))));
}

BOOST_AUTO_TEST_SUITE_END()
