// Ceilings per day, over all runs of a state directory.
#include "journal_fixture.hpp"

#include <array>
#include <sys/wait.h>
#include <unistd.h>

using namespace brigade;
using namespace brigade::test;
using core::pico_usd;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t today = 20'000 * day_ms + 5;

struct day_fixture : state_fixture {
  journal_ptr journal = open();

  static store::day_request request(int run, std::int64_t slice,
                                    std::int64_t ceiling,
                                    std::int64_t before = 0) {
    store::day_request out;
    out.run = run_number(run);
    out.slice = pico_usd{slice};
    out.spent_before = pico_usd{before};
    out.ceilings.all = pico_usd{ceiling};
    out.wall_ms = today;
    return out;
  }

  bool granted(const store::day_request& what) const {
    auto refused = journal->reserve_for_day(what);
    if (refused)
      BOOST_TEST((refused->code == store::fault_code::over_ceiling));
    return !refused;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(day_ledger, day_fixture)

BOOST_AUTO_TEST_CASE(a_slice_fits_up_to_the_ceiling_and_not_above) {
  BOOST_TEST(!granted(request(1, 1'001, 1'000)));
  BOOST_TEST(granted(request(1, 1'000, 1'000)));
  BOOST_TEST(!granted(request(2, 1, 1'000)));
  BOOST_TEST(granted(request(2, 0, 1'000)));
}

BOOST_AUTO_TEST_CASE(an_ended_run_counts_with_what_it_spent) {
  BOOST_TEST(granted(request(1, 1'000, 1'000)));
  finish(*journal, run_number(1)); // 150
  BOOST_TEST(!granted(request(2, 851, 1'000)));
  BOOST_TEST(granted(request(2, 850, 1'000)));
}

BOOST_AUTO_TEST_CASE(what_was_spent_stays_spent_when_its_run_is_pruned) {
  BOOST_TEST(granted(request(1, 1'000, 1'000)));
  finish(*journal, run_number(1)); // 150
  BOOST_TEST(*journal->prune({run_number(1)}) == 1U);
  BOOST_TEST(!granted(request(2, 851, 1'000)));
  BOOST_TEST(granted(request(2, 850, 1'000)));
}

BOOST_AUTO_TEST_CASE(each_life_counts_with_its_own_share) {
  const auto run = run_number(1);
  BOOST_TEST(granted(request(1, 1'000, 1'000)));
  journal->begin(run, source());
  BOOST_TEST(append(
      *journal, run,
      list(submitted(), intended(1, 300), settled(1, 100), suspended())));
  // 100 are spent; the second life may spend 900 more.
  BOOST_TEST(static_cast<bool>(journal->claim(run)));
  BOOST_TEST(!granted(request(1, 901, 1'000, 100)));
  BOOST_TEST(granted(request(1, 900, 1'000, 100)));
  BOOST_TEST(!granted(request(2, 1, 1'000)));
}

BOOST_AUTO_TEST_CASE(a_life_on_another_day_counts_there) {
  BOOST_TEST(granted(request(1, 1'000, 1'000)));
  auto tomorrow = request(2, 1'000, 1'000);
  tomorrow.wall_ms += day_ms;
  BOOST_TEST(granted(tomorrow));
  // A clock that is set back frees nothing.
  BOOST_TEST(!granted(request(3, 1, 1'000)));
}

BOOST_AUTO_TEST_CASE(a_dead_owner_counts_with_what_is_written_down) {
  const auto run = run_number(1);
  {
    auto other = open();
    BOOST_TEST(!other->reserve_for_day(request(1, 1'000, 1'000)));
    other->begin(run, source());
    BOOST_TEST(append(*other, run,
                      list(submitted(), intended(1, 300), settled(1, 100),
                           intended(2, 200, "{}"))));
    BOOST_TEST(!granted(request(2, 1, 1'000)));
  }
  // 100 are spent, 200 in flight at their worst case.
  BOOST_TEST(!granted(request(2, 701, 1'000)));
  BOOST_TEST(granted(request(2, 700, 1'000)));
}

BOOST_AUTO_TEST_CASE(a_dead_owner_without_a_run_counts_nothing) {
  BOOST_TEST(!open()->reserve_for_day(request(1, 1'000, 1'000)));
  BOOST_TEST(granted(request(2, 1'000, 1'000)));
}

BOOST_AUTO_TEST_CASE(clients_have_ceilings_of_their_own) {
  auto of_anna = request(1, 400, 1'000);
  of_anna.client = "anna";
  of_anna.ceilings.client = pico_usd{500};
  BOOST_TEST(granted(of_anna));
  of_anna.run = run_number(2);
  of_anna.slice = pico_usd{101};
  BOOST_TEST(!granted(of_anna));
  auto of_ben = of_anna;
  of_ben.client = "ben";
  BOOST_TEST(granted(of_ben));
}

BOOST_AUTO_TEST_CASE(sums_do_not_wrap) {
  const auto most = pico_usd::max().value;
  BOOST_TEST(granted(request(1, most, most)));
  BOOST_TEST(!granted(request(2, most, most - 1)));
}

BOOST_AUTO_TEST_CASE(of_many_processes_at_once_only_as_many_fit) {
  journal.reset();
  constexpr int processes = 8;
  std::array<pid_t, processes> children{};
  std::array<int, 2> gate{};
  std::array<int, 2> news{};
  BOOST_TEST_REQUIRE(::pipe(gate.data()) == 0);
  BOOST_TEST_REQUIRE(::pipe(news.data()) == 0);
  for (int n = 0; n < processes; ++n) {
    auto& child = children[static_cast<std::size_t>(n)];
    child = ::fork();
    if (child == 0) {
      ::close(gate[1]);
      auto own = open();
      const bool fits = !own->reserve_for_day(request(n, 300, 1'000));
      [[maybe_unused]] auto told = ::write(news[1], fits ? "y" : "n", 1);
      // A slice is set aside as long as its process lives.
      char nothing = 0;
      [[maybe_unused]] auto end = ::read(gate[0], &nothing, 1);
      ::_exit(0);
    }
  }
  int fitting = 0;
  for (int n = 0; n < processes; ++n) {
    char answer = 0;
    BOOST_TEST(::read(news[0], &answer, 1) == 1);
    fitting += answer == 'y' ? 1 : 0;
  }
  BOOST_TEST(fitting == 3);
  ::close(gate[1]);
  for (auto child : children)
    ::waitpid(child, nullptr, 0);
  for (int fd : {gate[0], news[0], news[1]})
    ::close(fd);
}

BOOST_AUTO_TEST_SUITE_END()
