#include "brigade/core/crew/crew_changes.hpp"

#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/json/read_fault.hpp"
#include "brigade/core/plan/strict_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace brigade::core {

namespace {

namespace json = boost::json;

/// A longer value is not shown.
constexpr std::size_t value_bytes_max = 60;

/// Words are shown without quotes: names and amounts of money.
bool is_word(std::string_view text) {
  return !text.empty() && text != "none"
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '.' || c == '_'
                     || c == '-' || c == '/' || c == ':';
            });
}

/// The value as people read it, or nothing when it is too long for a line.
std::optional<std::string> shown(const json::value& value) {
  std::string text;
  if (value.is_null())
    text = "none";
  else if (value.is_string() && is_word(std::string_view{value.as_string()}))
    text = value.as_string();
  else if (value.is_string() && value.as_string().size() > value_bytes_max)
    return std::nullopt;
  else
    text = json::serialize(value);
  if (text.size() > value_bytes_max)
    return std::nullopt;
  return text;
}

std::size_t size_of(const json::value& value) {
  if (value.is_null())
    return 0;
  return value.is_string() ? value.as_string().size()
                           : json::serialize(value).size();
}

/// By which member the elements of a list are found again; empty: by none.
std::string_view name_member(std::string_view list) {
  if (list == "models")
    return "alias";
  if (list == "workers")
    return "name";
  return {};
}

std::string_view name_of(const json::value& element, std::string_view member) {
  const auto* object = element.if_object();
  const auto* name = object ? object->if_contains(member) : nullptr;
  return name && name->is_string() ? std::string_view{name->as_string()}
                                   : std::string_view{};
}

/// Compares two documents and writes a line for each difference.
class comparison {
public:
  std::vector<std::string> take() {
    if (unlisted_ > 0)
      lines_.push_back("and " + std::to_string(unlisted_)
                       + " more differences");
    return std::move(lines_);
  }

  void compare(const std::string& at, const json::value& before,
               const json::value& after) {
    if (before == after)
      return;
    if (before.is_object() && after.is_object())
      members(at, before.as_object(), after.as_object());
    else
      add(at, difference(before, after));
  }

private:
  void add(const std::string& at, const std::string& what) {
    if (lines_.size() < crew_changes_max)
      lines_.push_back(at + ": " + what);
    else
      ++unlisted_;
  }

  static std::string difference(const json::value& before,
                                const json::value& after) {
    const auto old_text = shown(before);
    const auto new_text = shown(after);
    if (old_text && new_text)
      return *old_text + " -> " + *new_text;
    const auto old_size = std::to_string(size_of(before));
    const auto new_size = std::to_string(size_of(after));
    if (old_size == new_size)
      return "changed (" + old_size + " bytes)";
    return "changed (" + old_size + " -> " + new_size + " bytes)";
  }

  void members(const std::string& at, const json::object& before,
               const json::object& after) {
    for (const auto& member : after) {
      const std::string_view key{member.key()};
      const auto* old_value = before.if_contains(key);
      const auto below = at + "/" + std::string{key};
      const auto name = name_member(key);
      if (!old_value)
        add(below, "added");
      else if (!name.empty() && old_value->is_array()
               && member.value().is_array())
        elements(below, name, old_value->as_array(), member.value().as_array());
      else
        compare(below, *old_value, member.value());
    }
    for (const auto& member : before)
      if (!after.contains(member.key()))
        add(at + "/" + std::string{member.key()}, "removed");
  }

  /// Two elements with one name are matched in their order.
  void elements(const std::string& at, std::string_view member,
                const json::array& before, const json::array& after) {
    std::vector<std::optional<std::size_t>> match_of(after.size());
    std::vector<bool> matched(before.size());
    for (std::size_t i = 0; i < after.size(); ++i)
      for (std::size_t k = 0; k < before.size() && !match_of[i]; ++k)
        if (!matched[k]
            && name_of(before[k], member) == name_of(after[i], member)) {
          match_of[i] = k;
          matched[k] = true;
        }
    for (std::size_t k = 0; k < before.size(); ++k)
      if (!matched[k])
        add(at + "/" + std::to_string(k),
            "removed (" + label(before[k], member) + ")");
    std::optional<std::size_t> last;
    bool same_order = true;
    for (std::size_t i = 0; i < after.size(); ++i) {
      const auto below = at + "/" + std::to_string(i);
      if (!match_of[i]) {
        add(below, "added (" + label(after[i], member) + ")");
        continue;
      }
      same_order = same_order && (!last || *last < *match_of[i]);
      last = match_of[i];
      compare(below, before[*match_of[i]], after[i]);
    }
    if (!same_order)
      add(at, "in another order");
  }

  static std::string label(const json::value& element,
                           std::string_view member) {
    const auto name = name_of(element, member);
    return is_word(name) && name.size() <= value_bytes_max ? std::string{name}
                                                           : quoted_key(name);
  }

  std::vector<std::string> lines_;
  std::size_t unlisted_ = 0;
};

} // namespace

std::vector<std::string> crew_changes(std::string_view before_json,
                                      std::string_view after_json) {
  if (before_json == after_json)
    return {};
  const json_rules rules{crew_json_depth_max, true};
  const auto before = read_json(before_json, {}, rules);
  const auto after = read_json(after_json, {}, rules);
  if (!before.value || !after.value)
    return {std::string{"the crew "} + (before.value ? "now" : "before")
            + " cannot be read"};
  comparison all;
  all.compare("", *before.value, *after.value);
  return all.take();
}

} // namespace brigade::core
