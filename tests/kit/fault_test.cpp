#include "brigade/testkit/fault_test.hpp"

#include "brigade/testkit/checkers/trace_hash.hpp"
#include "brigade/testkit/fault_injector.hpp"
#include "brigade/testkit/trace.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace brigade::testkit {

namespace {

using std::chrono::milliseconds;

/// More is no run any more but a loop without end.
constexpr std::uint64_t steps_max = 1'000'000;

/// Far above every time limit of a crew, and below that of the client that
/// `deterministic_system` submits with.
constexpr milliseconds time_max{std::chrono::hours{20 * 24}};

/// Running a seed twice doubles its time.
constexpr std::uint64_t seeds_per_repetition = 64;

core::run_id id_of(std::uint64_t seed) {
  // Any time will do, as long as it is always the same.
  constexpr std::int64_t unix_ms = 1'700'000'000'000;
  std::array<std::uint8_t, 10> random{};
  for (std::size_t i = 0; i < sizeof seed; ++i)
    random[i] = static_cast<std::uint8_t>(seed >> (8 * i));
  return core::make_run_id(unix_ms, random);
}

/// The models of a crew and of the crews nested in it. They cannot be nested
/// in a circle: a crew is whole before another one can hold it.
void collect_models(const core::crew& crew,
                    std::map<std::string, core::model_spec>& out) {
  for (const auto& model : crew.models)
    out.emplace(model.alias, model);
  for (const auto& worker : crew.workers)
    if (worker.nested)
      collect_models(*worker.nested, out);
}

/// One seed's system and everything around it, in order of construction.
class world {
public:
  world(const fault_test& test, std::uint64_t seed)
      : test_(test), order_(test.order), system_(seed),
        faults_(system_, seed, test.allowed),
        provider_(std::make_shared<scripted_provider>(system_, test.answers)) {
    if (order_.id.text.empty())
      order_.id = id_of(seed);
    runs_.insert(order_.id);
    if (!order_.inputs)
      order_.inputs = std::make_shared<const core::input_set>();
    watch();
    handle_ = system_.brigade(options(seed));
    idle_ = system_.alive();
    faults_.strike(handle_, {order_.id});
  }

  seed_result run() {
    seed_result result;
    checkers_.submitted(order_);
    pending_ = system_.submit(handle_, order_);
    if (!run_to_rest())
      found("L3", "messages without end");
    if (provider_->script_failure())
      std::rethrow_exception(provider_->script_failure());
    result.end = *pending_;
    check_end();
    if (pending_->report && test_.expect)
      if (auto wrong = test_.expect(*pending_->report); !wrong.empty())
        found("expect", std::move(wrong));
    check_leaks(pending_->ended());
    result.violations = checkers_.violations();
    result.violations.insert(result.violations.end(), found_.begin(),
                             found_.end());
    result.faults = happened_;
    result.fault_text = faults_.plan().text();
    result.served = provider_->served();
    result.hash = hash_.value();
    return result;
  }

private:
  void watch() {
    system_.on_leak([](const std::string&) {
      // `run` has told it already.
    });
    faults_.strike(*provider_);
    faults_.plan().on_fault([this](fault f) {
      happened_.set(static_cast<std::size_t>(f));
      if (f == fault::gateway_crash)
        checkers_.gateway_lost();
      if (f == fault::budget_crash)
        checkers_.till_lost();
      if (f == fault::journal_failure)
        lose_journal();
      trace_line([&] { return trace_of_fault(f); });
    });
    system_.before_delivery([this](const delivery& next) {
      if (const auto* sent = next.get<actors::send_try>())
        checkers_.serial(sent->run, static_cast<std::uint64_t>(sent->id) >> 24);
      const auto before = system_.elapsed();
      faults_.before_delivery(next);
      if (const auto stood = system_.elapsed() - before; stood.count() != 0)
        checkers_.stood_still(stood.count());
    });
    provider_->on_arrival([this](const auto& line) {
      checkers_.served(line);
      hash_.arrived(line);
      trace_line([&] { return trace_of_arrival(line); });
    });
    provider_->on_end([this](const auto& line) {
      checkers_.answered(line);
      hash_.ended(line);
      trace_line([&] { return trace_of_end(line); });
    });
  }

