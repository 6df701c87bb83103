/// The daemon's file: one TOML file to the settings of `brigade serve`, the
/// crews that it serves and the limits of its clients. Every function here is
/// thread-safe as far as the callbacks of its options are.
#pragma once

#include "brigade/config/crew_file.hpp"
#include "brigade/config/tokens_file.hpp"
#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config {

/// Where the daemon listens.
struct listen_address {
  /// An IPv4 or IPv6 address without brackets.
  std::string address = "127.0.0.1";
  /// 0: any free one.
  std::uint16_t port = 8787;

  friend bool operator==(const listen_address&,
                         const listen_address&) = default;
};

/// `127.0.0.1:8787`, `[::1]:0`, `localhost:8787`. Nothing for anything else:
/// other names are not resolved, because what they mean may change.
std::optional<listen_address> parse_listen(std::string_view text);

/// Whether only this machine reaches it.
bool is_loopback(const listen_address& address);

/// As `parse_listen` takes it.
std::string to_string(const listen_address& address);

/// What becomes of a run of the model endpoint when its client goes away.
enum class disconnect_policy : std::uint8_t { cancel, go_on };

enum class log_level : std::uint8_t { debug, info, warning, error };

enum class log_style : std::uint8_t { text, json };

/// `[server]`.
struct server_settings {
  listen_address listen;
  /// The state directory; empty: unset.
  std::string state;
  /// The file that `serve_settings::tokens` was read from; empty: none.
  std::string tokens_file;
  /// PEM files: both or none.
  std::string tls_certificate;
  std::string tls_key;
  /// Names in lower case, without ports, that the Host header may have besides
  /// those of loopback and the listen address.
  std::vector<std::string> allowed_hosts;
  /// `https://host:port` in lower case, as browsers write them.
  std::vector<std::string> allowed_origins;

  /// Runs at once, of all clients together.
  std::uint32_t runs_max = 64;
  /// Runs that wait.
  std::uint32_t queue_max = 256;
  /// The same of one client, where `[clients.NAME]` says nothing else.
  std::uint32_t client_runs_max = 16;
  std::uint32_t client_queue_max = 64;
  /// Of all runs together per day (UTC); nothing: no ceiling.
  std::optional<core::pico_usd> cost_per_day;
  /// Of one client; nothing: no ceiling.
  std::optional<core::pico_usd> client_cost_per_day;

  std::uint64_t body_bytes_max = 8 * 1024 * 1024;
  std::uint32_t connections_max = 1024;
  std::uint32_t connections_per_peer_max = 256;
  /// From the connection, or a later request's first byte, to a whole head.
  std::int64_t header_timeout_ms = 5'000;
  /// Between two requests of a connection.
  std::int64_t idle_timeout_ms = 30'000;
  /// How long runs may go on after SIGTERM.
  std::int64_t drain_timeout_ms = 30'000;

  /// Ended runs that are older are removed; 0: kept for ever.
  std::uint32_t retention_days = 0;
  disconnect_policy on_disconnect = disconnect_policy::cancel;
  /// How long an identical request attaches to the run of the first.
  std::int64_t reattach_window_ms = 900'000;
  /// Whether the model endpoint streams progress as `reasoning_content`.
  bool reasoning = true;
  bool allow_typical_estimate = false;

  /// Messages below are not logged.
  log_level log_level_min = log_level::info;
  log_style log_format = log_style::text;

  friend bool operator==(const server_settings&,
                         const server_settings&) = default;
};

/// `[crews.NAME]`.
struct served_crew {
  /// NAME; also the crew's name.
  std::string name;
  /// The crew file, resolved against the folder of the daemon's file.
  std::string file;
  /// For lists of models and crews; may be empty.
  std::string description;
  /// A model's alias, for plain calls beside the runs; empty: none.
  std::string passthrough_model;
  /// `none` or `plan`; empty: as the crew file says.
  std::string approval;
  crew_file crew;
};

/// What one client may do: `[clients.NAME]`, or the defaults.
struct client_settings {
  std::uint32_t runs_max = 0;
  std::uint32_t queue_max = 0;
  /// Of all its runs per day (UTC); nothing: no ceiling of its own.
  std::optional<core::pico_usd> cost_per_day;
  /// Ceiling of one run, where it is below the crew's; nothing: the crew's.
  std::optional<core::pico_usd> cost_max;
  /// Names of the crews that it may use; nothing: all.
  std::optional<std::vector<std::string>> crews;

  friend bool operator==(const client_settings&,
                         const client_settings&) = default;
};

struct named_client {
  std::string name;
  client_settings settings;

  friend bool operator==(const named_client&, const named_client&) = default;
};

struct serve_settings {
  server_settings server;
  /// At least one, in the order of the file.
  std::vector<served_crew> crews;
  std::vector<named_client> clients;
  /// Set when `server.tokens_file` is and secrets were to be resolved.
  std::optional<token_table> tokens;
};

/// The crew with this name, or null.
const served_crew* find_crew(const serve_settings& settings,
                             std::string_view name);

/// The limits of a client, with or without a table of its own.
client_settings settings_of(const serve_settings& settings,
                            std::string_view client);

/// Why the daemon must not start like this: an address that others reach needs
/// TLS and tokens. Empty when it may. For settings that were changed after
/// loading; `load_serve_file` has asked it.
std::string exposure_fault(const server_settings& settings);

struct loaded_serve {
  /// Set when there are no faults.
  std::optional<serve_settings> value;
  /// Those of the daemon's file, then those of its tokens and of its crew
  /// files, each under the name of its own file.
  std::vector<config_fault> faults;
  std::vector<config_fault> warnings;
};

/// Reads and checks a daemon's file with all files that it names. A crew file
/// in its place is a daemon of that one crew, named after the file, with all
/// defaults. `options.sets` apply to the file at `path` only.
loaded_serve load_serve_file(const std::string& path,
                             const load_options& options);

/// The same for a text; see `parse_crew`.
loaded_serve parse_serve(std::string_view text, const std::string& file_name,
                         const load_options& options);

/// The JSON Schema of daemon files, for editors: indented, with a line end.
std::string serve_schema_json();

} // namespace brigade::config
