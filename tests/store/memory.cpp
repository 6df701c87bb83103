#include "brigade/store/memory.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade;
using core::append_status;

namespace {

const core::run_id one{"01ARZ3NDEKTSV4RRFFQ69G5FAV"};
const core::run_id two{"01ARZ3NDEKTSV4RRFFQ69G5FAW"};

std::vector<core::event> some(std::size_t count) {
  std::vector<core::event> events(count);
  for (auto& e : events)
    e.body = core::events::run_resumed{};
  return events;
}

} // namespace

BOOST_AUTO_TEST_CASE(sequences_are_dense_and_of_each_run) {
  store::memory_journal journal;
  BOOST_TEST((journal.append(one, some(2)).status == append_status::durable));
  journal.append(two, some(1));
  journal.append(one, some(1));
  const auto log = journal.read(one, 0, 10);
  BOOST_REQUIRE(log.size() == 3u);
  BOOST_TEST(log[2]->seq == 3u);
  BOOST_TEST(journal.read(two, 0, 10).size() == 1u);
  BOOST_TEST(journal.read(one, 1, 1).at(0)->seq == 2u);
  BOOST_TEST(journal.read(one, 3, 10).empty());
  journal.forget(one);
  BOOST_TEST(journal.read(one, 0, 10).empty());
  BOOST_TEST(journal.runs() == 1u);
}

BOOST_AUTO_TEST_CASE(a_failed_append_stores_nothing) {
  store::memory_journal journal{
      {{}, [](const auto&, const auto&) { return append_status::failed; }}};
  BOOST_TEST((journal.append(one, some(1)).status == append_status::failed));
  BOOST_TEST(journal.read(one, 0, 10).empty());
}

BOOST_AUTO_TEST_CASE(a_delayed_append_is_seen_when_it_is_durable) {
  bool delay = true;
  std::vector<std::uint64_t> seen;
  store::memory_journal journal{
      {[&seen](const core::run_id&, const core::event_ptr& e) {
         seen.push_back(e->seq);
       },
       [&delay](const auto&, const auto&) {
         return delay ? append_status::pending : append_status::durable;
       }}};
  const auto first = journal.append(one, some(1));
  delay = false;
  // Nothing overtakes within a run.
  const auto second = journal.append(one, some(1));
  BOOST_TEST((second.status == append_status::pending));
  BOOST_TEST((journal.append(two, some(1)).status == append_status::durable));
  int told = 0;
  journal.when_durable(first.ticket, [&told](append_status status) {
    told += status == append_status::durable ? 1 : 100;
  });
  BOOST_TEST(journal.read(one, 0, 10).empty());
  BOOST_TEST(journal.release() == 2u);
  BOOST_TEST(journal.read(one, 0, 10).size() == 2u);
  // Asked after its end, it tells at once.
  journal.when_durable(second.ticket, [&told](append_status) { ++told; });
  BOOST_TEST(told == 2);
  BOOST_TEST(seen.size() == 3u);
}
