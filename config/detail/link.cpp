// Looks up what the tables of a crew file say about each other.
#include "brigade/config/detail/build.hpp"
#include "brigade/config/detail/text.hpp"

#include <algorithm>
#include <set>

namespace brigade::config::detail {

namespace {

/// What the prompts of core/model/prompt.hpp know.
const std::vector<std::string_view> goal_only{"goal"};
const std::vector<std::string_view> worker_names{"goal", "task", "worker"};

/// One link; holds what was found so far.
class linker {
public:
  linker(const context& ctx, drafts parts)
      : ctx_(ctx), parts_(std::move(parts)) {
    // nop
  }

  crew_file run() {
    file_.crew = std::move(parts_.crew);
    check_providers();
    link_models();
    link_planner();
    link_workers();
    link_synthesizer();
    for (const auto& alias : ctx_.options.models_used)
      used_.insert(alias);
    finish_models();
    finish_providers();
    return std::move(file_);
  }

private:
  void check_providers() {
    for (auto& p : parts_.providers) {
      auto& s = p.settings;
      const auto path = "providers." + s.name;
      if (p.kind)
        s.kind = *p.kind;
      if (s.name == builtin_provider_name && p.kind == provider_kind::openai)
        ctx_.faults.fail(p.where(), "the provider \"builtin\" is the model "
                                    "inside Brigade: choose another name");
      if (!s.ca_file.empty())
        s.ca_file = ctx_.resolve(s.ca_file);
      if (p.base_url)
        check_base_url(p, path);
      else if (p.kind == provider_kind::openai && !p.has("base_url"))
        ctx_.faults.fail(p.where(), path
                                        + " needs base_url, such as "
                                          "\"https://api.openai.com/v1\" or "
                                          "\"http://127.0.0.1:8080/v1\"");
    }
  }

  /// What can go wrong in a crew file; the client checks the rest.
  void check_base_url(provider_draft& p, const std::string& path) {
    auto& url = p.settings.base_url;
    url = std::string{trimmed(p.base_url->text)};
    const auto fail = [&](std::string_view what) {
      ctx_.faults.fail(p.base_url->where,
                       path + ".base_url " + std::string{what});
    };
    while (url.ends_with('/'))
      url.pop_back();
    const auto colon = url.find("://");
    const auto scheme = url.substr(0, colon);
    if (url.empty())
      return fail("must not be empty");
    if (colon == std::string::npos || (scheme != "http" && scheme != "https"))
      return fail("must begin with http:// or https://");
    const auto rest = std::string_view{url}.substr(colon + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.empty())
      return fail("has no host");
    if (authority.find('@') != std::string_view::npos)
      return fail("must not hold a user or password: use api_key or headers");
    if (rest.find_first_of("?#") != std::string_view::npos)
      return fail("must not hold a query or a fragment");
  }

  void link_models() {
    std::vector<std::string_view> known;
    for (const auto& p : parts_.providers)
      known.push_back(p.settings.name);
    known.push_back(builtin_provider_name);
    for (auto& m : parts_.models) {
      const auto path = "models." + m.spec.alias;
      m.spec.price = read_price(ctx_, m);
      if (m.extra_body != nullptr)
        if (auto text =
                read_extra_body(ctx_, path + ".extra_body", *m.extra_body))
          m.spec.quirks.extra_body = std::move(*text);
      if (!m.provider)
        continue;
      m.spec.provider = m.provider->text;
      if (std::find(known.begin(), known.end(), m.spec.provider) == known.end())
        ctx_.faults.fail(m.provider->where,
                         path + ": unknown provider "
                             + quoted(m.provider->from->text)
                             + suggestion(m.spec.provider, known));
      else if (is_builtin(m.spec.provider))
        link_builtin(m, path);
    }
  }

  bool is_builtin(std::string_view provider) const {
    if (provider == builtin_provider_name)
      return true;
    return std::any_of(parts_.providers.begin(), parts_.providers.end(),
                       [provider](const provider_draft& p) {
                         return p.settings.name == provider
                                && p.settings.kind == provider_kind::builtin;
                       });
  }

  /// A declared model of the kind `builtin` is the same model as the
  /// undeclared one.
  void link_builtin(model_draft& m, const std::string& path) {
    constexpr std::string_view only = "extractive";
    if (!m.spec.name.empty() && m.spec.name != only)
      ctx_.faults.fail(m.where(), path
                                      + ": the built-in provider has one "
                                        "model, name = \"extractive\"");
    if (!m.spec.price)
      m.spec.price = core::price{};
  }

