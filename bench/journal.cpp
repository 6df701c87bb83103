// What the durable journal takes: restoring unfinished runs, listing finished
// ones, and bytes per call. README.md says what is measured.
#include "brigade/actors/brigade.hpp"
#include "brigade/core/run/run_source.hpp"
#include "brigade/store/archive.hpp"
#include "brigade/store/sqlite.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace brigade;
using steady = std::chrono::steady_clock;
namespace ev = core::events;

namespace {

double ms_since(steady::time_point begin) {
  return std::chrono::duration<double, std::milli>(steady::now() - begin)
      .count();
}

/// Takes calls and never answers.
class silent_provider : public core::provider {
public:
  std::string encode(const core::model_request& request) const override {
    std::string body;
    for (const auto& message : request.messages)
      body += message.content;
    return body;
  }
  void send(core::try_id, const core::prepared_call&, std::chrono::milliseconds,
            done_fn done) override {
    ++sent;
    std::lock_guard guard{mutex_};
    kept_.push_back(std::move(done));
  }
  void cancel(core::try_id) override {}

  std::atomic<int> sent = 0;

private:
  std::mutex mutex_;
  std::vector<done_fn> kept_;
};

core::crew_ptr make_crew() {
  core::crew crew;
  crew.name = "bench";
  crew.limits.run_deadline_ms = 3'600'000;
  core::model_spec model;
  model.alias = "m";
  model.provider = "p";
  model.price = core::price{{{1000}, {1000}, {}}, {}};
  crew.models.push_back(model);
  crew.planner.model = "m";
  core::worker_spec worker;
  worker.name = "w";
  worker.model = "m";
  worker.description = "Completes the assigned subtask";
  worker.prompt = "Complete it.";
  crew.workers.push_back(worker);
  crew.synthesizer.kind = core::synthesizer_kind::merge;
  return std::make_shared<const core::crew>(std::move(crew));
}

core::run_id id_of(std::uint64_t number) {
  std::array<std::uint8_t, 10> bytes{};
  for (std::size_t i = 0; i < 8; ++i)
    bytes[9 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return core::make_run_id(
      1'700'000'000'000 + static_cast<std::int64_t>(number), bytes);
}

/// Of a call; the reply has two fifths of it.
std::size_t request_bytes = 2000;
std::size_t reply_bytes = 800;
constexpr int tasks = 4;

core::event_body intent_of(std::uint64_t id, const std::string& path,
                           const std::string& task) {
  ev::call_intended e;
  e.id = core::call_id{id};
  e.key = {path, 0, 0};
  e.role = task.empty() ? core::call_role::planner : core::call_role::worker;
  e.task = task;
  e.model = "m";
  e.reserved = e.worst_case = core::pico_usd{12'345'678'000};
  e.reserved_tokens = 4321;
  e.request = core::shared_text{std::string(request_bytes, 'q')};
  return e;
}

core::event_body settled(std::uint64_t id, core::shared_text reply) {
  ev::call_settled e;
  e.id = core::call_id{id};
  e.charged = core::pico_usd{1'234'567'000};
  e.charged_tokens = 1234;
  e.tokens = {1000, 0, 234};
  e.usage_known = true;
  e.reply = std::move(reply);
  e.http_status = 200;
  e.request_id = "req_0123456789abcdef";
  return e;
}

/// A planner's call and half of the subtasks, or all of them and the end.
std::vector<core::event> log_of(bool finished) {
  std::vector<core::event> all;
  const auto add = [&all](core::event_body body) {
    all.push_back({0, 1'700'000'000'000,
                   static_cast<std::int64_t>(all.size()) * 100,
                   std::move(body)});
  };
  ev::run_submitted first;
  first.goal = "What do the notes say about the price of the new product, and "
               "what changed since last year?";
  first.crew = "bench";
  first.ceiling = core::pico_usd{core::pico_per_usd};
  first.deadline_ms = 3'600'000;
  add(first);
  core::shared_text plan_text{std::string(reply_bytes, 'p')};
  add(intent_of(1, "plan", ""));
  add(settled(1, plan_text));
  add(ev::plan_proposed{0, plan_text});
  auto plan = std::make_shared<core::plan>();
  for (int i = 0; i < tasks; ++i) {
    core::subtask task;
    task.id = "t" + std::to_string(i + 1);
    task.worker = "w";
    task.description =
        "Find out what the notes say about part " + std::to_string(i + 1);
    plan->tasks.push_back(std::move(task));
  }
  add(ev::plan_accepted{plan, {}, 0});
  const int done = finished ? tasks : tasks / 2;
  for (int i = 0; i < tasks; ++i)
    add(ev::task_started{plan->tasks[static_cast<std::size_t>(i)].id, 1});
  for (int i = 0; i < tasks; ++i) {
    const auto& id = plan->tasks[static_cast<std::size_t>(i)].id;
    add(intent_of(static_cast<std::uint64_t>(i) + 2, "task/" + id, id));
    if (i >= done)
      continue;
    core::shared_text reply{std::string(reply_bytes, 'r')};
    add(settled(static_cast<std::uint64_t>(i) + 2, reply));
    add(ev::task_succeeded{id, 1, reply});
  }
  if (finished)
    add(ev::run_finished{core::run_status::succeeded, "", "all succeeded",
                         core::shared_text{std::string(reply_bytes, 'a')}});
  return all;
}

std::shared_ptr<store::sqlite_journal> open(const std::string& directory) {
  store::sqlite_journal_options options;
  options.directory = directory;
  auto opened = store::sqlite_journal::open(std::move(options));
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    std::exit(1);
  }
  return std::move(*opened);
}

void fill(const std::string& directory, int runs, bool finished,
          const core::crew_ptr& crew) {
  auto journal = open(directory);
  const auto source =
      core::make_run_source(*crew, std::make_shared<const core::input_set>());
  for (int i = 0; i < runs; ++i) {
    const auto id = id_of(static_cast<std::uint64_t>(i));
    journal->begin(id, source);
    const auto result = journal->append(id, log_of(finished));
    if (i % 1000 == 999 || i + 1 == runs) {
      std::promise<void> durable;
      journal->when_durable(result.ticket, [&durable](core::append_status) {
        durable.set_value();
      });
      durable.get_future().wait();
    }
    journal->release(id);
  }
}

void restore(const std::string& directory, int runs,
             const core::crew_ptr& crew) {
  auto journal = open(directory);
  auto begin = steady::now();
  std::vector<store::fault> faults;
  auto claimed =
      journal->claim_unfinished(static_cast<std::size_t>(runs), faults);
  const auto claimed_ms = ms_since(begin);
  if (!claimed || claimed->size() != static_cast<std::size_t>(runs)) {
    std::fprintf(stderr, "not all runs were claimed\n");
    std::exit(1);
  }
  caf::actor_system_config config;
  actors::configure(config);
  config.set("scheduler.policy", caf::atom("sharing"));
  caf::actor_system system{config};
  auto provider = std::make_shared<silent_provider>();
  actors::brigade_options tree;
  tree.providers["p"] = {provider, {1'000'000, 1'000'000}};
  tree.journal = journal;
  tree.runs_max = 1'000'000;
  tree.queue_max = 1'000'000;
  auto target = actors::spawn_brigade(system, std::move(tree));
  for (auto& run : *claimed) {
    actors::resume_run message;
    message.order.id = run.summary.id;
    message.order.goal = run.summary.goal;
    message.order.crew = crew;
    message.order.inputs = run.source.inputs;
    message.reason = "restart";
    // The requests in the log are made up.
    message.changes_accepted = true;
    caf::anon_send(target, std::move(message));
  }
  const int expected = runs * tasks / 2;
  while (provider->sent < expected)
    std::this_thread::yield();
  std::printf("{\"unfinished\":%d,\"claimed_ms\":%.0f,\"working_ms\":%.0f}\n",
              runs, claimed_ms, ms_since(begin));
  std::fflush(stdout);
  _exit(0);
}

void list(const std::string& directory, int runs) {
  auto begin = steady::now();
  auto archive = store::archive::open(directory);
  store::list_filter filter;
  auto newest = archive->list(filter);
  const auto newest_ms = ms_since(begin);
  begin = steady::now();
  filter.runs_max = SIZE_MAX;
  auto all = archive->list(filter);
  const auto all_ms = ms_since(begin);
  const auto bytes = std::filesystem::file_size(directory + "/journal.db");
  const auto calls = static_cast<double>(runs) * (tasks + 1);
  std::printf("{\"finished\":%zu,\"list_50_ms\":%.2f,\"list_all_ms\":%.0f,"
              "\"bytes_per_call\":%.0f,\"above_texts\":%.0f}\n",
              all->size(), newest_ms, all_ms,
              static_cast<double>(bytes) / calls,
              static_cast<double>(bytes) / calls
                  - static_cast<double>(request_bytes + reply_bytes));
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_journal restore|list RUNS DIRECTORY "
                         "[REQUEST_BYTES]\n");
    return 2;
  }
  const std::string what = argv[1];
  const int runs = std::atoi(argv[2]);
  const std::string directory = argv[3];
  if (argc > 4) {
    request_bytes = std::stoul(argv[4]);
    reply_bytes = request_bytes * 2 / 5;
  }
  const auto crew = make_crew();
  fill(directory, runs, what == "list", crew);
  if (what == "list")
    list(directory, runs);
  else
    restore(directory, runs, crew);
  return 0;
}
