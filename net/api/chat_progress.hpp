/// What a chat's client is told while its run goes on. Pure.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/net/api/chat_json.hpp"
#include "brigade/net/api/refusal.hpp"

#include <string>

namespace brigade::net::api {

/// Lines for people about this event, each with its line end; empty: nothing to
/// tell. Holds no message of an upstream server, and of a plan only beginnings.
std::string chat_progress(const core::event& e);

/// What one answer sums up of its run's events.
class chat_fold {
public:
  void apply(const core::event& e);

  const chat_figures& figures() const { return figures_; }

  /// Money may have been set aside for it: a client that tried again by itself
  /// could pay again.
  bool bought() const { return bought_; }

private:
  chat_figures figures_;
  bool bought_ = false;
};

/// Why a run that ended without an answer has none.
refusal no_answer(const core::events::run_finished& end,
                  const std::string& run);

} // namespace brigade::net::api
