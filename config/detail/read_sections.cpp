#include "brigade/config/detail/build.hpp"
#include "brigade/config/detail/named_tables.hpp"

namespace brigade::config::detail {

namespace {

void read_limits(const context& ctx, const node& root, drafts& out) {
  const auto* from = root.find("limits");
  if (from == nullptr)
    return;
  read_section(ctx, "limits", *from, limit_keys(), out.crew);
  const auto& bounds = out.crew.limits;
  if (bounds.backoff_max_ms < bounds.backoff_base_ms) {
    const auto* key = from->find("backoff_max_ms");
    if (key == nullptr)
      key = from->find("backoff_base_ms");
    ctx.faults.fail(key->where,
                    "limits.backoff_max_ms ("
                        + std::to_string(bounds.backoff_max_ms)
                        + ") must not be below limits.backoff_base_ms ("
                        + std::to_string(bounds.backoff_base_ms) + ")");
  }
}

template <class Role>
std::optional<Role>
read_role(const context& ctx, const node& root, std::string_view section,
          std::span<const key_spec<Role>> keys, std::string_view what) {
  const auto* from = root.find(section);
  if (from == nullptr) {
    ctx.faults.fail({0, 1, 1}, "[" + std::string{section}
                                   + "] is missing: " + std::string{what});
    return std::nullopt;
  }
  Role role;
  role.path = section;
  role.from = from;
  if (!read_section(ctx, section, *from, keys, role))
    return std::nullopt;
  return role;
}

} // namespace

drafts read_sections(const context& ctx, const node& root) {
  drafts out;
  check_tables(ctx, root, crew_sections());
  read_limits(ctx, root, out);
  for_each_named(ctx, root, "providers",
                 [&](const std::string& name, const node& from) {
                   provider_draft p;
                   p.from = &from;
                   p.settings.name = name;
                   if (read_section(ctx, path_of("providers", name), from,
                                    provider_keys(), p))
                     out.providers.push_back(std::move(p));
                 });
  for_each_named(
      ctx, root, "models", [&](const std::string& name, const node& from) {
        model_draft m;
        m.from = &from;
        m.spec.alias = name;
        if (read_section(ctx, path_of("models", name), from, model_keys(), m))
          out.models.push_back(std::move(m));
      });
  out.planner = read_role(ctx, root, "planner", planner_keys(),
                          "name the model that splits the goal into subtasks");
  for_each_named(ctx, root, "workers",
                 [&](const std::string& name, const node& from) {
                   worker_draft w;
                   w.from = &from;
                   w.path = path_of("workers", name);
                   w.spec.name = name;
                   if (read_section(ctx, w.path, from, worker_keys(), w))
                     out.workers.push_back(std::move(w));
                 });
  if (root.find("workers") == nullptr)
    ctx.faults.fail({0, 1, 1}, "no workers: add at least one [workers.NAME] "
                               "with model, description and prompt");
  out.synthesizer =
      read_role(ctx, root, "synthesizer", synthesizer_keys(),
                "name a model and a prompt, or write kind = \"merge\"");
  return out;
}

} // namespace brigade::config::detail
