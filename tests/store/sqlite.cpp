#include "brigade/store/sqlite.hpp"

#include "journal_fixture.hpp"

#include "brigade/core/run/event_record.hpp"

#include <array>
#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace brigade;
using namespace brigade::test;
using store::fault_code;

namespace {

constexpr std::size_t all = SIZE_MAX;

/// A process that does `what` and then lives until it is killed.
class other_process {
public:
  explicit other_process(const std::function<void()>& what) {
    std::array<int, 2> ends{};
    BOOST_TEST_REQUIRE(::pipe(ends.data()) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      what();
      [[maybe_unused]] auto told = ::write(ends[1], "x", 1);
      for (;;)
        ::pause();
    }
    ::close(ends[1]);
    char done = 0;
    BOOST_TEST(::read(ends[0], &done, 1) == 1);
    ::close(ends[0]);
  }

  ~other_process() { kill(); }

  void kill() {
    if (pid_ <= 0)
      return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  std::string name() const { return "process " + std::to_string(pid_); }

private:
  pid_t pid_ = -1;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sqlite_journal, state_fixture)

BOOST_AUTO_TEST_CASE(what_is_durable_is_read_in_order_and_numbered) {
  const auto run = run_number(1);
  std::vector<std::uint64_t> heard;
  {
    store::sqlite_journal_options options;
    options.directory = directory;
    options.listener = [&](const core::run_id&, const core::event_ptr& e) {
      heard.push_back(e->seq);
    };
    auto opened = store::sqlite_journal::open(std::move(options));
    BOOST_TEST_REQUIRE(static_cast<bool>(opened));
    auto& journal = **opened;
    journal.begin(run, source());
    BOOST_TEST(append(journal, run, list(submitted())));
    BOOST_TEST(append(journal, run, list(intended(1, 5), settled(1, 3))));
    BOOST_TEST(journal.read(run, 0, all).size() == 3U);
    BOOST_TEST(journal.read(run, 1, 1).front()->seq == 2U);
    BOOST_TEST(journal.read(run, 3, all).empty());
    BOOST_TEST(journal.read(run_number(2), 0, all).empty());
    BOOST_TEST(append(journal, run, {}));
  }
  BOOST_TEST((heard == std::vector<std::uint64_t>{1, 2, 3}));
  auto log = look().events(run);
  BOOST_TEST_REQUIRE(static_cast<bool>(log));
  BOOST_TEST(log->size() == 3U);
  auto again = open();
  const auto read = again->read(run, 1, all);
  BOOST_TEST_REQUIRE(read.size() == 2U);
  BOOST_TEST(core::long_text_of(read[1]->body)->str() == "green");
}

BOOST_AUTO_TEST_CASE(acknowledgements_come_in_the_order_of_appends) {
  auto journal = open();
  const auto run = run_number(1);
  journal->begin(run, source());
  std::vector<std::uint64_t> order;
  std::promise<void> last;
  core::append_result result;
  std::vector<std::uint64_t> tickets;
  for (int i = 0; i < 200; ++i)
    tickets.push_back(journal->append(run, list(submitted())).ticket);
  for (auto ticket : tickets)
    journal->when_durable(ticket, [&, ticket](core::append_status status) {
      BOOST_TEST((status == core::append_status::durable));
      order.push_back(ticket);
    });
  BOOST_TEST(append(*journal, run, {}));
  BOOST_TEST(journal->read(run, 0, all).size() == 200U);
  BOOST_TEST(order.size() == 200U);
}

BOOST_AUTO_TEST_CASE(appends_of_many_runs_share_transactions) {
  auto journal = open();
  constexpr int runs = 50;
  std::vector<core::append_result> ends;
  for (int n = 0; n < runs; ++n)
    journal->begin(run_number(n), source());
  for (int i = 0; i < 20; ++i)
    for (int n = 0; n < runs; ++n)
      ends.push_back(journal->append(run_number(n), list(submitted())));
  for (auto& end : ends)
    BOOST_TEST((end_of(*journal, end) == core::append_status::durable));
  const auto counts = journal->counts();
  BOOST_TEST(counts.events == 1000U);
  BOOST_TEST(counts.appends == 1000U);
  BOOST_TEST(counts.transactions < 500U);
}

BOOST_AUTO_TEST_CASE(a_run_that_nobody_began_is_refused) {
  auto journal = open();
  BOOST_TEST(!append(*journal, run_number(1), list(submitted())));
  BOOST_TEST(journal->read(run_number(1), 0, all).empty());
}

BOOST_AUTO_TEST_CASE(a_run_id_is_used_once) {
  auto journal = open();
  finish(*journal, run_number(1));
  journal->begin(run_number(1), source());
  BOOST_TEST(!append(*journal, run_number(1), list(submitted("Another."))));
  auto log = look().events(run_number(1));
  BOOST_TEST_REQUIRE(static_cast<bool>(log));
  BOOST_TEST(log->size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_at_once) {
  store::sqlite_journal_options options;
  options.directory = directory;
  options.queue_events_max = 2;
  auto journal = *store::sqlite_journal::open(std::move(options));
  journal->begin(run_number(1), source());
  const auto over = journal->append(
      run_number(1), list(submitted(), suspended(), suspended()));
  BOOST_TEST((over.status == core::append_status::failed));
  BOOST_TEST(append(*journal, run_number(1), list(submitted(), suspended())));
}

BOOST_AUTO_TEST_CASE(of_two_journals_in_one_process_one_owns_a_run) {
  auto first = open();
  auto second = open();
  const auto run = run_number(1);
  first->begin(run, source());
  BOOST_TEST(append(*first, run, list(submitted())));
  auto refused = second->claim(run);
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == fault_code::owned));
  BOOST_TEST(!append(*second, run, list(suspended())));
  first.reset();
  auto taken = second->claim(run);
  BOOST_TEST_REQUIRE(static_cast<bool>(taken));
  BOOST_TEST(taken->source.origin == source()->origin);
  BOOST_TEST(taken->source.inputs->front().text() == "Tea is green.\n");
  BOOST_TEST(append(*second, run, list(suspended())));
  BOOST_TEST(second->read(run, 0, all).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_released_run_is_free_at_once) {
  auto first = open();
  auto second = open();
  const auto run = run_number(1);
  first->begin(run, source());
  BOOST_TEST(append(*first, run, list(submitted())));
  first->release(run);
  // Release does not wait; whatever is asked of the journal next does.
  BOOST_TEST(static_cast<bool>(first->prune({})));
  BOOST_TEST(static_cast<bool>(second->claim(run)));
  second->release(run);
  BOOST_TEST(static_cast<bool>(second->prune({})));
  BOOST_TEST(static_cast<bool>(first->claim(run)));
  BOOST_TEST(append(*first, run, list(suspended())));
}

BOOST_AUTO_TEST_CASE(an_ended_run_cannot_be_claimed) {
  auto journal = open();
  finish(*journal, run_number(1));
  auto refused = journal->claim(run_number(1));
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == fault_code::ended));
  auto unknown = journal->claim(run_number(2));
  BOOST_TEST_REQUIRE(!unknown);
  BOOST_TEST((unknown.error().code == fault_code::not_found));
}

