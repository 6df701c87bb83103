#include "brigade/app/serve/run_refusals.hpp"

#include <utility>

namespace brigade::app::serve {

using net::api::refusal;
using net::api::run_view;

refusal not_found() {
  return {404, "not_found", "there is no such run"};
}

refusal just_decided(const core::run_id& run) {
  refusal why{409, "busy", "the run is just being decided about; ask again"};
  why.run = run.text;
  why.retry_after_ms = 100;
  return why;
}

refusal conflict(std::string code, std::string detail,
                 const core::run_id& run) {
  refusal why{409, std::move(code), std::move(detail)};
  why.run = run.text;
  return why;
}

refusal out_of_reach(const run_view& view) {
  if (view.state->phase == core::run_phase::finished) {
    return conflict("ended", "the run has ended", view.run);
  }
  return conflict("elsewhere",
                  "the run is not one that this server works on; use the "
                  "command line",
                  view.run);
}

} // namespace brigade::app::serve
