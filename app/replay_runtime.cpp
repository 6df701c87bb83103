#include "brigade/app/replay_runtime.hpp"

#include "brigade/actors/brigade.hpp"
#include "brigade/actors/recorded_provider.hpp"
#include "brigade/config/provider_settings.hpp"
#include "brigade/core/extractive/extractive.hpp"
#include "brigade/core/run/replay.hpp"
#include "brigade/net/openai_provider.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace brigade::app {

namespace {

constexpr std::size_t threads = 2;

/// A replay that has not ended by then never will.
constexpr std::chrono::milliseconds replay_limit{core::replay_time_max_ms
                                                 + 60'000};

caf::actor_system_config& configured(caf::actor_system_config& config) {
  actors::configure(config);
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", threads);
  return config;
}

/// The wire format follows from the provider's name: `builtin` is ours, and
/// every other one speaks Chat Completions.
actors::encode_fn encoder_of(const core::crew& crew,
                             const std::string& provider) {
  if (provider == config::builtin_provider_name)
    return core::extractive::encode;
  return net::openai_encoder(core::models_of(crew, provider));
}

} // namespace

replay_end run_recorded(core::run_order order, core::reply_script script) {
  replay_end end;
  auto answers = actors::make_recorded_answers(std::move(script));
  {
    caf::actor_system_config config;
    caf::actor_system system{configured(config)};
    actors::brigade_options options;
    for (const auto& name : core::providers_of(*order.crew))
      options.providers[name] = {actors::make_recorded_provider(
                                     encoder_of(*order.crew, name), answers),
                                 {}};
    auto brigade = actors::spawn_brigade(system, std::move(options));
    caf::scoped_actor self{system};
    self->request(brigade, replay_limit, actors::submit{std::move(order)})
        .receive(
            [&end](core::run_report& report) {
              end.report = std::move(report);
            },
            [&end, &system](const caf::error& error) {
              end.failure = system.render(error);
            });
    self->send_exit(brigade, caf::exit_reason::user_shutdown);
  }
  end.unknown_requests = actors::unknown_requests(*answers);
  return end;
}

} // namespace brigade::app
