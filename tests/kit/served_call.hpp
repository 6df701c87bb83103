/// One line of a scripted provider's own ledger: what it was sent, what it
/// answered and what it bills, written without a look at Brigade's books.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/core/model/provider.hpp"
#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace brigade::testkit {

/// A try as the script sees it.
struct scripted_call {
  core::call_role role = core::call_role::worker;
  /// The subtask's id, or empty.
  std::string task;
  /// The how-manyth call of this role and subtask in its run, from 1.
  std::uint32_t number = 1;
  std::string model;
  /// The whole prompt.
  std::string body;
  std::uint32_t output_tokens_max = 0;
  /// The run's part of a try's name and its call within the run.
  core::try_id id{};
  /// Virtual time since the system started, when it arrived.
  std::int64_t at_ms = 0;
};

struct served_call {
  scripted_call call;
  core::outcome_code code = core::outcome_code::ok;
  /// Tokens that the provider bills; also when it did not tell.
  core::usage tokens;
  /// What it bills for them by its own price list; 0 for statuses that it does
  /// not bill and for what it never finished reading.
  core::pico_usd billed;
  /// When its answer was handed over or the try was cancelled; nothing: open.
  std::optional<std::int64_t> ended_ms;
  bool cancelled = false;
};

} // namespace brigade::testkit
