/// The bodies of the job API's requests. Pure.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/refusal.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace brigade::net::api {

/// Documents of one body; a crew may allow fewer.
inline constexpr std::size_t job_inputs_max = 1000;

/// Of a document's name.
inline constexpr std::size_t input_name_bytes_max = 512;

/// Reads the body of `POST /api/v1/runs`:
///
///     {"crew": "report", "goal": "...",
///      "inputs": [{"name": "notes.md", "text": "..."}],
///      "budget": {"cost_usd": "0.25", "tokens_max": 1, "calls_max": 1,
///                 "tasks_max": 1, "deadline_s": 60},
///      "plan": {...}, "plan_only": false, "approval": "plan"}
///
/// `goal` is needed, and `crew` unless `default_crew` names one. Anything else
/// in it is a fault, and all faults are told at once (422); what is no JSON
/// object is 400. Nothing in a body can name a file, an address or a command.
std::variant<job_order, refusal> read_job(std::string_view body,
                                          const std::string& default_crew);

/// Reads the body of `POST .../approve` (`plan`, `comment`), of `.../reject`
/// and of `.../cancel` (`comment`); an empty body is an empty object.
std::variant<plan_decision, refusal> read_decision(std::string_view body,
                                                   bool approved);

} // namespace brigade::net::api
