// Several real processes on one state directory, and how they stop.
#include "../app/scratch_folder.hpp"
#include "audit.hpp"
#include "provider.hpp"
#include "victim.hpp"

#include "brigade/store/archive.hpp"

#include <SQLiteCpp/Database.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <poll.h>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::crash;

namespace {

struct process_result {
  int exit_code = 0;
  std::string err;

  bool says(const std::string& part) const {
    return err.find(part) != std::string::npos;
  }
};

/// A victim and what it wrote to stderr.
class process {
public:
  explicit process(const victim_options& options)
      : errors_(options.output_prefix + ".err"), child_(options) {
    // nop
  }

  void send_signal(int number) const { child_.signal(number); }

  process_result finish() {
    const auto code = child_.end();
    return {code, scratch_folder::read(errors_)};
  }

private:
  std::string errors_;
  victim child_;
};

struct program_fixture {
  scratch_folder folder;
  std::string state = folder.path("state");
  provider server{5};
  std::string crew = write_crew();
  mutable int outputs = 0;

  std::string write_crew(const std::string& limits = {}) {
    return folder.write("crew.toml", crew_text(server.base_url(), limits));
  }

  victim_options command(const std::vector<std::string>& args) const {
    victim_options out;
    out.command = {BRIGADE_EXECUTABLE};
    out.command.insert(out.command.end(), args.begin(), args.end());
    out.command.insert(out.command.end(), {"--state", state});
    out.output_prefix = folder.path("output" + std::to_string(++outputs));
    out.environment = {{"BRIGADE_TEST_KEY", "sk-test-0123456789abcdef"}};
    return out;
  }

  victim_options run(std::vector<std::string> more = {}) const {
    std::vector<std::string> args{"run", "Compare the ferries", "-c", crew};
    args.insert(args.end(), more.begin(), more.end());
    return command(args);
  }

  process_result resume(std::vector<std::string> more = {}) const {
    std::vector<std::string> args{"resume", "last"};
    args.insert(args.end(), more.begin(), more.end());
    return process{command(args)}.finish();
  }

  std::vector<core::event_ptr> log() const {
    auto kept = store::archive::open(state);
    BOOST_TEST_REQUIRE(static_cast<bool>(kept));
    auto last = kept->find("last");
    BOOST_TEST_REQUIRE(static_cast<bool>(last));
    auto events = kept->events(last->summary.id);
    BOOST_TEST_REQUIRE(static_cast<bool>(events));
    return *events;
  }

