#include "brigade/core/plan/plan_text.hpp"

#include "brigade/core/plan/strict_json.hpp"
#include "brigade/core/run/input.hpp"

#include <algorithm>
#include <array>

namespace brigade::core {

namespace {

namespace json = boost::json;

constexpr std::string_view whitespace = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view advice =
    "Answer with one JSON object and nothing else.";

/// The marks between which models put their reasoning.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2>
    thinking_marks{{{"<think>", "</think>"}, {"<thinking>", "</thinking>"}}};

/// What the search through a text has seen so far.
struct findings {
  std::optional<json::value> plan;
  std::size_t plans = 0;
  std::optional<json::value> object;
  std::size_t objects = 0;
  /// Complete arrays outside of any object.
  std::size_t arrays = 0;
  /// The first place that looked like JSON and was not.
  std::optional<json_reading> broken;
  std::size_t broken_at = 0;
};

std::string_view trimmed(std::string_view text) {
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  const auto first = text.find_first_not_of(whitespace);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(whitespace) - first + 1);
}

/// Whether what starts here is meant as JSON and not as prose: an object with
/// a key, or an array of objects.
bool looks_like_json(std::string_view text) {
  const auto next = text.find_first_not_of(whitespace, 1);
  if (next == std::string_view::npos)
    return text.front() == '{';
  return text.front() == '{' ? text[next] == '"' || text[next] == '}'
                             : text[next] == '{';
}

std::string place(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto line_start = before.rfind('\n');
  const auto column =
      line_start == std::string_view::npos ? at : at - line_start - 1;
  return "line " + std::to_string(line) + ", column "
         + std::to_string(column + 1);
}

/// Keys are shown only when they have the form of a field's name.
std::string key_name(const std::string& key) {
  constexpr std::size_t shown_bytes_max = 64;
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (key.empty() || key.size() > shown_bytes_max
      || !std::all_of(key.begin(), key.end(), plain))
    return "a key";
  return "the key `" + key + "`";
}

std::string describe(std::string_view text, const json_reading& broken,
                     std::size_t at) {
  const auto where = place(text, at + broken.end);
  switch (broken.error) {
  case json_error::incomplete:
    return "the JSON is cut off: the text ends inside it. Answer with the "
           "whole object, shorter if need be.";
  case json_error::too_deep:
    return "the JSON is nested deeper than " + std::to_string(json_depth_max)
           + " levels at " + where + ".";
  case json_error::duplicate_key:
    return key_name(broken.key) + " stands twice in one object, which ends at "
           + where + ". Each key may stand once.";
  default:
    return "the JSON has a syntax error at " + where
           + ". Strict JSON: keys and strings in double quotes, no comments, "
             "no comma behind the last item, line ends in strings as \\n.";
  }
}

class plan_search {
public:
  plan_search(std::string_view text, json::storage_ptr storage)
      : text_(text), storage_(std::move(storage)) {
    // nop
  }

  plan_text run() {
    while (at_ < text_.size()) {
      at_ = text_.find_first_of("{[<", at_);
      if (at_ == std::string_view::npos)
        break;
      if (text_[at_] == '<')
        read_mark();
      else
        read_value();
    }
    return verdict();
  }

private:
  void read_mark() {
    const auto rest = text_.substr(at_);
    for (const auto& [open, close] : thinking_marks) {
      if (rest.starts_with(open))
        thinking_ = true;
      if (rest.starts_with(close)) {
        // All that came before was reasoning, also when the opening mark is
        // missing: some servers cut it away.
        thinking_ = false;
        seen_ = {};
      }
    }
    ++at_;
  }

  void read_value() {
    const auto rest = text_.substr(at_);
    auto reading = read_json_prefix(rest, storage_);
    if (!reading.value) {
      const bool cut = reading.error == json_error::incomplete;
      const auto begin = at_;
      // What was read up to the break is not searched again, which keeps
      // the search linear. Behind it only an object with `tasks` counts: a
      // part of a broken plan never passes for a plan.
      at_ += std::max<std::size_t>(reading.end, 1);
      if ((cut || !seen_.broken) && looks_like_json(rest)) {
        seen_.broken_at = begin;
        seen_.broken = std::move(reading);
      }
      return;
    }
    at_ += std::max<std::size_t>(reading.end, 1);
    if (reading.value->is_array())
      ++seen_.arrays;
    else if (reading.value->as_object().contains("tasks"))
      keep(seen_.plan, seen_.plans, *reading.value);
    else
      keep(seen_.object, seen_.objects, *reading.value);
  }

  static void keep(std::optional<json::value>& first, std::size_t& count,
                   json::value& value) {
    if (count++ == 0)
      first.emplace(std::move(value));
  }

  plan_text verdict() {
    if (thinking_)
      return {std::nullopt,
              "the text ends inside the thinking part, before any answer. "
                  + std::string{advice}};
    // Text that is cut off must not be read as something smaller.
    const bool cut =
        seen_.broken && seen_.broken->error == json_error::incomplete;
    if (seen_.plans == 1 && !cut)
      return {std::move(seen_.plan), {}};
    if (seen_.plans > 1)
      return {std::nullopt, "the text holds " + std::to_string(seen_.plans)
                                + " plans. " + std::string{advice}};
    if (seen_.broken)
      return {std::nullopt, describe(text_, *seen_.broken, seen_.broken_at)};
    if (seen_.objects == 1)
      return {std::move(seen_.object), {}};
    if (seen_.objects > 1)
      return {std::nullopt, "the text holds " + std::to_string(seen_.objects)
                                + " JSON objects, none of them with `tasks`. "
                                + std::string{advice}};
    return {std::nullopt, nothing_found() + ". " + std::string{advice}};
  }

  std::string nothing_found() const {
    if (text_.starts_with("<!") || text_.starts_with("<html")
        || text_.starts_with("<HTML"))
      return "the text is an HTML page, not JSON";
    if (seen_.arrays > 0)
      return "the text holds a JSON array, not an object";
    if (text_.front() == '"')
      return "the text is a JSON string, not an object";
    return "the text holds no JSON object";
  }

  std::string_view text_;
  json::storage_ptr storage_;
  findings seen_;
  std::size_t at_ = 0;
  bool thinking_ = false;
};

} // namespace

plan_text find_plan_text(std::string_view text,
                         boost::json::storage_ptr storage) {
  if (text.size() > plan_bytes_max)
    return {std::nullopt, "the text is longer than "
                              + std::to_string(plan_bytes_max)
                              + " bytes. Answer with a shorter plan."};
  text = trimmed(text);
  if (text.empty())
    return {std::nullopt, "the text is empty. " + std::string{advice}};
  if (!is_text(text))
    return {std::nullopt, "the text is not UTF-8. " + std::string{advice}};
  // A string that happens to hold JSON is not searched.
  if (text.front() == '"' && read_json(text, storage).value)
    return {std::nullopt,
            "the text is a JSON string, not an object. " + std::string{advice}};
  return plan_search{text, std::move(storage)}.run();
}

} // namespace brigade::core
