#include "brigade/core/run/critical_path.hpp"

#include "brigade/core/run/report.hpp"

#include "run_story.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;
using namespace brigade::test;
using places = std::vector<std::uint32_t>;

BOOST_AUTO_TEST_SUITE(critical_paths)

BOOST_AUTO_TEST_CASE(the_longest_chain_is_named_from_its_beginning) {
  run_story story;
  story.submit().accept({planned("d", {"b", "c"}), planned("a"),
                         planned("b", {"a"}), planned("c", {"a"})},
                        100);
  story.work("a", 10).work("b", 20).work("c", 30).work("d", 5);
  const auto path = critical_path_of(story.state);
  BOOST_TEST(path.tasks == (places{1, 3, 0}), boost::test_tools::per_element());
  BOOST_TEST(path.ms == 45);
  BOOST_TEST(kpis_of(story.state).critical_path_ms == 145);
}

BOOST_AUTO_TEST_CASE(a_subtask_that_runs_counts_up_to_the_last_event) {
  run_story story;
  story.submit().accept({planned("a"), planned("b")});
  story.then(events::task_started{"b", 1}).work("a", 40);
  BOOST_TEST(critical_path_of(story.state).tasks == places{0},
             boost::test_tools::per_element());
  story.then(events::budget_warned{}, 1);
  BOOST_TEST(critical_path_of(story.state).tasks == places{1},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_work_there_is_no_chain) {
  run_story story;
  BOOST_TEST(critical_path_of(story.state).tasks.empty());
  story.submit().accept({planned("a")}, 100);
  BOOST_TEST(critical_path_of(story.state).tasks.empty());
}

BOOST_AUTO_TEST_CASE(a_cycle_and_an_unknown_name_do_no_harm) {
  run_story story;
  story.submit().accept({planned("a", {"b"}), planned("b", {"a", "nobody"})});
  story.work("a", 10).work("b", 20);
  BOOST_TEST(critical_path_of(story.state).tasks.size() == 2u);
  BOOST_TEST(dependencies_of(*story.state.plan).at(1) == places{0},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
