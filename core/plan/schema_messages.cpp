#include "brigade/core/plan/schema_messages.hpp"

#include "brigade/core/plan/schema_rewrite.hpp"

#include <algorithm>
#include <string_view>

namespace brigade::core {

namespace {

/// `<root>`, `[tasks]`, `[0]` to `/tasks/0`.
/// A name that is no name but smuggled text becomes `*`.
std::string pointer_of(const std::vector<std::string>& context) {
  constexpr std::size_t name_bytes_max = 64;
  auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  };
  std::string pointer;
  for (std::size_t i = 1; i < context.size(); ++i) {
    std::string_view step = context[i];
    if (step.size() >= 2 && step.front() == '[' && step.back() == ']')
      step = step.substr(1, step.size() - 2);
    if (step.size() > name_bytes_max
        || std::any_of(step.begin(), step.end(), is_control))
      step = "*";
    append_pointer(pointer, step);
  }
  return pointer;
}

/// Whether an error only says that something inside failed, which has said so
/// itself.
bool repeats_a_child(std::string_view description) {
  return description.starts_with("Failed to validate against schema assoc")
         || description.starts_with("Failed to validate item #")
         || description.starts_with("Failed to validate against additional")
         || description.starts_with("Failed to validate against child schema")
         || description.starts_with("Failed to validate against a condition");
}

bool ends_alternatives(std::string_view description) {
  return description.starts_with("Failed to validate against any");
}

std::string rephrased(const std::string& description) {
  constexpr std::string_view missing = "Missing required property '";
  if (description.starts_with(missing))
    return "the field `"
           + description.substr(missing.size(),
                                description.size() - missing.size() - 2)
           + "` is missing";
  if (description.starts_with("Failed to match against any enum"))
    return "is not one of the allowed values";
  if (description.starts_with("Failed to match expected value"))
    return "is not the one allowed value";
  if (description.starts_with("Target should not validate"))
    return "has a form that is not allowed here";
  if (description.starts_with("Failed to validate against exactly one"))
    return "matches more than one of the alternatives";
  auto text = description;
  while (text.ends_with('.'))
    text.pop_back();
  return text;
}

/// Alternatives fail with the faults of each: those about the value itself
/// contradict one another and give way to one sentence, those about a part of
/// it are kept because they say more.
void fold_alternatives(std::vector<schema_fault>& faults, std::size_t begin,
                       const std::string& pointer) {
  const auto first = faults.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto inside = pointer + '/';
  std::string wanted;
  for (auto fault = first; fault != faults.end(); ++fault)
    if (fault->pointer == pointer
        && wanted.find(fault->message) == std::string::npos)
      wanted += (wanted.empty() ? "" : ", or ") + fault->message;
  faults.erase(std::remove_if(
                   first, faults.end(),
                   [&](const schema_fault& x) { return x.pointer == pointer; }),
               faults.end());
  const bool deeper = std::any_of(
      faults.begin() + static_cast<std::ptrdiff_t>(begin), faults.end(),
      [&](const schema_fault& x) { return x.pointer.starts_with(inside); });
  if (!deeper)
    faults.push_back({pointer, wanted.empty()
                                   ? "matches none of the alternatives"
                                   : wanted});
}

/// Where the faults begin that stand at `pointer` or inside of it.
std::size_t first_inside(const std::vector<schema_fault>& faults,
                         const std::string& pointer) {
  auto begin = faults.size();
  while (begin > 0
         && (faults[begin - 1].pointer == pointer
             || faults[begin - 1].pointer.starts_with(pointer + '/')))
    --begin;
  return begin;
}

} // namespace

std::vector<schema_fault>
tidy_schema_errors(const std::vector<raw_schema_error>& errors) {
  std::vector<schema_fault> faults;
  for (const auto& error : errors) {
    if (repeats_a_child(error.description))
      continue;
    auto pointer = pointer_of(error.context);
    if (ends_alternatives(error.description)) {
      fold_alternatives(faults, first_inside(faults, pointer), pointer);
      continue;
    }
    schema_fault fault{std::move(pointer), rephrased(error.description)};
    if (std::find(faults.begin(), faults.end(), fault) == faults.end())
      faults.push_back(std::move(fault));
    if (faults.size() >= schema_faults_max)
      break;
  }
  // The library is silent about some failures, but never about the verdict.
  if (faults.empty())
    faults.push_back({"", "the document does not match the schema"});
  return faults;
}

} // namespace brigade::core