  void wait_for_requests(std::size_t count) {
    while (server.requests() < count) {
      pollfd news{server.news_fd(), POLLIN, 0};
      BOOST_TEST_REQUIRE(::poll(&news, 1, 60'000) == 1);
      server.take_news();
    }
  }

  /// A run that was stopped by this signal after so many requests.
  process_result stopped(int signal, std::size_t requests,
                         std::vector<std::string> more = {}) {
    process child{run(std::move(more))};
    wait_for_requests(requests);
    child.send_signal(signal);
    return child.finish();
  }

  void check_bills(std::size_t in_flight) const {
    for (const auto& what : audit(log(), server.receipts(), in_flight))
      BOOST_ERROR(what);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(processes, program_fixture)

BOOST_AUTO_TEST_CASE(eight_runs_at_once_in_one_state_directory_all_finish) {
  std::vector<std::unique_ptr<process>> children;
  for (int i = 0; i < 8; ++i)
    children.push_back(std::make_unique<process>(run()));
  for (auto& child : children) {
    const auto result = child->finish();
    BOOST_TEST(result.exit_code == 0, result.err);
  }
  auto rows = store::archive::open(state)->list({});
  BOOST_TEST_REQUIRE(static_cast<bool>(rows));
  BOOST_TEST(rows->size() == 8U);
  for (const auto& row : *rows)
    BOOST_TEST((row.summary.status == core::run_status::succeeded));
}

BOOST_AUTO_TEST_CASE(an_interrupt_suspends_and_the_run_goes_on) {
  for (const int signal : {SIGINT, SIGTERM}) {
    server.reset();
    const auto end = stopped(signal, 2);
    BOOST_TEST(end.exit_code == 130, end.err);
    BOOST_TEST(end.says("brigade resume "), end.err);
    const auto in_flight = server.requests();
    const auto result = resume();
    BOOST_TEST(result.exit_code == 0, result.err);
    BOOST_TEST(!answer_of(log()).empty());
    check_bills(in_flight);
  }
}

BOOST_AUTO_TEST_CASE(of_two_resumes_one_wins_and_the_other_names_it) {
  std::promise<void> asked;
  std::atomic<bool> first = true;
  chat_server mute{[&](std::string_view) {
    if (first.exchange(false))
      asked.set_value();
    raw_answer nothing;
    nothing.silent = true;
    return nothing;
  }};
  stopped(SIGKILL, 2);
  // The winner waits for an answer that does not come.
  folder.write("crew.toml", crew_text(mute.base_url()));
  process winner{command({"resume", "last", "--accept-changes"})};
  BOOST_TEST_REQUIRE((asked.get_future().wait_for(std::chrono::seconds{60})
                      == std::future_status::ready));
  const auto loser = resume();
  BOOST_TEST(loser.exit_code == 1);
  BOOST_TEST(loser.says("is being worked on by process"), loser.err);
  winner.send_signal(SIGKILL);
  winner.finish();
  write_crew();
  const auto last = resume({"--accept-changes"});
  BOOST_TEST(last.exit_code == 0, last.err);
}

BOOST_AUTO_TEST_CASE(a_ceiling_per_day_stops_a_loop_of_runs) {
  // A run may cost $0.15, and costs far less.
  crew = write_crew("cost_usd = 0.15\ncost_per_day_usd = 0.152\n");
  int code = 0;
  int runs = 0;
  std::string said;
  for (; code == 0 && runs < 40; ++runs) {
    const auto result = process{run()}.finish();
    code = result.exit_code;
    said = result.err;
  }
  BOOST_TEST(code == 6, said);
  BOOST_TEST(runs > 1);
  BOOST_TEST(said.find("cost_per_day_usd") != std::string::npos);
  const auto spent = server.requests();
  BOOST_TEST(process{run()}.finish().exit_code == 6);
  BOOST_TEST(server.requests() == spent);
}

BOOST_AUTO_TEST_CASE(a_full_disk_suspends_and_nothing_unwritten_is_sent) {
  auto options = run();
  // The size is in blocks of 512 bytes; the write then fails, no signal ends
  // the process.
  options.command.insert(
      options.command.begin(),
      {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 1200; exec \"$@\"", "sh"});
  options.output_prefix = folder.path("full");
  victim child{options};
  const auto code = child.end();
  const auto said = scratch_folder::read(folder.path("full.err"));
  BOOST_TEST_MESSAGE(said);
  BOOST_TEST(code != 0, said);
  BOOST_TEST(code > 0, "ended by signal " << -code);
  BOOST_TEST(said.find("brigade resume ") != std::string::npos, said);
  const auto in_flight = calls_in_flight(log());
  const auto result = resume();
  BOOST_TEST(result.exit_code == 0, result.err);
  check_bills(in_flight);
}

BOOST_AUTO_TEST_CASE(a_changed_crew_or_document_is_shown_and_must_be_accepted) {
  const auto notes = folder.write("notes.md", "The ferry is green.\n");
  stopped(SIGKILL, 2, {"--input", notes});
  folder.write("notes.md", "The ferry is red, and late.\n");
  auto refused = resume();
  BOOST_TEST(refused.exit_code == 3);
  BOOST_TEST(refused.says("document doc1"), refused.err);
  BOOST_TEST(refused.says("--accept-changes"));
  auto changed = crew_text(server.base_url());
  const auto at = changed.find("Work on the subtask.");
  changed.replace(at, 4, "Toil");
  folder.write("crew.toml", changed);
  refused = resume();
  BOOST_TEST(refused.exit_code == 3);
  BOOST_TEST(refused.says("prompt"), refused.err);
  const auto accepted = resume({"--accept-changes"});
  BOOST_TEST(accepted.exit_code == 0, accepted.err);
}

BOOST_AUTO_TEST_CASE(a_changed_byte_in_the_journal_is_named) {
  stopped(SIGKILL, 3);
  {
    SQLite::Database db{state + "/journal.db", SQLite::OPEN_READWRITE};
    db.exec("UPDATE events SET text = replace(text, 'ferries', 'Ferries') "
            "WHERE seq = (SELECT min(seq) FROM events WHERE text LIKE "
            "'%ferries%')");
  }
  const auto before = server.requests();
  const auto refused = resume();
  BOOST_TEST(refused.exit_code == 1);
  BOOST_TEST(refused.says("does not fit its hash"), refused.err);
  BOOST_TEST(refused.says("journal.db"));
  BOOST_TEST(server.requests() == before);
}

BOOST_AUTO_TEST_SUITE_END()
