/// The closing message of a run: what failed, where, and what to do. Pure.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/run/report.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// What a message says of a provider. Holds no secret.
struct provider_hint {
  std::string name;
  std::string base_url;
  /// `env:OPENAI_API_KEY`; empty: no key is configured.
  std::string key_source;
};

/// What the user gave, so that the message can name it.
struct diagnose_context {
  core::crew_ptr crew;
  std::vector<provider_hint> providers;
  /// The crew file; empty: the built-in crew.
  std::string config;
  /// The plan file; empty: the planner was asked.
  std::string plan_file;
  /// What `brigade resume` would take; empty: there is no journal.
  std::string run{};
  /// Why the journal could not be written; empty: it could.
  std::string storage_fault{};
  /// What else `brigade resume` must be told, such as ` --state DIR`.
  std::string resume_arguments{};
  /// Only ASCII may be written.
  bool ascii = false;
};

/// Lines for stderr, safe to print; none when all went well.
std::vector<std::string> closing_lines(const core::run_report& report,
                                       const diagnose_context& context);

} // namespace brigade::app
