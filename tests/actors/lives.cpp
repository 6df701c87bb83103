// A process that dies at every event: whatever prefix of a run's events is
// durable, another process goes on from there, and every rule holds.
#include "fixture.hpp"

#include "brigade/store/memory.hpp"
#include "brigade/testkit/checkers.hpp"
#include "brigade/testkit/fault_test.hpp"
#include "brigade/testkit/process_doors.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <set>
#include <variant>

using namespace brigade;
using namespace std::chrono_literals;
using test::order_for;
using test::small_crew;
using testkit::plan_text;
using testkit::reply;
using testkit::scripted_call;

namespace {

constexpr auto all_events = std::numeric_limits<std::size_t>::max();

struct recorded_event {
  core::run_id run;
  core::event_ptr what;
  /// Lines of the provider's ledger that were complete when it came.
  std::size_t arrived = 0;
};

struct recording {
  std::vector<recorded_event> events;
  std::vector<testkit::served_call> served;
  /// Every life of a run has one.
  std::set<std::pair<core::run_id, std::uint64_t>> serials;
  core::run_state end;
};

/// One process with a provider of its own: what it answers depends on the
/// request only, so that it does not matter which process asks.
struct process {
  process(const testkit::script& steps, const core::run_order& order,
          std::shared_ptr<store::memory_journal> kept,
          std::uint64_t serials_before)
      : journal(std::move(kept)),
        provider(std::make_shared<testkit::scripted_provider>(system, steps)),
        life(std::make_shared<testkit::process_life>()) {
    life->serials_before = serials_before;
    provider->set_tariff("m", testkit::tariff_of(order.crew->models.front()));
    actors::brigade_options options;
    options.providers["p"] = {
        std::make_shared<testkit::provider_door>(provider, life), {}};
    options.journal = std::make_shared<testkit::journal_door>(journal, life);
    handle = system.brigade(std::move(options));
    idle = system.running();
  }

