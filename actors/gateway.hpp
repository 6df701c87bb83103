/// The GATEWAY: guards one provider.
#pragma once

#include "brigade/actors/interfaces.hpp"
#include "brigade/core/model/provider.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>

namespace brigade::actors {

struct gateway_options {
  /// Tries with the provider at the same time.
  std::uint32_t concurrency_max = 64;
  /// Tries that wait for a place; one more is answered `not_sent`.
  std::uint32_t queue_max = 65'536;
};

/// Touched by the gateway's handlers only.
struct gateway_state {
  static inline const char* name = "brigade.gateway";

  std::shared_ptr<core::provider> provider;
  gateway_options options;
  std::unordered_map<core::try_id, send_try> in_flight;
  std::deque<send_try> queue;

  /// What is with the provider ends with the gateway.
  ~gateway_state();
};

gateway_actor::behavior_type
gateway(gateway_actor::stateful_pointer<gateway_state> self,
        std::shared_ptr<core::provider> provider, gateway_options options);

} // namespace brigade::actors
