// brigade-crash: kills the real program at seeded moments and sees that its
// runs go on where they were, without paying twice.
#include "campaign.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  using namespace brigade;
  std::string program;
  std::uint64_t first = 1;
  std::uint64_t kills_wanted = 20;
  std::uint64_t only = 0;
  CLI::App app{"Kills `brigade run` and `brigade resume` at seeded moments and "
               "compares journal and bills."};
  app.add_option("--brigade", program, "The program to kill")->required();
  app.add_option("--kills", kills_wanted, "Ends after so many kills");
  app.add_option("--first-seed", first, "Where the seeds begin");
  app.add_option("--seed", only, "This seed only, with what happened");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    std::uint64_t seeds = 0;
    std::uint64_t kills = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t in_doubt = 0;
    for (auto seed = only != 0 ? only : first; kills < kills_wanted; ++seed) {
      const auto result = crash::run_seed(program, seed);
      ++seeds;
      kills += result.kills;
      in_flight += result.kills_in_flight;
      in_doubt += result.in_doubt;
      if (only != 0 || !result.faults.empty())
        for (const auto& line : result.story)
          std::cout << "  " << line << "\n";
      if (!result.faults.empty()) {
        for (const auto& what : result.faults)
          std::cout << "seed " << seed << ": " << what << "\n";
        std::cout << "repeat with: brigade-crash --brigade " << program
                  << " --seed " << seed << "\n";
        return 1;
      }
      if (only != 0)
        break;
    }
    std::cout << seeds << " runs, " << kills << " kills, " << in_flight
              << " of them with calls in flight, " << in_doubt
              << " calls in doubt; every bill fits\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "brigade-crash: " << error.what() << "\n";
    return 2;
  }
}
