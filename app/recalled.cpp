#include "brigade/app/recalled.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/stored_run.hpp"
#include "brigade/core/run/recorded_replies.hpp"

#include <utility>

namespace brigade::app {

namespace {

/// Adds the replies of a run and of those nested in it; false after a fault,
/// which is told.
bool add(const store::archive& from, const core::run_id& run,
         recalled_replies& out) {
  auto log = from.events(run);
  if (!log) {
    tell_fault(log.error());
    return false;
  }
  core::recorded_replies recorded;
  for (const auto& e : *log) {
    recorded.apply(*e);
    const auto* call = std::get_if<core::events::call_intended>(&e->body);
    // One that never began has no log.
    if (call != nullptr && !call->nested_run.empty()
        && from.find(call->nested_run)
        && !add(from, core::run_id{call->nested_run}, out)) {
      return false;
    }
  }
  for (const auto& tries : recorded.all()) {
    if (const auto* paid = tries.succeeded()) {
      out.emplace(tries.request_hash, paid->reply);
    }
  }
  return true;
}

} // namespace

std::variant<std::shared_ptr<const recalled_replies>, int>
load_recalled(const std::string& state, const std::string& name) {
  auto opened = open_archive(state);
  if (auto* code = std::get_if<int>(&opened)) {
    return *code;
  }
  const auto& from = std::get<store::archive>(opened);
  const auto run = from.find(name);
  if (!run) {
    return tell_fault(run.error());
  }
  const auto status = run->summary.status;
  if (status == core::run_status::running
      || status == core::run_status::suspended) {
    tell({"brigade: run " + run->summary.id.text
              + " has not ended; to go on with it:",
          "  brigade resume " + run->summary.id.text});
    return exit_usage;
  }
  auto out = std::make_shared<recalled_replies>();
  if (!add(from, run->summary.id, *out)) {
    return exit_failed;
  }
  return std::shared_ptr<const recalled_replies>{std::move(out)};
}

} // namespace brigade::app