  /// Checks a role's model and marks it as used. Returns whether it is the
  /// built-in one, which needs no prompt; nothing when it is not known.
  std::optional<bool> link_role(const role_draft& role, std::string& out) {
    if (!role.model)
      return std::nullopt;
    out = role.model->text;
    used_.insert(out);
    std::vector<std::string_view> known;
    for (const auto& m : parts_.models) {
      if (m.spec.alias == out)
        return is_builtin(m.spec.provider);
      known.push_back(m.spec.alias);
    }
    if (out == builtin_model_alias)
      return true;
    known.push_back(builtin_model_alias);
    ctx_.faults.fail(role.model->where, role.path + ": unknown model "
                                            + quoted(role.model->from->text)
                                            + suggestion(out, known));
    return std::nullopt;
  }

  void need_prompt(const role_draft& role, std::optional<bool> builtin) {
    if (!role.has("prompt") && !role.has("prompt_file")
        && !builtin.value_or(false))
      ctx_.faults.fail(role.where(), "[" + role.path
                                         + "] needs a prompt: add prompt = "
                                           "'''...''' or prompt_file");
  }

  void link_planner() {
    if (!parts_.planner)
      return;
    auto& role = *parts_.planner;
    auto& out = file_.crew.planner;
    link_role(role, out.model);
    out.prompt = read_prompt(ctx_, role, goal_only).value_or("");
    out.direct_answer = role.direct_answer;
  }

  void link_workers() {
    for (auto& role : parts_.workers) {
      need_prompt(role, link_role(role, role.spec.model));
      role.spec.prompt = read_prompt(ctx_, role, worker_names).value_or("");
      file_.crew.workers.push_back(std::move(role.spec));
    }
  }

  void link_synthesizer() {
    if (!parts_.synthesizer)
      return;
    const auto& role = *parts_.synthesizer;
    auto& out = file_.crew.synthesizer;
    // A refused kind: what else is needed is not known.
    if (!role.kind && role.has("kind"))
      return;
    out.kind = role.kind.value_or(out.kind);
    if (out.kind == core::synthesizer_kind::merge) {
      for (const auto* unused : {&role.model, &role.prompt, &role.prompt_file})
        if (*unused)
          ctx_.faults.warn((*unused)->where,
                           "synthesizer: the kind \"merge\" calls no model; "
                           "this key is not used");
      return;
    }
    if (!role.has("model"))
      ctx_.faults.fail(role.where(), "[synthesizer] needs model, or kind = "
                                     "\"merge\"");
    need_prompt(role, link_role(role, out.model));
    out.prompt = read_prompt(ctx_, role, goal_only).value_or("");
  }

  /// A model that is used has a price, or the run's ceiling on tokens bounds
  /// it.
  void check_price(const model_draft& m) {
    const bool has_price =
        m.has("input_usd_per_mtok") || m.has("output_usd_per_mtok");
    const auto name = "model " + quoted(m.spec.alias);
    if (m.spec.price_basis != core::price_basis::tokens_only) {
      if (!m.spec.price && !has_price)
        ctx_.faults.fail(m.where(), name
                                        + " has no price: add "
                                          "input_usd_per_mtok and "
                                          "output_usd_per_mtok");
      return;
    }
    if (has_price)
      ctx_.faults.fail(m.where(), name
                                      + " has a price and price_basis = "
                                        "\"tokens_only\": drop one of them");
    else if (!file_.crew.limits.tokens_max)
      ctx_.faults.fail(m.where(), name
                                      + " is bounded by tokens only: set "
                                        "tokens_max in [limits]");
  }

  void finish_models() {
    for (auto& m : parts_.models) {
      if (used_.count(m.spec.alias) > 0) {
        used_providers_.insert(m.spec.provider);
        check_price(m);
      }
      for (const auto& p : parts_.providers)
        if (p.settings.name == m.spec.provider)
          m.spec.unbilled_statuses = p.settings.unbilled_statuses;
      file_.crew.models.push_back(std::move(m.spec));
    }
    if (used_.count(builtin_model_alias) > 0
        && core::find_model(file_.crew, builtin_model_alias) == nullptr) {
      auto model = core::builtin_crew().models.front();
      model.alias = builtin_model_alias;
      model.provider = builtin_provider_name;
      used_providers_.insert(model.provider);
      file_.crew.models.push_back(std::move(model));
    }
  }

  void finish_providers() {
    for (auto& p : parts_.providers) {
      const bool used = used_providers_.erase(p.settings.name) > 0;
      // A key that nobody uses need not be there.
      read_secrets(ctx_, p, used && ctx_.options.resolve_secrets);
      file_.providers.push_back(std::move(p.settings));
    }
    if (used_providers_.count(builtin_provider_name) > 0) {
      auto& builtin = file_.providers.emplace_back();
      builtin.name = builtin_provider_name;
      builtin.kind = provider_kind::builtin;
    }
  }

  const context& ctx_;
  drafts parts_;
  crew_file file_;
  std::set<std::string, std::less<>> used_;
  std::set<std::string, std::less<>> used_providers_;
};

} // namespace

crew_file link(const context& ctx, drafts parts) {
  return linker{ctx, std::move(parts)}.run();
}

} // namespace brigade::config::detail
