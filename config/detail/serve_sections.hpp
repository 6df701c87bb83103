/// The tables of a daemon's file and what is read from each before addresses,
/// crews and names are looked at.
#pragma once

#include "brigade/config/detail/sections.hpp"
#include "brigade/config/serve_file.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace brigade::config::detail {

struct server_draft : draft {
  server_settings settings;
  std::optional<value> listen;
  std::optional<value> tokens_file;
  std::optional<value> tls_certificate;
  std::optional<value> tls_key;
  std::optional<value> allowed_hosts;
  std::optional<value> allowed_origins;
};

struct served_draft : draft {
  served_crew crew;
  std::optional<value> file;
  std::optional<value> passthrough_model;
};

struct client_draft : draft {
  std::string name;
  std::optional<std::uint32_t> runs_max;
  std::optional<std::uint32_t> queue_max;
  std::optional<core::pico_usd> cost_per_day;
  std::optional<core::pico_usd> cost_max;
  std::optional<value> crews;
};

std::span<const key_spec<server_draft>> server_keys();
std::span<const key_spec<served_draft>> served_keys();
std::span<const key_spec<client_draft>> client_keys();

/// Every table, in the order of the documentation.
const std::vector<section_doc>& serve_sections();

/// Reads every table of the document and the files that it names. The faults
/// of those go to `out`. The result is of use only when no fault was reported.
serve_settings read_serve(const context& ctx, const node& root,
                          loaded_serve& out);

} // namespace brigade::config::detail
