/// The providers of a crew as its file has them: HTTP clients and the built-in
/// model.
#pragma once

#include "brigade/actors/brigade.hpp"
#include "brigade/config/crew_file.hpp"
#include "brigade/net/io_thread.hpp"

#include <caf/fwd.hpp>

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace brigade::app {

/// A setting of a provider that only its client could check: a sentence.
struct provider_fault {
  std::string message;
};

using provider_map = std::map<std::string, actors::provider_entry>;

/// Those that `models` are served by. Starts nothing that they do not need:
/// `io` is made by the first one that uses the network, unless it is set.
std::variant<provider_map, provider_fault>
make_providers(const config::crew_file& crew,
               const std::vector<core::model_spec>& models,
               caf::actor_system& system, std::shared_ptr<net::io_thread>& io);

/// The models that a role of the crew uses.
std::vector<core::model_spec> needed_models(const core::crew& crew);

} // namespace brigade::app
