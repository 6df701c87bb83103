#include "brigade/app/serve/served_crews.hpp"

#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/plan/strict_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace brigade::app::serve {

namespace {

namespace json = boost::json;
using net::api::refusal;

constexpr std::string_view origin_kind = "serve";
constexpr std::int64_t ms_per_s = 1000;
constexpr const char* direct_worker = "direct";
constexpr const char* direct_task =
    "Answer the message that your instructions end with; return the answer "
    "and nothing else.";
/// A plan's description of a subtask takes no more.
constexpr std::uint64_t direct_prompt_bytes_max = 32'768;

/// Lowers limits and remembers where the order asked for more.
struct limiter {
  std::vector<core::read_fault> faults{};

  template <class T, class Show>
  void lower(T& limit, const std::optional<T>& wanted, const char* pointer,
             Show show) {
    if (!wanted) {
      return;
    }
    if (*wanted > limit) {
      faults.push_back({pointer, "may lower the limit of " + show(limit)
                                     + ", not raise it"});
    } else {
      limit = *wanted;
    }
  }

  /// Where the crew has no limit, any is a lower one.
  void lower(std::optional<std::uint64_t>& limit,
             const std::optional<std::uint64_t>& wanted, const char* pointer) {
    if (!limit) {
      limit = wanted;
    } else {
      lower(*limit, wanted, pointer,
            [](auto count) { return std::to_string(count); });
    }
  }
};

void lower_limits(limiter& to, core::limits& limits,
                  const config::client_settings& whose,
                  const net::api::job_order& what) {
  if (whose.cost_max) {
    limits.cost = std::min(limits.cost, *whose.cost_max);
  }
  const auto count = [](auto number) { return std::to_string(number); };
  to.lower(limits.cost, what.cost_max, "/budget/cost_usd",
           [](auto cost) { return "$" + core::to_decimal(cost); });
  to.lower(limits.tokens_max, what.tokens_max, "/budget/tokens_max");
  to.lower(limits.calls_max, what.calls_max, "/budget/calls_max");
  to.lower(limits.tasks_max, what.tasks_max, "/budget/tasks_max", count);
  to.lower(limits.run_deadline_ms, what.deadline_ms, "/budget/deadline_s",
           [](auto ms) { return std::to_string(ms / ms_per_s) + " s"; });
}

core::input_set_ptr read_inputs(std::vector<net::api::named_text> texts,
                                const core::limits& limits,
                                std::vector<core::read_fault>& faults) {
  if (texts.size() > limits.inputs_max) {
    faults.push_back({"/inputs", "has more than the "
                                     + std::to_string(limits.inputs_max)
                                     + " documents that this crew takes"});
  }
  auto out = std::make_shared<core::input_set>();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto& [name, text] = texts[i];
    if (text.size() > limits.input_bytes_max) {
      faults.push_back({"/inputs/" + std::to_string(i) + "/text",
                        "is longer than the "
                            + std::to_string(limits.input_bytes_max)
                            + " bytes that this crew takes"});
    }
    out->emplace_back("doc" + std::to_string(i + 1), std::move(name),
                      std::move(text));
  }
  return out;
}

refusal not_processable(std::vector<core::read_fault> faults) {
  return {422, "invalid_body", "the order does not fit this crew",
          std::move(faults)};
}

/// Puts together what was checked.
core::run_order order_of(std::shared_ptr<const core::crew> crew,
                         const serve_origin& origin, const std::string& client,
                         std::string goal, core::input_set_ptr inputs,
                         std::optional<std::string> plan, bool plan_only,
                         core::run_id run) {
  core::run_order out;
  out.id = std::move(run);
  out.goal = std::move(goal);
  out.inputs = std::move(inputs);
  out.plan_text = std::move(plan);
  out.plan_only = plan_only;
  out.client = client;
  out.source = std::make_shared<const core::run_source>(
      core::run_source{core::crew_to_json(*crew), out.inputs, out.plan_text,
                       plan_only, to_text(origin)});
  out.crew = std::move(crew);
  return out;
}

} // namespace

std::string to_text(const serve_origin& origin) {
  return json::serialize(json::object{
      {"kind", origin_kind}, {"crew", origin.crew}, {"direct", origin.direct}});
}