  actors::brigade_options options(std::uint64_t seed) {
    actors::brigade_options made;
    std::map<std::string, core::model_spec> models;
    collect_models(*order_.crew, models);
    for (const auto& [alias, model] : models) {
      provider_->set_tariff(alias, tariff_of(model));
      made.providers[model.provider].provider = provider_;
    }
    made.journal = faults_.journal([this](const auto& run, const auto& e) {
      runs_.insert(run);
      hash_.add(run, *e);
      checkers_.saw(run, *e, system_.elapsed().count());
      trace_line([&] { return trace_of_event(run, *e); });
    });
    made.seed = seed;
    if (test_.configure)
      test_.configure(made);
    if (made.ceiling.cost != core::pico_usd::max())
      checkers_.set_process_ceiling(made.ceiling.cost);
    return made;
  }

  template <class Text>
  void trace_line(Text text) {
    if (test_.trace)
      test_.trace(std::to_string(system_.elapsed().count()) + " ms  " + text());
  }

  void check_end() {
    if (pending_->report) {
      const auto& state = pending_->report->state;
      // Ended by force, as by kill -9: its log simply stops.
      if (state.status == core::run_status::suspended
          && state.reason == "shutdown")
        lose_journal();
      checkers_.reported(*pending_->report);
    } else if (!pending_->error_text.empty()) {
      if (runs_.empty())
        checkers_.refused(order_.id);
      else if (happened_[static_cast<std::size_t>(fault::shutdown)])
        lose_journal();
      else
        found("L1", "the run has begun but its order is refused");
    }
  }

  void lose_journal() {
    checkers_.journal_failed(order_.id);
    for (const auto& run : runs_)
      checkers_.journal_failed(run);
  }

  void found(std::string rule, std::string what) {
    found_.push_back({std::move(rule), order_.id, 0, system_.elapsed().count(),
                      std::move(what)});
  }

  /// Until nothing is left to happen; false when that takes too long.
  bool run_to_rest() {
    for (std::uint64_t steps = 0; steps < steps_max; ++steps)
      if (!system_.step()) {
        check_gone();
        if (!system_.fire_next(time_max))
          return true;
      }
    return false;
  }

  /// At the instant that answers the last order, nothing works for a run any
  /// more, here or at the provider. What a shutdown ends by force, and a run
  /// nested below a till that crashed or gave up while the process stood still,
  /// may still be on its way out.
  void check_gone() {
    if (gone_ || !pending_->ended())
      return;
    gone_ = true;
    for (auto f : {fault::shutdown, fault::budget_crash, fault::time_jump})
      if (happened_[static_cast<std::size_t>(f)])
        return;
    for (const auto& name : run_actors(system_))
      found("H1", "an actor outlives its run: " + name);
    if (const auto open = provider_->open(); open != 0)
      found("H1", std::to_string(open)
                      + " tries go on at the provider after their runs");
  }

  void check_leaks(bool answered) {
    // Actors are told by their names below.
    hygiene now;
    now.timers = system_.timers();
    now.open_tries = provider_->open();
    now.open_orders = answered ? 0 : 1;
    checkers_.at_rest(now);
    auto left = system_.alive();
    for (const auto& name : idle_) {
      const auto i = std::find(left.begin(), left.end(), name);
      if (i != left.end())
        left.erase(i);
    }
    for (const auto& name : left)
      found("H1", "an actor is left: " + name);
    if (system_.stop() != 0)
      for (const auto& name : system_.alive())
        found("H1", "an actor is left when all is stopped: " + name);
  }

