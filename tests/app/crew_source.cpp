#include "brigade/app/crew_source.hpp"

#include "brigade/app/config_messages.hpp"
#include "brigade/app/crew_summary.hpp"
#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;
using namespace brigade::app;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out += line + "\n";
  }
  return out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const char* crew_text = R"([limits]
cost_usd = 0.50
[providers.openai]
kind = "openai"
base_url = "https://api.openai.com/v1"
api_key = "env:BRIGADE_NO_SUCH_KEY"
[models.fast]
provider = "openai"
name = "m-1"
input_usd_per_mtok = 0.75
output_usd_per_mtok = 4.5
[planner]
model = "fast"
[workers.researcher]
model = "fast"
description = "Gathers facts"
prompt = "Work."
[synthesizer]
kind = "merge"
)";

} // namespace

BOOST_AUTO_TEST_SUITE(crew_source)

BOOST_AUTO_TEST_CASE(the_built_in_crew_as_a_file_is_the_built_in_crew) {
  auto plain = load_crew("", {}, true);
  auto parsed = load_crew("", {"limits.cost_usd=0.5"}, true);
  BOOST_TEST_REQUIRE(plain.value.has_value());
  BOOST_TEST_REQUIRE(parsed.value.has_value(), joined(config_messages(parsed)));
  BOOST_TEST((parsed.value->crew == plain.value->crew));
  BOOST_TEST((plain.value->crew == core::builtin_crew()));
  BOOST_TEST_REQUIRE(parsed.value->providers.size() == 1U);
  BOOST_TEST(
      (parsed.value->providers[0].kind == config::provider_kind::builtin));
  BOOST_TEST(parsed.value->providers[0].name == plain.value->providers[0].name);
}

BOOST_AUTO_TEST_CASE(a_setting_reaches_the_built_in_crew_or_is_refused) {
  auto set = load_crew("", {"limits.tasks_max=3"}, true);
  BOOST_TEST_REQUIRE(set.value.has_value());
  BOOST_TEST(set.value->crew.limits.tasks_max == 3U);
  auto wrong = load_crew("", {"limits.task_max=3"}, true);
  BOOST_TEST(!wrong.value.has_value());
  BOOST_TEST(has(joined(config_messages(wrong)), "tasks_max"));
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_told_apart_from_a_faulty_file) {
  scratch_folder folder;
  auto file = folder.write("crew.toml", crew_text);
  auto loaded = load_crew(file, {}, true);
  BOOST_TEST(only_keys_missing(loaded));
  BOOST_TEST(load_crew(file, {}, false).value.has_value());
  auto both = load_crew(file, {"limits.nonsense=1"}, true);
  BOOST_TEST(!only_keys_missing(both));
  BOOST_TEST(!only_keys_missing(load_crew("", {}, true)));
}

BOOST_AUTO_TEST_CASE(the_summary_names_roles_prices_and_the_plan_call) {
  scratch_folder folder;
  auto loaded = load_crew(folder.write("crew.toml", crew_text), {}, false);
  BOOST_TEST_REQUIRE(loaded.value.has_value());
  auto text = joined(crew_summary(*loaded.value));
  BOOST_TEST_MESSAGE(text);
  BOOST_TEST(has(text, "fast: openai m-1, $0.75 in, $4.50 out per million"));
  BOOST_TEST(has(text, "researcher (fast): Gathers facts"));
  BOOST_TEST(has(text, "merge, without a model"));
  BOOST_TEST(has(text, "key from env:BRIGADE_NO_SUCH_KEY"));
  BOOST_TEST(has(text, "$0.50 per run, 8 subtasks, depth 4"));
  BOOST_TEST(has(text, "plan call   at most $0.0"));
}

BOOST_AUTO_TEST_CASE(documents_make_the_plan_call_dearer_by_their_bytes) {
  scratch_folder folder;
  auto loaded = load_crew(folder.write("crew.toml", crew_text), {}, false);
  BOOST_TEST_REQUIRE(loaded.value.has_value());
  auto cost = cost_of_plan_call(loaded.value->crew);
  // The output limit alone: 2048 tokens at 4.5 dollars per million.
  BOOST_TEST(cost.smallest.value > 2048 * 4'500'000LL);
  // 65536 bytes of excerpts at 0.75, less what makes room for line numbers.
  BOOST_TEST(cost.largest.value - cost.smallest.value > 50'000 * 750'000LL);
  BOOST_TEST(cost_of_plan_call(core::builtin_crew()).largest.value == 0);
}

BOOST_AUTO_TEST_CASE(what_only_the_client_refuses_is_a_fault_of_the_file_too) {
  scratch_folder folder;
  auto file = folder.write("crew.toml", crew_text);
  auto good = load_crew(file, {}, false);
  BOOST_TEST(provider_faults(*good.value).empty());
  auto plain_http = load_crew(
      file, {"providers.openai.base_url=http://example.com/v1"}, false);
  BOOST_TEST_REQUIRE(plain_http.value.has_value());
  auto faults = provider_faults(*plain_http.value);
  BOOST_TEST_REQUIRE(faults.size() == 1U);
  BOOST_TEST(has(faults[0], "[providers.openai]"));
}

BOOST_AUTO_TEST_SUITE_END()
