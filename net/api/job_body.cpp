#include "brigade/net/api/job_body.hpp"

#include "brigade/net/api/json_body.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <limits>
#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

constexpr std::int64_t deadline_s_max = 7 * 24 * 3600;
constexpr std::int64_t ms_per_s = 1000;
constexpr std::int64_t count_max = 1'000'000'000'000;
constexpr std::size_t comment_bytes_max = 2'000;

void read_inputs(json_body_reader& in, const json::value& from,
                 std::vector<named_text>& out) {
  const auto* list = from.if_array();
  if (list == nullptr) {
    in.fail("/inputs", "must be an array of {\"name\", \"text\"}");
    return;
  }
  if (list->size() > job_inputs_max) {
    in.fail("/inputs", "must have at most " + std::to_string(job_inputs_max)
                           + " elements");
    return;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto pointer = "/inputs/" + std::to_string(i);
    const auto* document = in.object((*list)[i], pointer);
    if (document == nullptr)
      continue;
    in.only(*document, pointer, {"name", "text"});
    named_text read;
    if (const auto* name = document->if_contains("name")) {
      read.name = in.text(*name, pointer + "/name");
      const auto* text = name->if_string();
      if (text != nullptr
          && (text->empty() || text->size() > input_name_bytes_max))
        in.fail(pointer + "/name", "must have 1 to "
                                       + std::to_string(input_name_bytes_max)
                                       + " bytes");
    } else {
      read.name = "document " + std::to_string(i + 1);
    }
    if (const auto* text = document->if_contains("text"))
      read.text = in.text(*text, pointer + "/text");
    else
      in.fail(pointer + "/text", "is missing: the document's text");
    out.push_back(std::move(read));
  }
}

void read_budget(json_body_reader& in, const json::value& from,
                 job_order& out) {
  const auto* budget = in.object(from, "/budget");
  if (budget == nullptr)
    return;
  in.only(*budget, "/budget",
          {"cost_usd", "tokens_max", "calls_max", "tasks_max", "deadline_s"});
  if (const auto* cost = budget->if_contains("cost_usd"))
    out.cost_max = in.money(*cost, "/budget/cost_usd");
  if (const auto* tokens = budget->if_contains("tokens_max"))
    if (auto count = in.count(*tokens, "/budget/tokens_max", count_max))
      out.tokens_max = static_cast<std::uint64_t>(*count);
  if (const auto* calls = budget->if_contains("calls_max"))
    if (auto count = in.count(*calls, "/budget/calls_max", count_max))
      out.calls_max = static_cast<std::uint64_t>(*count);
  if (const auto* tasks = budget->if_contains("tasks_max"))
    if (auto count = in.count(*tasks, "/budget/tasks_max",
                              std::numeric_limits<std::int32_t>::max()))
      out.tasks_max = static_cast<std::uint32_t>(*count);
  if (const auto* deadline = budget->if_contains("deadline_s"))
    if (auto count = in.count(*deadline, "/budget/deadline_s", deadline_s_max))
      out.deadline_ms = *count * ms_per_s;
}

/// A plan as an object, or as the text of one.
std::string read_plan(json_body_reader& in, const json::value& from) {
  if (from.is_object())
    return json::serialize(from);
  if (from.is_string())
    return in.text(from, "/plan");
  in.fail("/plan", "must be a plan: an object");
  return {};
}

} // namespace

std::variant<job_order, refusal> read_job(std::string_view body,
                                          const std::string& default_crew) {
  auto read = read_json_object(body);
  if (auto* why = std::get_if<refusal>(&read))
    return std::move(*why);
  const auto& root = std::get<json::object>(read);
  json_body_reader in;
  in.only(
      root, "",
      {"crew", "goal", "inputs", "budget", "plan", "plan_only", "approval"});
  job_order out;
  if (const auto* crew = root.if_contains("crew"))
    out.crew = in.text(*crew, "/crew");
  else if (default_crew.empty())
    in.fail("/crew", "is missing: the name of a crew; GET /api/v1/crews lists "
                     "them");
  else
    out.crew = default_crew;
  if (const auto* goal = root.if_contains("goal")) {
    out.goal = in.text(*goal, "/goal");
    if (goal->is_string()
        && goal->get_string().find_first_not_of(" \t\r\n")
               == json::string::npos)
      in.fail("/goal", "must not be empty");
  } else {
    in.fail("/goal", "is missing: what is to be done");
  }
  if (const auto* inputs = root.if_contains("inputs"))
    read_inputs(in, *inputs, out.inputs);
  if (const auto* budget = root.if_contains("budget"))
    read_budget(in, *budget, out);
  if (const auto* plan = root.if_contains("plan"))
    out.plan_text = read_plan(in, *plan);
  if (const auto* only = root.if_contains("plan_only"))
    out.plan_only = in.flag(*only, "/plan_only");
  if (const auto* approval = root.if_contains("approval")) {
    const auto kind = in.text(*approval, "/approval");
    if (approval->is_string() && kind != "plan" && kind != "none")
      in.fail("/approval", "must be \"plan\" or \"none\"");
    out.approve_plan = kind == "plan";
  }
  if (in.has_failed())
    return in.refused(422);
  return out;
}

std::variant<plan_decision, refusal> read_decision(std::string_view body,
                                                   bool approved) {
  plan_decision out;
  out.approved = approved;
  if (body.empty())
    return out;
  auto read = read_json_object(body);
  if (auto* why = std::get_if<refusal>(&read))
    return std::move(*why);
  const auto& root = std::get<json::object>(read);
  json_body_reader in;
  if (approved)
    in.only(root, "", {"plan", "comment"});
  else
    in.only(root, "", {"comment"});
  if (const auto* comment = root.if_contains("comment"))
    out.comment = in.text(*comment, "/comment");
  if (out.comment.size() > comment_bytes_max)
    in.fail("/comment", "must have at most " + std::to_string(comment_bytes_max)
                            + " bytes");
  if (const auto* plan = root.if_contains("plan"); plan != nullptr && approved)
    out.plan_text = read_plan(in, *plan);
  if (in.has_failed())
    return in.refused(422);
  return out;
}

} // namespace brigade::net::api
