#include "brigade/app/run_journal.hpp"

#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/store/memory.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app {

std::variant<run_journal, problem> open_run_journal(const std::string& state,
                                                    bool no_journal,
                                                    const core::run_id& shown,
                                                    run_mailbox& mailbox) {
  auto listener = [&mailbox, shown](const core::run_id& run,
                                    const core::event_ptr& e) {
    if (run == shown) {
      mailbox.put(e);
    }
  };
  if (no_journal) {
    store::memory_journal_options options;
    options.listener = std::move(listener);
    return run_journal{
        std::make_shared<store::memory_journal>(std::move(options)),
        nullptr,
        {}};
  }
  auto directory = state_directory(state, process_environment());
  if (auto* fault = std::get_if<problem>(&directory)) {
    return std::move(*fault);
  }
  store::sqlite_journal_options options;
  options.directory = std::get<std::string>(directory);
  options.listener = std::move(listener);
  auto opened = store::sqlite_journal::open(std::move(options));
  if (!opened) {
    return problem{opened.error().message,
                   "--no-journal works without one: the run then ends with "
                   "its process"};
  }
  return run_journal{*opened, *opened, std::get<std::string>(directory)};
}

std::optional<store::fault> reserve_for_day(const run_journal& journal,
                                            const core::run_order& order,
                                            core::pico_usd spent) {
  if (!journal.durable) {
    return std::nullopt;
  }
  store::day_request request;
  request.run = order.id;
  request.slice = std::max(
      core::pico_usd{0},
      core::pico_usd{core::ceiling_of(order).cost.value - spent.value});
  request.spent_before = spent;
  request.ceilings.all = order.crew->limits.cost_per_day;
  request.wall_ms = now_wall_ms();
  return journal.durable->reserve_for_day(request);
}

} // namespace brigade::app
