// `[planner]`, `[workers.NAME]` and `[synthesizer]`, and the list of all
// tables.
#include "brigade/config/detail/sections.hpp"

#include <array>

namespace brigade::config::detail {

namespace {

using enum key_type;

constexpr std::int64_t name_bytes_max = 256;
constexpr std::int64_t path_bytes_max = 4096;
constexpr std::int64_t description_bytes_max = 2000;

constexpr std::array<std::string_view, 3> policies{"skip", "run_with_gap",
                                                   "abort"};
constexpr std::array<std::string_view, 2> kinds{"llm", "merge"};

constexpr key_doc model_key{
    .name = "model",
    .type = text,
    .min = 1,
    .max = name_bytes_max,
    .description = "NAME of a [models.NAME], or \"builtin/extractive\""};
constexpr key_doc prompt_key{.name = "prompt",
                             .type = prompt,
                             .description =
                                 "The prompt, verbatim but for {{goal}}"};
constexpr key_doc prompt_file_key{
    .name = "prompt_file",
    .type = text,
    .min = 1,
    .max = path_bytes_max,
    .description = "A file that holds the prompt instead; relative to the crew "
                   "file, at most 1 MiB"};

constexpr key_doc worker_prompt_key() {
  auto doc = prompt_key;
  doc.description = "The prompt, verbatim but for {{goal}}, {{task}} and "
                    "{{worker}}";
  return doc;
}

constexpr key_doc required(key_doc doc) {
  doc.required = true;
  return doc;
}

template <class Role>
void set_model(Role& r, value&& v) {
  r.model = std::move(v);
}

template <class Role>
void set_prompt(Role& r, value&& v) {
  r.prompt = std::move(v);
}

template <class Role>
void set_prompt_file(Role& r, value&& v) {
  r.prompt_file = std::move(v);
}

const std::array<key_spec<planner_draft>, 4> planner_table{{
    {required(model_key), set_model<planner_draft>},
    {prompt_key, set_prompt<planner_draft>},
    {prompt_file_key, set_prompt_file<planner_draft>},
    {{.name = "direct_answer",
      .type = boolean,
      .fallback = "false",
      .description = "Whether a plan may answer a simple goal at once, without "
                     "subtasks"},
     [](planner_draft& p, value&& v) { p.direct_answer = v.flag; }},
}};

const std::array<key_spec<worker_draft>, 6> worker_table{{
    {{.name = "description",
      .type = text,
      .required = true,
      .min = 1,
      .max = description_bytes_max,
      .description = "What this worker is good at: all that the planner knows "
                     "of it"},
     [](worker_draft& w, value&& v) {
       w.spec.description = std::move(v.text);
     }},
    {required(model_key), set_model<worker_draft>},
    {worker_prompt_key(), set_prompt<worker_draft>},
    {prompt_file_key, set_prompt_file<worker_draft>},
    {{.name = "if_dependency_failed",
      .type = choice,
      .choices = policies,
      .description = "For subtasks of this worker; else as in [limits]"},
     [](worker_draft& w, value&& v) {
       w.spec.if_dependency_failed = core::parse_failure_policy(v.text);
     }},
    {{.name = "attempt_timeout_s",
      .type = thousandths,
      .min = 1,
      .max = 86'400'000,
      .description = "For subtasks of this worker, in seconds; else as in "
                     "[limits]"},
     [](worker_draft& w, value&& v) { w.spec.attempt_timeout_ms = v.number; }},
}};

const std::array<key_spec<synthesizer_draft>, 4> synthesizer_table{{
    {{.name = "kind",
      .type = choice,
      .choices = kinds,
      .fallback = "\"llm\"",
      .description = "Who joins the results: a model, or a deterministic merge "
                     "that costs nothing"},
     [](synthesizer_draft& s, value&& v) {
       s.kind = v.text == "merge" ? core::synthesizer_kind::merge
                                  : core::synthesizer_kind::llm;
     }},
    {model_key, set_model<synthesizer_draft>},
    {prompt_key, set_prompt<synthesizer_draft>},
    {prompt_file_key, set_prompt_file<synthesizer_draft>},
}};

} // namespace

std::span<const key_spec<planner_draft>> planner_keys() {
  return planner_table;
}

std::span<const key_spec<worker_draft>> worker_keys() {
  return worker_table;
}

std::span<const key_spec<synthesizer_draft>> synthesizer_keys() {
  return synthesizer_table;
}

const std::vector<section_doc>& crew_sections() {
  static const std::vector<section_doc> sections{
      {"limits", false, "What a run may cost, take and hold",
       docs_of(limit_keys())},
      {"providers.NAME", false, "A server that answers for models",
       docs_of(provider_keys())},
      {"models.NAME", false, "A model of a provider, and its prices",
       docs_of(model_keys())},
      {"models.NAME.tiers", false, "Prices of requests with a long input",
       docs_of(tier_keys())},
      {"planner", true, "The model that splits the goal into subtasks",
       docs_of(planner_keys())},
      {"workers.NAME", true, "A specialist that works on subtasks",
       docs_of(worker_keys())},
      {"synthesizer", true, "Who joins the results into one answer",
       docs_of(synthesizer_keys())},
  };
  return sections;
}

} // namespace brigade::config::detail
