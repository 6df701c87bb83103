// The same jobs as floor/beast_floor.cpp, through the whole runtime. Same
// options, same output line; README.md says what they mean.
#include "brigade/actors/brigade.hpp"
#include "brigade/net/openai_provider.hpp"
#include "brigade/store/sqlite.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

using namespace brigade;
using steady = std::chrono::steady_clock;

namespace {

const auto program_start = steady::now();

struct options {
  int n = 10;
  int jobs = 1;
  int conc = 1;
  int warmup = 0;
  std::string model = "mock-0ms";
  std::string port = "18080";
  /// Threads of the actor scheduler.
  std::size_t threads = 1;
  /// State directory of a durable journal; empty: in memory.
  std::string journal;
};

double ms(steady::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

options parse(int argc, char** argv) {
  options result;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string key = argv[i];
    const std::string value = argv[i + 1];
    if (key == "--n")
      result.n = std::stoi(value);
    else if (key == "--jobs")
      result.jobs = std::stoi(value);
    else if (key == "--conc")
      result.conc = std::stoi(value);
    else if (key == "--warmup")
      result.warmup = std::stoi(value);
    else if (key == "--model")
      result.model = value;
    else if (key == "--port")
      result.port = value;
    else if (key == "--threads")
      result.threads = std::stoul(value);
    else if (key == "--journal")
      result.journal = value;
  }
  return result;
}

core::crew_ptr make_crew(const options& opt) {
  core::crew crew;
  crew.name = "bench";
  crew.limits.cost = core::pico_usd{1000 * core::pico_per_usd};
  crew.limits.tasks_max = 10'000;
  crew.limits.parallel_max = 10'000;
  core::model_spec model;
  model.alias = "m";
  model.provider = "mock";
  model.name = opt.model;
  model.output_tokens_max = 1'000'000;
  model.price = core::price{{{1000}, {1000}, {}}, {}};
  crew.models.push_back(model);
  crew.planner.model = "m";
  core::worker_spec worker;
  worker.name = "worker";
  worker.model = "m";
  worker.description = "Completes the assigned subtask";
  worker.prompt = "You are a worker. Complete the assigned subtask.";
  crew.workers.push_back(worker);
  crew.synthesizer.model = "m";
  crew.synthesizer.prompt =
      "You are a synthesizer. Combine the results into one answer.";
  return std::make_shared<const core::crew>(std::move(crew));
}

core::run_order order_for(const core::crew_ptr& crew, const options& opt,
                          const char* tag, int number) {
  core::run_order order;
  static std::uint64_t serial = 0;
  ++serial;
  std::array<std::uint8_t, 10> bytes{};
  for (std::size_t i = 0; i < 8; ++i)
    bytes[i] = static_cast<std::uint8_t>(serial >> (8 * i));
  order.id = core::make_run_id(1'700'000'000'000, bytes);
  order.goal = std::string{"Job "} + tag + std::to_string(number)
               + " N=" + std::to_string(opt.n) + ": write a report about topic "
               + std::to_string(number) + ".";
  order.crew = crew;
  return order;
}

/// Keeps `conc` jobs going until `jobs` are done.
class driver {
public:
  driver(caf::event_based_actor* self, actors::brigade_actor target,
         core::crew_ptr crew, const options& opt, int jobs, const char* tag,
         std::vector<double>& latencies)
      : self_(self), target_(std::move(target)), crew_(std::move(crew)),
        opt_(opt), jobs_(jobs), tag_(tag), latencies_(latencies) {
    // nop
  }

