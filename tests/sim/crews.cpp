#include "crews.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace brigade::sim {

namespace {

using testkit::seeded;

/// Levels of crews below a crew.
constexpr std::uint32_t levels_max = 2;

std::uint32_t u32(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}

std::uint32_t from_to(seeded& draws, std::int64_t first, std::int64_t last) {
  return static_cast<std::uint32_t>(draws.between(first, last));
}

// -- models -------------------------------------------------------------------

core::token_prices prices(seeded& draws) {
  // Whole micro-dollars per million tokens, as in a crew file.
  core::token_prices made;
  made.input.value = draws.one_in(8) ? 0 : draws.between(1, 15'000'000);
  made.output.value = draws.one_in(8) ? 0 : draws.between(1, 75'000'000);
  if (draws.one_in(3))
    made.cached_input = core::pico_usd{draws.between(0, 20'000'000)};
  return made;
}

core::price price(seeded& draws) {
  core::price made;
  made.base = prices(draws);
  std::uint64_t bound = 0;
  for (auto tiers = draws.one_in(4) ? 1 + draws.below(2) : 0; tiers-- > 0;) {
    bound += 1 + draws.below(3'000);
    made.tiers.push_back({bound, prices(draws)});
  }
  return made;
}

testkit::tariff_line line(std::uint64_t bound, const core::token_prices& p) {
  return {bound, p.input.value, p.cached_input.value_or(p.input).value,
          p.output.value};
}

/// What the provider really takes: what the crew's file says, or at most that
/// where it is only a bound.
testkit::tariff tariff_of(const core::model_spec& model) {
  testkit::tariff made;
  made.overhead_tokens = model.overhead_tokens;
  made.reasoning_tokens_max = model.reasoning_tokens_max;
  made.unbilled_statuses = model.unbilled_statuses;
  if (!model.price)
    return made;
  made.lines.push_back(line(0, model.price->base));
  for (const auto& tier : model.price->tiers)
    made.lines.push_back(line(tier.above_input_tokens, tier.prices));
  if (model.price_basis == core::price_basis::worst_case)
    for (auto& l : made.lines) {
      l.input /= 2;
      l.cached_input /= 2;
      l.output /= 2;
    }
  return made;
}

core::model_spec make_model(const std::string& alias, seeded& draws) {
  core::model_spec model;
  model.alias = alias;
  model.provider = provider_name;
  model.name = "scripted";
  model.output_tokens_max = from_to(draws, 1, 400);
  model.overhead_tokens = draws.one_in(2) ? 0 : from_to(draws, 0, 64);
  if (draws.one_in(4))
    model.reasoning_tokens_max = from_to(draws, 1, 500);
  model.price = price(draws);
  if (draws.one_in(12))
    model.price_basis = core::price_basis::worst_case;
  else if (draws.one_in(12))
    model.price_basis = core::price_basis::tokens_only;
  if (model.price_basis == core::price_basis::tokens_only || draws.one_in(100))
    model.price.reset();
  if (draws.one_in(8))
    model.unbilled_statuses.clear();
  else if (draws.one_in(8))
    model.unbilled_statuses.push_back(500);
  return model;
}

// -- limits -------------------------------------------------------------------

void make_time_limits(core::limits& limits, seeded& draws) {
  if (draws.one_in(2))
    limits.attempt_timeout_ms = draws.between(500, 60'000);
  if (draws.one_in(2))
    limits.task_timeout_ms = draws.between(500, 180'000);
  if (draws.one_in(2))
    limits.run_deadline_ms = draws.between(1'000, 300'000);
  if (draws.one_in(2)) {
    limits.backoff_base_ms = draws.between(1, 2'000);
    limits.backoff_max_ms = draws.between(limits.backoff_base_ms, 20'000);
  }
}

void make_try_limits(core::limits& limits, seeded& draws) {
  if (draws.one_in(2)) {
    limits.attempts_max = from_to(draws, 1, 4);
    limits.tries_max = from_to(draws, 1, 4);
    limits.repairs_max = from_to(draws, 0, 3);
  }
  if (draws.one_in(3))
    limits.calls_per_task_max = from_to(draws, 1, 6);
  if (draws.one_in(3)) {
    limits.restarts_max = from_to(draws, 0, 6);
    limits.restart_window_ms = draws.between(1, 60'000);
  }
}

/// About what a run needs at its worst if nothing goes wrong.
struct usual_need {
  std::int64_t cost = 0;
  std::int64_t tokens = 0;
};

void add_call(usual_need& sum, const core::crew& crew, const std::string& alias,
              std::int64_t input_tokens) {
  const auto* model = core::find_model(crew, alias);
  if (model == nullptr)
    return;
  const std::int64_t output_tokens =
      model->output_tokens_max + model->reasoning_tokens_max;
  sum.tokens += input_tokens + output_tokens;
  if (model->price)
    sum.cost += model->price->base.input.value * input_tokens
                + model->price->base.output.value * output_tokens;
}

usual_need need_of(const core::crew& crew, std::uint32_t tasks) {
  // Bytes of the prompts, as they are without inputs.
  constexpr std::int64_t planner_bytes = 5'200;
  constexpr std::int64_t worker_bytes = 1'800;
  constexpr std::int64_t synthesizer_bytes = 1'800;
  constexpr std::int64_t result_bytes = 500;
  usual_need sum;
  add_call(sum, crew, crew.planner.model, planner_bytes);
  for (std::uint32_t i = 0; i < tasks; ++i) {
    const auto& worker = crew.workers[i % crew.workers.size()];
    if (worker.nested) {
      const auto& own = worker.nested->limits;
      sum.cost += own.cost.value;
      sum.tokens += static_cast<std::int64_t>(own.tokens_max.value_or(1));
    } else {
      add_call(sum, crew, worker.model,
               worker_bytes
                   + static_cast<std::int64_t>(crew.limits.result_bytes_max));
    }
  }
  add_call(
      sum, crew, crew.synthesizer.model,
      synthesizer_bytes
          + tasks
                * (result_bytes
                   + static_cast<std::int64_t>(crew.limits.result_bytes_max)));
  return sum;
}

void make_ceilings(core::crew& crew, std::uint32_t level, std::uint32_t tasks,
                   seeded& draws) {
  auto& limits = crew.limits;
  const auto need = need_of(crew, tasks);
  // Mostly just enough: then reservations wait for one another. What is nested
  // must leave room for its siblings.
  limits.cost = {1000 * core::pico_per_usd};
  if (level > 0 || !draws.one_in(3))
    limits.cost = {need.cost / 100
                       * (draws.one_in(2) ? draws.between(85, 130)
                                          : draws.between(75, 260))
                   + 1};
  const bool needs_tokens =
      std::any_of(crew.models.begin(), crew.models.end(), [](const auto& m) {
        return m.price_basis == core::price_basis::tokens_only;
      });
  if (draws.one_in(5) || (needs_tokens && !draws.one_in(8)))
    limits.tokens_max =
        static_cast<std::uint64_t>(need.tokens / 100 * draws.between(60, 300));
  if (draws.one_in(6))
    limits.calls_max = draws.one_in(4) ? 1 + draws.below(tasks + 2)
                                       : tasks + 2 + draws.below(tasks + 2);
  if (draws.one_in(8))
    limits.tasks_total_max =
        std::max<std::uint64_t>(1, tasks - 1) + draws.below(2 * tasks);
  if (draws.one_in(16))
    limits.estimate = core::estimate_kind::typical;
  if (draws.one_in(4))
    limits.warn_at_percent = {1, 33, 66, 100};
}

void make_structure(core::limits& limits, std::uint32_t tasks, seeded& draws) {
  limits.tasks_max = draws.one_in(16) ? tasks - 1 : tasks + u32(draws.below(3));
  limits.tasks_max = std::max(1U, limits.tasks_max);
  limits.depth_max = from_to(draws, 4, 10);
  limits.parallel_max = draws.one_in(3) ? from_to(draws, 1, 4) : 16;
  limits.nesting_max = draws.one_in(8) ? 0 : from_to(draws, 1, 2);
  limits.result_bytes_max =
      static_cast<std::uint64_t>(draws.between(64, 1'024));
}

// -- crews --------------------------------------------------------------------

core::failure_policy policy(seeded& draws) {
  constexpr std::array all{core::failure_policy::skip,
                           core::failure_policy::run_with_gap,
                           core::failure_policy::abort};
  return all[draws.below(all.size())];
}

core::crew_ptr make_level(scenario& to, seeded& draws, std::uint32_t level,
                          std::uint32_t tasks) {
  core::crew crew;
  const auto number = std::to_string(to.tariffs.size());
  crew.name = "crew" + number;
  for (auto left = 1 + draws.below(3); left-- > 0;) {
    const auto alias = "m" + std::to_string(to.tariffs.size());
    crew.models.push_back(make_model(alias, draws));
    to.tariffs.emplace(alias, tariff_of(crew.models.back()));
    to.plan_sizes.emplace(alias, tasks);
  }
  const auto any_model = [&crew, &draws] {
    return crew.models[draws.below(crew.models.size())].alias;
  };
  crew.planner.model = any_model();
  crew.planner.direct_answer = draws.one_in(8);
  crew.synthesizer.model = any_model();
  crew.synthesizer.prompt = "Merge the results.";
  if (draws.one_in(6))
    crew.synthesizer.kind = core::synthesizer_kind::merge;
  if (draws.one_in(2))
    crew.if_dependency_failed = policy(draws);
  const bool nests = level < levels_max && draws.one_in(level == 0 ? 8 : 4);
  for (const char* name : {"a", "b", "c"}) {
    core::worker_spec worker;
    worker.name = name;
    worker.model = any_model();
    worker.description = "Collects figures";
    worker.prompt = "You collect figures.";
    if (draws.one_in(8))
      worker.if_dependency_failed = policy(draws);
    if (draws.one_in(8))
      worker.attempt_timeout_ms = draws.between(500, 60'000);
    crew.workers.push_back(std::move(worker));
  }
  if (nests) {
    auto& worker = crew.workers.back();
    worker.nested = make_level(to, draws, level + 1, u32(1 + draws.below(3)));
    worker.model.clear();
    worker.prompt.clear();
  }
  if (to.more.one_in(8))
    crew.limits.in_doubt = core::in_doubt_policy::fail;
  make_structure(crew.limits, tasks, draws);
  make_try_limits(crew.limits, draws);
  make_time_limits(crew.limits, draws);
  make_ceilings(crew, level, tasks, draws);
  return std::make_shared<const core::crew>(std::move(crew));
}

} // namespace

core::crew_ptr make_crew(scenario& to, seeded& draws,
                         std::optional<std::uint32_t> tasks) {
  // Small plans find most; large ones are needed for the limits.
  const auto random = u32(1 + draws.below(draws.one_in(2) ? 12 : 5));
  return make_level(to, draws, 0, tasks.value_or(random));
}

} // namespace brigade::sim
