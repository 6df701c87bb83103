#include "brigade/app/run_setup.hpp"

#include "brigade/app/config_messages.hpp"
#include "brigade/app/crew_source.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/goal.hpp"
#include "brigade/app/inputs.hpp"
#include "brigade/app/run_origin.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/crew/crew_json.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <sys/random.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

void add(lines& out, const problem& fault) {
  out.push_back("brigade: " + fault.message);
  if (!fault.hint.empty()) {
    out.push_back("  " + fault.hint);
  }
}

setup_fault config_fault(const config::loaded& loaded,
                         const run_options& options) {
  setup_fault out;
  auto messages = config_messages(loaded);
  if (only_keys_missing(loaded)) {
    out.exit_code = exit_provider;
    out.missing_keys = messages;
    out.lines = {"brigade: a key is missing:"};
  } else {
    out.exit_code = exit_config;
    out.lines = {"brigade: the crew cannot be used:"};
  }
  for (auto& message : messages) {
    out.lines.push_back("  " + std::move(message));
  }
  if (!options.config.empty() && out.exit_code == exit_config) {
    out.lines.push_back("  brigade check " + terminal_line(options.config)
                        + " shows this without a run");
  }
  return out;
}

/// The plan file's text: what is in it is the validation's to judge.
std::string read_plan(const std::string& path, lines& faults) {
  auto result = read_file(path, core::answer_bytes_max);
  if (auto* fault = std::get_if<read_fault>(&result)) {
    faults.push_back("brigade: --plan " + terminal_line(path) + ": "
                     + fault->message);
    return {};
  }
  auto text = std::get<std::string>(std::move(result));
  strip_byte_order_mark(text);
  return text;
}

void check_output(const run_options& options, lines& faults) {
  if (options.output.empty()) {
    return;
  }
  auto inputs = options.inputs;
  inputs.push_back(options.config);
  inputs.push_back(options.plan_file);
  inputs.push_back(options.goal_file);
  for (const auto& path : inputs) {
    if (!path.empty() && is_same_file(options.output, path)) {
      faults.push_back("brigade: -o " + terminal_line(options.output)
                       + " would replace " + terminal_line(path)
                       + ", which this run reads; choose another name");
      return;
    }
  }
}

/// Goal, documents, plan and output: all faults at once.
lines read_order(const run_options& options, const core::limits& bounds,
                 core::run_order& order) {
  lines faults;
  bool typed = options.goal && *options.goal == "-" && ::isatty(STDIN_FILENO);
  if (typed && !options.quiet) {
    tell({"brigade: type the goal, then Ctrl-D on a line of its own"});
  }
  auto goal = load_goal(options, bounds, STDIN_FILENO);
  if (auto* fault = std::get_if<problem>(&goal)) {
    add(faults, *fault);
  } else {
    order.goal = std::get<std::string>(std::move(goal));
  }
  auto inputs = load_inputs(options.inputs, bounds);
  for (const auto& fault : inputs.faults) {
    faults.push_back("brigade: " + fault);
  }
  order.inputs = std::move(inputs.documents);
  if (!options.plan_file.empty()) {
    order.plan_text = read_plan(options.plan_file, faults);
  }
  check_output(options, faults);
  return faults;
}

std::string absolute(const std::string& path) {
  std::error_code failed;
  auto whole = std::filesystem::absolute(path, failed);
  return failed || path.empty() ? path : whole.lexically_normal().string();
}

run_origin origin_of(const run_options& options) {
  run_origin origin{absolute(options.config), options.sets, {}};
  for (const auto& path : options.inputs) {
    origin.inputs.push_back(absolute(path));
  }
  return origin;
}

/// Whether every role is the built-in model, which can only quote.
bool is_builtin_only(const config::crew_file& file) {
  return std::ranges::all_of(file.providers, [](const auto& provider) {
    return provider.kind == config::provider_kind::builtin;
  });
}

} // namespace

std::vector<provider_hint> hints_of(const config::crew_file& file) {
  std::vector<provider_hint> out;
  for (const auto& provider : file.providers) {
    out.push_back({provider.name, provider.base_url, provider.api_key_source});
  }
  return out;
}

core::run_id new_run_id() {
  auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                 std::chrono::system_clock::now().time_since_epoch())
                 .count();
  std::array<std::uint8_t, 10> random{};
  // Cannot fail for so few bytes once the system is up; an id without
  // randomness would still be one.
  [[maybe_unused]] auto got = ::getrandom(random.data(), random.size(), 0);
  return core::make_run_id(now, random);
}

std::variant<run_setup, setup_fault> prepare_run(const run_options& options) {
  auto loaded = load_crew(options.config, options.sets, true);
  bool keys_missing = only_keys_missing(loaded);
  if (keys_missing) {
    // The rest is checked first, so that all faults are told at once.
    loaded.value = load_crew(options.config, options.sets, false).value;
  }
  if (!loaded.value) {
    return config_fault(loaded, options);
  }
  run_setup out;
  auto crew = std::make_shared<core::crew>(loaded.value->crew);
  // As the file has it: the ceiling of this run is its own.
  auto crew_text = core::crew_to_json(*crew);
  if (options.cost_max) {
    crew->limits.cost = *options.cost_max;
  }
  auto faults = read_order(options, crew->limits, out.order);
  if (!faults.empty()) {
    setup_fault fault;
    fault.exit_code = exit_usage;
    fault.lines = std::move(faults);
    return fault;
  }
  if (keys_missing) {
    auto fault = config_fault(loaded, options);
    fault.goal = std::move(out.order.goal);
    fault.ceiling = crew->limits.cost;
    return fault;
  }
  if (out.order.inputs->empty() && is_builtin_only(*loaded.value)) {
    out.warnings.emplace_back(
        "warning: the built-in model can only quote documents, and none was "
        "given: add --input PATH, or --config FILE for a language model");
  }
  out.order.id = new_run_id();
  out.order.ceiling = options.cost_max;
  out.order.plan_only = options.plan_only;
  out.order.approve_plan = options.approve;
  out.order.source = std::make_shared<const core::run_source>(core::run_source{
      std::move(crew_text), out.order.inputs, out.order.plan_text,
      options.plan_only, to_text(origin_of(options))});
  out.order.crew = crew;
  out.context = {crew, hints_of(*loaded.value), options.config,
                 options.plan_file};
  loaded.value->crew = *crew;
  out.crew = std::move(*loaded.value);
  loaded.faults.clear();
  for (auto& warning : config_messages(loaded)) {
    out.warnings.push_back(std::move(warning));
  }
  return out;
}

} // namespace brigade::app