  const fault_test& test_;
  core::run_order order_;
  rule_checkers checkers_;
  trace_hash hash_;
  std::vector<violation> found_;
  /// The run and those nested in it, as far as they have events.
  std::set<core::run_id> runs_;
  fault_set happened_;
  deterministic_system system_;
  fault_injector faults_;
  std::shared_ptr<scripted_provider> provider_;
  actors::brigade_actor handle_;
  std::shared_ptr<const pending_run> pending_;
  bool gone_ = false;
  std::vector<std::string> idle_;
};

bool breaks(const seed_result& result, const std::string& rule) {
  return std::any_of(result.violations.begin(), result.violations.end(),
                     [&rule](const auto& v) { return v.rule == rule; });
}

/// Masks off one fault after the other and keeps it off where the same rule is
/// still broken.
failed_seed shrink(fault_test test, std::uint64_t seed, seed_result failed) {
  const auto rule = failed.violations.front().rule;
  test.trace = nullptr;
  // What never happened cannot matter.
  failed_seed least{seed, failed.faults, std::move(failed), {}};
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < fault_count; ++i) {
      if (!least.needed[i])
        continue;
      test.allowed = least.needed;
      test.allowed.reset(i);
      auto result = run_seed(test, seed);
      if (!breaks(result, rule))
        continue;
      least.needed = result.faults & test.allowed;
      least.result = std::move(result);
      smaller = true;
    }
  }
  return least;
}

/// A test whose run comes to nothing by itself tests nothing.
std::optional<failed_seed> fails_without_faults(fault_test test,
                                                std::uint64_t seed) {
  test.allowed.reset();
  test.trace = nullptr;
  auto result = run_seed(test, seed);
  std::string why;
  if (!result.end.report)
    why =
        result.end.error_text.empty() ? "it never ends" : result.end.error_text;
  else if (const auto& state = result.end.report->state;
           state.status != core::run_status::succeeded)
    why = std::string{to_string(state.status)} + " (" + state.reason
          + "): " + state.message;
  if (why.empty())
    return std::nullopt;
  failed_seed failed;
  failed.seed = seed;
  failed.text = "seed " + std::to_string(seed)
                + ": expect: without any fault the run does not succeed: " + why
                + "\nfaults: none\n";
  result.violations.push_back({"expect", {}, 0, 0, std::move(why)});
  failed.result = std::move(result);
  return failed;
}

} // namespace

tariff tariff_of(const core::model_spec& model) {
  tariff made;
  made.overhead_tokens = model.overhead_tokens;
  made.reasoning_tokens_max = model.reasoning_tokens_max;
  made.unbilled_statuses = model.unbilled_statuses;
  if (!model.price)
    return made;
  const auto add = [&made](std::uint64_t bound, const core::token_prices& p) {
    made.lines.push_back({bound, p.input.value,
                          p.cached_input.value_or(p.input).value,
                          p.output.value});
  };
  add(0, model.price->base);
  for (const auto& tier : model.price->tiers)
    add(tier.above_input_tokens, tier.prices);
  return made;
}

seed_result run_seed(const fault_test& test, std::uint64_t seed) {
  if (!test.order.crew || !test.answers)
    throw std::invalid_argument{"a fault_test needs a crew and answers"};
  return world{test, seed}.run();
}

std::optional<failed_seed>
first_failure(const fault_test& test, std::uint64_t first, std::uint64_t last) {
  if (test.must_succeed_without_faults)
    if (auto failed = fails_without_faults(test, first))
      return failed;
  for (std::uint64_t i = 0; first <= last && i <= last - first; ++i) {
    const auto seed = first + i;
    auto result = run_seed(test, seed);
    if (i % seeds_per_repetition == 0 && !test.trace
        && run_seed(test, seed).hash != result.hash)
      result.violations.push_back(
          {"H4", {}, 0, 0, "the same seed gives another trace"});
    if (result.violations.empty())
      continue;
    const auto all = result.fault_text;
    auto failed = shrink(test, seed, std::move(result));
    for (const auto& v : failed.result.violations)
      failed.text +=
          "seed " + std::to_string(seed) + ": " + v.rule + ": " + v.what + "\n";
    const auto& needed = failed.result.fault_text;
    failed.text += "faults: " + (all.empty() ? "none" : all)
                   + "\nneeded: " + (needed.empty() ? "none" : needed) + "\n";
    return failed;
  }
  return std::nullopt;
}

} // namespace brigade::testkit
