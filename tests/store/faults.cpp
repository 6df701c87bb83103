// The journal over a file layer that fails at the n-th operation, for every n.
#include "fault_vfs.hpp"
#include "journal_fixture.hpp"

#include "brigade/core/run/event_record.hpp"

#include <filesystem>
#include <map>
#include <sqlite3.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

using namespace brigade;
using namespace brigade::test;

namespace {

constexpr std::uint32_t operations_max = 400;

/// What was acknowledged, by run.
using promises = std::map<core::run_id, std::size_t>;

struct fault_fixture : state_fixture {
  fault_vfs vfs;
  promises kept;

  journal_ptr try_open() const {
    store::sqlite_journal_options options;
    options.directory = directory;
    options.vfs = fault_vfs::name;
    auto opened = store::sqlite_journal::open(std::move(options));
    return opened ? *opened : nullptr;
  }

  /// Appends as long as it works; a refused append is the run's last.
  bool work(store::sqlite_journal& journal, const core::run_id& run,
            std::vector<std::vector<core::event>> groups) {
    for (auto& group : groups) {
      const auto count = group.size();
      if (!append(journal, run, std::move(group)))
        return false;
      kept[run] += count;
    }
    return true;
  }

  bool whole_run(store::sqlite_journal& journal, const core::run_id& run) {
    journal.begin(run, source());
    return work(
        journal, run,
        {list(submitted()), list(intended(1, 300, std::string(40'000, 'q'))),
         list(settled(1, 100)), list(intended(2, 300, "{}"), settled(2, 50)),
         list(finished())});
  }

  /// All that was promised can be read, and its chains fit.
  void check() const {
    for (const auto& [run, count] : kept) {
      if (count == 0)
        continue;
      auto log = look().events(run);
      BOOST_TEST_REQUIRE(static_cast<bool>(log),
                         (log ? "" : log.error().message));
      BOOST_TEST(log->size() >= count);
      BOOST_TEST(static_cast<bool>(look().source(run)));
    }
  }

  /// One fault at the n-th operation; false when it never came.
  bool once(const file_fault& fault) {
    BOOST_TEST_CONTEXT("operation " << static_cast<int>(fault.operation)
                                    << " code " << fault.code << " nth "
                                    << fault.nth << " lasting "
                                    << fault.lasting) {
      std::error_code ignored;
      std::filesystem::remove_all(directory, ignored);
      kept.clear();
      const auto run = run_number(1);
      vfs.arm(fault);
      auto journal = try_open();
      if (!journal) {
        BOOST_TEST(vfs.clear());
        journal = try_open();
        BOOST_TEST_REQUIRE(static_cast<bool>(journal));
      }
      const bool whole = whole_run(*journal, run);
      const auto in_life = vfs.clear();
      if (!whole) {
        BOOST_TEST(in_life);
        BOOST_TEST(!journal->last_fault().empty());
      }
      check();
      // Another run works at once, and the failed one when it is read again.
      BOOST_TEST(whole_run(*journal, run_number(2)));
      if (!whole && kept[run] > 0)
        BOOST_TEST(!append(*journal, run, list(suspended())));
      go_on(*journal, run, whole, (fault.nth % 2) == 0);
      check();
      // The end of the last connection moves the log into the file.
      vfs.arm(fault);
      journal.reset();
      const auto at_end = vfs.clear();
      check();
      auto later = open();
      BOOST_TEST(whole_run(*later, run_number(3)));
      check();
      return in_life || at_end;
    }
    return false;
  }

  void go_on(store::sqlite_journal& journal, const core::run_id& run,
             bool whole, bool elsewhere) {
    if (whole || kept[run] == 0)
      return;
    auto* owner = &journal;
    journal_ptr other;
    if (elsewhere) {
      journal.release(run);
      BOOST_TEST(static_cast<bool>(journal.prune({})));
      other = open();
      owner = other.get();
    }
    auto claimed = owner->claim(run);
    // Its last append may be in the file although nobody was told.
    if (!claimed) {
      BOOST_TEST((claimed.error().code == store::fault_code::ended),
                 claimed.error().message);
      return;
    }
    BOOST_TEST(claimed->summary.last_seq >= kept[run]);
    kept[run] = claimed->summary.last_seq;
    BOOST_TEST(work(*owner, run, {list(suspended())}));
  }

  void sweep(file_operation operation, int code, bool lasting) {
    std::uint32_t n = 1;
    while (n < operations_max && once({operation, n, code, lasting}))
      ++n;
    BOOST_TEST(n > 1U);
    BOOST_TEST(n < operations_max);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(faults, fault_fixture)

BOOST_AUTO_TEST_CASE(a_full_disk_at_any_write) {
  sweep(file_operation::write, SQLITE_FULL, false);
}

BOOST_AUTO_TEST_CASE(a_disk_that_stays_full_from_any_write_on) {
  sweep(file_operation::write, SQLITE_FULL, true);
}

BOOST_AUTO_TEST_CASE(a_broken_write) {
  sweep(file_operation::write, SQLITE_IOERR_WRITE, false);
}

BOOST_AUTO_TEST_CASE(a_file_that_becomes_read_only) {
  sweep(file_operation::write, SQLITE_READONLY, true);
}

BOOST_AUTO_TEST_CASE(a_failed_fsync) {
  sweep(file_operation::sync, SQLITE_IOERR_FSYNC, false);
}

BOOST_AUTO_TEST_CASE(fsyncs_that_fail_from_now_on) {
  sweep(file_operation::sync, SQLITE_IOERR_FSYNC, true);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened) {
  sweep(file_operation::open, SQLITE_CANTOPEN, false);
}

BOOST_AUTO_TEST_CASE(a_lock_that_cannot_be_taken) {
  sweep(file_operation::lock, SQLITE_IOERR_LOCK, false);
}

BOOST_AUTO_TEST_CASE(a_failed_truncation) {
  // Only the end of the last connection may truncate, if anything does.
  std::uint32_t n = 1;
  while (n < operations_max
         && once({file_operation::truncate, n, SQLITE_IOERR_TRUNCATE, false}))
    ++n;
  BOOST_TEST(n < operations_max);
}

BOOST_AUTO_TEST_SUITE_END()
