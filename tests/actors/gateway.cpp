// Gateways that crash and providers that throw: the calls they held are paid
// for, and everybody else goes on.
#include "fixture.hpp"

#include <algorithm>
#include <stdexcept>

using namespace brigade;
using test::order_for;
using test::small_crew;
using test::world;
using testkit::plan_text;
using testkit::reply;
using testkit::scripted_call;
using testkit::silence;

namespace {

/// Answers the planner; `worker` answers the workers.
testkit::script with_worker(testkit::script worker) {
  return [worker = std::move(worker)](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a"}));
    if (call.role == core::call_role::synthesizer)
      return reply("The merged answer.");
    return worker(call);
  };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_crashed_gateway_is_replaced_and_its_calls_are_paid) {
  world w{with_worker([](const scripted_call& call) {
    return call.number == 1 ? silence() : reply("Result.");
  })};
  const auto pending =
      w.virtual_system.submit(w.handle, order_for(small_crew()));
  w.virtual_system.settle();
  BOOST_REQUIRE(w.provider->open() == 1u);
  BOOST_TEST(w.virtual_system.kill("brigade.gateway"));
  // It dies by its next message.
  caf::anon_send(w.handle, actors::drop_run{99});
  w.virtual_system.run_until([&] { return pending->ended(); });
  BOOST_REQUIRE(pending->report);
  const auto& state = pending->report->state;
  BOOST_TEST((state.status == core::run_status::succeeded));
  // Long before the deadline of the try that was lost.
  BOOST_TEST(w.virtual_system.elapsed().count() < 10'000);
  const auto lost = std::count_if(
      state.calls.begin(), state.calls.end(), [](const auto& call) {
        return call.code == core::outcome_code::connection_lost
               && call.charged == call.worst_case;
      });
  BOOST_TEST(lost == 1);
  // Nothing stays open at the provider.
  BOOST_TEST(w.provider->open() == 0u);
  BOOST_TEST(w.virtual_system.running() == w.idle);
}

BOOST_AUTO_TEST_CASE(what_only_waited_at_a_crashed_gateway_costs_nothing) {
  testkit::deterministic_system virtual_system;
  auto provider = std::make_shared<testkit::scripted_provider>(
      virtual_system, [](const scripted_call& call) -> testkit::scripted_step {
        if (call.role == core::call_role::planner)
          return reply(plan_text({"t1 a", "t2 b"}));
        if (call.task == "t1" && call.number == 1)
          return silence();
        return reply("Result.");
      });
  actors::brigade_options options;
  options.providers["p"] = {provider, {1, 100}};
  auto handle = virtual_system.brigade(std::move(options));
  const auto pending = virtual_system.submit(handle, order_for(small_crew()));
  virtual_system.settle();
  BOOST_TEST(virtual_system.kill("brigade.gateway"));
  caf::anon_send(handle, actors::drop_run{99});
  virtual_system.run_until([&] { return pending->ended(); });
  BOOST_REQUIRE(pending->report);
  BOOST_TEST((pending->report->state.status == core::run_status::succeeded));
  int in_full = 0;
  int released = 0;
  for (const auto& call : pending->report->state.calls) {
    in_full += call.code == core::outcome_code::connection_lost ? 1 : 0;
    if (call.code != core::outcome_code::connect_failed)
      continue;
    ++released;
    BOOST_TEST(call.charged.value == 0);
  }
  BOOST_TEST(in_full == 1);
  BOOST_TEST(released == 1);
}

BOOST_AUTO_TEST_CASE(a_provider_whose_cancel_throws_disturbs_nobody) {
  class stubborn : public core::provider {
  public:
    explicit stubborn(std::shared_ptr<core::provider> inner)
        : inner_(std::move(inner)) {
      // nop
    }
    std::string encode(const core::model_request& request) const override {
      return inner_->encode(request);
    }
    void send(core::try_id id, const core::prepared_call& call,
              std::chrono::milliseconds limit, done_fn done) override {
      inner_->send(id, call, limit, std::move(done));
    }
    void cancel(core::try_id) override { throw std::runtime_error("no"); }

  private:
    std::shared_ptr<core::provider> inner_;
  };
  testkit::deterministic_system virtual_system;
  auto inner = std::make_shared<testkit::scripted_provider>(
      virtual_system, with_worker([](const auto&) { return silence(); }));
  actors::brigade_options options;
  options.providers["p"] = {std::make_shared<stubborn>(inner), {}};
  auto handle = virtual_system.brigade(std::move(options));
  const auto order = order_for(small_crew());
  const auto pending = virtual_system.submit(handle, order);
  virtual_system.settle();
  caf::anon_send(handle,
                 actors::stop_run{order.id, core::stop_kind::cancel, "enough"});
  virtual_system.run_until([&] { return pending->ended(); });
  BOOST_REQUIRE(pending->report);
  BOOST_TEST((pending->report->state.status == core::run_status::cancelled));
  BOOST_TEST(pending->report->state.reserved.value == 0);
  BOOST_TEST(virtual_system.alive("brigade.gateway") == 1u);
}

BOOST_AUTO_TEST_CASE(runs_that_begin_after_a_crash_use_the_new_gateway) {
  world w{with_worker([](const auto&) { return reply("Result."); })};
  w.virtual_system.settle();
  BOOST_TEST(w.virtual_system.kill("brigade.gateway"));
  caf::anon_send(w.handle, actors::drop_run{99});
  w.virtual_system.settle();
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
}

BOOST_AUTO_TEST_CASE(a_gateway_that_keeps_crashing_is_given_up) {
  world w{with_worker([](const auto&) { return reply("Result."); })};
  for (std::uint32_t i = 0; i <= actors::gateway_restarts_max; ++i) {
    w.virtual_system.settle();
    BOOST_TEST(w.virtual_system.kill("brigade.gateway"));
    caf::anon_send(w.handle, actors::drop_run{99});
  }
  w.virtual_system.settle();
  BOOST_TEST(w.virtual_system.alive("brigade.gateway") == 0u);
  const auto pending =
      w.virtual_system.submit(w.handle, order_for(small_crew()));
  w.virtual_system.run_until([&] { return pending->ended(); });
  BOOST_REQUIRE(pending->report);
  const auto& state = pending->report->state;
  BOOST_TEST((state.status == core::run_status::failed));
  BOOST_TEST(state.spent.value == 0);
  BOOST_TEST(state.message.find("crashed too often") != std::string::npos,
             state.message);
}

BOOST_AUTO_TEST_CASE(a_provider_that_throws_costs_its_call_and_nobody_elses) {
  int thrown = 0;
  world w{[&thrown](const scripted_call& call) -> testkit::scripted_step {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b"}));
    if (call.task == "t1" && ++thrown == 1)
      throw std::runtime_error("sk-secret in a message");
    return reply("Result.", std::chrono::milliseconds{50});
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(thrown == 2);
  for (const auto& call : report.state.calls) {
    const bool lost = call.code == core::outcome_code::connection_lost;
    BOOST_TEST((!lost || call.charged == call.worst_case));
    BOOST_TEST((!lost || call.task == "t1"));
    BOOST_TEST(call.message.find("sk-secret") == std::string::npos);
  }
}