  testkit::deterministic_system system;
  std::shared_ptr<store::memory_journal> journal;
  std::shared_ptr<testkit::scripted_provider> provider;
  std::shared_ptr<testkit::process_life> life;
  actors::brigade_actor handle;
  std::size_t idle = 0;
};

core::run_state state_of(const store::memory_journal& journal,
                         const core::run_id& run) {
  core::run_state state;
  for (const auto& e : journal.read(run, 0, all_events))
    state.apply(*e);
  return state;
}

using during = std::function<void(process&)>;

/// What is said of a plan that waits.
using word = core::approval_decision;

/// Where a run waits for approval, the word is given; until it has ended.
void run_to_end(process& in, const core::run_order& order, const word& said,
                std::shared_ptr<const testkit::pending_run>& pending,
                testkit::rule_checkers* checkers) {
  for (;;) {
    in.system.run_until([&] { return checkers == nullptr && pending->ended(); },
                        24h);
    if (!pending || !pending->report
        || !pending->report->state.awaits_approval())
      return;
    if (checkers != nullptr) {
      checkers->reported(*pending->report);
      checkers->resumed(order);
    }
    pending = in.system.resume(in.handle, {order, "user", false, said});
  }
}

recording record(const testkit::script& steps, const core::run_order& order,
                 const word& said, const during& meanwhile) {
  recording made;
  store::memory_journal_options options;
  std::size_t arrived = 0;
  options.listener = [&](const core::run_id& run, const core::event_ptr& e) {
    made.events.push_back({run, e, arrived});
  };
  process only{steps, order,
               std::make_shared<store::memory_journal>(std::move(options)), 0};
  only.provider->on_arrival([&arrived](const auto&) { ++arrived; });
  only.system.before_delivery([&made](const testkit::delivery& next) {
    if (const auto* sent = next.get<actors::send_try>())
      made.serials.emplace(sent->run,
                           static_cast<std::uint64_t>(sent->id) >> 24);
  });
  auto pending = only.system.submit(only.handle, order);
  if (meanwhile)
    meanwhile(only);
  run_to_end(only, order, said, pending, nullptr);
  only.system.settle();
  BOOST_REQUIRE(pending->report);
  made.served = only.provider->served();
  made.end = pending->report->state;
  return made;
}

struct second_life {
  std::vector<testkit::violation> violations;
  core::run_state end;
  std::size_t doubts = 0;
  std::size_t open_at_death = 0;
};

/// The journal as a process finds it that died after `count` events.
void replay(const recording& past, std::size_t count,
            store::memory_journal& journal, testkit::rule_checkers& checkers) {
  for (const auto& [run, serial] : past.serials)
    checkers.serial(run, serial);
  std::size_t arrived = 0;
  const auto serve_up_to = [&](std::size_t most) {
    for (; arrived < std::min(most, past.served.size()); ++arrived)
      checkers.served(past.served[arrived]);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const auto& next = past.events[i];
    serve_up_to(next.arrived);
    journal.append(next.run, {*next.what});
  }
  checkers.process_died();
  // What was under way is billed, and nobody hears of it.
  for (std::size_t i = 0; i < arrived; ++i)
    checkers.answered(past.served[i]);
}

second_life live_again(const testkit::script& steps,
                       const core::run_order& order, const word& said,
                       const recording& past, std::size_t count) {
  constexpr std::uint64_t serials_before = 1000;
  testkit::rule_checkers checkers;
  checkers.submitted(order);
  store::memory_journal_options options;
  process* living = nullptr;
  options.listener = [&](const core::run_id& run, const core::event_ptr& e) {
    checkers.saw(run, *e,
                 living != nullptr
                     ? std::optional{living->system.elapsed().count()}
                     : std::nullopt);
  };
  auto journal = std::make_shared<store::memory_journal>(std::move(options));
  replay(past, count, *journal, checkers);
  second_life result;
  const auto before = state_of(*journal, order.id);
  result.open_at_death = static_cast<std::size_t>(
      std::count_if(before.calls.begin(), before.calls.end(),
                    [](const auto& call) { return !call.settled; }));
  process next{steps, order, journal, serials_before};
  living = &next;
  next.system.before_delivery([&](const testkit::delivery& d) {
    if (const auto* sent = d.get<actors::send_try>())
      checkers.serial(sent->run, (static_cast<std::uint64_t>(sent->id) >> 24)
                                     + serials_before);
  });
  next.provider->on_arrival([&](const auto& l) { checkers.served(l); });
  next.provider->on_end([&](const auto& l) { checkers.answered(l); });
  const auto log = journal->read(order.id, 0, all_events);
  checkers.read_back(order.id, log);
  std::shared_ptr<const testkit::pending_run> pending;
  if (log.empty()) {
    pending = next.system.submit(next.handle, order);
  } else if (before.phase != core::run_phase::finished) {
    checkers.resumed(order);
    pending = next.system.resume(next.handle, {order, "restart", false});
  }
  run_to_end(next, order, said, pending, &checkers);
  if (pending) {
    BOOST_REQUIRE_MESSAGE(pending->report, pending->error_text);
    checkers.reported(*pending->report);
  }
  testkit::hygiene left;
  left.actors = next.system.running() - next.idle;
  left.timers = next.system.timers();
  left.open_tries = next.provider->open();
  checkers.at_rest(left);
  result.end = state_of(*journal, order.id);
  result.doubts = static_cast<std::size_t>(
      std::count_if(result.end.calls.begin(), result.end.calls.end(),
                    [](const auto& call) { return call.in_doubt; }));
  result.violations = checkers.violations();
  living = nullptr;
  return result;
}

/// Whether the two events became durable in one append.
bool is_one_append(const core::event& first, const core::event& second) {
  using namespace core::events;
  if (std::holds_alternative<plan_proposed>(first.body))
    return true;
  if (std::holds_alternative<plan_accepted>(first.body))
    return std::holds_alternative<approval_requested>(second.body);
  return std::holds_alternative<approval_given>(first.body)
         && !std::holds_alternative<task_started>(second.body);
}

enum class compared : std::uint8_t { no, answer };

void dies_everywhere(const testkit::script& steps, const core::run_order& order,
                     compared what, const during& meanwhile = {},
                     const word& said = {}) {
  const auto past = record(steps, order, said, meanwhile);
  BOOST_TEST(past.events.size() > 5u);
  for (std::size_t count = 0; count <= past.events.size(); ++count) {
    // Both are durable or none is.
    if (count > 0 && count < past.events.size()
        && is_one_append(*past.events[count - 1].what,
                         *past.events[count].what))
      continue;
    BOOST_TEST_CONTEXT("process death after event " << count << " of "
                                                    << past.events.size()) {
      const auto again = live_again(steps, order, said, past, count);
      for (const auto& found : again.violations)
        BOOST_ERROR(found.rule << ": " << found.what << " (event " << found.seq
                               << ")");
      BOOST_TEST((again.end.phase == core::run_phase::finished));
      BOOST_TEST(again.doubts <= again.open_at_death);
      if (what == compared::answer) {
        BOOST_TEST(to_string(again.end.status) == to_string(past.end.status));
        BOOST_TEST(again.end.answer.view() == past.end.answer.view());
      }
    }
  }
}

/// Plans `tasks` and answers everybody else by what they ask, in 1 to 3 s.
testkit::script answers(std::vector<std::string> tasks) {
  return [tasks = std::move(tasks)](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text(tasks), 1s);
    if (call.role == core::call_role::synthesizer)
      return reply("The merged answer.", 1s);
    const auto last = static_cast<std::int64_t>(call.task.back() % 3);
    return reply("Result of " + call.task + ".",
                 std::chrono::seconds{1 + last});
  };
}

