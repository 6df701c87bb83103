// Plans that wait for approval, and runs that only end or only begin, through
// the real actors. What a death in between does: lives.cpp.
#include "fixture.hpp"

#include "brigade/store/memory.hpp"

#include <algorithm>
#include <limits>

using namespace brigade;
using namespace std::chrono_literals;
using core::decision_kind;
using test::healthy;
using test::order_for;
using test::small_crew;
using testkit::plan_text;

namespace {

using names = std::vector<std::string>;

const names two{"t1 a", "t2 b t1"};

/// Processes one after another on one journal.
struct lives {
  explicit lives(testkit::script script = healthy(two),
                 core::allowance most = core::allowance::max())
      : steps(std::move(script)), ceiling(most) {
    restart();
  }

  void restart() {
    provider.reset();
    handle = nullptr;
    system = std::make_unique<testkit::deterministic_system>();
    provider = std::make_shared<testkit::scripted_provider>(
        *system, [this](const testkit::scripted_call& call) {
          ++bought[static_cast<std::size_t>(call.role)];
          return steps(call);
        });
    actors::brigade_options options;
    options.providers["p"] = {provider, {}};
    options.journal = journal;
    options.ceiling = ceiling;
    options.runs_max = runs_max;
    handle = system->brigade(std::move(options));
    idle = system->running();
  }

  core::run_report ended(const testkit::pending_run& pending) {
    system->run_until([&pending] { return pending.ended(); });
    system->settle();
    BOOST_REQUIRE_MESSAGE(pending.report, "no report: " << pending.error_text);
    BOOST_TEST(system->running() == idle);
    return *pending.report;
  }

  core::run_report submit(const core::run_order& order) {
    return ended(*system->submit(handle, order));
  }

  core::run_report resume(const core::run_order& order,
                          std::optional<core::approval_decision> decision,
                          bool first = false) {
    return ended(*system->resume(
        handle, {order, "restart", false, std::move(decision), first}));
  }

  std::string refusal(const core::run_order& order,
                      std::optional<core::approval_decision> decision) {
    const auto pending = system->resume(
        handle, {order, "user", false, std::move(decision), false});
    system->settle();
    return pending->error_text;
  }

  /// The names of the run's events from this one on.
  names log(const core::run_order& order, std::uint64_t after = 0) const {
    names all;
    for (const auto& e : journal->read(order.id, after, 1000))
      all.emplace_back(core::event_name(e->body));
    return all;
  }

  std::size_t calls(core::call_role role) const {
    return bought[static_cast<std::size_t>(role)];
  }

