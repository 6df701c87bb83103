#include "brigade/app/crew_summary.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/model/prompt.hpp"
#include "brigade/net/endpoint.hpp"
#include "brigade/net/wire/openai.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

/// Of a description, in columns.
constexpr std::size_t description_columns_max = 60;
constexpr std::size_t label_columns = 12;

constexpr std::string_view sample_goal = "What should be done next, and why?";

/// A document of which the planner sees as much as it may.
core::input_set large_document(std::uint64_t bytes) {
  constexpr std::size_t line_bytes = 80;
  std::string text;
  text.reserve(bytes + line_bytes);
  while (text.size() < bytes) {
    text.append(line_bytes - 1, 'x');
    text += '\n';
  }
  core::input_set set;
  set.emplace_back("doc1", "document", std::move(text));
  return set;
}

core::pico_usd request_cost(const core::crew& crew,
                            const core::model_spec& model,
                            const core::input_set& inputs) {
  auto request = core::planner_request(crew, sample_goal, inputs);
  auto bytes = net::wire::encode_chat(request, model).size();
  return core::worst_case(*model.price, bytes + model.overhead_tokens,
                          request.output_tokens_max);
}

/// Dollars for a million tokens.
std::string per_million(core::pico_usd price_of_token) {
  return display_ceiling(core::times(price_of_token, 1'000'000));
}

std::string price_text(const core::model_spec& model) {
  if (!model.price) {
    return "no price, so no call is made";
  }
  const auto& base = model.price->base;
  if (base.input.value == 0 && base.output.value == 0
      && model.price->tiers.empty()) {
    return "free";
  }
  auto text = per_million(base.input) + " in, " + per_million(base.output)
              + " out per million tokens";
  if (!model.price->tiers.empty()) {
    text += ", " + counted(model.price->tiers.size(), "tier");
  }
  return text;
}

void add(lines& out, std::string_view label, const std::string& text) {
  std::string line{label};
  line.append(label_columns - std::min(label.size(), label_columns - 1), ' ');
  out.push_back(line + terminal_line(text));
}

void add_roles(lines& out, const core::crew& crew) {
  add(out, "planner", crew.planner.model);
  std::string_view label = "workers";
  for (const auto& worker : crew.workers) {
    add(out, label,
        worker.name + " (" + worker.model + "): "
            + fit(terminal_line(worker.description), description_columns_max));
    label = "";
  }
  add(out, "synthesizer",
      crew.synthesizer.kind == core::synthesizer_kind::merge
          ? "merge, without a model"
          : crew.synthesizer.model);
}

void add_models(lines& out, const config::crew_file& file) {
  std::string_view label = "models";
  for (const auto& model : file.crew.models) {
    add(out, label,
        model.alias + ": " + model.provider + " " + model.name + ", "
            + price_text(model) + ", up to "
            + std::to_string(model.output_tokens_max) + " output tokens");
    label = "";
  }
  label = "providers";
  for (const auto& provider : file.providers) {
    auto text = provider.name + ": ";
    if (provider.kind == config::provider_kind::builtin) {
      text += "inside brigade, no network";
    } else {
      text += provider.base_url + ", "
              + (provider.api_key_configured()
                     ? "key from " + provider.api_key_source
                     : std::string{"no key"});
    }
    add(out, label, text);
    label = "";
  }
}

} // namespace

plan_call_cost cost_of_plan_call(const core::crew& crew) {
  const auto* model = core::find_model(crew, crew.planner.model);
  if (model == nullptr || !model->price) {
    return {};
  }
  return {request_cost(crew, *model, {}),
          request_cost(crew, *model,
                       large_document(crew.limits.planner_input_bytes_max))};
}

std::vector<std::string> provider_faults(const config::crew_file& file) {
  lines out;
  for (const auto& provider : file.providers) {
    if (provider.kind != config::provider_kind::openai) {
      continue;
    }
    auto target = net::parse_endpoint(provider.base_url);
    if (!target) {
      out.push_back("[providers." + terminal_line(provider.name)
                    + "]: " + terminal_line(target.error()));
    }
  }
  for (const auto& model : file.crew.models) {
    if (auto fault = net::wire::check_quirks(model.quirks)) {
      out.push_back("[models." + terminal_line(model.alias)
                    + "]: " + terminal_line(*fault));
    }
  }
  return out;
}

std::vector<std::string> crew_summary(const config::crew_file& file) {
  const auto& crew = file.crew;
  lines out;
  add(out, "crew", crew.name);
  add_roles(out, crew);
  add_models(out, file);
  add(out, "limits",
      display_ceiling(crew.limits.cost) + " per run, "
          + counted(crew.limits.tasks_max, "subtask") + ", depth "
          + std::to_string(crew.limits.depth_max) + ", "
          + std::to_string(crew.limits.parallel_max) + " at once, "
          + display_duration(crew.limits.run_deadline_ms));
  auto cost = cost_of_plan_call(crew);
  auto text = "at most " + display_cost(cost.smallest) + " without documents, "
              + display_cost(cost.largest) + " with large ones";
  if (cost.largest > crew.limits.cost) {
    text += ": above the ceiling, so raise limits.cost_usd or lower "
            "limits.planner_input_bytes_max";
  }
  add(out, "plan call", text);
  return out;
}

} // namespace brigade::app
