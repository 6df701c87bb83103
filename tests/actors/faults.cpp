// Actors that crash, journals that delay and fail, many runs at once.
#include "fixture.hpp"

#include "brigade/store/memory.hpp"

#include <stdexcept>

using namespace brigade;
using test::healthy;
using test::order_for;
using test::small_crew;
using test::world;
using testkit::plan_text;
using testkit::reply;
using testkit::scripted_call;
using testkit::silence;

namespace {

/// Throws while a request of `role` is serialised, in the buyer's own actor,
/// as often as `times` says.
class poisoned_provider : public core::provider {
public:
  poisoned_provider(std::shared_ptr<core::provider> inner, core::call_role role,
                    int times)
      : inner_(std::move(inner)), role_(role), times_(times) {
    // nop
  }

  std::string encode(const core::model_request& request) const override {
    if (request.role == role_ && times_ > 0) {
      --times_;
      throw std::runtime_error("sk-secret in an exception");
    }
    return inner_->encode(request);
  }

  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds limit, done_fn done) override {
    inner_->send(id, call, limit, std::move(done));
  }

  void cancel(core::try_id id) override { inner_->cancel(id); }

private:
  std::shared_ptr<core::provider> inner_;
  core::call_role role_;
  mutable int times_;
};

core::run_report run_poisoned(core::call_role role, int times) {
  testkit::deterministic_system virtual_system;
  auto provider = std::make_shared<testkit::scripted_provider>(
      virtual_system, healthy({"t1 a", "t2 b"}));
  actors::brigade_options options;
  options.providers["p"] = {
      std::make_shared<poisoned_provider>(provider, role, times), {}};
  auto handle = virtual_system.brigade(std::move(options));
  const auto idle = virtual_system.running();
  const auto ended = virtual_system.run(handle, order_for(small_crew()));
  BOOST_REQUIRE(ended.report);
  BOOST_TEST(virtual_system.running() == idle);
  BOOST_TEST(ended.report->state.reserved.value == 0);
  return *ended.report;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_crashed_worker_gets_a_new_attempt) {
  const auto report = run_poisoned(core::call_role::worker, 1);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.tasks[0].attempts + report.state.tasks[1].attempts
             == 3u);
}

BOOST_AUTO_TEST_CASE(a_worker_that_always_crashes_costs_its_subtask) {
  // 3 attempts for one of the two, then the other is healthy.
  const auto report = run_poisoned(core::call_role::worker, 4);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  const auto poisoned = run_poisoned(core::call_role::worker, 100);
  BOOST_TEST((poisoned.state.status == core::run_status::failed));
  BOOST_TEST(poisoned.state.tasks[0].error_code == "quarantined");
  BOOST_TEST(poisoned.state.tasks[0].attempts == 3u);
}

