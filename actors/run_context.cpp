#include "brigade/actors/run_context.hpp"

#include "brigade/core/run/nested.hpp"

namespace brigade::actors {

std::shared_ptr<const core::prepared_call>
run_context::prepare(const core::model_request& request) const {
  auto route = routes.find(request.model);
  if (route == routes.end())
    return nullptr;
  return std::make_shared<const core::prepared_call>(core::prepared_call{
      request.model, request.role,
      core::shared_text{route->second.provider->encode(request)},
      request.output_tokens_max, nullptr});
}

std::shared_ptr<const core::prepared_call>
run_context::prepare(const std::shared_ptr<const core::run_order>& nested) {
  return std::make_shared<const core::prepared_call>(core::prepared_call{
      "crew/" + nested->crew->name, core::call_role::worker,
      core::shared_text{core::nested_body(*nested)}, 0, nested});
}

void revoke(const run_context& run) {
  *run.revoked = true;
  // The brigade knows the gateways that live now.
  caf::anon_send(run.brigade, drop_run{run.serial});
}

std::function<double()> make_jitter(std::uint64_t seed) {
  // SplitMix64; source: prng.di.unimi.it/splitmix64.c.
  return [state = seed]() mutable {
    state += 0x9e3779b97f4a7c15ULL;
    auto z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    constexpr double unit = 1.0 / 9007199254740992.0; // 2^-53
    return static_cast<double>(z >> 11) * unit;
  };
}

} // namespace brigade::actors
