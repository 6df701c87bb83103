// Keys. No message here repeats what stands in the file: it may be a key that
// was put into the wrong place.
#include "brigade/config/detail/build.hpp"
#include "brigade/config/detail/text.hpp"

#include <algorithm>
#include <array>

namespace brigade::config::detail {

namespace {

constexpr std::uint64_t secret_bytes_max = 16'384;
constexpr std::size_t headers_max = 32;
constexpr std::size_t header_name_bytes_max = 64;

/// A name that is safe to show: people write variables in capitals, and keys
/// of providers hold small letters.
bool is_shown(std::string_view name) {
  constexpr std::size_t shown_bytes_max = 64;
  return name.size() <= shown_bytes_max
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || c == '_';
            });
}

/// What may stand in a header: no control characters, no line ends.
bool is_header_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c != '\x7f'; });
}

struct secret_reader {
  const context& ctx;
  /// `providers.openai.api_key`.
  std::string path;
  place where;
  bool resolve;

  void missing(const std::string& message) const {
    ctx.faults.fail(where, path + ": " + message, fault_kind::missing_secret);
  }

  /// Checks what was found and makes a secret of it.
  core::secret finish(std::string text) const {
    const auto kept = trimmed(text);
    core::secret result;
    if (kept.empty())
      missing("the key is empty");
    else if (kept.size() > secret_bytes_max || !is_header_value(kept))
      missing("what was found is not a key: it has several lines, control "
              "characters or more than "
              + std::to_string(secret_bytes_max) + " bytes");
    else
      result = core::secret{std::string{kept}};
    core::wipe(text);
    return result;
  }

  core::secret from_environment(std::string_view name,
                                std::string& source) const {
    if (!is_variable_name(name)) {
      ctx.faults.fail(where, path
                                 + " must be \"env:NAME\", NAME being an "
                                   "environment variable");
      return {};
    }
    const std::string shown{is_shown(name) ? name : "NAME"};
    source = "env:" + shown;
    if (!resolve)
      return {};
    auto found = ctx.environment(name);
    if (found && !found->empty())
      return finish(std::move(*found));
    missing("environment variable "
            + (is_shown(name) ? shown : std::string{"of that name"})
            + " is not set: export " + shown + "=...");
    return {};
  }

  core::secret from_file(std::string_view file, std::string& source) const {
    if (file.empty()) {
      ctx.faults.fail(where, path + " must be \"file:PATH\"");
      return {};
    }
    source = "file";
    if (!resolve)
      return {};
    auto read = ctx.read_file(ctx.resolve(file), secret_bytes_max);
    if (!read.text) {
      missing("the key file " + read.error);
      return {};
    }
    source = "file:" + printable(file);
    return finish(std::move(*read.text));
  }

  /// Reads `env:NAME` or `file:PATH`. False when `text` is neither.
  bool read(std::string_view text, core::secret& out,
            std::string& source) const {
    if (text.starts_with("env:"))
      out = from_environment(text.substr(4), source);
    else if (text.starts_with("file:"))
      out = from_file(text.substr(5), source);
    else
      return false;
    return true;
  }
};

bool is_token(std::string_view name) {
  return !name.empty() && name.size() <= header_name_bytes_max
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '-' || c == '_';
            });
}

bool contains_any(std::string_view text,
                  std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](auto word) {
    return text.find(word) != std::string_view::npos;
  });
}

/// Why a header may not be set, or empty.
std::string refusal(std::string_view lower_name, bool has_api_key) {
  constexpr std::array<std::string_view, 9> ours{
      "host",       "content-length",    "content-type",
      "connection", "transfer-encoding", "accept-encoding",
      "expect",     "upgrade",           "te"};
  if (std::find(ours.begin(), ours.end(), lower_name) != ours.end())
    return "is set by Brigade";
  if (has_api_key && lower_name == "authorization")
    return "is what api_key becomes: keep one of them";
  return {};
}

void read_header(const context& ctx, provider_draft& p, const member& from,
                 bool resolve) {
  const auto path = "providers." + p.settings.name + ".headers";
  const auto fail = [&](const std::string& what) {
    ctx.faults.fail(from.where, path + " " + what);
  };
  if (!is_token(from.key))
    return fail("holds a bad header name");
  std::string lower;
  for (char c : from.key)
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (const auto why = refusal(lower, p.api_key != nullptr); !why.empty())
    return fail(quoted(from.key) + " " + why);
  for (const auto& h : p.settings.headers)
    if (std::equal(h.name.begin(), h.name.end(), from.key.begin(),
                   from.key.end(),
                   [](char a, char b) { return (a | 0x20) == (b | 0x20); }))
      return fail("holds " + quoted(from.key) + " twice");
  if (from.value.kind != node_kind::text)
    return fail(quoted(from.key) + " must be a string");
  const secret_reader reader{ctx, path + "." + from.key, from.value.where,
                             resolve};
  auto& header = p.settings.headers.emplace_back();
  header.name = from.key;
  std::string source;
  if (reader.read(from.value.text, header.value, source))
    return;
  const bool sensitive =
      contains_any(lower, {"auth", "key", "token", "secret", "cookie"});
  if (sensitive && from.value.text.find("${") == std::string::npos)
    return fail(quoted(from.key)
                + " must not hold the key itself: write \"env:NAME\", "
                  "\"file:PATH\" or \"Bearer ${NAME}\"");
  if (sensitive && !resolve)
    return;
  auto text = interpolate(ctx, from.value.text, from.value.where);
  if (!text)
    return;
  if (is_header_value(*text))
    header.value = core::secret{std::move(*text)};
  else
    fail(quoted(from.key) + " holds a line end or a control character");
}

} // namespace

void read_secrets(const context& ctx, provider_draft& p, bool resolve) {
  if (p.api_key != nullptr) {
    const secret_reader reader{ctx, "providers." + p.settings.name + ".api_key",
                               p.api_key->where, resolve};
    if (!reader.read(p.api_key->text, p.settings.api_key,
                     p.settings.api_key_source))
      ctx.faults.fail(
          p.api_key->where,
          reader.path
              + " must not hold the key itself: put the key into an "
                "environment variable and write \"env:NAME\", or "
                "into a file and write \"file:PATH\". A server "
                "without keys needs no api_key");
  }
  if (p.headers == nullptr)
    return;
  if (p.headers->members.size() > headers_max) {
    ctx.faults.fail(p.headers->where, "providers." + p.settings.name
                                          + ".headers must not hold more than "
                                          + std::to_string(headers_max));
    return;
  }
  for (const auto& m : p.headers->members)
    read_header(ctx, p, m, resolve);
}

} // namespace brigade::config::detail
