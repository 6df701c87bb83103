#include "campaign.hpp"

#include "shrink.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>
#include <stdexcept>
#include <thread>
#include <utility>

namespace brigade::sim {

namespace {

constexpr std::uint64_t seeds_at_once = 32;
constexpr std::uint64_t seeds_before_memory_counts = 1'000;
constexpr std::size_t failure_bytes_max = 8'192;
constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
constexpr std::chrono::milliseconds poll_time{100};
constexpr std::chrono::seconds progress_time{5};

using counter = std::atomic<std::uint64_t>;
static_assert(counter::is_always_lock_free, "shared between processes");

/// What a job tells; written by it alone.
struct job_report {
  counter current{none};
  counter seeds{0};
  std::uint64_t messages = 0;
  std::uint64_t calls = 0;
  std::uint64_t runs = 0;
  std::array<std::uint64_t, end_count> ends{};
  std::uint64_t hash = 0;
  std::array<std::uint64_t, testkit::fault_count> faults{};
  std::uint64_t early_kib = 0;
  std::uint64_t late_kib = 0;
  double cpu_seconds = 0;
  std::uint64_t failed_seed = none;
  std::array<char, failure_bytes_max> failure{};
};

struct shared_state {
  counter next_seed{0};
  /// Seeds above it need not be done.
  counter stop_after{none};
};

/// Memory that forked jobs share.
template <class T>
class shared_array {
public:
  explicit shared_array(std::size_t count) : bytes_(count * sizeof(T)) {
    memory_ = mmap(nullptr, std::max<std::size_t>(1, bytes_),
                   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED)
      throw std::bad_alloc{};
    for (std::size_t i = 0; i < count; ++i)
      new (static_cast<T*>(memory_) + i) T{};
  }

  ~shared_array() { munmap(memory_, std::max<std::size_t>(1, bytes_)); }

  shared_array(const shared_array&) = delete;
  shared_array& operator=(const shared_array&) = delete;

  T& operator[](std::size_t i) { return static_cast<T*>(memory_)[i]; }

private:
  std::size_t bytes_;
  void* memory_;
};

std::uint64_t resident_kib() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec)
           + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Order does not matter, so that jobs may share the seeds as they like.
std::uint64_t weighed(std::uint64_t seed, std::uint64_t hash) {
  return testkit::seeded{hash ^ (seed * 0x9e3779b97f4a7c15ULL)}.next();
}

void lower(counter& value, std::uint64_t to) {
  auto now = value.load();
  while (to < now && !value.compare_exchange_weak(now, to)) {
    // Somebody else changed it: `now` is what it is.
  }
}

class job {
public:
  job(const campaign_options& options, shared_state& shared, job_report& report,
      shared_array<std::uint64_t>& hashes)
      : options_(options), shared_(shared), report_(report), hashes_(hashes) {
    // nop
  }

  void run() {
    for (;;) {
      const auto begin = shared_.next_seed.fetch_add(seeds_at_once);
      if (begin > options_.last_seed)
        break;
      const auto end =
          std::min(options_.last_seed - begin, seeds_at_once - 1) + begin;
      for (auto seed = begin; seed <= end; ++seed) {
        if (seed > shared_.stop_after.load())
          break;
        one(seed);
      }
    }
    report_.late_kib = resident_kib();
    report_.cpu_seconds = cpu_seconds();
  }

private:
  void one(std::uint64_t seed) {
    report_.current.store(seed);
    auto result = simulate(seed, options_.simulation);
    report_.messages += result.messages;
    report_.calls += result.calls;
    report_.runs += result.runs;
    for (std::size_t i = 0; i < end_count; ++i)
      report_.ends[i] += result.ends[i];
    report_.hash += weighed(seed, result.hash);
    for (std::size_t i = 0; i < testkit::fault_count; ++i)
      report_.faults[i] += result.faults[i] ? 1 : 0;
    if (options_.hashes)
      hashes_[seed - options_.first_seed] = result.hash;
    const auto done = report_.seeds.load() + 1;
    report_.seeds.store(done);
    if (done == seeds_before_memory_counts)
      report_.early_kib = resident_kib();
    if (!result.violations.empty() && report_.failed_seed == none)
      fail(seed, std::move(result));
  }

  void fail(std::uint64_t seed, simulation_result result) {
    const auto text =
        describe_failure(seed, options_.simulation, std::move(result));
    const auto size = std::min(text.size(), report_.failure.size() - 1);
    std::memcpy(report_.failure.data(), text.data(), size);
    report_.failed_seed = seed;
    lower(shared_.stop_after, seed);
  }

  const campaign_options& options_;
  shared_state& shared_;
  job_report& report_;
  shared_array<std::uint64_t>& hashes_;
};

/// Waits for all jobs; notes the seeds whose process died.
class supervisor {
public:
  supervisor(const campaign_options& options, shared_state& shared,
             shared_array<job_report>& reports)
      : options_(options), shared_(shared), reports_(reports) {
    // nop
  }

