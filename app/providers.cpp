#include "brigade/app/providers.hpp"

#include "brigade/actors/builtin_provider.hpp"
#include "brigade/net/openai_provider.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace brigade::app {

namespace {

net::openai_provider_options
openai_options(const config::provider_settings& settings,
               const core::crew& crew, std::shared_ptr<net::io_thread> io) {
  net::openai_provider_options out;
  out.name = settings.name;
  out.base_url = settings.base_url;
  out.api_key = settings.api_key;
  for (const auto& model : crew.models) {
    if (model.provider == settings.name) {
      out.models.push_back(model);
    }
  }
  for (const auto& header : settings.headers) {
    out.headers.push_back({header.name, header.value});
  }
  out.ca_file = settings.ca_file;
  using std::chrono::milliseconds;
  out.connect_timeout = milliseconds{settings.connect_timeout_ms};
  out.first_token_timeout = milliseconds{settings.first_token_timeout_ms};
  out.read_idle_timeout = milliseconds{settings.idle_timeout_ms};
  out.call_timeout = milliseconds{settings.call_timeout_ms};
  out.reply_bytes_max = settings.reply_bytes_max;
  out.connections_max = settings.concurrency_max;
  out.io = std::move(io);
  return out;
}

} // namespace

std::vector<core::model_spec> needed_models(const core::crew& crew) {
  std::set<std::string_view> aliases{crew.planner.model};
  for (const auto& worker : crew.workers) {
    aliases.insert(worker.model);
  }
  if (crew.synthesizer.kind == core::synthesizer_kind::llm) {
    aliases.insert(crew.synthesizer.model);
  }
  std::vector<core::model_spec> out;
  std::ranges::copy_if(
      crew.models, std::back_inserter(out),
      [&](const auto& model) { return aliases.contains(model.alias); });
  return out;
}

std::variant<provider_map, provider_fault>
make_providers(const config::crew_file& crew,
               const std::vector<core::model_spec>& models,
               caf::actor_system& system, std::shared_ptr<net::io_thread>& io) {
  provider_map out;
  for (const auto& model : models) {
    const auto& name = model.provider;
    if (out.contains(name)) {
      continue;
    }
    const auto* settings = config::find_provider(crew, name);
    if (settings == nullptr) {
      return provider_fault{"provider " + name + " is not declared"};
    }
    actors::provider_entry entry;
    entry.limits.concurrency_max = settings->concurrency_max;
    if (settings->kind == config::provider_kind::builtin) {
      entry.provider = actors::make_builtin_provider(system);
    } else {
      if (!io) {
        io = std::make_shared<net::io_thread>();
      }
      auto made =
          net::make_openai_provider(openai_options(*settings, crew.crew, io));
      if (!made) {
        return provider_fault{"[providers." + settings->name
                              + "]: " + made.error()};
      }
      entry.provider = std::move(*made);
    }
    out.emplace(name, std::move(entry));
  }
  return out;
}

} // namespace brigade::app
