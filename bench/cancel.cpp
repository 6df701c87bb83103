// How fast a run with many live workers is cancelled: from the message to the
// report, to the last actor's end, and what was sent meanwhile (nothing).
//
//   bench_cancel [--n 10000] [--threads 2] [--repeat 5]
#include "brigade/actors/brigade.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace brigade;
using steady = std::chrono::steady_clock;

namespace {

/// Never answers; a cancel ends a try at once.
class silent_provider : public core::provider {
public:
  std::string encode(const core::model_request& request) const override {
    return request.messages.back().content;
  }

  void send(core::try_id id, const core::prepared_call&,
            std::chrono::milliseconds, done_fn done) override {
    const std::lock_guard guard{mutex_};
    open_.emplace(id, std::move(done));
    ++sent;
  }

  void cancel(core::try_id id) override {
    done_fn done;
    {
      const std::lock_guard guard{mutex_};
      auto node = open_.extract(id);
      if (node.empty())
        return;
      done = std::move(node.mapped());
    }
    core::outcome result;
    result.code = core::outcome_code::cancelled;
    done(std::move(result));
  }

  std::atomic<int> sent{0};

private:
  std::mutex mutex_;
  std::map<core::try_id, done_fn> open_;
};

core::run_order order_for(int n, int number) {
  core::crew crew;
  crew.name = "bench";
  crew.limits.cost = {1000 * core::pico_per_usd};
  crew.limits.tasks_max = static_cast<std::uint32_t>(n);
  crew.limits.parallel_max = static_cast<std::uint32_t>(n);
  core::model_spec model;
  model.alias = "m";
  model.provider = "silent";
  model.name = "silent";
  model.price = core::price{{{1000}, {1000}, {}}, {}};
  crew.models.push_back(model);
  crew.planner.model = "m";
  core::worker_spec worker;
  worker.name = "w";
  worker.model = "m";
  worker.description = "Works";
  worker.prompt = "Work.";
  crew.workers.push_back(worker);
  crew.synthesizer.kind = core::synthesizer_kind::merge;
  core::run_order order;
  order.id =
      core::make_run_id(1'700'000'000'000, {static_cast<std::uint8_t>(number)});
  order.goal = "Cancel me";
  order.crew = std::make_shared<const core::crew>(std::move(crew));
  std::string plan = R"({"analysis":"many","tasks":[)";
  for (int i = 0; i < n; ++i) {
    const auto id = std::to_string(i);
    plan += (i == 0 ? "" : ",") + (R"({"id":"t)" + id)
            + R"(","worker":"w","description":"north)" + id + "x south" + id
            + "x east" + id + R"(x","depends_on":[]})";
  }
  order.plan_text = plan + "]}";
  return order;
}

double ms_since(steady::time_point start) {
  return std::chrono::duration<double, std::milli>(steady::now() - start)
      .count();
}

struct times {
  double report = 0;
  double gone = 0;
};

times cancel_once(caf::actor_system& system, const actors::brigade_actor& tree,
                  silent_provider& provider, int n, int number) {
  const auto idle = system.registry().running();
  const auto order = order_for(n, number);
  caf::scoped_actor self{system};
  const auto before = provider.sent.load();
  auto pending =
      self->request(tree, std::chrono::minutes{5}, actors::submit{order});
  const auto give_up = steady::now() + std::chrono::seconds{15};
  while (provider.sent - before < n && steady::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  const auto start = steady::now();
  self->send(tree, actors::stop_run{order.id, core::stop_kind::cancel, "b"});
  times result;
  pending.receive(
      [&](core::run_report& report) {
        result.report = ms_since(start);
        if (report.state.status != core::run_status::cancelled)
          std::fprintf(stderr, "not cancelled: %s\n",
                       report.state.faults.empty()
                           ? report.state.message.c_str()
                           : report.state.faults[0].message.c_str());
      },
      [](const caf::error&) { std::fprintf(stderr, "no report\n"); });
  // The caller itself is one more.
  while (system.registry().running() > idle + 1)
    std::this_thread::sleep_for(std::chrono::microseconds{100});
  result.gone = ms_since(start);
  if (provider.sent - before > n)
    std::fprintf(stderr, "%d calls were sent after the cancel\n",
                 provider.sent - before - n);
  return result;
}

} // namespace

int main(int argc, char** argv) {
  std::map<std::string, int> options{
      {"--n", 10'000}, {"--threads", 2}, {"--repeat", 5}};
  for (int i = 1; i + 1 < argc; i += 2)
    options[argv[i]] = std::stoi(argv[i + 1]);
  const auto n = options["--n"];
  caf::actor_system_config config;
  actors::configure(config);
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads",
             static_cast<std::size_t>(options["--threads"]));
  caf::actor_system system{config};
  auto provider = std::make_shared<silent_provider>();
  actors::brigade_options tree;
  tree.providers["silent"] = {provider, {static_cast<std::uint32_t>(n), 1}};
  auto handle = actors::spawn_brigade(system, std::move(tree));
  // Its children are spawned by its own first step.
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  std::vector<double> reports, gone;
  for (int i = 0; i < options["--repeat"]; ++i) {
    const auto t = cancel_once(system, handle, *provider, n, i + 1);
    reports.push_back(t.report);
    gone.push_back(t.gone);
  }
  std::sort(reports.begin(), reports.end());
  std::sort(gone.begin(), gone.end());
  std::printf("workers %d  report_ms %.1f  gone_ms %.1f (medians of %zu)\n", n,
              reports[reports.size() / 2], gone[gone.size() / 2], gone.size());
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  return 0;
}
