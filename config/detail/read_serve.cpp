// Reads the tables of a daemon's file and the files that they name.
#include "brigade/config/detail/named_tables.hpp"
#include "brigade/config/detail/serve_sections.hpp"

#include <algorithm>
#include <iterator>

namespace brigade::config::detail {

namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// A host name or an address as it stands in a Host header, without its port.
bool is_host(std::string_view text) {
  const auto all = [](std::string_view part, std::string_view extra) {
    return !part.empty()
           && std::all_of(part.begin(), part.end(), [extra](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                       || extra.find(c) != std::string_view::npos;
              });
  };
  if (text.starts_with('[') && text.ends_with(']'))
    return all(text.substr(1, text.size() - 2), ":.");
  return all(text, "-._");
}

/// `https://host` or `https://host:port`.
bool is_origin(std::string_view text) {
  for (std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme)) {
      text.remove_prefix(scheme.size());
      const auto colon = text.rfind(':');
      const bool port = colon != std::string_view::npos
                        && text.find(']', colon) == std::string_view::npos;
      if (!port)
        return is_host(text);
      const auto digits = text.substr(colon + 1);
      return is_host(text.substr(0, colon)) && !digits.empty()
             && digits.size() <= 5
             && std::all_of(digits.begin(), digits.end(),
                            [](char c) { return c >= '0' && c <= '9'; });
    }
  return false;
}

/// One load of a daemon's file.
class serve_reader {
public:
  serve_reader(const context& ctx, loaded_serve& out) : ctx_(ctx), out_(out) {
    // nop
  }

  serve_settings run(const node& root) {
    check_tables(ctx_, root, serve_sections());
    read_server(root);
    for_each_named(ctx_, root, "crews",
                   [this](const std::string& name, const node& from) {
                     read_crew(name, from);
                   });
    if (root.find("crews") == nullptr
        || (root.find("crews")->kind == node_kind::table
            && root.find("crews")->members.empty()))
      ctx_.faults.fail({0, 1, 1}, "no crews: add at least one [crews.NAME] "
                                  "with file, or give a crew file");
    for_each_named(ctx_, root, "clients",
                   [this](const std::string& name, const node& from) {
                     read_client(name, from);
                   });
    check_client_names(root);
    return std::move(settings_);
  }

private:
  void read_server(const node& root) {
    const auto* from = root.find("server");
    if (from == nullptr)
      return;
    server_draft draft;
    draft.from = from;
    if (!read_section(ctx_, "server", *from, server_keys(), draft))
      return;
    auto& server = settings_.server;
    server = std::move(draft.settings);
    if (!server.state.empty())
      server.state = ctx_.resolve(server.state);
    server.tokens_file = resolved(draft.tokens_file);
    server.tls_certificate = resolved(draft.tls_certificate);
    server.tls_key = resolved(draft.tls_key);
    server.allowed_hosts = hosts(draft.allowed_hosts);
    server.allowed_origins = origins(draft.allowed_origins);
    check_tls(draft);
    check_listen(draft);
    read_tokens();
  }

  std::string resolved(const std::optional<value>& path) const {
    return path ? ctx_.resolve(path->text) : std::string{};
  }

  void check_tls(const server_draft& draft) {
    const auto alone = [&](std::string_view given, std::string_view other) {
      if (draft.has(given) && !draft.has(other))
        ctx_.faults.fail(draft.from->find(given)->where,
                         "server." + std::string{given} + " needs "
                             + std::string{other} + ": give both or none");
    };
    alone("tls_certificate", "tls_key");
    alone("tls_key", "tls_certificate");
  }

  void check_listen(const server_draft& draft) {
    if (!draft.listen)
      return;
    const auto where = draft.listen->where;
    const auto parsed = parse_listen(draft.listen->text);
    if (!parsed) {
      ctx_.faults.fail(where, "server.listen must be an address and a port, "
                              "such as \"127.0.0.1:8787\" or \"[::1]:8787\"; "
                              "of names only localhost is taken");
      return;
    }
    settings_.server.listen = *parsed;
    // A key whose value was refused is not missing.
    auto known = settings_.server;
    const auto assume = [&](std::string_view key, std::string& path) {
      if (draft.has(key) && path.empty())
        path = "given";
    };
    assume("tokens_file", known.tokens_file);
    assume("tls_certificate", known.tls_certificate);
    assume("tls_key", known.tls_key);
    if (const auto why = exposure_fault(known); !why.empty())
      ctx_.faults.fail(where, "server.listen: " + why);
  }

  /// Checks each text in lower case; a browser and a Host header are no judges
  /// of case.
  std::vector<std::string> checked(const std::optional<value>& given,
                                   bool (*good)(std::string_view),
                                   const std::string& what) const {
    std::vector<std::string> result;
    if (!given)
      return result;
    for (std::size_t i = 0; i < given->texts.size(); ++i) {
      auto text = lower(given->texts[i]);
      const auto& item = given->from->items[i];
      if (!good(text))
        ctx_.faults.fail(item.where, what + ", not " + quoted(item.text));
      else
        result.push_back(std::move(text));
    }
    return result;
  }

