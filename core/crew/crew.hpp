/// A crew: the configured planner, workers, synthesizer and limits. A pure
/// value; `config` reads it from a TOML file, tests and embedders build it.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/core/money/pricing.hpp"
#include "brigade/core/plan/plan.hpp"
#include "brigade/core/policy/limits.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brigade::core {

/// How a server wants structured output asked for.
enum class structured_output : std::uint8_t {
  /// `response_format` of type `json_schema`.
  json_schema,
  /// `response_format` of type `json_object`, the schema in the prompt.
  json_object,
  /// One forced tool whose parameters are the schema.
  tool,
  /// The prompt alone.
  prompt,
};

/// What an OpenAI-compatible server does differently from OpenAI.
struct wire_quirks {
  structured_output structured = structured_output::json_schema;
  /// `max_completion_tokens`, or `max_tokens` as older servers know it.
  std::string output_limit_field = "max_completion_tokens";
  /// `system` or `developer`.
  std::string system_role = "system";
  /// Sent only when set; in thousandths, so that it stays exact.
  std::optional<std::int32_t> temperature_milli;
  /// A JSON object whose members are added to every request; may be empty.
  std::string extra_body;

  friend bool operator==(const wire_quirks&, const wire_quirks&) = default;
};

/// What a model's price is.
enum class price_basis : std::uint8_t {
  /// What the provider bills.
  billed,
  /// Declared by the user as never exceeded: reserved and charged, so that the
  /// sums are upper bounds.
  worst_case,
  /// There is none: the run's ceiling on tokens bounds the model instead.
  tokens_only,
};

struct model_spec {
  /// How the crew names it: the table's name in `[models.NAME]`.
  std::string alias;
  /// The name of a `[providers.NAME]`.
  std::string provider;
  /// How the provider names it.
  std::string name;
  std::uint32_t output_tokens_max = 2048;
  /// Tokens the provider adds to the bytes that we send (rule M3).
  std::uint32_t overhead_tokens = 64;
  /// Tokens of reasoning that the provider bills as output on top of the output
  /// limit. 0 where the limit covers them, as OpenAI's does.
  std::uint32_t reasoning_tokens_max = 0;
  /// Nothing: unknown, and no call is made (a model without a price is never
  /// free by accident).
  std::optional<core::price> price;
  core::price_basis price_basis = core::price_basis::billed;
  /// Statuses whose complete answers the provider does not bill.
  std::vector<int> unbilled_statuses{unbilled_statuses_default.begin(),
                                     unbilled_statuses_default.end()};
  wire_quirks quirks;

  friend bool operator==(const model_spec&, const model_spec&) = default;
};

struct planner_spec {
  /// A model's alias.
  std::string model;
  /// Added to the built-in instructions; may be empty.
  std::string prompt;
  /// Whether a plan may hold an answer and no tasks.
  bool direct_answer = false;

  friend bool operator==(const planner_spec&, const planner_spec&) = default;
};

struct crew;

struct worker_spec {
  std::string name;
  /// A model's alias.
  std::string model;
  /// What the planner knows of this worker.
  std::string description;
  /// The system prompt; a template (`{{goal}}`, `{{task}}`, `{{worker}}`).
  std::string prompt;
  /// Policy of the edges into subtasks of this worker; else the crew's.
  std::optional<failure_policy> if_dependency_failed;
  /// Overrides `limits.attempt_timeout_ms`.
  std::optional<std::int64_t> attempt_timeout_ms;
  /// Set: a subtask of this worker is a run of that crew, nested in this one.
  /// It gets that crew's own ceiling as a slice of what is left here; `model`
  /// and `prompt` are unused.
  std::shared_ptr<const core::crew> nested{};

  friend bool operator==(const worker_spec&, const worker_spec&) = default;
};

/// Who must agree before a run works.
enum class approval_kind : std::uint8_t {
  none,
  /// Somebody approves the plan.
  plan,
};

enum class synthesizer_kind : std::uint8_t {
  /// A model call.
  llm,
  /// A deterministic merge without a call.
  merge,
};

struct synthesizer_spec {
  synthesizer_kind kind = synthesizer_kind::llm;
  /// A model's alias; unused by `merge`.
  std::string model;
  std::string prompt;

  friend bool operator==(const synthesizer_spec&,
                         const synthesizer_spec&) = default;
};

struct crew {
  /// The file's stem, or what the embedder says.
  std::string name;
  core::limits limits;
  std::vector<model_spec> models;
  planner_spec planner;
  std::vector<worker_spec> workers;
  synthesizer_spec synthesizer;
  /// `[limits] if_dependency_failed`.
  failure_policy if_dependency_failed = failure_policy::skip;
  /// Of runs that are not nested.
  approval_kind approval = approval_kind::none;

  friend bool operator==(const crew&, const crew&) = default;
};

using crew_ptr = std::shared_ptr<const crew>;

/// The model with this alias, or null.
const model_spec* find_model(const crew& c, std::string_view alias);

/// The worker with this name, or null.
const worker_spec* find_worker(const crew& c, std::string_view name);

/// The crew that `brigade run` uses without `--config`: the built-in
/// extractive model in every role, price zero, provider `builtin`.
crew builtin_crew();

} // namespace brigade::core
