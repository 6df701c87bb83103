#include "brigade/actors/detail/brigade_gateways.hpp"

#include <caf/system_messages.hpp>

#include <chrono>
#include <utility>

namespace brigade::actors::detail {

namespace {

using self_ptr = brigade_actor::stateful_pointer<brigade_state>;

gateway_actor open(self_ptr self, const provider_entry& entry) {
  return self->spawn<caf::monitored>(gateway, entry.provider, entry.limits);
}

std::int64_t ms_of(caf::actor_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             at.time_since_epoch())
      .count();
}

} // namespace

void open_gateways(self_ptr self) {
  auto& st = self->state;
  for (const auto& [name, entry] : st.options.providers)
    st.gateways.emplace(
        name, brigade_state::kept_gateway{
                  open(self, entry),
                  core::restart_intensity{gateway_restarts_max,
                                          gateway_restart_window_ms}});
}

void on_gateway_down(self_ptr self, const caf::down_msg& message) {
  auto& st = self->state;
  for (auto& [name, kept] : st.gateways) {
    if (!kept.handle || kept.handle.id() != message.source.id())
      continue;
    gateway_actor next;
    if (kept.restarts.allow(ms_of(now(self))))
      next = open(self, st.options.providers.at(name));
    const gateway_replaced news{message.source.id(), next};
    kept.handle = std::move(next);
    for (const auto& [serial, run] : st.runs)
      self->send(run.till, news);
    return;
  }
}

} // namespace brigade::actors::detail
