// `--set KEY=VALUE`: the same keys, types and faults as in the file.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;
using test::fake;
using test::faults_of;
using test::parts;

namespace {

loaded load(std::vector<std::string> sets, const parts& p = {}) {
  return parse_crew(p.text(), "c.toml",
                    fake({{"V", "7"}}, {{"f", "be f"}}, std::move(sets)));
}

brigade::core::crew crew(std::vector<std::string> sets, const parts& p = {}) {
  auto result = load(std::move(sets), p);
  BOOST_TEST_REQUIRE(faults_of(result) == "");
  return std::move(result.value->crew);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_set_wins_over_the_file_and_the_last_one_over_all) {
  parts p;
  p.limits = "cost_usd = 0.50\ntasks_max = 2\n";
  const auto c = crew(
      {"limits.cost_usd=0.10", "limits.tasks_max=3", "limits.tasks_max = 4"},
      p);
  BOOST_TEST(c.limits.cost.value == brigade::core::pico_per_usd / 10);
  BOOST_TEST(c.limits.tasks_max == 4u);
}

BOOST_AUTO_TEST_CASE(a_value_is_toml_or_else_a_bare_string) {
  BOOST_TEST(crew({"models.fast.name=foo"}).models[0].name == "foo");
  BOOST_TEST(crew({"models.fast.name=\"foo\""}).models[0].name == "foo");
  BOOST_TEST(crew({"models.fast.name=a=b"}).models[0].name == "a=b");
  BOOST_TEST(crew({"models.fast.name=2026-01-01"}).models[0].name
             == "2026-01-01");
  BOOST_TEST(crew({"models.fast.name=4.10"}).models[0].name == "4.10");
  BOOST_TEST(crew({"models.fast.name=true"}).models[0].name == "true");
  BOOST_TEST(crew({"models.\"fast\".name=x\ny = 1"}).models[0].name
             == "x\ny = 1");
  BOOST_TEST(crew({"models.fast.name=1\nz = 1"}).models[0].name == "1\nz = 1");
  BOOST_TEST(crew({"models.fast.name=m-${V}"}).models[0].name == "m-7");
  BOOST_TEST(
      crew({"models.fast.extra_body={a = [1]}"}).models[0].quirks.extra_body
      == "{\"a\":[1]}");
}

BOOST_AUTO_TEST_CASE(a_set_prompt_replaces_a_prompt_file_and_the_reverse) {
  parts p;
  BOOST_TEST(crew({"workers.w.prompt_file=f"}).workers[0].prompt == "be f");
  p.worker = "model = \"fast\"\ndescription = \"d\"\nprompt_file = \"none\"\n";
  BOOST_TEST(crew({"workers.w.prompt=be brief"}, p).workers[0].prompt
             == "be brief");
}

BOOST_AUTO_TEST_CASE(a_set_can_add_a_worker) {
  const auto c = crew({"workers.new.model=fast", "workers.new.prompt=p",
                       "workers.new.description=d"});
  BOOST_TEST_REQUIRE(c.workers.size() == 2u);
  BOOST_TEST(c.workers[1].name == "new");
}

BOOST_AUTO_TEST_CASE(faults_name_the_set) {
  BOOST_TEST(faults_of(load({"limits.cost_usb=1"}))
             == "--set limits.cost_usb: unknown key \"cost_usb\" in [limits]: "
                "did you mean \"cost_usd\"?\n");
  BOOST_TEST(faults_of(load({"limits.tasks_max=0"}))
             == "--set limits.tasks_max: limits.tasks_max must be from 1 to "
                "1000, not 0\n");
  BOOST_TEST(faults_of(load({"limits.tasks_max="}))
             == "--set limits.tasks_max: limits.tasks_max must be an integer, "
                "not a string\n");
  BOOST_TEST(faults_of(load({"limit.tasks_max=1"}))
             == "--set limit.tasks_max: unknown key \"limit\": did you mean "
                "\"limits\"?\n");
  BOOST_TEST(faults_of(load({"models.fast.name.x=1"}))
             == "--set models.fast.name.x: \"name\" is a string in the file, "
                "not a table\n");
  BOOST_TEST(faults_of(load({"planner.model=fats"}))
             == "--set planner.model: planner: unknown model \"fats\": did "
                "you mean \"fast\"?\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_key_and_value_is_refused_and_not_repeated) {
  for (const auto* bad :
       {"", "=", "=1", "a", "a.b", ".a=1", "a.=1", "a..b=1", "a b=1", "\"a=1",
        "\"a\"b=1", "a.b.c.d.e.f.g.h.i=1", "sk-live-0123"}) {
    BOOST_TEST(faults_of(load({bad}))
                   == "--set: number 1 is not KEY=VALUE, such as "
                      "limits.cost_usd=0.10\n",
               bad);
  }
}

BOOST_AUTO_TEST_CASE(sets_and_their_values_have_limits) {
  BOOST_TEST(
      faults_of(load(std::vector<std::string>(200, "limits.tasks_max=3")))
      == "");
  BOOST_TEST(
      faults_of(load(std::vector<std::string>(201, "limits.tasks_max=3")))
      == "--set: given more than 200 times\n");
  const std::string key = "workers.w.prompt=";
  BOOST_TEST(faults_of(load({key + std::string(65'536, 'p')})) == "");
  BOOST_TEST(faults_of(load({key + std::string(65'537, 'p')}))
             == "--set workers.w.prompt: the value is larger than 65536 "
                "bytes\n");
}

BOOST_AUTO_TEST_CASE(a_key_on_the_command_line_is_refused_too) {
  const auto result = load({"providers.p.api_key=sk-live-0123"});
  BOOST_TEST(result.faults.size() == 1u);
  BOOST_TEST(faults_of(result).find("sk-live") == std::string::npos);
}