  void watch(std::vector<pid_t> jobs) {
    const auto start = std::chrono::steady_clock::now();
    auto next_news = start + progress_time;
    auto left = jobs.size();
    while (left > 0) {
      for (std::size_t i = 0; i < jobs.size(); ++i)
        if (jobs[i] != 0 && has_ended(jobs[i], reports_[i])) {
          jobs[i] = 0;
          --left;
        }
      if (left == 0)
        break;
      std::this_thread::sleep_for(poll_time);
      const auto now = std::chrono::steady_clock::now();
      if (now < next_news || !options_.progress)
        continue;
      next_news = now + progress_time;
      tell(jobs.size(), now - start);
    }
  }

private:
  bool has_ended(pid_t pid, job_report& report) {
    int status = 0;
    const auto ended = waitpid(pid, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR))
      return false;
    if (ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
      return true;
    const auto seed = report.current.load();
    const auto text = "seed " + std::to_string(seed) + ": the process died"
                      + (WIFSIGNALED(status)
                             ? " of signal " + std::to_string(WTERMSIG(status))
                             : "")
                      + "\nsee it again: brigade-sim --seed "
                      + std::to_string(seed) + " --trace\n";
    report.failed_seed = seed;
    std::memcpy(report.failure.data(), text.data(),
                std::min(text.size(), report.failure.size() - 1));
    lower(shared_.stop_after, seed);
    return true;
  }

  void tell(std::size_t jobs, std::chrono::duration<double> time) {
    std::uint64_t seeds = 0;
    for (std::size_t i = 0; i < jobs; ++i)
      seeds += reports_[i].seeds.load();
    options_.progress(seeds, static_cast<double>(seeds) / time.count() * 60);
  }

  const campaign_options& options_;
  shared_state& shared_;
  shared_array<job_report>& reports_;
};

void add(campaign_result& all, const job_report& one) {
  all.seeds += one.seeds.load();
  all.messages += one.messages;
  all.calls += one.calls;
  all.runs += one.runs;
  for (std::size_t i = 0; i < end_count; ++i)
    all.ends[i] += one.ends[i];
  all.hash += one.hash;
  all.cpu += std::chrono::duration<double>{one.cpu_seconds};
  for (std::size_t i = 0; i < testkit::fault_count; ++i)
    all.faults[i] += one.faults[i];
  if (one.early_kib != 0
      && one.late_kib + all.early_kib >= all.late_kib + one.early_kib) {
    all.early_kib = one.early_kib;
    all.late_kib = one.late_kib;
  }
  if (one.failed_seed < all.failed_seed.value_or(none)) {
    all.failed_seed = one.failed_seed;
    all.failure = one.failure.data();
  }
}

} // namespace

campaign_result run_campaign(const campaign_options& options) {
  shared_array<shared_state> shared{1};
  shared_array<job_report> reports{options.jobs};
  const auto count = options.last_seed - options.first_seed + 1;
  shared_array<std::uint64_t> hashes{options.hashes ? count : 0};
  shared[0].next_seed.store(options.first_seed);
  const auto start = std::chrono::steady_clock::now();
  std::vector<pid_t> jobs;
  for (std::uint32_t i = 0; i < options.jobs; ++i) {
    const auto pid = fork();
    if (pid < 0)
      throw std::runtime_error{"a job cannot be started"};
    if (pid == 0) {
      job{options, shared[0], reports[i], hashes}.run();
      // Nothing of the parent's is ended or written twice.
      _exit(0);
    }
    jobs.push_back(pid);
  }
  supervisor{options, shared[0], reports}.watch(std::move(jobs));
  campaign_result all;
  all.wall = std::chrono::steady_clock::now() - start;
  for (std::uint32_t i = 0; i < options.jobs; ++i)
    add(all, reports[i]);
  if (!all.failed_seed && all.seeds != count) {
    all.failed_seed = options.first_seed;
    all.failure = "only " + std::to_string(all.seeds) + " of "
                  + std::to_string(count) + " seeds were run: a job died\n";
  }
  if (options.hashes)
    for (std::uint64_t i = 0; i < count; ++i)
      all.hashes.push_back(hashes[i]);
  return all;
}

std::string describe_failure(std::uint64_t seed,
                             const simulation_options& options,
                             simulation_result failed) {
  const auto all = names_of(failed.faults);
  const auto least = shrink(seed, options, std::move(failed));
  std::string text;
  for (const auto& found : least.result.violations) {
    text += "seed " + std::to_string(seed) + ": " + found.rule + ": "
            + found.what + " (";
    if (!found.run.text.empty())
      text += "run " + found.run.text + ", ";
    if (found.seq != 0)
      text += "event " + std::to_string(found.seq) + ", ";
    text += std::to_string(found.at_ms) + " ms)\n";
  }
  const auto tasks = options.scenario.tasks
                         ? " --tasks " + std::to_string(*options.scenario.tasks)
                         : std::string{};
  text += "faults: " + all + "\nneeded: " + names_of(least.faults)
          + "\nsee it again: brigade-sim --seed " + std::to_string(seed) + tasks
          + " --only " + names_of(least.faults) + " --trace\n";
  return text;
}

} // namespace brigade::sim