std::optional<serve_origin> parse_serve_origin(std::string_view text) {
  const auto read = core::read_json(text);
  const auto* root = read.value ? read.value->if_object() : nullptr;
  if (root == nullptr) {
    return std::nullopt;
  }
  const auto* kind = root->if_contains("kind");
  const auto* crew = root->if_contains("crew");
  const auto* direct = root->if_contains("direct");
  if (kind == nullptr || !kind->is_string() || kind->get_string() != origin_kind
      || crew == nullptr || !crew->is_string() || direct == nullptr
      || !direct->is_bool()) {
    return std::nullopt;
  }
  return serve_origin{std::string{crew->get_string()}, direct->get_bool()};
}

std::variant<core::run_order, refusal>
make_order(const config::served_crew& crew,
           const config::client_settings& whose, const std::string& client,
           net::api::job_order what, core::run_id run) {
  auto made = std::make_shared<core::crew>(crew.crew.crew);
  limiter to;
  lower_limits(to, made->limits, whose, what);
  if (what.goal.size() > made->limits.goal_bytes_max) {
    to.faults.push_back(
        {"/goal", "is longer than the "
                      + std::to_string(made->limits.goal_bytes_max)
                      + " bytes that this crew takes; send "
                        "long texts as inputs"});
  }
  auto inputs = read_inputs(std::move(what.inputs), made->limits, to.faults);
  if (!to.faults.empty()) {
    return not_processable(std::move(to.faults));
  }
  auto out =
      order_of(std::move(made), {crew.name, false}, client,
               std::move(what.goal), std::move(inputs),
               std::move(what.plan_text), what.plan_only, std::move(run));
  out.approve_plan = what.approve_plan;
  return out;
}

std::variant<core::run_order, refusal> make_direct_order(
    const config::served_crew& crew, const config::client_settings& whose,
    const std::string& client, net::api::direct_call what, core::run_id run) {
  if (crew.passthrough_model.empty()) {
    return refusal{400, "no_passthrough",
                   "this crew takes no plain calls; set passthrough_model"};
  }
  auto made = std::make_shared<core::crew>(crew.crew.crew);
  const auto bytes_max = std::min<std::uint64_t>(made->limits.goal_bytes_max,
                                                 direct_prompt_bytes_max);
  if (what.prompt.size() > bytes_max
      || what.prompt.find_first_not_of(" \t\r\n") == std::string::npos) {
    return refusal{400, "prompt_too_long",
                   "a plain call takes a prompt of 1 to "
                       + std::to_string(bytes_max) + " bytes"};
  }
  if (whose.cost_max) {
    made->limits.cost = std::min(made->limits.cost, *whose.cost_max);
  }
  made->approval = core::approval_kind::none;
  made->synthesizer = {core::synthesizer_kind::merge, {}, {}};
  made->workers.clear();
  core::worker_spec worker;
  worker.name = direct_worker;
  worker.model = crew.passthrough_model;
  worker.description = "answers";
  // Not as the subtask: descriptions of subtasks have a length and a form.
  worker.prompt = std::move(what.system);
  worker.prompt += worker.prompt.empty() ? "{{goal}}" : "\n\n{{goal}}";
  made->workers.push_back(std::move(worker));
  auto plan = json::serialize(json::object{
      {"analysis", "A plain call."},
      {"tasks", json::array{json::object{{"id", "t1"},
                                         {"worker", direct_worker},
                                         {"description", direct_task}}}}});
  return order_of(std::move(made), {crew.name, true}, client,
                  std::move(what.prompt),
                  std::make_shared<const core::input_set>(), std::move(plan),
                  false, std::move(run));
}

std::optional<core::run_order> restored_order(const core::run_id& run,
                                              const core::run_source& source,
                                              const core::run_state& past) {
  auto crew = core::crew_from_json(source.crew);
  if (!crew) {
    return std::nullopt;
  }
  core::run_order out;
  out.id = run;
  out.goal = past.goal;
  out.inputs = source.inputs;
  out.plan_text = source.plan_text;
  out.plan_only = source.plan_only;
  out.client = past.client;
  out.approve_plan = past.approval == "plan";
  out.source = std::make_shared<const core::run_source>(source);
  out.crew = std::make_shared<const core::crew>(std::move(*crew));
  return out;
}

} // namespace brigade::app::serve
