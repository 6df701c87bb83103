#include "brigade/core/plan/plan.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

namespace core = brigade::core;

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(failure_policies_have_a_text_form_that_reads_back) {
  using core::failure_policy;
  for (auto policy : {failure_policy::skip, failure_policy::run_with_gap,
                      failure_policy::abort})
    BOOST_TEST((core::parse_failure_policy(core::to_string(policy)) == policy));
  BOOST_TEST(core::to_string(failure_policy::run_with_gap) == "run_with_gap");
  BOOST_TEST(!core::parse_failure_policy("Skip"));
  BOOST_TEST(!core::parse_failure_policy(""));
}

BOOST_AUTO_TEST_CASE(a_subtask_is_found_by_its_id) {
  core::plan p;
  p.tasks.resize(2);
  p.tasks[0].id = "t1";
  p.tasks[1].id = "t2";
  BOOST_TEST(core::find_task(p, "t2").value() == 1u);
  BOOST_TEST(!core::find_task(p, "t3"));
}

BOOST_AUTO_TEST_CASE(json_writes_an_edge_as_an_object_only_with_a_policy) {
  core::plan p;
  p.analysis = "why";
  p.tasks.push_back({"t1", "w", "Do it", {}, {{"doc2", 10, 80}}, "", ""});
  p.tasks.push_back(
      {"t2",
       "w",
       "Do that",
       {{"t1", std::nullopt}, {"t0", core::failure_policy::run_with_gap}},
       {},
       "ctx",
       "a list"});
  BOOST_TEST((core::to_json(p) == boost::json::parse(R"({
    "analysis": "why",
    "tasks": [
      {"id": "t1", "worker": "w", "description": "Do it", "depends_on": [],
       "inputs": ["doc2:10-80"]},
      {"id": "t2", "worker": "w", "description": "Do that",
       "depends_on": ["t1", {"task": "t0", "if_failed": "run_with_gap"}],
       "inputs": [], "context": "ctx", "expected_output": "a list"}
    ]})")));
}

BOOST_AUTO_TEST_CASE(json_holds_an_answer_only_when_there_is_one) {
  core::plan p;
  BOOST_TEST((core::to_json(p)
              == boost::json::parse(R"({"analysis": "", "tasks": []})")));
  p.answer = "42";
  BOOST_TEST((core::to_json(p).at("answer").as_string() == "42"));
}

BOOST_AUTO_TEST_SUITE_END()
