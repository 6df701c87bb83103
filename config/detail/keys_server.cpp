// `[server]`. The defaults are those of serve_file.hpp; a test holds them
// against each other.
#include "brigade/config/detail/serve_sections.hpp"

#include <array>

namespace brigade::config::detail {

namespace {

using enum key_type;

constexpr std::int64_t usd = core::pico_per_usd;
constexpr std::int64_t path_bytes_max = 4096;
constexpr std::int64_t host_bytes_max = 262;

std::uint32_t u32(const value& v) {
  return static_cast<std::uint32_t>(v.number);
}

constexpr std::array<std::string_view, 2> disconnects{"cancel", "continue"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning",
                                                 "error"};
constexpr std::array<std::string_view, 2> formats{"text", "json"};

using spec = key_spec<server_draft>;

const std::array address_keys{
    spec{{.name = "listen",
          .type = text,
          .min = 1,
          .max = host_bytes_max,
          .fallback = "\"127.0.0.1:8787\"",
          .description = "Address and port, such as \"127.0.0.1:8787\" or "
                         "\"[::1]:8787\"; port 0: any free one. An address "
                         "that other machines reach needs tokens_file, "
                         "tls_certificate and tls_key"},
         [](server_draft& s, value&& v) { s.listen = std::move(v); }},
    spec{{.name = "state",
          .type = text,
          .min = 1,
          .max = path_bytes_max,
          .description = "State directory, relative to this file; unset: as "
                         "for the other commands"},
         [](server_draft& s, value&& v) {
           s.settings.state = std::move(v.text);
         }},
    spec{{.name = "tokens_file",
          .type = text,
          .min = 1,
          .max = path_bytes_max,
          .description = "File of NAME TOKEN lines, relative to this file and "
                         "of mode 0600: every request needs one of the tokens; "
                         "unset: none is asked for"},
         [](server_draft& s, value&& v) { s.tokens_file = std::move(v); }},
    spec{{.name = "tls_certificate",
          .type = text,
          .min = 1,
          .max = path_bytes_max,
          .description = "PEM file of the certificate and its chain, relative "
                         "to this file"},
         [](server_draft& s, value&& v) { s.tls_certificate = std::move(v); }},
    spec{{.name = "tls_key",
          .type = text,
          .min = 1,
          .max = path_bytes_max,
          .description = "PEM file of the certificate's key, relative to this "
                         "file"},
         [](server_draft& s, value&& v) { s.tls_key = std::move(v); }},
    spec{{.name = "allowed_hosts",
          .type = texts,
          .min = 1,
          .max = host_bytes_max,
          .fallback = "[]",
          .description = "Names under which clients reach the daemon, without "
                         "ports; the listen address and the names of loopback "
                         "are always allowed"},
         [](server_draft& s, value&& v) { s.allowed_hosts = std::move(v); }},
    spec{{.name = "allowed_origins",
          .type = texts,
          .min = 1,
          .max = host_bytes_max + 16,
          .fallback = "[]",
          .description = "Web pages that may use the daemon, as browsers name "
                         "them: \"https://chat.example.com\""},
         [](server_draft& s, value&& v) { s.allowed_origins = std::move(v); }},
};

const std::array work_keys{
    spec{{.name = "runs_max",
          .type = integer,
          .min = 1,
          .max = 10'000,
          .fallback = "64",
          .description = "Runs at once, of all clients together"},
         [](server_draft& s, value&& v) { s.settings.runs_max = u32(v); }},
    spec{{.name = "queue_max",
          .type = integer,
          .min = 0,
          .max = 100'000,
          .fallback = "256",
          .description = "Runs that wait for their turn; one more is refused"},
         [](server_draft& s, value&& v) { s.settings.queue_max = u32(v); }},
    spec{{.name = "client_runs_max",
          .type = integer,
          .min = 1,
          .max = 10'000,
          .fallback = "16",
          .description = "Runs of one client at once"},
         [](server_draft& s, value&& v) {
           s.settings.client_runs_max = u32(v);
         }},
    spec{{.name = "client_queue_max",
          .type = integer,
          .min = 0,
          .max = 100'000,
          .fallback = "64",
          .description = "Runs of one client that wait"},
         [](server_draft& s, value&& v) {
           s.settings.client_queue_max = u32(v);
         }},
    spec{{.name = "cost_per_day_usd",
          .type = cost,
          .max = 1'000'000 * usd,
          .description = "Ceiling of what all runs of the daemon may cost per "
                         "day (UTC) together, in dollars; unset: none"},
         [](server_draft& s, value&& v) {
           s.settings.cost_per_day = core::pico_usd{v.number};
         }},
    spec{{.name = "client_cost_per_day_usd",
          .type = cost,
          .max = 1'000'000 * usd,
          .description = "Ceiling of what the runs of one client may cost per "
                         "day (UTC), in dollars; unset: none"},
         [](server_draft& s, value&& v) {
           s.settings.client_cost_per_day = core::pico_usd{v.number};
         }},
    spec{
        {.name = "retention_days",
         .type = integer,
         .min = 0,
         .max = 36'500,
         .fallback = "0",
         .description = "Ended runs that are older are removed; 0: kept for "
                        "ever"},
        [](server_draft& s, value&& v) { s.settings.retention_days = u32(v); }},
    spec{{.name = "allow_typical_estimate",
          .type = boolean,
          .fallback = "false",
          .description = "Whether crews with estimate = \"typical\" are "
                         "served: their runs can cost more than their "
                         "ceilings"},
         [](server_draft& s, value&& v) {
           s.settings.allow_typical_estimate = v.flag;
         }},
    spec{{.name = "on_disconnect",
          .type = choice,
          .choices = disconnects,
          .fallback = "\"cancel\"",
          .description = "What becomes of a run of the model endpoint when "
                         "its client goes away"},
         [](server_draft& s, value&& v) {
           s.settings.on_disconnect = v.text == "continue"
                                          ? disconnect_policy::go_on
                                          : disconnect_policy::cancel;
         }},
    spec{{.name = "reattach_window_s",
          .type = thousandths,
          .max = 86'400'000,
          .fallback = "900",
          .description = "How long an identical request of the model endpoint "
                         "attaches to the run of the first, in seconds"},
         [](server_draft& s, value&& v) {
           s.settings.reattach_window_ms = v.number;
         }},
    spec{{.name = "reasoning",
          .type = boolean,
          .fallback = "true",
          .description = "Whether the model endpoint streams progress as "
                         "reasoning_content"},
         [](server_draft& s, value&& v) { s.settings.reasoning = v.flag; }},
    spec{{.name = "drain_timeout_s",
          .type = thousandths,
          .max = 3'600'000,
          .fallback = "30",
          .description = "How long runs may go on after SIGTERM before they "
                         "are suspended, in seconds"},
         [](server_draft& s, value&& v) {
           s.settings.drain_timeout_ms = v.number;
         }},
};

const std::array connection_keys{
    spec{{.name = "body_bytes_max",
          .type = integer,
          .min = 1024,
          .max = 268'435'456,
          .fallback = "8388608",
          .description = "Body of one request, in bytes; the texts of a run "
                         "travel in it"},
         [](server_draft& s, value&& v) {
           s.settings.body_bytes_max = static_cast<std::uint64_t>(v.number);
         }},
    spec{{.name = "connections_max",
          .type = integer,
          .min = 1,
          .max = 100'000,
          .fallback = "1024",
          .description = "Connections at once"},
         [](server_draft& s, value&& v) {
           s.settings.connections_max = u32(v);
         }},
    spec{{.name = "connections_per_peer_max",
          .type = integer,
          .min = 1,
          .max = 100'000,
          .fallback = "256",
          .description = "Connections of one address at once"},
         [](server_draft& s, value&& v) {
           s.settings.connections_per_peer_max = u32(v);
         }},
    spec{{.name = "header_timeout_s",
          .type = thousandths,
          .min = 1,
          .max = 600'000,
          .fallback = "5",
          .description = "Until the head of a request is there, in seconds"},
         [](server_draft& s, value&& v) {
           s.settings.header_timeout_ms = v.number;
         }},
    spec{{.name = "idle_timeout_s",
          .type = thousandths,
          .min = 1,
          .max = 3'600'000,
          .fallback = "30",
          .description = "Between two requests of a connection, in seconds"},
         [](server_draft& s, value&& v) {
           s.settings.idle_timeout_ms = v.number;
         }},
    spec{{.name = "log_level",
          .type = choice,
          .choices = levels,
          .fallback = "\"info\"",
          .description = "What is logged: messages of this level and above"},
         [](server_draft& s, value&& v) {
           using enum log_level;
           s.settings.log_level_min = v.text == "debug"     ? debug
                                      : v.text == "info"    ? info
                                      : v.text == "warning" ? warning
                                                            : error;
         }},
    spec{{.name = "log_format",
          .type = choice,
          .choices = formats,
          .fallback = "\"text\"",
          .description = "Lines for people, or a JSON object on each line"},
         [](server_draft& s, value&& v) {
           s.settings.log_format =
               v.text == "json" ? log_style::json : log_style::text;
         }},
};

} // namespace

std::span<const key_spec<server_draft>> server_keys() {
  static const std::vector<spec> all = [] {
    std::vector<spec> result{address_keys.begin(), address_keys.end()};
    result.insert(result.end(), work_keys.begin(), work_keys.end());
    result.insert(result.end(), connection_keys.begin(), connection_keys.end());
    return result;
  }();
  return all;
}

} // namespace brigade::config::detail