const std::vector<std::string> diamond{"t1 a", "t2 b t1", "t3 a t1",
                                       "t4 b t2,t3"};

} // namespace

BOOST_AUTO_TEST_CASE(a_simple_run_goes_on_from_every_event) {
  dies_everywhere(answers({"t1 a"}), order_for(small_crew()), compared::answer);
}

BOOST_AUTO_TEST_CASE(a_diamond_goes_on_from_every_event) {
  dies_everywhere(answers(diamond), order_for(small_crew()), compared::answer);
}

BOOST_AUTO_TEST_CASE(a_run_with_retries_goes_on_from_every_event) {
  const auto steps = [inner = answers(diamond)](const scripted_call& call) {
    return call.number == 1 && call.role != core::call_role::planner
               ? testkit::fail(core::outcome_code::overloaded, 500ms)
               : inner(call);
  };
  dies_everywhere(steps, order_for(small_crew()), compared::answer);
}

BOOST_AUTO_TEST_CASE(a_run_with_a_repaired_plan_goes_on_from_every_event) {
  const auto steps = [inner = answers(diamond)](const scripted_call& call) {
    const bool first = call.role == core::call_role::planner
                       && call.body.find("nobodyknows") == std::string::npos;
    return first ? reply(plan_text({"t1 nobodyknows"}), 1s) : inner(call);
  };
  dies_everywhere(steps, order_for(small_crew()), compared::answer);
}

BOOST_AUTO_TEST_CASE(a_run_without_a_synthesizer_goes_on_from_every_event) {
  auto crew = small_crew();
  crew.synthesizer.kind = core::synthesizer_kind::merge;
  dies_everywhere(answers(diamond), order_for(crew), compared::answer);
}

BOOST_AUTO_TEST_CASE(nested_runs_go_on_from_every_event_of_any_run) {
  auto inner = small_crew();
  inner.name = "inner";
  inner.limits.cost = {core::pico_per_usd / 10};
  auto crew = small_crew();
  crew.workers[1].nested = std::make_shared<const core::crew>(inner);
  const auto steps = [](const scripted_call& call) {
    const bool above = call.body.find("Compare the figures of several markets")
                       != std::string::npos;
    return answers(above ? std::vector<std::string>{"t1 a", "t2 b t1", "t3 a"}
                         : std::vector<std::string>{"n1 a", "n2 a"})(call);
  };
  dies_everywhere(steps, order_for(crew), compared::answer);
}

BOOST_AUTO_TEST_CASE(a_plan_alone_goes_on_from_every_event) {
  auto order = order_for(small_crew());
  order.plan_only = true;
  dies_everywhere(answers(diamond), order, compared::answer);
}

BOOST_AUTO_TEST_CASE(a_run_at_its_deadline_goes_on_from_every_event) {
  auto crew = small_crew();
  crew.limits.run_deadline_ms = 10'000;
  const auto steps = [inner = answers(diamond)](const scripted_call& call) {
    return call.task == "t3" ? testkit::silence() : inner(call);
  };
  dies_everywhere(steps, order_for(crew), compared::no);
}

BOOST_AUTO_TEST_CASE(a_run_without_money_goes_on_from_every_event) {
  auto order = order_for(small_crew());
  // Enough for the plan, and for a part of what it asks for.
  order.ceiling = core::pico_usd{16'000'000'000};
  dies_everywhere(answers(diamond), order, compared::no);
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_goes_on_from_every_event) {
  const auto order = order_for(small_crew());
  dies_everywhere(
      answers(diamond), order, compared::no, [&order](process& only) {
        only.system.call_later(3500ms, [&only, &order] {
          caf::anon_send(
              only.handle,
              actors::stop_run{order.id, core::stop_kind::cancel, "by a user"});
        });
      });
}

BOOST_AUTO_TEST_CASE(what_is_in_doubt_fails_where_the_crew_says_so) {
  auto crew = small_crew();
  crew.limits.in_doubt = core::in_doubt_policy::fail;
  dies_everywhere(answers(diamond), order_for(crew), compared::no);
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_for_approval_goes_on_from_every_event) {
  auto crew = small_crew();
  crew.approval = core::approval_kind::plan;
  dies_everywhere(answers(diamond), order_for(crew), compared::answer);
}

BOOST_AUTO_TEST_CASE(a_run_with_an_edited_plan_goes_on_from_every_event) {
  auto order = order_for(small_crew());
  order.approve_plan = true;
  word said;
  said.plan_text = plan_text({"t7 a", "t8 b t7"});
  dies_everywhere(answers(diamond), order, compared::answer, {}, said);
}

BOOST_AUTO_TEST_CASE(a_run_with_a_rejected_plan_goes_on_from_every_event) {
  auto order = order_for(small_crew());
  order.approve_plan = true;
  dies_everywhere(answers(diamond), order, compared::answer, {},
                  {core::decision_kind::reject, "ann", "too dear", {}});
}
