#include "campaign.hpp"

#include "../app/scratch_folder.hpp"
#include "audit.hpp"
#include "provider.hpp"
#include "victim.hpp"

#include "brigade/store/archive.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <random>
#include <utility>

namespace brigade::crash {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::size_t kills_max = 6;
constexpr std::size_t lives_max = 20;

/// When a life ends by force: `delay` after so many requests of it; 0: after
/// its start.
struct moment {
  std::size_t requests = 0;
  microseconds delay{0};
};

class campaign {
public:
  campaign(const std::string& brigade, std::uint64_t seed)
      : brigade_(brigade), random_(seed), server_(seed),
        crew_(folder_.write("crew.toml", crew_text(server_.base_url()))) {
    // nop
  }

  seed_result run() {
    undisturbed();
    if (out_.faults.empty())
      disturbed();
    return std::move(out_);
  }

private:
  /// Starts `brigade VERB` and kills it at that moment. Its exit code.
  int live(const std::string& state, bool resume, std::optional<moment> end) {
    victim_options options;
    if (resume)
      options.command = {brigade_, "resume", "last"};
    else
      options.command = {brigade_, "run", "Compare the ferries", "-c", crew_};
    options.command.insert(options.command.end(), {"--state", state});
    options.environment = {{"BRIGADE_TEST_KEY", "sk-test-0123456789abcdef"}};
    options.output_prefix = folder_.path("last");
    const auto before = server_.requests();
    victim child{options};
    if (!end)
      return child.end();
    for (;;) {
      server_.take_news();
      if (server_.requests() - before >= end->requests)
        break;
      if (child.wait(server_.news_fd(), std::chrono::seconds{60}))
        return child.end();
    }
    if (!child.wait(-1, end->delay))
      child.signal(SIGKILL);
    return child.end();
  }

  std::vector<core::event_ptr> log_of(const std::string& state) {
    auto kept = store::archive::open(state);
    if (!kept) {
      if (kept.error().code != store::fault_code::not_found
          && kept.error().code != store::fault_code::unreadable)
        fault("the journal cannot be opened: " + kept.error().message);
      return {};
    }
    auto last = kept->find("last");
    if (!last) {
      if (last.error().code != store::fault_code::not_found)
        fault("the run cannot be found: " + last.error().message);
      return {};
    }
    auto log = kept->events(last->summary.id);
    if (!log) {
      fault("the log cannot be read: " + log.error().message);
      return {};
    }
    return std::move(*log);
  }

  void undisturbed() {
    const auto state = folder_.path("undisturbed");
    const auto begin = steady_clock::now();
    const auto code = live(state, false, std::nullopt);
    usual_time_ =
        std::chrono::duration_cast<microseconds>(steady_clock::now() - begin);
    if (code != 0)
      fault("the undisturbed run ended with " + std::to_string(code));
    const auto log = log_of(state);
    answer_ = answer_of(log);
    usual_requests_ = server_.requests();
    for (auto& what : audit(log, server_.receipts(), 0))
      fault("undisturbed: " + what);
    if (answer_.empty())
      fault("the undisturbed run has no answer");
  }

  moment next_moment() {
    const auto below = [this](std::int64_t limit) {
      return static_cast<std::int64_t>(
          random_()
          % static_cast<std::uint64_t>(std::max<std::int64_t>(limit, 1)));
    };
    // One in five anywhere in the life, its first milliseconds included.
    if (random_() % 5 == 0)
      return {0, microseconds{below(usual_time_.count() * 11 / 10)}};
    const auto left = usual_requests_ - std::min(usual_requests_ - 1, done_);
    return {1 + random_() % left, microseconds{below(10'000)}};
  }

  void disturbed() {
    server_.reset();
    const auto state = folder_.path("state");
    bool exists = false;
    std::vector<core::event_ptr> log;
    for (std::size_t life = 0; life < lives_max; ++life) {
      const bool kill =
          out_.kills < kills_max && (out_.kills == 0 || random_() % 3 != 0);
      const auto sent = server_.requests();
      std::optional<moment> end;
      if (kill)
        end = next_moment();
      const auto code = live(state, exists, end);
      log = log_of(state);
      tell(life, exists, code, log);
      if (log.empty() && server_.requests() != sent)
        fault("a request was sent before the run was in the journal");
      if (!out_.faults.empty())
        return;
      if (code != -SIGKILL && code != 0) {
        fault("ended with " + std::to_string(code) + ": "
              + scratch_folder::read(folder_.path("last.err")));
        return;
      }
      if (code == -SIGKILL) {
        const auto open = calls_in_flight(log);
        ++out_.kills;
        out_.kills_in_flight += open != 0 ? 1 : 0;
        in_flight_ += open;
      }
      exists = !log.empty();
      done_ = server_.requests();
      if (has_ended(log))
        break;
      if (code == 0)
        fault("exit code 0, but the run has not ended");
    }
    compare(log);
  }

  void compare(const std::vector<core::event_ptr>& log) {
    if (!has_ended(log)) {
      fault("the run never ended");
      return;
    }
    if (answer_of(log) != answer_)
      fault("another answer: '" + answer_of(log) + "' and not '" + answer_
            + "'");
    for (const auto& e : log)
      out_.in_doubt +=
          std::holds_alternative<core::events::call_in_doubt>(e->body) ? 1 : 0;
    for (auto& what : audit(log, server_.receipts(), in_flight_))
      fault(std::move(what));
  }

  void tell(std::size_t life, bool resumed, int code,
            const std::vector<core::event_ptr>& log) {
    out_.story.push_back(
        "life " + std::to_string(life + 1) + (resumed ? " (resume)" : " (run)")
        + ": exit " + std::to_string(code) + ", " + std::to_string(log.size())
        + " events, " + std::to_string(calls_in_flight(log))
        + " calls in flight, " + std::to_string(server_.requests())
        + " requests so far");
  }

  void fault(std::string what) { out_.faults.push_back(std::move(what)); }

  const std::string brigade_;
  std::mt19937_64 random_;
  scratch_folder folder_;
  provider server_;
  const std::string crew_;
  seed_result out_;
  std::string answer_;
  microseconds usual_time_{0};
  std::size_t usual_requests_ = 1;
  /// Requests of all lives so far.
  std::size_t done_ = 0;
  std::size_t in_flight_ = 0;
};

} // namespace

seed_result run_seed(const std::string& brigade, std::uint64_t seed) {
  return campaign{brigade, seed}.run();
}

} // namespace brigade::crash
