// Whatever a server sends as the body of an answer: nothing breaks, only a
// success is `ok`, messages stay short, and the key is in no text.
#include "brigade/net/wire/openai.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using namespace brigade;

constexpr std::string_view key = "sk-canary-0123456789";

// Roomier than the 500 bytes of a server's own words allowed by
// `core::outcome::message`, for ours around them.
constexpr std::size_t message_bytes_max = 600;

void require(bool condition) {
  if (!condition)
    std::abort();
}

bool shows_key(const std::string& text) {
  return text.find(key) != std::string::npos;
}

} // namespace

/// The first byte chooses the status, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  constexpr int statuses[] = {200, 201, 301, 400, 401, 404, 429, 500, 503};
  auto status = statuses[data[0] % std::size(statuses)];
  std::string_view body{reinterpret_cast<const char*>(data) + 1, size - 1};
  static const net::secret_list secrets{core::secret{std::string{key}}};
  auto hint = body.substr(0, 40);
  auto result = net::wire::decode_chat(status, {hint, hint, hint, hint, hint},
                                       body, {"main", &secrets, 0});
  auto is_ok = result.code == core::outcome_code::ok;
  require(!is_ok || status < 300);
  require(is_ok || (result.reply.text.empty() && !result.reply.usage));
  require(is_ok == result.message.empty());
  require(result.message.size() <= message_bytes_max);
  require(!shows_key(result.message) && !shows_key(result.request_id)
          && !shows_key(result.reply.text.str()));
  if (const auto& usage = result.reply.usage)
    require(usage->cached_input_tokens <= usage->input_tokens
            && usage->input_tokens <= net::wire::usage_tokens_max
            && usage->output_tokens <= net::wire::usage_tokens_max);
  return 0;
}