BOOST_AUTO_TEST_CASE(the_death_of_a_process_frees_its_runs) {
  const auto run = run_number(1);
  other_process other{[&] {
    static journal_ptr kept = open();
    kept->begin(run, source());
    append(*kept, run, list(submitted(), intended(1, 7)));
  }};
  auto journal = open();
  auto refused = journal->claim(run);
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == fault_code::owned));
  BOOST_TEST(refused.error().message.find(other.name()) != std::string::npos);
  BOOST_TEST(look().find("last")->owner == other.name());
  other.kill();
  BOOST_TEST(look().find("last")->stands_still());
  auto taken = journal->claim(run);
  BOOST_TEST_REQUIRE(static_cast<bool>(taken));
  BOOST_TEST(taken->summary.in_flight.value == 7);
  BOOST_TEST(append(*journal, run, list(settled(1, 7), finished())));
}

BOOST_AUTO_TEST_CASE(eight_writers_at_once_lose_nothing) {
  constexpr int writers = 8;
  constexpr int appends = 25;
  open();
  std::array<pid_t, writers> children{};
  for (int w = 0; w < writers; ++w) {
    children[static_cast<std::size_t>(w)] = ::fork();
    if (children[static_cast<std::size_t>(w)] == 0) {
      bool good = true;
      {
        auto journal = open();
        journal->begin(run_number(w), source());
        for (int i = 0; i < appends; ++i)
          good = append(*journal, run_number(w), list(submitted())) && good;
      }
      ::_exit(good ? 0 : 1);
    }
  }
  for (auto child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
  }
  auto kept = look();
  for (int w = 0; w < writers; ++w) {
    auto log = kept.events(run_number(w));
    BOOST_TEST_REQUIRE(static_cast<bool>(log));
    BOOST_TEST(log->size() == static_cast<std::size_t>(appends));
  }
}

BOOST_AUTO_TEST_CASE(unfinished_runs_are_claimed_oldest_first_with_nested) {
  {
    auto first = open();
    for (int n : {1, 2, 3}) {
      first->begin(run_number(n), source());
      BOOST_TEST(append(*first, run_number(n), list(submitted())));
    }
    finish(*first, run_number(4));
    first->begin(run_number(5), source());
    BOOST_TEST(append(*first, run_number(5),
                      list(submitted("Nested.", run_number(2).text))));
  }
  auto second = open();
  BOOST_TEST(static_cast<bool>(second->claim(run_number(1))));
  auto third = open();
  std::vector<store::fault> faults;
  auto taken = third->claim_unfinished(10, faults);
  BOOST_TEST_REQUIRE(static_cast<bool>(taken));
  BOOST_TEST(faults.empty());
  BOOST_TEST_REQUIRE(taken->size() == 2U);
  BOOST_TEST((*taken)[0].summary.id.text == run_number(2).text);
  BOOST_TEST((*taken)[1].summary.id.text == run_number(3).text);
  BOOST_TEST(append(*third, run_number(5), list(suspended())));
  auto part = second->claim(run_number(5));
  BOOST_TEST(!part);
}

BOOST_AUTO_TEST_SUITE_END()