  std::shared_ptr<store::memory_journal> journal =
      std::make_shared<store::memory_journal>();
  testkit::script steps;
  core::allowance ceiling;
  std::uint32_t runs_max = 4;
  std::array<std::size_t, 8> bought{};
  std::unique_ptr<testkit::deterministic_system> system;
  std::shared_ptr<testkit::scripted_provider> provider;
  actors::brigade_actor handle;
  std::size_t idle = 0;
};

core::run_order asking_order() {
  auto order = order_for(small_crew());
  order.approve_plan = true;
  order.client = "ann";
  return order;
}

core::approval_decision word(decision_kind kind) {
  return {kind, "bob", "as discussed", {}};
}

bool has(const names& all, const std::string& name) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_run_that_asks_stands_still_with_its_plan_paid) {
  lives w;
  const auto order = asking_order();
  const auto report = w.submit(order);
  BOOST_TEST((report.state.status == core::run_status::suspended));
  BOOST_TEST(report.state.reason == "approval");
  BOOST_TEST(report.state.client == "ann");
  BOOST_TEST(report.state.awaits_approval());
  BOOST_TEST(report.state.reserved.value == 0);
  BOOST_TEST(w.calls(core::call_role::planner) == 1u);
  BOOST_TEST(w.calls(core::call_role::worker) == 0u);
  BOOST_TEST(report.state.approval_asked->critical_path == (names{"t1", "t2"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_approved_run_never_pays_its_planner_again) {
  lives w;
  const auto order = asking_order();
  w.submit(order);
  w.restart();
  BOOST_TEST(w.resume(order, std::nullopt).state.awaits_approval());
  w.restart();
  const auto report = w.resume(order, word(decision_kind::approve));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(w.calls(core::call_role::planner) == 1u);
  BOOST_TEST(w.calls(core::call_role::worker) == 2u);
  BOOST_TEST(report.state.approval_answer->by == "bob");
  for (const auto& e : w.journal->read(order.id, 0, 1000))
    if (const auto* resumed = std::get_if<core::events::run_resumed>(&e->body))
      BOOST_TEST(resumed->reason
                 == (resumed->epoch == 3 ? "approval" : "restart"));
}

BOOST_AUTO_TEST_CASE(a_plan_given_instead_is_the_one_that_is_worked_on) {
  lives w;
  const auto order = asking_order();
  const auto waiting = w.submit(order);
  auto decision = word(decision_kind::approve);
  decision.plan_text = plan_text({"t9 b"});
  BOOST_TEST(core::check_edited_plan(order, waiting.state, *decision.plan_text)
                 .empty());
  const auto report = w.resume(order, decision);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.plan->tasks.size() == 1u);
  BOOST_TEST(w.calls(core::call_role::worker) == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_plan_costs_no_more_and_waits_for_no_room) {
  for (auto kind :
       {decision_kind::reject, decision_kind::expire, decision_kind::cancel}) {
    lives w;
    const auto order = asking_order();
    const auto waiting = w.submit(order);
    // A process that has no money and no place left.
    w.ceiling.cost = core::pico_usd{1};
    w.runs_max = 0;
    w.restart();
    w.resume(order, word(kind));
    core::run_state end;
    for (const auto& e : w.journal->read(order.id, 0, 1000))
      end.apply(*e);
    BOOST_TEST((end.status == core::run_status::cancelled));
    BOOST_TEST(end.spent.value == waiting.state.spent.value);
    BOOST_TEST(end.reason
               == (kind == decision_kind::reject   ? "approval_rejected"
                   : kind == decision_kind::expire ? "approval_expired"
                                                   : "cancelled"));
  }
}

BOOST_AUTO_TEST_CASE(a_decision_about_a_plan_needs_a_run_that_waits) {
  lives w;
  auto order = asking_order();
  w.journal->append(order.id, {{0, 0, 0, core::submitted(order)}});
  for (auto kind :
       {decision_kind::approve, decision_kind::reject, decision_kind::expire})
    BOOST_TEST(w.refusal(order, word(kind)).find("does not wait for approval")
               != std::string::npos);
  BOOST_TEST(w.log(order).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_only_accepted_begins_as_if_submitted) {
  lives w;
  auto order = order_for(small_crew());
  w.journal->append(order.id, {{0, 0, 0, core::submitted(order)}});
  w.restart();
  const auto report = w.resume(order, std::nullopt, true);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.epoch == 1u);
  const auto log = w.log(order);
  BOOST_TEST(!has(log, "run.resumed"));
  BOOST_TEST(std::count(log.begin(), log.end(), "run.submitted") == 1);
}

BOOST_AUTO_TEST_CASE(what_it_waited_before_its_first_life_counts_for_nothing) {
  lives w{[](const testkit::scripted_call& call) {
    auto step = healthy(two)(call);
    step.delay = 2s;
    return step;
  }};
  auto crew = small_crew();
  crew.limits.run_deadline_ms = 9'000;
  auto order = order_for(crew);
  w.journal->append(order.id, {{0, 0, 0, core::submitted(order)}});
  w.system->advance(1h);
  const auto report = w.resume(order, std::nullopt, true);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.last_at_ms >= 8'000);
  BOOST_TEST(report.state.last_at_ms < 9'000);
}

BOOST_AUTO_TEST_CASE(a_first_life_that_was_none_is_an_ordinary_one) {
  lives w;
  const auto order = asking_order();
  w.submit(order);
  const auto report = w.resume(order, word(decision_kind::approve), true);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.epoch == 2u);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_only_accepted_can_be_cancelled) {
  for (bool first : {true, false}) {
    lives w;
    auto order = order_for(small_crew());
    w.journal->append(order.id, {{0, 0, 0, core::submitted(order)}});
    const auto report = w.resume(order, word(decision_kind::cancel), first);
    BOOST_TEST((report.state.status == core::run_status::cancelled));
    BOOST_TEST(report.state.reason == "cancelled");
    BOOST_TEST(w.provider->served().empty());
    BOOST_TEST(has(w.log(order), "run.resumed") == !first);
  }
}

BOOST_AUTO_TEST_CASE(what_is_nested_in_a_cancelled_run_buys_nothing_more) {
  auto inner = small_crew();
  inner.name = "inner";
  inner.limits.cost = {core::pico_per_usd / 10};
  auto crew = small_crew();
  crew.workers[1].nested = std::make_shared<const core::crew>(inner);
  lives w{[](const testkit::scripted_call& call) {
    const bool above = call.body.find("Compare the figures of several markets")
                       != std::string::npos;
    if (!above && call.role == core::call_role::worker)
      return testkit::silence();
    return healthy(above ? names{"t1 b"} : names{"n1 a", "n2 a"})(call);
  }};
  const auto order = order_for(crew);
  const auto pending = w.system->submit(w.handle, order);
  w.system->settle();
  caf::anon_send(w.handle,
                 actors::stop_run{order.id, core::stop_kind::suspend, "user"});
  BOOST_TEST((w.ended(*pending).state.status == core::run_status::suspended));
  w.restart();
  const auto report = w.resume(order, word(decision_kind::cancel));
  BOOST_TEST((report.state.status == core::run_status::cancelled));
  BOOST_TEST(report.state.reserved.value == 0);
  BOOST_TEST(w.provider->served().empty());
}

BOOST_AUTO_TEST_CASE(a_decision_outlives_actors_that_crash_before_it_is_kept) {
  lives w;
  const auto order = asking_order();
  w.submit(order);
  const auto pending = w.system->resume(
      w.handle, {order, "user", false, word(decision_kind::approve), false});
  // The orchestrator dies with its first message, if not before.
  bool killed = false;
  w.system->after_delivery([&] {
    if (!killed)
      killed = w.system->kill("brigade.orchestrator");
  });
  const auto report = w.ended(*pending);
  BOOST_TEST(killed);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(w.calls(core::call_role::planner) == 1u);
}
