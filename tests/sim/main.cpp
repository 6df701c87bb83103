// brigade-sim: runs seeds of whole runs, with every rule checked.

#include "campaign.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using namespace brigade;

constexpr int broken_rule = 1;
constexpr int bad_usage = 2;
constexpr std::uint32_t jobs_max = 256;
constexpr std::uint64_t hashed_seeds_max = 10'000'000;

struct arguments {
  std::string seeds = "1..10000";
  std::optional<std::uint64_t> seed;
  bool trace = false;
  bool hash = false;
  std::uint32_t jobs = 1;
  std::optional<std::uint32_t> tasks;
  std::vector<std::string> only;
  std::vector<std::string> without;
};

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

/// `A..B`, or one seed.
bool read_range(std::string_view text, std::uint64_t& first,
                std::uint64_t& last) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos)
    return read_number(text, first) && read_number(text, last);
  // Far more than anybody can run, and no sum overflows.
  constexpr std::uint64_t seed_max = std::uint64_t{1} << 62;
  return read_number(text.substr(0, dots), first)
         && read_number(text.substr(dots + 2), last) && first <= last
         && last <= seed_max;
}

/// What is wrong with the names, or nothing.
std::string read_faults(const arguments& args, testkit::fault_set& allowed) {
  const auto named = [](const std::vector<std::string>& names,
                        testkit::fault_set& set) -> std::string {
    for (const auto& name : names) {
      if (name == "none")
        continue;
      const auto f = testkit::parse_fault(name);
      if (!f)
        return "there is no fault \"" + name + "\"";
      set.set(static_cast<std::size_t>(*f));
    }
    return {};
  };
  allowed.set();
  testkit::fault_set only, without;
  if (auto wrong = named(args.only, only); !wrong.empty())
    return wrong;
  if (auto wrong = named(args.without, without); !wrong.empty())
    return wrong;
  if (!args.only.empty())
    allowed = only;
  allowed &= ~without;
  return {};
}

std::string hex(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(value));
  return text;
}

int run_one(std::uint64_t seed, const arguments& args,
            sim::simulation_options options) {
  if (args.trace)
    options.trace = [](const std::string& line) { std::cout << line << '\n'; };
  auto result = sim::simulate(seed, options);
  if (args.hash)
    std::cout << "seed " << seed << " hash " << hex(result.hash) << '\n';
  std::cout << "seed " << seed << ": " << result.runs << " runs, "
            << result.calls << " calls, " << result.messages
            << " messages; faults: "
            << (result.fault_text.empty() ? "none" : result.fault_text) << '\n';
  if (result.violations.empty())
    return 0;
  options.trace = nullptr;
  std::cout << sim::describe_failure(seed, options, std::move(result));
  return broken_rule;
}

void print_totals(const arguments& args, const sim::campaign_options& options,
                  const sim::campaign_result& all) {
  if (args.hash && !all.failed_seed) {
    for (std::uint64_t i = 0; i < all.hashes.size(); ++i)
      std::cout << "seed " << options.first_seed + i << " hash "
                << hex(all.hashes[i]) << '\n';
    std::cout << "all seeds hash " << hex(all.hash) << '\n';
  }
  const auto rate = [&all](std::chrono::duration<double> time) {
    return static_cast<std::uint64_t>(static_cast<double>(all.seeds)
                                      / std::max(time.count(), 1e-9) * 60);
  };
  std::cout << all.seeds << " seeds, " << all.runs << " runs, " << all.calls
            << " calls, " << all.messages << " messages\n"
            << std::fixed << std::setprecision(1) << all.wall.count()
            << " s with " << args.jobs
            << (args.jobs == 1 ? " job: " : " jobs: ") << rate(all.wall)
            << " seeds/minute; " << rate(all.cpu)
            << " in a minute of processor time\n";
  if (all.early_kib != 0)
    std::cout << "memory: " << all.early_kib << " KiB after 1000 seeds, "
              << all.late_kib << " KiB at the end\n";
}

void print_ends(const sim::campaign_result& all) {
  std::cout << "orders:";
  for (std::size_t i = 0; i < sim::end_count; ++i)
    if (all.ends[i] != 0)
      std::cout << ' '
                << (i == sim::refused_order
                        ? "refused"
                        : to_string(static_cast<core::run_status>(i)))
                << ' ' << all.ends[i];
  std::cout << '\n';
}

void print_faults(const sim::campaign_result& all) {
  std::cout << "seeds with each fault:";
  for (std::size_t i = 0; i < testkit::fault_count; ++i)
    std::cout << ' ' << to_string(static_cast<testkit::fault>(i)) << ' '
              << all.faults[i];
  std::cout << '\n';
}

int run_many(const arguments& args, sim::campaign_options options) {
  options.jobs = args.jobs;
  options.hashes = args.hash;
  options.progress = [](std::uint64_t seeds, double rate) {
    std::cerr << seeds << " seeds, " << static_cast<std::uint64_t>(rate)
              << " a minute\n";
  };
  const auto all = sim::run_campaign(options);
  print_totals(args, options, all);
  if (all.failed_seed) {
    std::cout << all.failure;
    return broken_rule;
  }
  print_ends(all);
  print_faults(all);
  std::cout << "no rule was broken\n";
  return 0;
}

int wrong(const std::string& what) {
  std::cerr << "brigade-sim: " << what << '\n';
  return bad_usage;
}

} // namespace

int main(int argc, char** argv) try {
  arguments args;
  CLI::App app{"Runs seeds of whole runs under virtual time with faults, and "
               "checks every rule of the design after each step."};
  auto* seeds =
      app.add_option("--seeds", args.seeds, "the seeds, A..B (1..10000)");
  auto* seed =
      app.add_option("--seed", args.seed, "one seed only")->excludes(seeds);
  app.add_flag("--trace", args.trace,
               "print every event, served call and fault")
      ->needs(seed);
  app.add_option("--jobs", args.jobs, "processes (1)")
      ->check(CLI::Range(1U, jobs_max));
  app.add_option("--tasks", args.tasks, "subtasks of each plan (1 to 12)")
      ->check(CLI::Range(1U, 64U));
  app.add_flag("--hash", args.hash, "print the trace hash of each seed");
  app.add_option("--only", args.only, "faults that may happen, a,b,c or none")
      ->delimiter(',');
  app.add_option("--without", args.without, "faults that may not happen")
      ->delimiter(',');
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : bad_usage;
  }
  sim::campaign_options options;
  if (!read_range(args.seeds, options.first_seed, options.last_seed))
    return wrong("--seeds wants A..B, such as 1..10000");
  if (args.hash && options.last_seed - options.first_seed >= hashed_seeds_max)
    return wrong("--hash takes at most 10000000 seeds");
  if (auto text = read_faults(args, options.simulation.allowed); !text.empty())
    return wrong(text);
  options.simulation.scenario.tasks = args.tasks;
  return args.seed ? run_one(*args.seed, args, options.simulation)
                   : run_many(args, options);
} catch (const std::exception& e) {
  std::cerr << "brigade-sim: " << e.what() << '\n';
  return bad_usage;
}