BOOST_AUTO_TEST_CASE(a_crashed_synthesizer_never_loses_the_results) {
  const auto report = run_poisoned(core::call_role::synthesizer, 100);
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.answer.str().find("Result of t2.")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_crashed_orchestrator_ends_its_run_as_failed_once) {
  const auto report = run_poisoned(core::call_role::planner, 100);
  BOOST_TEST((report.state.status == core::run_status::failed));
  BOOST_TEST(report.state.reason == "internal");
  BOOST_TEST(report.state.message.find("sk-secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_or_shown_before_it_is_durable) {
  auto delayed = std::make_shared<store::memory_journal>(
      store::memory_journal_options{{}, [](const auto&, const auto&) {
                                      return core::append_status::pending;
                                    }});
  testkit::deterministic_system virtual_system{3};
  auto provider = std::make_shared<testkit::scripted_provider>(
      virtual_system, healthy({"t1 a", "t2 b t1"}));
  actors::brigade_options options;
  options.providers["p"] = {provider, {}};
  options.journal = delayed;
  auto handle = virtual_system.brigade(std::move(options));
  const auto order = order_for(small_crew());
  const auto pending = virtual_system.submit(handle, order);
  int rounds = 0;
  while (!pending->ended() && ++rounds < 200) {
    virtual_system.settle();
    const auto log = delayed->read(order.id, 0, 1000);
    std::size_t intents = 0;
    for (const auto& e : log)
      intents +=
          std::holds_alternative<core::events::call_intended>(e->body) ? 1 : 0;
    // Intent before send.
    BOOST_TEST(provider->served().size() <= intents);
    if (pending->ended())
      break;
    delayed->release();
  }
  BOOST_REQUIRE(pending->report);
  BOOST_TEST((pending->report->state.status == core::run_status::succeeded));
  const auto log = delayed->read(order.id, 0, 1000);
  BOOST_TEST(
      std::holds_alternative<core::events::run_finished>(log.back()->body));
}

BOOST_AUTO_TEST_CASE(a_journal_that_fails_at_any_append_suspends_the_run) {
  for (int failing = 1; failing <= 40; ++failing) {
    int count = 0;
    bool failed = false;
    auto journal =
        std::make_shared<store::memory_journal>(store::memory_journal_options{
            {}, [&](const auto&, const auto&) {
              failed = failed || ++count == failing;
              return failed ? core::append_status::failed
                            : core::append_status::durable;
            }});
    testkit::deterministic_system virtual_system;
    auto provider = std::make_shared<testkit::scripted_provider>(
        virtual_system, healthy({"t1 a", "t2 b"}));
    actors::brigade_options options;
    options.providers["p"] = {provider, {}};
    options.journal = journal;
    auto handle = virtual_system.brigade(std::move(options));
    const auto idle = virtual_system.running();
    const auto ended = virtual_system.run(handle, order_for(small_crew()));
    BOOST_TEST_CONTEXT("append " << failing)
    BOOST_REQUIRE(ended.report);
    BOOST_TEST(virtual_system.running() == idle);
    const auto& state = ended.report->state;
    if (!failed) {
      BOOST_TEST((state.status == core::run_status::succeeded));
      BOOST_TEST(failing > 5);
      return;
    }
    BOOST_TEST((state.status == core::run_status::suspended),
               "append " << failing);
    BOOST_TEST(state.reason == "storage_failure");
  }
  BOOST_ERROR("the run never got through");
}

BOOST_AUTO_TEST_CASE(many_runs_share_a_gateway_and_leave_nothing_behind) {
  world w{healthy({"t1 a", "t2 b", "t3 a t1,t2"}), 11};
  std::vector<std::shared_ptr<const testkit::pending_run>> all;
  for (std::uint8_t i = 1; i <= 50; ++i)
    all.push_back(
        w.virtual_system.submit(w.handle, order_for(small_crew(), i)));
  w.virtual_system.settle();
  for (const auto& pending : all) {
    BOOST_REQUIRE(pending->report);
    BOOST_TEST((pending->report->state.status == core::run_status::succeeded));
  }
  BOOST_TEST(w.provider->served().size() == 250u);
  BOOST_TEST(w.virtual_system.running() == w.idle);
}

BOOST_AUTO_TEST_CASE(a_full_provider_makes_calls_wait_and_none_is_lost) {
  testkit::deterministic_system virtual_system;
  auto provider = std::make_shared<testkit::scripted_provider>(
      virtual_system, [](const scripted_call& call) {
        if (call.role == core::call_role::planner)
          return reply(plan_text({"t1 a", "t2 b", "t3 a", "t4 b"}));
        return reply("r", std::chrono::milliseconds{100});
      });
  actors::brigade_options options;
  options.providers["p"] = {provider, {1, 100}};
  auto handle = virtual_system.brigade(std::move(options));
  const auto ended = virtual_system.run(handle, order_for(small_crew()));
  BOOST_REQUIRE(ended.report);
  BOOST_TEST((ended.report->state.status == core::run_status::succeeded));
  // One after the other: 4 workers and the synthesis.
  BOOST_TEST(virtual_system.elapsed().count() == 500);
}

namespace {

actors::subscriber_actor::behavior_type note(actors::subscriber_actor::pointer,
                                             std::vector<std::uint64_t>* seen,
                                             bool* terminal) {
  return {[=](const actors::run_event& message) {
    seen->push_back(message.event->seq);
    *terminal = *terminal
                || std::holds_alternative<core::events::run_finished>(
                    message.event->body);
  }};
}

} // namespace

BOOST_AUTO_TEST_CASE(subscribers_get_every_event_once_in_sequence) {
  world w{healthy({"t1 a", "t2 b t1"})};
  std::vector<std::uint64_t> seen;
  bool terminal = false;
  auto subscriber = w.virtual_system.system().spawn(note, &seen, &terminal);
  const auto order = order_for(small_crew());
  caf::anon_send(w.handle, actors::subscribe{order.id, subscriber, 0});
  w.virtual_system.settle();
  const auto pending = w.virtual_system.submit(w.handle, order);
  w.virtual_system.settle();
  BOOST_REQUIRE(pending->report);
  BOOST_TEST(terminal);
  BOOST_TEST(seen.size() == pending->report->state.last_seq);
  for (std::size_t i = 0; i < seen.size(); ++i)
    BOOST_TEST(seen[i] == i + 1);
  caf::anon_send_exit(subscriber, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_CASE(subscribers_of_a_slow_journal_miss_nothing) {
  auto slow = std::make_shared<store::memory_journal>(
      store::memory_journal_options{{}, [](const auto&, const auto&) {
                                      return core::append_status::pending;
                                    }});
  testkit::deterministic_system virtual_system;
  auto provider = std::make_shared<testkit::scripted_provider>(
      virtual_system, healthy({"t1 a"}));
  actors::brigade_options options;
  options.providers["p"] = {provider, {}};
  options.journal = slow;
  auto handle = virtual_system.brigade(std::move(options));
  std::vector<std::uint64_t> seen;
  bool terminal = false;
  auto subscriber = virtual_system.system().spawn(note, &seen, &terminal);
  const auto order = order_for(small_crew());
  // The second one is no news.
  for (int i = 0; i < 2; ++i)
    caf::anon_send(handle, actors::subscribe{order.id, subscriber, 0});
  virtual_system.settle();
  const auto pending = virtual_system.submit(handle, order);
  for (int rounds = 0; rounds < 100 && !terminal; ++rounds) {
    virtual_system.settle();
    slow->release();
  }
  BOOST_TEST(terminal);
  for (std::size_t i = 0; i < seen.size(); ++i)
    BOOST_TEST(seen[i] == i + 1);
  virtual_system.settle();
  BOOST_REQUIRE(pending->report);
  BOOST_TEST(seen.size() == pending->report->state.last_seq);
  caf::anon_send_exit(subscriber, caf::exit_reason::user_shutdown);
}
