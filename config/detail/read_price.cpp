#include "brigade/config/detail/build.hpp"

namespace brigade::config::detail {

namespace {

constexpr std::size_t tiers_max = 16;

std::optional<core::token_prices>
read_prices(const context& ctx, std::string_view path, const price_draft& p) {
  const bool has_input = p.has("input_usd_per_mtok");
  const bool has_output = p.has("output_usd_per_mtok");
  if (!has_input && !has_output) {
    if (p.cached_input)
      ctx.faults.fail(p.cached_input->where,
                      std::string{path}
                          + ".cached_input_usd_per_mtok needs "
                            "input_usd_per_mtok and output_usd_per_mtok too");
    return std::nullopt;
  }
  if (!has_input || !has_output) {
    const auto* given =
        p.from->find(has_input ? "input_usd_per_mtok" : "output_usd_per_mtok");
    ctx.faults.fail(given->where, std::string{path} + " has half a price: "
                                      + (has_input ? "output" : "input")
                                      + "_usd_per_mtok is missing");
    return std::nullopt;
  }
  if (!p.input || !p.output)
    return std::nullopt;
  core::token_prices result{{p.input->number}, {p.output->number}, {}};
  if (p.cached_input)
    result.cached_input = core::pico_usd{p.cached_input->number};
  return result;
}

} // namespace

std::optional<core::price> read_price(const context& ctx,
                                      const model_draft& model) {
  const auto path = "models." + model.spec.alias;
  const auto base = read_prices(ctx, path, model);
  core::price result;
  if (base)
    result.base = *base;
  if (model.tiers == nullptr)
    return base ? std::optional{result} : std::nullopt;
  if (!model.has("input_usd_per_mtok") && !model.has("output_usd_per_mtok"))
    ctx.faults.fail(model.tiers->where,
                    path
                        + ".tiers needs input_usd_per_mtok and "
                          "output_usd_per_mtok in the model too");
  if (model.tiers->items.size() > tiers_max) {
    ctx.faults.fail(model.tiers->where, path + ".tiers must not hold more than "
                                            + std::to_string(tiers_max)
                                            + " tables");
    return std::nullopt;
  }
  for (const auto& item : model.tiers->items) {
    price_draft draft;
    draft.from = &item;
    read_section(ctx, path + ".tiers", item, tier_keys(), draft);
    if (!draft.input || !draft.output || draft.above_input_tokens == 0)
      continue;
    const auto prices = read_prices(ctx, path + ".tiers", draft);
    if (!result.tiers.empty()
        && result.tiers.back().above_input_tokens >= draft.above_input_tokens)
      ctx.faults.fail(
          item.where,
          path + ".tiers must rise by above_input_tokens: "
              + std::to_string(draft.above_input_tokens) + " is not above "
              + std::to_string(result.tiers.back().above_input_tokens));
    result.tiers.push_back({draft.above_input_tokens, *prices});
  }
  return base ? std::optional{result} : std::nullopt;
}

} // namespace brigade::config::detail
