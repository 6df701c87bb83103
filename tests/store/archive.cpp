#include "brigade/store/archive.hpp"

#include "journal_fixture.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <sys/stat.h>

using namespace brigade;
using namespace brigade::test;
using store::fault_code;

namespace {

unsigned mode_of(const std::string& path) {
  struct ::stat info {};
  BOOST_TEST(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

struct archive_fixture : state_fixture {
  std::vector<std::string> ids(const store::list_filter& filter) const {
    auto rows = look().list(filter);
    BOOST_TEST_REQUIRE(static_cast<bool>(rows));
    std::vector<std::string> out;
    for (const auto& row : *rows)
      out.push_back(row.summary.id.text);
    return out;
  }

  store::result<journal_ptr> try_open() const {
    store::sqlite_journal_options options;
    options.directory = directory;
    return store::sqlite_journal::open(std::move(options));
  }

  std::int64_t count(const std::string& table) const {
    SQLite::Database db{file, SQLite::OPEN_READONLY};
    return db.execAndGet("SELECT count(*) FROM " + table).getInt64();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(archive, archive_fixture)

BOOST_AUTO_TEST_CASE(where_nothing_was_run_there_is_no_archive) {
  auto opened = store::archive::open(directory);
  BOOST_TEST_REQUIRE(!opened);
  BOOST_TEST((opened.error().code == fault_code::not_found));
}

BOOST_AUTO_TEST_CASE(lists_show_the_newest_first_and_what_is_asked_for) {
  auto journal = open();
  finish(*journal, run_number(1), "Compare 100% of the teas.");
  finish(*journal, run_number(2), "Rank the harbours.");
  journal->begin(run_number(3), source());
  BOOST_TEST(append(*journal, run_number(3),
                    list(submitted("Nested.", run_number(2).text))));
  using strings = std::vector<std::string>;
  const strings both{run_number(2).text, run_number(1).text};
  BOOST_TEST(ids({}) == both);
  store::list_filter filter;
  filter.goal_part = "COMPARE 100%";
  BOOST_TEST(ids(filter) == strings{run_number(1).text});
  filter.goal_part = "_";
  BOOST_TEST(ids(filter).empty());
  filter = {};
  filter.nested = true;
  BOOST_TEST(ids(filter).size() == 3U);
  filter.status = core::run_status::running;
  BOOST_TEST(ids(filter) == strings{run_number(3).text});
  filter = {};
  filter.crew = "nobody's";
  BOOST_TEST(ids(filter).empty());
  filter = {};
  filter.runs_max = 1;
  BOOST_TEST(ids(filter) == strings{run_number(2).text});
  filter = {};
  filter.since_wall_ms = 1'700'000'000'000;
  BOOST_TEST(ids(filter) == both);
  filter.since_wall_ms = 1'700'000'000'001;
  BOOST_TEST(ids(filter).empty());
}

BOOST_AUTO_TEST_CASE(a_summary_says_what_the_events_say) {
  auto journal = open();
  finish(*journal, run_number(1));
  auto found = look().find("last");
  BOOST_TEST_REQUIRE(static_cast<bool>(found));
  BOOST_TEST(found->summary.spent.value == 150);
  BOOST_TEST(found->summary.in_flight.value == 0);
  BOOST_TEST(found->summary.calls == 2U);
  BOOST_TEST(found->summary.last_seq == 6U);
  BOOST_TEST(found->owner == "");
  BOOST_TEST(!found->stands_still());
  core::summary_fold fold{run_number(1)};
  const auto log = look().events(run_number(1));
  BOOST_TEST_REQUIRE(static_cast<bool>(log));
  for (const auto& e : *log)
    fold.apply(*e);
  BOOST_TEST((fold.summary() == found->summary));
}

BOOST_AUTO_TEST_CASE(a_run_is_found_by_the_beginning_of_its_id) {
  auto journal = open();
  for (int n : {1, 2})
    finish(*journal, run_number(n));
  const auto kept = look();
  const auto id = run_number(1).text;
  BOOST_TEST(kept.find(id)->summary.id.text == id);
  std::string lower = id;
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  BOOST_TEST(kept.find(lower)->summary.id.text == id);
  BOOST_TEST(kept.find("last")->summary.id.text == run_number(2).text);
  auto code = [&](std::string_view name) {
    auto found = kept.find(name);
    BOOST_TEST_REQUIRE(!found);
    return found.error().code;
  };
  BOOST_TEST((code(id.substr(0, 6)) == fault_code::ambiguous));
  BOOST_TEST((code(id.substr(0, 5)) == fault_code::not_found));
  BOOST_TEST((code("7ZZZZZZZ") == fault_code::not_found));
  BOOST_TEST((code("' OR 1=1 --") == fault_code::not_found));
}

BOOST_AUTO_TEST_CASE(events_are_read_in_parts) {
  auto journal = open();
  finish(*journal, run_number(1));
  const auto kept = look();
  BOOST_TEST(kept.events(run_number(1), 4)->size() == 2U);
  BOOST_TEST(kept.events(run_number(1), 4, 1)->front()->seq == 5U);
  BOOST_TEST(kept.events(run_number(1), 6)->empty());
  BOOST_TEST(kept.events(run_number(1), UINT64_MAX)->empty());
  BOOST_TEST(
      (kept.events(run_number(2)).error().code == fault_code::not_found));
}

BOOST_AUTO_TEST_CASE(nobody_else_may_read_or_write) {
  auto journal = open();
  finish(*journal, run_number(1));
  BOOST_TEST(mode_of(directory) == 0700U);
  BOOST_TEST(mode_of(directory + "/owners") == 0700U);
  BOOST_TEST(mode_of(file) == 0600U);
  BOOST_TEST(mode_of(file + "-wal") == 0600U);
  BOOST_TEST(mode_of(file + "-shm") == 0600U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_others_can_write_is_refused) {
  for (unsigned mode : {0720U, 0702U, 01777U}) {
    ::mkdir(directory.c_str(), 0700);
    ::chmod(directory.c_str(), mode);
    auto opened = try_open();
    BOOST_TEST_REQUIRE(!opened);
    BOOST_TEST((opened.error().code == fault_code::io));
    BOOST_TEST(opened.error().message.find("chmod 700") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_a_file_is_refused) {
  folder.write("state", "no");
  auto opened = try_open();
  BOOST_TEST_REQUIRE(!opened);
  BOOST_TEST((opened.error().code == fault_code::io));
}

BOOST_AUTO_TEST_CASE(pruning_keeps_documents_that_another_run_has) {
  auto journal = open();
  const auto shared = source();
  finish(*journal, run_number(1), "One.", shared);
  finish(*journal, run_number(2), "Two.", shared);
  finish(*journal, run_number(3), "Three.", source("Another.\n"));
  // Two documents and the crew.
  BOOST_TEST(count("documents") == 3);
  auto gone = journal->prune({run_number(1), run_number(3), run_number(9)});
  BOOST_TEST_REQUIRE(static_cast<bool>(gone));
  BOOST_TEST(*gone == 2U);
  BOOST_TEST(count("documents") == 2);
  BOOST_TEST(count("events") == 6);
  BOOST_TEST(static_cast<bool>(look().source(run_number(2))));
  BOOST_TEST(*journal->prune({run_number(2)}) == 1U);
  BOOST_TEST(count("documents") == 0);
  BOOST_TEST(count("events") == 0);
}

BOOST_AUTO_TEST_CASE(pruning_leaves_runs_that_have_not_ended) {
  auto journal = open();
  journal->begin(run_number(1), source());
  BOOST_TEST(append(*journal, run_number(1), list(submitted())));
  BOOST_TEST(*journal->prune({run_number(1)}) == 0U);
  BOOST_TEST(append(*journal, run_number(1), list(suspended())));
  BOOST_TEST(*journal->prune({run_number(1)}) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
