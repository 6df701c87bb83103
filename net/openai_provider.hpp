/// A provider that speaks OpenAI Chat Completions: OpenAI itself and every
/// server compatible with it.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/provider.hpp"
#include "brigade/core/policy/secret.hpp"
#include "brigade/net/io_thread.hpp"
#include "brigade/net/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace brigade::net {

/// A header that is added to every request. Its value is treated like a key.
struct extra_header {
  std::string name;
  core::secret value;
};

struct openai_provider_options {
  /// The provider's name in the crew, for messages.
  std::string name;
  /// Such as `https://api.openai.com/v1`; see `parse_endpoint`.
  std::string base_url;
  /// Sent as `Authorization: Bearer ...`; empty: no such header.
  core::secret api_key;
  /// The models that are served here; found by alias.
  std::vector<core::model_spec> models;
  std::vector<extra_header> headers;
  /// PEM file with the trusted CAs; empty: the system's.
  std::string ca_file;

  // The limits of a call's time are those of `http_client_options`.

  /// Until the connection stands.
  std::chrono::milliseconds connect_timeout{10'000};
  /// Until the answer's first byte; 0: none.
  std::chrono::milliseconds first_token_timeout{0};
  /// Without a byte of an answer that has begun; 0: none.
  std::chrono::milliseconds read_idle_timeout{30'000};
  /// The whole call, whatever `send` allows; 0: what that allows.
  std::chrono::milliseconds call_timeout{0};
  /// A kept connection that has no call for longer is closed.
  std::chrono::milliseconds pooled_idle_timeout{30'000};
  std::size_t reply_bytes_max = 8u << 20;
  std::uint32_t reply_header_bytes_max = 16u << 10;
  std::size_t idle_connections_max = 256;
  /// Calls in flight; more get `not_sent`.
  std::size_t connections_max = 4096;

  /// The thread to work on; null: one of its own.
  std::shared_ptr<io_thread> io;
};

/// Serialises requests for these models as the provider does, which depends on
/// nothing but them: no key, no thread, no connection. Returns an empty text
/// for an alias that is none of theirs. Thread-safe.
std::function<std::string(const core::model_request&)>
openai_encoder(std::vector<core::model_spec> models);

/// Checks everything that can be checked without a connection. `encode`
/// returns an empty text for an alias that it does not know, and `send`
/// refuses a call without a body (`not_sent`). `done` is called on the io
/// thread and must not wait.
result<std::shared_ptr<core::provider>>
make_openai_provider(openai_provider_options options);

} // namespace brigade::net
