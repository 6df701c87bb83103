// A run from anybody: it is refused with a place and a reason, or it survives
// its own document.
#include "brigade/core/run/run_export.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace core = brigade::core;

namespace {

void require(bool condition) {
  if (!condition)
    std::abort();
}

std::size_t nesting_of(const core::run_export& run) {
  std::size_t deepest = 0;
  for (const auto& below : run.nested)
    deepest = std::max(deepest, 1 + nesting_of(below));
  return deepest;
}

void check_value(const core::run_export& run) {
  require(nesting_of(run) <= core::run_export_nesting_max);
  require(run.source.inputs != nullptr);
  const auto text = core::to_json(run);
  const auto again = core::run_export_from_json(text);
  require(again.value.has_value());
  require(core::to_json(*again.value) == text);
}

void check_fault(const core::read_fault& fault) {
  require(!fault.message.empty());
  require(fault.pointer.empty() || fault.pointer.front() == '/');
  const auto text = core::to_string(fault);
  require(std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  }));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto reading = core::run_export_from_json(text);
  if (reading.value)
    check_value(*reading.value);
  else
    check_fault(reading.fault);
  return 0;
}
