// Files that were damaged or changed: named and refused, never skipped.
#include "journal_fixture.hpp"

#include "brigade/store/detail/database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <fstream>
#include <sys/stat.h>

using namespace brigade;
using namespace brigade::test;
using store::fault_code;

namespace {

struct damaged_fixture : state_fixture {
  core::run_id run = run_number(1);

  /// A run that stands still, so that it can be claimed.
  damaged_fixture() {
    auto journal = open();
    journal->begin(run, source());
    const auto ask = intended(1, 300);
    BOOST_TEST_REQUIRE(append(*journal, run, list(submitted(), ask)));
    BOOST_TEST_REQUIRE(
        append(*journal, run, list(settled(1, 100), suspended())));
  }

  SQLite::Database raw() const { return {file, SQLite::OPEN_READWRITE}; }

  /// What reading the run says; empty: that all is well.
  std::string verdict(const store::archive& kept) const {
    auto log = kept.events(run);
    if (!log) {
      BOOST_TEST((log.error().code == fault_code::corrupt));
      BOOST_TEST(log.error().message.find(run.text) != std::string::npos);
      return log.error().message;
    }
    auto from = kept.source(run);
    if (!from) {
      BOOST_TEST((from.error().code == fault_code::corrupt));
      return from.error().message;
    }
    return {};
  }

  void refused() const {
    auto journal = open();
    auto claimed = journal->claim(run);
    BOOST_TEST_REQUIRE(!claimed);
    BOOST_TEST((claimed.error().code == fault_code::corrupt));
    std::vector<store::fault> faults;
    auto rest = journal->claim_unfinished(10, faults);
    BOOST_TEST_REQUIRE(static_cast<bool>(rest));
    BOOST_TEST(rest->empty());
    BOOST_TEST(faults.size() == 1U);
  }

  /// Changes each byte of a column, one after the other.
  void flip(const std::string& table, const std::string& column,
            const std::string& type) {
    auto db = raw();
    const auto kept = look();
    BOOST_TEST_REQUIRE(verdict(kept) == "");
    std::vector<std::pair<std::int64_t, std::string>> cells;
    {
      SQLite::Statement select{db, "SELECT rowid, " + column + " FROM " + table
                                       + " WHERE " + column + " IS NOT NULL"};
      while (select.executeStep())
        cells.emplace_back(select.getColumn(0).getInt64(),
                           select.getColumn(1).getString());
    }
    BOOST_TEST_REQUIRE(!cells.empty());
    SQLite::Statement update{db, "UPDATE " + table + " SET " + column
                                     + " = CAST(? AS " + type
                                     + ") WHERE rowid = ?"};
    const auto store = [&](std::int64_t row, const std::string& value) {
      update.reset();
      update.bind(1, value.data(), static_cast<int>(value.size()));
      update.bind(2, row);
      BOOST_TEST(update.exec() == 1);
    };
    bool first = true;
    for (const auto& [row, good] : cells) {
      for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
        store(row, bad);
        BOOST_TEST(verdict(kept) != "",
                   table << "." << column << " row " << row << " byte " << i);
        if (std::exchange(first, false))
          refused();
      }
      store(row, good);
    }
    BOOST_TEST(verdict(kept) == "");
  }

