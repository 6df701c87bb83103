#include "brigade/testkit/tcp_gate.hpp"

#include "../net/raw_server.hpp"
#include "raw_client.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <list>
#include <memory>
#include <string>
#include <thread>

using namespace brigade;
using namespace std::chrono_literals;
using net::test::raw_peer;
using net::test::raw_server;
using testkit::gate_counters;
using testkit::gate_fault;
using testkit::tcp_gate;
using testkit::test::raw_client;
using clock_type = std::chrono::steady_clock;

namespace {

/// What the echo server takes for a request ends so.
std::string request_of(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i + 4 < bytes; ++i)
    out += static_cast<char>('a' + i % 26);
  return out + "\r\n\r\n";
}

struct gate_fixture {
  raw_server echo{[](raw_peer& peer, int) {
    while (auto text = peer.read_request())
      if (!peer.write(*text))
        return;
  }};
  testkit::tcp_gate_options options;
  std::unique_ptr<tcp_gate> gate;
  const std::string request = request_of(100);

  gate_fixture() { options.target_port = echo.port(); }

  void open_gate() {
    gate = std::make_unique<tcp_gate>(options);
    BOOST_TEST_REQUIRE(gate->problem() == "");
    BOOST_TEST_REQUIRE(gate->port() != 0u);
  }

  void open_gate(gate_fault fault) {
    options.fault_of = [fault](std::uint64_t) { return fault; };
    open_gate();
  }

