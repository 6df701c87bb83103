// One seed's processes: how they begin, end and are watched. What is ordered of
// them stands in simulation.cpp.

#include "world.hpp"

#include "brigade/testkit/trace.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace brigade::sim {

namespace {

using std::chrono::milliseconds;
using testkit::fault;
using testkit::trace_of_arrival;
using testkit::trace_of_end;
using testkit::trace_of_event;

/// In so many seeds the bytes that were sent are hashed once more (rule M3).
constexpr std::uint64_t seeds_per_hash_check = 64;

testkit::checker_options checks_of(const scenario& what, std::uint64_t seed) {
  testkit::checker_options options;
  options.check_hashes = seed % seeds_per_hash_check == 0;
  if (what.process_ceiling.cost != core::pico_usd::max())
    options.process_ceiling = what.process_ceiling.cost;
  return options;
}

} // namespace

world::world(std::uint64_t seed, const simulation_options& options)
    : options_(options), seed_(seed),
      what_(make_scenario(seed, options.scenario)),
      checkers_(checks_of(what_, seed)), more_(seed ^ 0x6c69766573ULL),
      words_(seed ^ 0x776f726473ULL), restarts_(more_.one_in(2)),
      system_(std::make_unique<testkit::deterministic_system>(seed)),
      faults_(*system_, seed, options.allowed),
      provider_(std::make_shared<testkit::scripted_provider>(
          *system_, make_script(seed, what_))) {
  for (const auto& [alias, prices] : what_.tariffs)
    provider_->set_tariff(alias, prices);
  faults_.strike(*provider_);
  watch();
  begin_process();
}

void world::begin_process() {
  life_ = std::make_shared<testkit::process_life>();
  life_->serials_before = last_serial_;
  system_->on_leak([](const std::string&) {
    // `run` has told it already; of a dead process nothing is left.
  });
  system_->before_delivery([this](const testkit::delivery& next) {
    if (const auto* sent = next.get<actors::send_try>()) {
      const auto serial =
          (static_cast<std::uint64_t>(sent->id) >> 24) + life_->serials_before;
      last_serial_ = std::max(last_serial_, serial);
      checkers_.serial(sent->run, serial);
    }
    const auto before = system_->elapsed();
    faults_.before_delivery(next);
    checkers_.stood_still((system_->elapsed() - before).count());
  });
  handle_ = system_->brigade(brigade_options());
  idle_ = system_->alive();
}

void world::end_process() {
  look_at_answers();
  life_->alive = false;
  journal_->crash(faults_.survivors(journal_->delayed()));
  checkers_.process_died();
  ++processes_;
  messages_ += system_->messages();
  const milliseconds pause{more_.between(0, pause_ms_max)};
  auto next = std::make_unique<testkit::deterministic_system>(
      seed_ + processes_, system_->elapsed() + pause);
  provider_->move_to(*next, more_.one_in(2));
  faults_.move_to(*next);
  handle_ = nullptr;
  for (auto& order : orders_)
    order.pending = nullptr;
  std::swap(system_, next);
  next.reset();
  journal_failed_ = false;
  if (options_.on_next_process)
    options_.on_next_process();
  begin_process();
  for (const auto& run : begun_)
    checkers_.read_back(run, log_of(run));
  send_orders();
}

actors::brigade_options world::brigade_options() {
  if (!journal_)
    journal_ = faults_.journal([this](const auto& run, const auto& e) {
      if (std::holds_alternative<core::events::run_submitted>(e->body))
        begun_.push_back(run);
      hash_.add(run, *e);
      checkers_.saw(run, *e, system_->elapsed().count());
      trace_line([&] { return trace_of_event(run, *e); });
      if (options_.on_event)
        options_.on_event(run, *e);
    });
  actors::brigade_options made;
  made.providers[provider_name] = {
      std::make_shared<testkit::provider_door>(provider_, life_),
      what_.gateway};
  made.journal = std::make_shared<testkit::journal_door>(journal_, life_);
  made.seed = seed_ + processes_ - 1;
  made.ceiling = what_.process_ceiling;
  made.runs_max = what_.runs_max;
  made.queue_max = what_.queue_max;
  return made;
}

void world::watch() {
  faults_.plan().on_fault([this](fault f) { note(f); });
  provider_->on_arrival([this](const testkit::served_call& line) {
    checkers_.served(line);
    hash_.arrived(line);
    trace_line([&] { return trace_of_arrival(line); });
  });
  provider_->on_end([this](const testkit::served_call& line) {
    checkers_.answered(line);
    hash_.ended(line);
    trace_line([&] { return trace_of_end(line); });
  });
}

void world::found(std::string rule, std::string what) {
  found_.push_back(
      {std::move(rule), {}, 0, system_->elapsed().count(), std::move(what)});
}

void world::note(fault f) {
  happened_.set(static_cast<std::size_t>(f));
  trace_line([&] { return testkit::trace_of_fault(f); });
  if (f == options_.planted)
    found("planted", "a planted violation");
  if (f == fault::gateway_crash)
    checkers_.gateway_lost();
  if (f == fault::budget_crash)
    checkers_.till_lost();
  if (f != fault::journal_failure)
    return;
  journal_failed_ = true;
  for (const auto& order : orders_)
    checkers_.journal_failed(order.order.id);
  for (const auto& run : begun_)
    checkers_.journal_failed(run);
}

} // namespace brigade::sim
