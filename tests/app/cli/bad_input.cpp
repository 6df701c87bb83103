// What a user can get wrong before a run starts: exit codes 2 and 3.
#include "../scratch_folder.hpp"
#include "process.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace {

struct fixture {
  scratch_folder folder;
  std::string notes = folder.write("notes.md", "The pump is blue.\n");

  process_result with_input(const std::string& path) {
    auto result = brigade({"run", "What colour is the pump?", "-i", path});
    BOOST_TEST(result.exit_code == 2);
    BOOST_TEST(result.out == "");
    BOOST_TEST(result.says(path));
    return result;
  }

  process_result with_crew(const std::string& text) {
    return brigade({"run", "goal", "-c", folder.write("crew.toml", text)});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bad_input, fixture)

BOOST_AUTO_TEST_CASE(documents_that_cannot_be_used_are_named) {
  using namespace std::string_literals;
  BOOST_TEST(with_input(folder.path("none.md")).says("no such file"));
  BOOST_TEST(with_input(folder.path(".")).says("directory"));
  BOOST_TEST(with_input("/dev/zero").says("device"));
  BOOST_TEST(with_input(folder.write("a.bin", "\x7F"
                                              "ELF\0\0"s))
                 .says("binary"));
  BOOST_TEST(with_input(folder.write("latin.txt", "gr\xFC\xDF")).says("UTF-8"));
  BOOST_TEST(with_input(folder.write("empty.md", "")).says("is empty"));
  auto huge = folder.write("huge.md", "");
  std::filesystem::resize_file(huge, 100'000'000);
  BOOST_TEST(with_input(huge).says("too large"));
  auto fifo = folder.path("fifo");
  BOOST_TEST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(with_input(fifo).says("pipe"));
}

BOOST_AUTO_TEST_CASE(faults_of_goal_documents_and_plan_come_together) {
  auto result = brigade({"run", " ", "-i", folder.path("a"), "-i",
                         folder.path("b"), "--plan", folder.path("c")});
  BOOST_TEST(result.exit_code == 2);
  BOOST_TEST(result.says("goal is empty"));
  BOOST_TEST(result.says(folder.path("a") + ": no such file"));
  BOOST_TEST(result.says(folder.path("b") + ": no such file"));
  BOOST_TEST(result.says("--plan " + folder.path("c")));
}

BOOST_AUTO_TEST_CASE(an_empty_goal_is_a_usage_error_from_every_source) {
  BOOST_TEST(brigade({"run", ""}).exit_code == 2);
  BOOST_TEST(brigade({"run", "-"}, "\n").exit_code == 2);
  BOOST_TEST(brigade({"run", "-f", folder.write("g", "")}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(wrong_command_lines_get_a_hint_and_code_2) {
  auto result = brigade({"run", "goal", "--jsno"});
  BOOST_TEST(result.exit_code == 2);
  BOOST_TEST(result.says("did you mean --json?"));
  BOOST_TEST(brigade({}).exit_code == 2);
  BOOST_TEST(brigade({"fly"}).exit_code == 2);
  BOOST_TEST(brigade({"run", "g", "--max-cost", "much"}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(an_output_that_cannot_be_written_stops_the_run_first) {
  auto result = brigade(
      {"run", "What colour?", "-i", notes, "-o", folder.path("none/out.md")});
  BOOST_TEST(result.exit_code == 2);
  BOOST_TEST(result.says("does not exist"));
  BOOST_TEST(!result.says("plan:"));
  BOOST_TEST(
      brigade({"run", "g", "-i", notes, "-o", folder.path(".")}).exit_code
      == 2);
}

BOOST_AUTO_TEST_CASE(an_output_never_replaces_what_the_run_reads) {
  auto result = brigade({"run", "What colour?", "-i", notes, "-o", notes});
  BOOST_TEST(result.exit_code == 2);
  BOOST_TEST(result.says("which this run reads"));
  BOOST_TEST(scratch_folder::read(notes) == "The pump is blue.\n");
}

BOOST_AUTO_TEST_CASE(a_crew_file_shows_all_faults_with_their_places) {
  auto result = with_crew("[limits]\ntask_max = 4\ncost_usd = \"x\"\n");
  BOOST_TEST(result.exit_code == 3);
  BOOST_TEST(result.says("crew.toml:2:"));
  BOOST_TEST(result.says("crew.toml:3:"));
  BOOST_TEST(result.says("tasks_max"));
  BOOST_TEST(result.out == "");
}

BOOST_AUTO_TEST_CASE(a_missing_crew_file_is_a_fault_of_the_crew) {
  auto result = brigade({"run", "goal", "-c", folder.path("none.toml")});
  BOOST_TEST(result.exit_code == 3);
  BOOST_TEST(result.says("none.toml"));
}

BOOST_AUTO_TEST_CASE(check_lists_faults_or_sums_the_crew_up) {
  auto bad = brigade({"check", folder.write("bad.toml", "[limits]\nx = 1\n")});
  BOOST_TEST(bad.exit_code == 3);
  BOOST_TEST(bad.says("bad.toml:2:1"));
  BOOST_TEST(bad.out == "");
  auto schema = brigade({"check", "--schema"});
  BOOST_TEST(schema.exit_code == 0);
  BOOST_TEST(schema.out.find("\"$schema\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_on_stdout) {
  auto help = brigade({"run", "--help"});
  BOOST_TEST(help.exit_code == 0);
  BOOST_TEST(help.out.find("Exit codes") != std::string::npos);
  BOOST_TEST(help.err == "");
  auto version = brigade({"version"});
  BOOST_TEST(version.exit_code == 0);
  BOOST_TEST(version.out.starts_with("brigade "));
}

BOOST_AUTO_TEST_SUITE_END()