  bool comes_to(std::uint64_t gate_counters::*counter, std::uint64_t value) {
    return gate->wait_until(
        [&](const gate_counters& now) { return now.*counter == value; });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(testkit_tcp_gate, gate_fixture)

BOOST_AUTO_TEST_CASE(a_gate_without_faults_passes_everything_and_counts_it) {
  open_gate();
  {
    raw_client client{gate->port()};
    for (auto i = 0; i < 3; ++i) {
      BOOST_TEST(client.send(request));
      BOOST_TEST(client.receive(request.size()) == request);
    }
    client.finish();
    BOOST_TEST(client.receive_all() == "");
    BOOST_TEST(client.end() == "closed");
  }
  BOOST_TEST(comes_to(&gate_counters::open, 0));
  const auto seen = gate->counters();
  BOOST_TEST(seen.connections == 1u);
  BOOST_TEST(seen.bytes_to_target == 300u);
  BOOST_TEST(seen.bytes_to_client == 300u);
  BOOST_TEST(seen.refused + seen.delayed + seen.corrupted + seen.resets
                 + seen.stalls + seen.truncated
             == 0u);
}

BOOST_AUTO_TEST_CASE(large_texts_pass_small_buffers_unchanged) {
  options.buffer_bytes = 64;
  open_gate();
  const auto large = request_of(1u << 20);
  raw_client client{gate->port()};
  std::thread sender{[&] { client.send(large); }};
  const auto back = client.receive(large.size());
  sender.join();
  BOOST_TEST((back == large));
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_reset_and_the_target_sees_none) {
  open_gate({.refuse = true});
  raw_client client{gate->port()};
  BOOST_TEST(client.is_connected());
  BOOST_TEST(client.receive_all() == "");
  BOOST_TEST(client.end() == "reset");
  BOOST_TEST(comes_to(&gate_counters::refused, 1));
  BOOST_TEST(echo.connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_delay_holds_back_the_first_byte_only) {
  open_gate({.delay = 40ms});
  raw_client client{gate->port()};
  const auto begin = clock_type::now();
  client.send(request);
  BOOST_TEST(client.is_quiet(10ms));
  BOOST_TEST(client.receive(request.size()) == request);
  BOOST_TEST((clock_type::now() - begin >= 40ms));
  for (auto i = 0; i < 1000; ++i) {
    client.send(request);
    BOOST_TEST_REQUIRE(client.receive(request.size()) == request);
  }
  // A thousand delays would be 40 s.
  BOOST_TEST((clock_type::now() - begin < 20s));
  BOOST_TEST(gate->counters().delayed == 1u);
}

BOOST_AUTO_TEST_CASE(slices_arrive_in_order) {
  for (std::size_t bytes : {1u, 7u, 99u, 100u, 101u}) {
    open_gate({.slice_bytes = bytes});
    raw_client client{gate->port()};
    client.send(request);
    BOOST_TEST(client.receive(request.size()) == request);
  }
}

BOOST_AUTO_TEST_CASE(a_slice_is_a_piece_of_its_own) {
  // With a rate that leaves a pause between them, one read sees one slice.
  open_gate({.slice_bytes = 10, .bytes_per_s = 2000});
  raw_client client{gate->port()};
  client.send(request);
  BOOST_TEST(client.receive(request.size()) == request);
  BOOST_TEST(client.reads() > 1);
}

BOOST_AUTO_TEST_CASE(a_rate_takes_its_time) {
  // 100 bytes in pieces of 20: four pauses of 10 ms.
  open_gate({.bytes_per_s = 2000});
  raw_client client{gate->port()};
  const auto begin = clock_type::now();
  client.send(request);
  BOOST_TEST(client.receive(request.size()) == request);
  const auto took = clock_type::now() - begin;
  BOOST_TEST((took >= 40ms));
  BOOST_TEST((took < 10s));
}

BOOST_AUTO_TEST_CASE(one_byte_is_corrupted_and_only_that) {
  options.buffer_bytes = 16;
  for (std::size_t at : {0u, 15u, 16u, 57u, 99u}) {
    open_gate({.corrupt_at_byte = at, .corrupt_mask = 0x81});
    raw_client client{gate->port()};
    client.send(request);
    auto wanted = request;
    wanted[at] = static_cast<char>(wanted[at] ^ 0x81);
    BOOST_TEST(client.receive(request.size()) == wanted, at);
    client.send(request);
    BOOST_TEST(client.receive(request.size()) == request);
    BOOST_TEST(gate->counters().corrupted == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_reset_comes_after_exactly_so_many_bytes) {
  for (std::size_t bytes : {0u, 1u, 99u, 100u}) {
    open_gate({.reset_after_bytes = bytes});
    raw_client client{gate->port()};
    client.send(request);
    BOOST_TEST(client.receive_all() == request.substr(0, bytes), bytes);
    BOOST_TEST(client.end() == "reset");
    BOOST_TEST(comes_to(&gate_counters::open, 0));
    const auto seen = gate->counters();
    BOOST_TEST(seen.resets == 1u);
    BOOST_TEST(seen.bytes_to_target == request.size());
    BOOST_TEST(seen.bytes_to_client == bytes);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_shorter_than_the_count_is_not_touched) {
  open_gate({.reset_after_bytes = 101});
  raw_client client{gate->port()};
  client.send(request);
  client.finish();
  BOOST_TEST(client.receive_all() == request);
  BOOST_TEST(client.end() == "closed");
  BOOST_TEST(gate->counters().resets == 0u);
}

BOOST_AUTO_TEST_CASE(a_truncated_answer_ends_in_order) {
  for (std::size_t bytes : {0u, 1u, 99u, 100u}) {
    open_gate({.truncate_after_bytes = bytes});
    {
      raw_client client{gate->port()};
      client.send(request);
      BOOST_TEST(client.receive_all() == request.substr(0, bytes), bytes);
      BOOST_TEST(client.end() == "closed");
      BOOST_TEST(gate->counters().truncated == 1u);
      // Nobody listens, and it is no error.
      BOOST_TEST(client.send(request));
    }
    BOOST_TEST(comes_to(&gate_counters::open, 0));
  }
}

BOOST_AUTO_TEST_CASE(a_stalled_connection_is_open_and_silent) {
  for (std::size_t bytes : {0u, 1u, 99u, 100u}) {
    open_gate({.stall_after_bytes = bytes});
    {
      raw_client client{gate->port()};
      client.send(request);
      BOOST_TEST(client.receive(bytes) == request.substr(0, bytes), bytes);
      BOOST_TEST(comes_to(&gate_counters::stalls, 1));
      // It still takes what it is sent.
      BOOST_TEST(client.send(request));
      BOOST_TEST(comes_to(&gate_counters::bytes_to_target, 200));
      BOOST_TEST(client.is_quiet(20ms));
      BOOST_TEST(gate->counters().open == 1u);
    }
    BOOST_TEST(comes_to(&gate_counters::open, 0));
    BOOST_TEST(gate->counters().bytes_to_client == bytes);
  }
}

BOOST_AUTO_TEST_CASE(of_several_cuts_the_earliest_strikes) {
  open_gate({.reset_after_bytes = 60,
             .stall_after_bytes = 50,
             .truncate_after_bytes = 40});
  raw_client client{gate->port()};
  client.send(request);
  BOOST_TEST(client.receive_all() == request.substr(0, 40));
  BOOST_TEST(client.end() == "closed");
}

BOOST_AUTO_TEST_CASE(each_connection_has_the_fault_of_its_number) {
  options.fault_of = [](std::uint64_t connection) {
    return connection == 1 ? gate_fault{.reset_after_bytes = 5} : gate_fault{};
  };
  open_gate();
  for (auto i = 0; i < 3; ++i) {
    raw_client client{gate->port()};
    client.send(request);
    const auto back = client.receive(request.size());
    BOOST_TEST(back.size() == (i == 1 ? 5u : request.size()), i);
  }
  BOOST_TEST(gate->counters().connections == 3u);
}

BOOST_AUTO_TEST_CASE(more_connections_than_allowed_are_reset) {
  options.connections_max = 2;
  open_gate();
  std::list<raw_client> held;
  for (auto i = 0; i < 2; ++i) {
    held.emplace_back(gate->port()).send(request);
    BOOST_TEST(held.back().receive(request.size()) == request);
  }
  raw_client third{gate->port()};
  BOOST_TEST(third.receive_all() == "");
  BOOST_TEST(third.end() == "reset");
  BOOST_TEST(gate->counters().over_limit == 1u);
  held.pop_front();
  BOOST_TEST(comes_to(&gate_counters::open, 1));
  raw_client fourth{gate->port()};
  fourth.send(request);
  BOOST_TEST(fourth.receive(request.size()) == request);
}

BOOST_AUTO_TEST_CASE(a_target_that_is_not_there_resets_the_client) {
  {
    raw_server gone{[](raw_peer&, int) {}};
    options.target_port = gone.port();
  }
  open_gate();
  raw_client client{gate->port()};
  BOOST_TEST(client.receive_all() == "");
  BOOST_TEST(client.end() == "reset");
  BOOST_TEST(gate->counters().unreachable == 1u);
  BOOST_TEST(comes_to(&gate_counters::open, 0));
}

BOOST_AUTO_TEST_CASE(a_reset_by_the_target_reaches_the_client) {
  raw_server rude{[](raw_peer& peer, int) {
    peer.read_request();
    peer.reset();
  }};
  options.target_port = rude.port();
  open_gate();
  raw_client client{gate->port()};
  client.send(request);
  BOOST_TEST(client.receive_all() == "");
  BOOST_TEST(client.end() == "reset");
}

BOOST_AUTO_TEST_CASE(a_client_that_hangs_up_is_told_to_the_target) {
  std::promise<bool> ended;
  raw_server waiting{[&](raw_peer& peer, int) {
    peer.read_request();
    ended.set_value(peer.wait_for_end());
  }};
  options.target_port = waiting.port();
  open_gate();
  {
    raw_client client{gate->port()};
    client.send(request);
    BOOST_TEST(comes_to(&gate_counters::bytes_to_target, request.size()));
  }
  BOOST_TEST(ended.get_future().get());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_gate_closes_what_it_holds) {
  for (auto fault :
       {gate_fault{}, gate_fault{.delay = 1h}, gate_fault{.bytes_per_s = 1},
        gate_fault{.stall_after_bytes = 0}}) {
    open_gate(fault);
    raw_client busy{gate->port()};
    raw_client silent{gate->port()};
    busy.send(request);
    BOOST_TEST(comes_to(&gate_counters::bytes_to_target, request.size()));
    BOOST_TEST(comes_to(&gate_counters::connections, 2));
    gate.reset();
    busy.receive_all();
    silent.receive_all();
    BOOST_TEST(busy.end() != "timeout");
    BOOST_TEST(silent.end() != "timeout");
  }
}

BOOST_AUTO_TEST_CASE(a_wait_for_what_does_not_happen_ends) {
  open_gate();
  BOOST_TEST(!gate->wait_until(
      [](const gate_counters& now) { return now.connections == 1; }, 5ms));
}

BOOST_AUTO_TEST_CASE(a_target_without_an_address_is_a_problem) {
  // RFC 6761: `.invalid` never resolves.
  options.target_host = "nobody.invalid";
  tcp_gate none{options};
  BOOST_TEST(none.problem().find("nobody.invalid") != std::string_view::npos);
  BOOST_TEST(none.port() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