  std::vector<std::string> hosts(const std::optional<value>& given) const {
    return checked(given, is_host,
                   "server.allowed_hosts must hold names or addresses without "
                   "scheme and port, such as \"brigade.example.com\"");
  }

  std::vector<std::string> origins(const std::optional<value>& given) const {
    return checked(given, is_origin,
                   "server.allowed_origins must hold origins such as "
                   "\"https://chat.example.com\", without a path");
  }

  void read_tokens() {
    const auto& path = settings_.server.tokens_file;
    if (path.empty() || !ctx_.options.resolve_secrets)
      return;
    auto tokens = load_tokens_file(path, ctx_.options);
    append(out_.faults, std::move(tokens.faults));
    settings_.tokens = std::move(tokens.value);
  }

  void read_crew(const std::string& name, const node& from) {
    const auto path = path_of("crews", name);
    served_draft draft;
    draft.from = &from;
    if (!read_section(ctx_, path, from, served_keys(), draft))
      return;
    auto& served = settings_.crews.emplace_back(std::move(draft.crew));
    served.name = name;
    if (draft.passthrough_model)
      served.passthrough_model = draft.passthrough_model->text;
    if (!draft.file)
      return;
    served.file = ctx_.resolve(draft.file->text);
    auto options = ctx_.options;
    options.sets.clear();
    if (!served.passthrough_model.empty())
      options.models_used.push_back(served.passthrough_model);
    auto loaded = load_crew_file(served.file, options);
    append(out_.faults, std::move(loaded.faults));
    append(out_.warnings, std::move(loaded.warnings));
    if (!loaded.value)
      return;
    served.crew = std::move(*loaded.value);
    served.crew.crew.name = name;
    check_crew(served, draft, path);
  }

  void check_crew(const served_crew& served, const served_draft& draft,
                  const std::string& path) {
    const auto& crew = served.crew.crew;
    const auto& alias = served.passthrough_model;
    if (!alias.empty() && core::find_model(crew, alias) == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& model : crew.models)
        known.push_back(model.alias);
      ctx_.faults.fail(draft.passthrough_model->where,
                       path + ": unknown model "
                           + quoted(draft.passthrough_model->from->text)
                           + suggestion(alias, known));
    }
    if (crew.limits.estimate == core::estimate_kind::typical
        && !settings_.server.allow_typical_estimate)
      ctx_.faults.fail(draft.file->where,
                       path
                           + ": the crew has estimate = \"typical\", so its "
                             "runs can cost more than their ceiling: set "
                             "allow_typical_estimate = true in [server], or "
                             "estimate = \"strict\" in the crew file");
  }

  void read_client(const std::string& name, const node& from) {
    const auto path = path_of("clients", name);
    client_draft draft;
    draft.from = &from;
    if (!read_section(ctx_, path, from, client_keys(), draft))
      return;
    const auto& server = settings_.server;
    named_client client{name, {}};
    auto& limits = client.settings;
    limits.runs_max = draft.runs_max.value_or(server.client_runs_max);
    limits.queue_max = draft.queue_max.value_or(server.client_queue_max);
    limits.cost_per_day =
        draft.cost_per_day ? draft.cost_per_day : server.client_cost_per_day;
    limits.cost_max = draft.cost_max;
    if (draft.crews) {
      check_crew_names(*draft.crews, path);
      limits.crews = std::move(draft.crews->texts);
    }
    settings_.clients.push_back(std::move(client));
  }

  void check_crew_names(const value& given, const std::string& path) const {
    std::vector<std::string_view> known;
    for (const auto& crew : settings_.crews)
      known.push_back(crew.name);
    for (std::size_t i = 0; i < given.texts.size(); ++i)
      if (std::find(known.begin(), known.end(), given.texts[i]) == known.end())
        ctx_.faults.fail(given.from->items[i].where,
                         path + ": unknown crew "
                             + quoted(given.from->items[i].text)
                             + suggestion(given.texts[i], known));
  }

  /// A table of a client that has no token limits nobody.
  void check_client_names(const node& root) const {
    const auto* from = root.find("clients");
    if (from == nullptr || !settings_.tokens)
      return;
    const auto names = settings_.tokens->clients();
    const std::vector<std::string_view> known{names.begin(), names.end()};
    for (const auto& m : from->members)
      if (std::find(known.begin(), known.end(), m.key) == known.end())
        ctx_.faults.warn(m.where, "client " + quoted(m.key)
                                      + " has no token in the tokens file"
                                      + suggestion(m.key, known));
  }

  static void append(std::vector<config_fault>& to,
                     std::vector<config_fault> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()),
              std::make_move_iterator(from.end()));
  }

  const context& ctx_;
  /// Takes the faults of other files.
  loaded_serve& out_;
  serve_settings settings_;
};

} // namespace

serve_settings read_serve(const context& ctx, const node& root,
                          loaded_serve& out) {
  return serve_reader{ctx, out}.run(root);
}

} // namespace brigade::config::detail
