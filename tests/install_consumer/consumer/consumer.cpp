// Touches each installed library through its public headers; a wrong install
// tree does not compile, link or answer here.
#include "brigade/actors/brigade.hpp"
#include "brigade/config/crew_file.hpp"
#include "brigade/core/crew/crew.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/net/endpoint.hpp"
#include "brigade/store/memory.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include <iostream>

int main() {
  auto amount = brigade::core::parse_usd("0.50");
  if (!amount || brigade::core::to_decimal(*amount) != "0.5") {
    std::cerr << "core does not know fifty cents\n";
    return 1;
  }
  if (brigade::core::builtin_crew().workers.empty()) {
    std::cerr << "the built-in crew has no workers\n";
    return 1;
  }
  auto crew = brigade::config::parse_crew("nonsense = 1", "crew.toml", {});
  if (crew.value || crew.faults.empty()) {
    std::cerr << "config accepts an unknown key\n";
    return 1;
  }
  if (!brigade::net::parse_endpoint("https://api.example.org/v1")) {
    std::cerr << "net cannot read a base URL\n";
    return 1;
  }
  brigade::store::memory_journal journal;

  caf::actor_system_config config;
  brigade::actors::configure(config);
  caf::actor_system system{config};
  auto top = brigade::actors::spawn_brigade(system, {});
  caf::anon_send_exit(top, caf::exit_reason::user_shutdown);
}
