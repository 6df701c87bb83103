// `[crews.NAME]` and `[clients.NAME]`, and all tables of a daemon's file.
#include "brigade/config/detail/serve_sections.hpp"

#include <array>

namespace brigade::config::detail {

namespace {

using enum key_type;

constexpr std::int64_t usd = core::pico_per_usd;
constexpr std::int64_t name_bytes_max = 256;
constexpr std::int64_t text_bytes_max = 4096;

std::uint32_t u32(const value& v) {
  return static_cast<std::uint32_t>(v.number);
}

constexpr std::array<std::string_view, 2> approvals{"none", "plan"};

using served = key_spec<served_draft>;

const std::array served_table{
    served{{.name = "file",
            .type = text,
            .required = true,
            .min = 1,
            .max = text_bytes_max,
            .description = "The crew file, relative to this file"},
           [](served_draft& c, value&& v) { c.file = std::move(v); }},
    served{{.name = "description",
            .type = text,
            .max = text_bytes_max,
            .fallback = "\"\"",
            .description = "What the crew is for, in lists of crews and "
                           "models"},
           [](served_draft& c, value&& v) {
             c.crew.description = std::move(v.text);
           }},
    served{
        {.name = "passthrough_model",
         .type = text,
         .min = 1,
         .max = name_bytes_max,
         .description = "A model of the crew that answers plain calls, such "
                        "as the titles and tags that chat interfaces ask "
                        "for; unset: no such calls"},
        [](served_draft& c, value&& v) { c.passthrough_model = std::move(v); }},
    served{{.name = "approval",
            .type = choice,
            .choices = approvals,
            .description = "Whether a plan waits for somebody's approval; "
                           "unset: as the crew file says"},
           [](served_draft& c, value&& v) {
             c.crew.approval = std::move(v.text);
           }},
};

using client = key_spec<client_draft>;

const std::array client_table{
    client{{.name = "runs_max",
            .type = integer,
            .min = 1,
            .max = 10'000,
            .description = "Runs of this client at once; unset: "
                           "client_runs_max"},
           [](client_draft& c, value&& v) { c.runs_max = u32(v); }},
    client{{.name = "queue_max",
            .type = integer,
            .min = 0,
            .max = 100'000,
            .description = "Runs of this client that wait; unset: "
                           "client_queue_max"},
           [](client_draft& c, value&& v) { c.queue_max = u32(v); }},
    client{{.name = "cost_per_day_usd",
            .type = cost,
            .max = 1'000'000 * usd,
            .description = "Ceiling of what the runs of this client may cost "
                           "per day (UTC), in dollars; unset: "
                           "client_cost_per_day_usd"},
           [](client_draft& c, value&& v) {
             c.cost_per_day = core::pico_usd{v.number};
           }},
    client{{.name = "cost_max_usd",
            .type = cost,
            .max = 1'000'000 * usd,
            .description = "Ceiling of one run of this client, in dollars, "
                           "where it is below the crew's; unset: the crew's"},
           [](client_draft& c, value&& v) {
             c.cost_max = core::pico_usd{v.number};
           }},
    client{{.name = "crews",
            .type = texts,
            .min = 1,
            .max = name_bytes_max,
            .description = "The crews that this client may use; unset: all"},
           [](client_draft& c, value&& v) { c.crews = std::move(v); }},
};

} // namespace

std::span<const key_spec<served_draft>> served_keys() {
  return served_table;
}

std::span<const key_spec<client_draft>> client_keys() {
  return client_table;
}

const std::vector<section_doc>& serve_sections() {
  static const std::vector<section_doc> sections{
      {"server", false, "Where the daemon listens and what it may hold",
       docs_of(server_keys())},
      {"crews.NAME", true, "A crew that is served under this name",
       docs_of(served_keys())},
      {"clients.NAME", false,
       "Limits of a client; NAME is the one of its tokens",
       docs_of(client_keys())},
  };
  return sections;
}

} // namespace brigade::config::detail
