// A daemon's file from anywhere, whose crew and tokens are the rest of the
// input. Whatever they hold, there are settings or faults fit to be shown, and
// no message repeats a token.
#include "brigade/config/serve_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace config = brigade::config;

namespace {

void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Up to the next NUL.
std::string_view next_part(std::string_view& text) {
  const auto end = std::min(text.find('\0'), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto daemon = next_part(text);
  const std::string crew{next_part(text)};
  const std::string tokens{text};
  config::load_options options;
  options.environment = [](std::string_view) { return std::nullopt; };
  options.read_file = [&crew](const std::string&,
                              std::uint64_t) -> config::file_text {
    return {crew, {}};
  };
  options.read_private_file = [&tokens](const std::string&,
                                        std::uint64_t) -> config::file_text {
    return {tokens, {}};
  };
  const auto result = config::parse_serve(daemon, "d.toml", options);
  require(result.value.has_value() == result.faults.empty());
  for (const auto& fault : result.faults)
    require(!fault.message.empty()
            && std::none_of(fault.message.begin(), fault.message.end(),
                            [](char c) { return c == '\x1b' || c == '\0'; }));
  if (result.value)
    require(!result.value->crews.empty()
            && config::exposure_fault(result.value->server).empty());
  // The message says nothing that depends on what the lines hold.
  for (const auto& fault : config::parse_tokens(tokens, "t").faults)
    require(fault.message.size() < 120);
  return 0;
}
