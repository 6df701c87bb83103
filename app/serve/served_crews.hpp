/// The crews that the daemon serves, and how a client's order becomes a run of
/// one of them. Pure.
#pragma once

#include "brigade/config/serve_file.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/net/api/backend.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace brigade::app::serve {

/// What is kept with a run, so that another process knows that it was accepted
/// here: JSON of our own, without secrets.
struct serve_origin {
  /// The name under which the crew was served.
  std::string crew;
  /// It is a plain call to the crew's passthrough model.
  bool direct = false;
};

std::string to_text(const serve_origin& origin);

/// Nothing when it was accepted by somebody else.
std::optional<serve_origin> parse_serve_origin(std::string_view text);

/// A client's order as a run of this crew, or everything that is wrong with it
/// (422, with JSON Pointers). The crew's limits and the client's are lowered to
/// what the order asks for; nothing can raise them.
std::variant<core::run_order, net::api::refusal>
make_order(const config::served_crew& crew,
           const config::client_settings& whose, const std::string& client,
           net::api::job_order what, core::run_id run);

/// A run that is one call to the crew's passthrough model and nothing else. Its
/// only subtask's result is the reply.
std::variant<core::run_order, net::api::refusal> make_direct_order(
    const config::served_crew& crew, const config::client_settings& whose,
    const std::string& client, net::api::direct_call what, core::run_id run);

/// The order of a run that was accepted before: with the crew and the limits
/// that it has had since. Nothing when what is stored cannot be read.
std::optional<core::run_order> restored_order(const core::run_id& run,
                                              const core::run_source& source,
                                              const core::run_state& past);

} // namespace brigade::app::serve
