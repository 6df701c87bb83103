// Brigade inside a CAF program of your own: spawn the tree, submit a goal, get
// the report. Run it with the documents to read as arguments.
#include "brigade/actors/brigade.hpp"
#include "brigade/actors/builtin_provider.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

using namespace brigade;

int main(int argc, char** argv) {
  core::run_order order;
  order.goal = "What does it cost, and where do the sources disagree?";
  order.crew = std::make_shared<const core::crew>(core::builtin_crew());
  auto inputs = std::make_shared<core::input_set>();
  for (int i = 1; i < argc; ++i) {
    std::ostringstream text;
    text << std::ifstream{argv[i]}.rdbuf();
    inputs->emplace_back("doc" + std::to_string(i), argv[i], text.str());
  }
  order.inputs = inputs;
  std::array<std::uint8_t, 10> noise;
  std::random_device device;
  for (auto& byte : noise)
    byte = static_cast<std::uint8_t>(device());
  const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
  order.id = core::make_run_id(
      std::chrono::duration_cast<std::chrono::milliseconds>(unix_time).count(),
      noise);

  caf::actor_system_config config;
  actors::configure(config);
  caf::actor_system system{config};
  actors::brigade_options options;
  options.providers["builtin"] = {actors::make_builtin_provider(system), {}};
  auto handle = actors::spawn_brigade(system, std::move(options));

  int status = 1;
  caf::scoped_actor self{system};
  self->request(handle, std::chrono::seconds{60}, actors::submit{order})
      .receive(
          [&status](const core::run_report& report) {
            std::cout << report.state.answer.str() << "\n";
            status = core::exit_code_of(report);
          },
          [&system](const caf::error& error) {
            std::cerr << system.render(error) << "\n";
          });
  self->send_exit(handle, caf::exit_reason::user_shutdown);
  return status;
}
