#include "brigade/net/api/job_body.hpp"

#include "brigade/core/plan/strict_json.hpp"
#include "brigade/core/run/input.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

constexpr std::size_t faults_max = 100;
constexpr std::int64_t deadline_s_max = 7 * 24 * 3600;
constexpr std::int64_t ms_per_s = 1000;
constexpr std::int64_t count_max = 1'000'000'000'000;
constexpr std::size_t comment_bytes_max = 2'000;

/// Reads members and remembers all that is wrong.
struct body_reader {
  std::vector<core::read_fault> faults{};

  void fail(std::string pointer, std::string message) {
    if (faults.size() < faults_max)
      faults.push_back({std::move(pointer), std::move(message)});
  }

  const json::object* object(const json::value& from,
                             const std::string& pointer) {
    const auto* out = from.if_object();
    if (out == nullptr)
      fail(pointer, "must be an object");
    return out;
  }

  /// What nobody reads is most likely a mistake.
  template <std::size_t N>
  void only(const json::object& from, const std::string& pointer,
            const std::array<std::string_view, N>& known) {
    std::string names;
    for (const auto name : known)
      names += (names.empty() ? "" : ", ") + std::string{name};
    for (const auto& member : from) {
      if (faults.size() >= faults_max)
        return;
      bool found = false;
      for (const auto name : known)
        found = found || name == std::string_view{member.key()};
      if (found)
        continue;
      core::read_fault fault{{}, "is not known here; there are " + names};
      fault.within(std::string_view{member.key()});
      fail(pointer + fault.pointer, std::move(fault.message));
    }
  }

  std::string text(const json::value& from, const std::string& pointer) {
    const auto* out = from.if_string();
    if (out == nullptr)
      fail(pointer, "must be a string");
    else if (!core::is_text({out->data(), out->size()}))
      fail(pointer, "must be UTF-8 text without NUL");
    else
      return {out->data(), out->size()};
    return {};
  }

  bool flag(const json::value& from, const std::string& pointer) {
    if (const auto* out = from.if_bool())
      return *out;
    fail(pointer, "must be true or false");
    return false;
  }

  std::optional<std::int64_t>
  count(const json::value& from, const std::string& pointer, std::int64_t max) {
    // A number that is no integer, or too large for one, is none of these.
    const auto* out = from.if_int64();
    if (out != nullptr && *out >= 1 && *out <= max)
      return *out;
    fail(pointer, "must be an integer from 1 to " + std::to_string(max));
    return std::nullopt;
  }

  /// A decimal in a string is exact; of a number the shortest decimal that
  /// means it is taken, which is what was typed.
  std::optional<core::pico_usd> money(const json::value& from,
                                      const std::string& pointer) {
    std::optional<core::pico_usd> out;
    if (const auto* text = from.if_string())
      out = core::parse_usd({text->data(), text->size()});
    else if (const auto* whole = from.if_int64())
      out = core::parse_usd(std::to_string(*whole));
    else if (const auto* number = from.if_double();
             number != nullptr && std::isfinite(*number)) {
      std::array<char, 64> digits{};
      const auto end = std::to_chars(digits.begin(), digits.end(), *number,
                                     std::chars_format::fixed);
      if (end.ec == std::errc{})
        out = core::parse_usd(
            {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
    }
    if (!out)
      fail(pointer, "must be an amount of dollars such as \"0.25\", with at "
                    "most 12 decimals");
    return out;
  }
};

void read_inputs(body_reader& in, const json::value& from,
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
    in.only(*document, pointer,
            std::array<std::string_view, 2>{"name", "text"});
    named_text read;
    if (const auto* name = document->if_contains("name"))
      read.name = in.text(*name, pointer + "/name");
    else
      read.name = "document " + std::to_string(i + 1);
    if (read.name.empty() || read.name.size() > input_name_bytes_max)
      in.fail(pointer + "/name", "must have 1 to "
                                     + std::to_string(input_name_bytes_max)
                                     + " bytes");
    if (const auto* text = document->if_contains("text"))
      read.text = in.text(*text, pointer + "/text");
    else
      in.fail(pointer + "/text", "is missing: the document's text");
    out.push_back(std::move(read));
  }
}

void read_budget(body_reader& in, const json::value& from, job_order& out) {
  const auto* budget = in.object(from, "/budget");
  if (budget == nullptr)
    return;
  in.only(*budget, "/budget",
          std::array<std::string_view, 5>{"cost_usd", "tokens_max", "calls_max",
                                          "tasks_max", "deadline_s"});
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
std::string read_plan(body_reader& in, const json::value& from) {
  if (from.is_object())
    return json::serialize(from);
  if (from.is_string())
    return in.text(from, "/plan");
  in.fail("/plan", "must be a plan: an object");
  return {};
}

refusal not_processable(std::vector<core::read_fault> faults) {
  const auto count = faults.size();
  return {422, "invalid_body",
          "the body has " + std::to_string(count)
              + (count == 1 ? " fault" : " faults"),
          std::move(faults)};
}

/// The body's object, or why there is none.
std::variant<json::object, refusal> read_object(std::string_view body) {
  auto reading = core::read_json(body);
  std::string why;
  switch (reading.error) {
  case core::json_error::none:
    if (reading.value->is_object())
      return std::move(reading.value->as_object());
    why = "it must be an object";
    break;
  case core::json_error::incomplete:
    why = "it ends too early";
    break;
  case core::json_error::too_deep:
    why = "it is nested too deep";
    break;
  case core::json_error::duplicate_key:
    why = "the key " + core::quoted_key(reading.key) + " stands twice in it";
    break;
  case core::json_error::syntax:
    why = "it is no JSON";
    break;
  }
  return refusal{400, "invalid_json",
                 "the body cannot be read: " + why + " (byte "
                     + std::to_string(reading.end) + ")"};
}

} // namespace

std::variant<job_order, refusal> read_job(std::string_view body,
                                          const std::string& default_crew) {
  auto read = read_object(body);
  if (auto* why = std::get_if<refusal>(&read))
    return std::move(*why);
  const auto& root = std::get<json::object>(read);
  body_reader in;
  in.only(root, "",
          std::array<std::string_view, 7>{"crew", "goal", "inputs", "budget",
                                          "plan", "plan_only", "approval"});
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
        && out.goal.find_first_not_of(" \t\r\n") == std::string::npos)
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
  if (!in.faults.empty())
    return not_processable(std::move(in.faults));
  return out;
}

std::variant<plan_decision, refusal> read_decision(std::string_view body,
                                                   bool approved) {
  plan_decision out;
  out.approved = approved;
  if (body.empty())
    return out;
  auto read = read_object(body);
  if (auto* why = std::get_if<refusal>(&read))
    return std::move(*why);
  const auto& root = std::get<json::object>(read);
  body_reader in;
  if (approved)
    in.only(root, "", std::array<std::string_view, 2>{"plan", "comment"});
  else
    in.only(root, "", std::array<std::string_view, 1>{"comment"});
  if (const auto* comment = root.if_contains("comment"))
    out.comment = in.text(*comment, "/comment");
  if (out.comment.size() > comment_bytes_max)
    in.fail("/comment", "must have at most " + std::to_string(comment_bytes_max)
                            + " bytes");
  if (const auto* plan = root.if_contains("plan"); plan != nullptr && approved)
    out.plan_text = read_plan(in, *plan);
  if (!in.faults.empty())
    return not_processable(std::move(in.faults));
  return out;
}

} // namespace brigade::net::api