  void next() {
    if (started_ == jobs_)
      return;
    const auto number = started_++;
    const auto begin = steady::now();
    self_
        ->request(target_, std::chrono::minutes{10},
                  actors::submit{order_for(crew_, opt_, tag_, number)})
        .then(
            [this, begin](const core::run_report& report) {
              if (report.state.status != core::run_status::succeeded
                  || static_cast<int>(report.state.tasks.size()) != opt_.n) {
                std::fprintf(stderr, "a job failed: %s\n",
                             report.state.message.c_str());
                std::exit(1);
              }
              latencies_.push_back(ms(steady::now() - begin));
              if (static_cast<int>(latencies_.size()) == jobs_)
                self_->quit();
              else
                next();
            },
            [this](const caf::error& error) {
              std::fprintf(stderr, "%s\n",
                           self_->system().render(error).c_str());
              std::exit(1);
            });
  }

private:
  caf::event_based_actor* self_;
  actors::brigade_actor target_;
  core::crew_ptr crew_;
  const options& opt_;
  int jobs_;
  int started_ = 0;
  const char* tag_;
  std::vector<double>& latencies_;
};

std::vector<double> drive(caf::actor_system& system,
                          const actors::brigade_actor& target,
                          const core::crew_ptr& crew, const options& opt,
                          int jobs, const char* tag) {
  std::vector<double> latencies;
  latencies.reserve(static_cast<std::size_t>(jobs));
  caf::scoped_actor waiter{system};
  auto handle = system.spawn([&](caf::event_based_actor* self) {
    auto work =
        std::make_shared<driver>(self, target, crew, opt, jobs, tag, latencies);
    self->attach_functor([work] {}); // Lives as long as its actor.
    for (int i = 0; i < std::min(opt.conc, jobs); ++i)
      work->next();
  });
  waiter->wait_for(handle);
  return latencies;
}

double cpu_s() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
         + static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

double rss_mib() {
  long all = 0;
  long resident = 0;
  if (FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%ld %ld", &all, &resident) != 2)
      resident = 0;
    std::fclose(f);
  }
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / 1048576.0;
}

void print(const options& opt, double ready_ms, double rss_ready, double wall,
           double cpu, std::vector<double> latencies,
           const store::sqlite_journal* journal) {
  const double first = latencies.front();
  std::sort(latencies.begin(), latencies.end());
  const auto quantile = [&latencies](double x) {
    const auto index =
        static_cast<std::size_t>(x * static_cast<double>(latencies.size()));
    return latencies[std::min(latencies.size() - 1, index)];
  };
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  std::printf(
      "{\"peer\":\"brigade\",\"n\":%d,\"jobs\":%d,\"conc\":%d,\"warmup\":%d,"
      "\"model\":\"%s\",\"ready_ms\":%.2f,\"wall_ms\":%.3f,\"first_ms\":%.3f,"
      "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_s\":%.4f,\"jobs_s\":%.1f,"
      "\"calls_s\":%.0f,\"rss_ready_mib\":%.1f,\"maxrss_mib\":%.2f",
      opt.n, opt.jobs, opt.conc, opt.warmup, opt.model.c_str(), ready_ms, wall,
      first, quantile(.5), quantile(.99), cpu, opt.jobs / wall * 1e3,
      opt.jobs * (opt.n + 2) / wall * 1e3, rss_ready,
      static_cast<double>(u.ru_maxrss) / 1024.0);
  if (journal != nullptr) {
    const auto counts = journal->counts();
    const auto writes = static_cast<double>(counts.transactions);
    std::printf(",\"transactions\":%llu,\"appends_each\":%.1f,"
                "\"events_each\":%.1f",
                static_cast<unsigned long long>(counts.transactions),
                static_cast<double>(counts.appends) / writes,
                static_cast<double>(counts.events) / writes);
  }
  std::printf("}\n");
}

} // namespace

int main(int argc, char** argv) {
  const auto opt = parse(argc, argv);
  caf::actor_system_config config;
  actors::configure(config);
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", opt.threads);
  caf::actor_system system{config};
  const auto crew = make_crew(opt);
  net::openai_provider_options provider;
  provider.name = "mock";
  provider.base_url = "http://127.0.0.1:" + opt.port + "/v1";
  provider.api_key = core::secret{"sk-mock"};
  provider.models = crew->models;
  auto made = net::make_openai_provider(std::move(provider));
  if (!made) {
    std::fprintf(stderr, "%s\n", made.error().c_str());
    return 1;
  }
  actors::brigade_options tree;
  tree.providers["mock"] = {*made, {4096, 65'536}};
  std::shared_ptr<store::sqlite_journal> journal;
  if (!opt.journal.empty()) {
    auto opened =
        store::sqlite_journal::open({opt.journal, {}, 1'000'000, 8'192, {}});
    if (!opened) {
      std::fprintf(stderr, "%s\n", opened.error().message.c_str());
      return 1;
    }
    journal = std::move(*opened);
    tree.journal = journal;
  }
  auto target = actors::spawn_brigade(system, std::move(tree));

  const double ready = ms(steady::now() - program_start);
  const double rss_ready = rss_mib();
  if (opt.warmup > 0)
    drive(system, target, crew, opt, opt.warmup, "w");
  const double cpu0 = cpu_s();
  const auto begin = steady::now();
  auto latencies = drive(system, target, crew, opt, opt.jobs, "j");
  print(opt, ready, rss_ready, ms(steady::now() - begin), cpu_s() - cpu0,
        std::move(latencies), journal.get());
  std::fflush(stdout);
  _exit(0);
}
