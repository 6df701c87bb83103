/// How a provider of models is reached: `[providers.NAME]` of a crew file.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/core/policy/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config {

enum class provider_kind : std::uint8_t {
  /// A server that speaks OpenAI's Chat Completions.
  openai,
  /// The extractive model inside Brigade; needs no other setting.
  builtin,
};

std::string_view to_string(provider_kind kind);
std::optional<provider_kind> parse_provider_kind(std::string_view text);

/// The name of the provider that needs no declaration.
inline constexpr std::string_view builtin_provider_name = "builtin";

/// The model that needs no declaration.
inline constexpr std::string_view builtin_model_alias = "builtin/extractive";

struct http_header {
  std::string name;
  /// May hold a key, so it is handled as one.
  core::secret value;
};

struct provider_settings {
  /// The table's name in `[providers.NAME]`.
  std::string name;
  provider_kind kind = provider_kind::openai;
  /// Without a trailing slash. Begins with `http://` or `https://` and holds
  /// neither user nor password; the rest of its syntax is the client's to
  /// check.
  std::string base_url;
  /// Empty when none is configured, when secrets were not to be resolved, or
  /// when no role uses this provider.
  core::secret api_key;
  /// Where the key comes from, for messages: `env:OPENAI_API_KEY`. Not a
  /// secret. Empty: no key is configured.
  std::string api_key_source;
  /// Requests at the same time.
  std::uint32_t concurrency_max = 64;
  /// Name resolution, connect and TLS handshake.
  std::int64_t connect_timeout_ms = 10'000;
  /// From the request sent to the first byte of the answer. 0: as long as the
  /// try may take, because an answer that is not streamed comes when the model
  /// is done.
  std::int64_t first_token_timeout_ms = 0;
  /// Without a byte of an answer that has begun. 0: as long as the try may
  /// take.
  std::int64_t idle_timeout_ms = 30'000;
  /// One try, from connect to the last byte.
  std::int64_t call_timeout_ms = 120'000;
  std::uint64_t reply_bytes_max = 8 * 1024 * 1024;
  /// A PEM file to verify the server with instead of the system's; resolved
  /// against the crew file's folder. Empty: the system's.
  std::string ca_file;
  /// Sent with every request.
  std::vector<http_header> headers;
  /// Statuses whose complete answers cost nothing.
  std::vector<int> unbilled_statuses{core::unbilled_statuses_default.begin(),
                                     core::unbilled_statuses_default.end()};

  bool api_key_configured() const { return !api_key_source.empty(); }
};

} // namespace brigade::config