  void refused_after(const std::string& change) const {
    raw().exec(change);
    BOOST_TEST(verdict(look()) != "", change);
    refused();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(damage, damaged_fixture)

BOOST_AUTO_TEST_CASE(every_byte_of_an_events_data_counts) {
  flip("events", "data", "TEXT");
}

BOOST_AUTO_TEST_CASE(every_byte_of_an_events_text_counts) {
  flip("events", "text", "TEXT");
}

BOOST_AUTO_TEST_CASE(every_byte_of_an_events_hash_counts) {
  flip("events", "chain", "BLOB");
}

BOOST_AUTO_TEST_CASE(every_byte_of_an_events_type_counts) {
  flip("events", "type", "TEXT");
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_source_counts) {
  flip("sources", "data", "TEXT");
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_document_counts) {
  flip("documents", "text", "TEXT");
}

BOOST_AUTO_TEST_CASE(the_hash_at_the_end_of_a_log_counts) {
  flip("runs", "chain", "BLOB");
}

BOOST_AUTO_TEST_CASE(times_and_numbers_of_events_count) {
  const std::string columns[] = {"wall_ms", "at_ms", "seq", "run"};
  for (const auto& column : columns) {
    const auto change = [&](const char* by) {
      raw().exec("UPDATE events SET " + column + " = " + column + by
                 + " WHERE row = 4");
    };
    change(" + 7");
    BOOST_TEST(verdict(look()) != "", column);
    change(" - 7");
    BOOST_TEST(verdict(look()) == "", column);
  }
}

BOOST_AUTO_TEST_CASE(an_end_that_was_cut_off_is_noticed) {
  refused_after("DELETE FROM events WHERE seq = 4");
}

BOOST_AUTO_TEST_CASE(a_row_in_the_middle_that_is_gone_is_noticed) {
  refused_after("DELETE FROM events WHERE seq = 2");
}

BOOST_AUTO_TEST_CASE(an_end_that_was_cut_off_in_both_places_is_noticed) {
  refused_after("DELETE FROM events WHERE seq = 4; UPDATE runs SET "
                "last_seq = 3");
}

BOOST_AUTO_TEST_CASE(what_a_list_shows_must_follow_from_the_events) {
  raw().exec("UPDATE runs SET spent_pico = 1");
  refused();
}

BOOST_AUTO_TEST_CASE(a_status_that_nobody_knows_is_refused) {
  raw().exec("UPDATE runs SET ceiling_pico = 5, status = 'running'");
  refused();
}

BOOST_AUTO_TEST_CASE(a_damaged_nested_run_keeps_its_parent_from_going_on) {
  const auto part = run_number(2);
  {
    auto journal = open();
    journal->begin(part, source());
    BOOST_TEST(append(*journal, part, list(submitted("Nested.", run.text))));
  }
  raw().exec("UPDATE events SET data = '{}' WHERE row = 5");
  refused();
  // And neither is held by the journal that tried.
  auto first = open();
  auto second = open();
  BOOST_TEST(!first->claim(run));
  auto why = second->claim(run);
  BOOST_TEST_REQUIRE(!why);
  BOOST_TEST((why.error().code == fault_code::corrupt));
}

BOOST_AUTO_TEST_CASE(other_files_are_no_journals) {
  const auto verdict_on = [&](const std::string& change) {
    raw().exec(change);
    store::sqlite_journal_options options;
    options.directory = directory;
    auto opened = store::sqlite_journal::open(std::move(options));
    BOOST_TEST_REQUIRE(!opened, change);
    BOOST_TEST((opened.error().code == fault_code::unreadable), change);
    auto shown = store::archive::open(directory);
    BOOST_TEST_REQUIRE(!shown, change);
    BOOST_TEST((shown.error().code == fault_code::unreadable), change);
    return opened.error().message;
  };
  BOOST_TEST(verdict_on("PRAGMA user_version = 99").find("newer")
             != std::string::npos);
  verdict_on("PRAGMA user_version = -1");
  verdict_on("PRAGMA user_version = 1; PRAGMA application_id = 7");
  // Somebody else's: most programs number nothing.
  verdict_on("PRAGMA user_version = 0; PRAGMA application_id = 0");
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_refused) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  std::ofstream{file} << std::string(5000, 'x');
  store::sqlite_journal_options options;
  options.directory = directory;
  auto opened = store::sqlite_journal::open(options);
  BOOST_TEST_REQUIRE(!opened);
  BOOST_TEST((opened.error().code == fault_code::corrupt));
  BOOST_TEST(opened.error().message.find(file) != std::string::npos);
  // An empty one is a journal that nobody has written to.
  std::ofstream{file, std::ios::trunc};
  BOOST_TEST(static_cast<bool>(store::sqlite_journal::open(options)));
}

BOOST_AUTO_TEST_SUITE_END()
