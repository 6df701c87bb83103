#include "brigade/core/crew/crew.hpp"

#include <boost/test/unit_test.hpp>

namespace core = brigade::core;

BOOST_AUTO_TEST_SUITE(crew)

BOOST_AUTO_TEST_CASE(the_builtin_crew_names_only_what_it_has) {
  const auto c = core::builtin_crew();
  BOOST_TEST(c.name == "builtin");
  BOOST_REQUIRE(core::find_model(c, c.planner.model) != nullptr);
  BOOST_REQUIRE(core::find_model(c, c.synthesizer.model) != nullptr);
  BOOST_TEST(c.workers.size() == 2u);
  for (const auto& worker : c.workers) {
    BOOST_TEST(core::find_model(c, worker.model) != nullptr);
    BOOST_TEST(!worker.description.empty());
    BOOST_TEST(!worker.prompt.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_builtin_model_is_declared_to_be_free) {
  const auto c = core::builtin_crew();
  const auto* model = core::find_model(c, "extractive");
  BOOST_REQUIRE(model != nullptr);
  BOOST_TEST(model->provider == "builtin");
  BOOST_TEST(model->name == "extractive");
  BOOST_TEST(model->overhead_tokens == 0u);
  BOOST_REQUIRE(model->price.has_value());
  BOOST_TEST((*model->price == core::price{}));
}

BOOST_AUTO_TEST_CASE(names_are_found_exactly_or_not_at_all) {
  const auto c = core::builtin_crew();
  BOOST_TEST(core::find_worker(c, "extractor") == &c.workers[0]);
  BOOST_TEST(core::find_worker(c, "comparer") == &c.workers[1]);
  BOOST_TEST(core::find_worker(c, "Comparer") == nullptr);
  BOOST_TEST(core::find_model(c, "") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
