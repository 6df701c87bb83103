// What a valid crew file becomes.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace brigade;
using namespace brigade::config;
using test::fake;
using test::faults_of;
using test::parts;

namespace {

crew_file load(const std::string& text, const load_options& options = fake()) {
  auto result = parse_crew(text, "dir/c.toml", options);
  BOOST_TEST_REQUIRE(faults_of(result) == "");
  BOOST_TEST_REQUIRE(result.value.has_value());
  return std::move(*result.value);
}

const std::string complete = R"(
[limits]
cost_usd = 0.25
tasks_max = 3
depth_max = 2
parallel_max = 5
attempts_max = 4
tries_max = 6
calls_per_task_max = 7
repairs_max = 0
attempt_timeout_s = 1.25
task_timeout_s = 1.5
tokens_max = 70000
calls_max = 80
tasks_total_max = 90
cost_per_day_usd = 7.50
in_doubt = "fail"
estimate = "typical"
warn_at_percent = [90, 10]
nesting_max = 2
restarts_max = 3
restart_window_s = 4
run_deadline_s = 90
approval = "plan"
approval_timeout_s = 3600
backoff_base_ms = 10
backoff_max_ms = 20
planner_input_bytes_max = 2000
result_bytes_max = 3000
goal_bytes_max = 4000
input_bytes_max = 5000
inputs_max = 6
if_dependency_failed = "abort"

[providers.p]
kind = "openai"
base_url = "https://example.org/v1/"
api_key = "env:KEY"
concurrency_max = 2
connect_timeout_ms = 11
first_token_timeout_ms = 13
idle_timeout_ms = 14
call_timeout_ms = 12
reply_bytes_max = 2048
ca_file = "ca.pem"
headers = { X-Title = "crew", x-api-token = "env:KEY" }
unbilled_statuses = [400, 503]

[models.fast]
provider = "p"
name = "m-1"
output_tokens_max = 100
overhead_tokens = 5
reasoning_tokens_max = 6
price_basis = "worst_case"
input_usd_per_mtok = 0.75
output_usd_per_mtok = "4.5"
cached_input_usd_per_mtok = 0.075
structured = "tool"
output_limit_field = "max_tokens"
system_role = "developer"
temperature = 0.7
extra_body = { reasoning_effort = "low", x = { b = [1, 2.5, true], a = "t" } }

[[models.fast.tiers]]
above_input_tokens = 272000
input_usd_per_mtok = 5
output_usd_per_mtok = 22.5

[planner]
model = "fast"
prompt = "plan {{goal}}"
direct_answer = true

[workers.zeta]
model = "fast"
description = "z"
prompt_file = "prompts/z.md"
if_dependency_failed = "run_with_gap"
attempt_timeout_s = 0.001

[workers.alpha]
model = "builtin/extractive"
description = "a"

[synthesizer]
model = "fast"
prompt = '''join'''
)";

} // namespace

BOOST_AUTO_TEST_CASE(every_limit_reaches_its_field) {
  const auto file =
      load(complete, fake({{"KEY", "sk-1"}}, {{"dir/prompts/z.md", "be z\n"}}));
  const auto& c = file.crew;
  core::limits bounds;
  bounds.cost = {core::pico_per_usd / 4};
  bounds.tasks_max = 3;
  bounds.depth_max = 2;
  bounds.parallel_max = 5;
  bounds.attempts_max = 4;
  bounds.tries_max = 6;
  bounds.calls_per_task_max = 7;
  bounds.repairs_max = 0;
  bounds.attempt_timeout_ms = 1250;
  bounds.task_timeout_ms = 1500;
  bounds.tokens_max = 70'000;
  bounds.calls_max = 80;
  bounds.tasks_total_max = 90;
  bounds.cost_per_day = core::pico_usd{75 * core::pico_per_usd / 10};
  bounds.in_doubt = core::in_doubt_policy::fail;
  bounds.estimate = core::estimate_kind::typical;
  bounds.warn_at_percent = {10, 90};
  bounds.nesting_max = 2;
  bounds.restarts_max = 3;
  bounds.restart_window_ms = 4000;
  bounds.run_deadline_ms = 90'000;
  bounds.approval_timeout_ms = 3'600'000;
  bounds.backoff_base_ms = 10;
  bounds.backoff_max_ms = 20;
  bounds.planner_input_bytes_max = 2000;
  bounds.result_bytes_max = 3000;
  bounds.goal_bytes_max = 4000;
  bounds.input_bytes_max = 5000;
  bounds.inputs_max = 6;
  BOOST_TEST((c.limits == bounds));
  BOOST_TEST((c.if_dependency_failed == core::failure_policy::abort));
  BOOST_TEST((c.approval == core::approval_kind::plan));
}

BOOST_AUTO_TEST_CASE(every_key_reaches_its_field) {
  const auto file =
      load(complete, fake({{"KEY", "sk-1"}}, {{"dir/prompts/z.md", "be z\n"}}));
  const auto& c = file.crew;
  BOOST_TEST(c.name == "c");
  core::model_spec m;
  m.alias = "fast";
  m.provider = "p";
  m.name = "m-1";
  m.output_tokens_max = 100;
  m.overhead_tokens = 5;
  m.reasoning_tokens_max = 6;
  m.price_basis = core::price_basis::worst_case;
  m.price = core::price{{{750'000}, {4'500'000}, core::pico_usd{75'000}},
                        {{272'000, {{5'000'000}, {22'500'000}, std::nullopt}}}};
  m.unbilled_statuses = {400, 503};
  m.quirks.structured = core::structured_output::tool;
  m.quirks.output_limit_field = "max_tokens";
  m.quirks.system_role = "developer";
  m.quirks.temperature_milli = 700;
  m.quirks.extra_body =
      R"({"reasoning_effort":"low","x":{"b":[1,2.5E0,true],"a":"t"}})";
  BOOST_TEST_REQUIRE(c.models.size() == 2u);
  BOOST_TEST((c.models[0] == m));

  BOOST_TEST((c.planner == core::planner_spec{"fast", "plan {{goal}}", true}));
  BOOST_TEST_REQUIRE(c.workers.size() == 2u);
  BOOST_TEST((c.workers[0]
              == core::worker_spec{"zeta", "fast", "z", "be z\n",
                                   core::failure_policy::run_with_gap, 1}));
  BOOST_TEST((c.workers[1]
              == core::worker_spec{"alpha", "builtin/extractive", "a", "",
                                   std::nullopt, std::nullopt}));
  BOOST_TEST(
      (c.synthesizer
       == core::synthesizer_spec{core::synthesizer_kind::llm, "fast", "join"}));
}

BOOST_AUTO_TEST_CASE(every_key_of_a_provider_reaches_its_field) {
  const auto file =
      load(complete, fake({{"KEY", "sk-1"}}, {{"dir/prompts/z.md", "be z"}}));
  BOOST_TEST_REQUIRE(file.providers.size() == 2u);
  const auto& p = file.providers[0];
  BOOST_TEST(p.name == "p");
  BOOST_TEST((p.kind == provider_kind::openai));
  BOOST_TEST(p.base_url == "https://example.org/v1");
  BOOST_TEST(p.api_key.reveal() == "sk-1");
  BOOST_TEST(p.api_key_source == "env:KEY");
  BOOST_TEST(p.concurrency_max == 2u);
  BOOST_TEST(p.connect_timeout_ms == 11);
  BOOST_TEST(p.first_token_timeout_ms == 13);
  BOOST_TEST(p.idle_timeout_ms == 14);
  BOOST_TEST(p.call_timeout_ms == 12);
  BOOST_TEST(p.reply_bytes_max == 2048u);
  BOOST_TEST(p.ca_file == "dir/ca.pem");
  BOOST_TEST_REQUIRE(p.headers.size() == 2u);
  BOOST_TEST(p.headers[0].name == "X-Title");
  BOOST_TEST(p.headers[0].value.reveal() == "crew");
  BOOST_TEST(p.headers[1].name == "x-api-token");
  BOOST_TEST(p.headers[1].value.reveal() == "sk-1");
  BOOST_TEST((p.unbilled_statuses == std::vector{400, 503}));
  BOOST_TEST((find_provider(file, "builtin") == &file.providers[1]));
  BOOST_TEST((find_provider(file, "other") == nullptr));
}

BOOST_AUTO_TEST_CASE(a_file_without_limits_has_the_defaults_of_core) {
  parts p;
  const auto file = load(p.text());
  BOOST_TEST((file.crew.limits == core::limits{}));
  BOOST_TEST(
      (file.crew.if_dependency_failed == core::crew{}.if_dependency_failed));
  const provider_settings defaults;
  const auto& got = file.providers[0];
  BOOST_TEST(got.concurrency_max == defaults.concurrency_max);
  BOOST_TEST((got.unbilled_statuses == defaults.unbilled_statuses));
  BOOST_TEST(!got.api_key_configured());
}

BOOST_AUTO_TEST_CASE(the_built_in_model_needs_no_declaration) {
  const auto file = load("[planner]\nmodel = \"builtin/extractive\"\n"
                         "[workers.w]\nmodel = \"builtin/extractive\"\n"
                         "description = \"d\"\n"
                         "[synthesizer]\nmodel = \"builtin/extractive\"\n");
  BOOST_TEST_REQUIRE(file.crew.models.size() == 1u);
  const auto& m = file.crew.models[0];
  BOOST_TEST(m.alias == "builtin/extractive");
  BOOST_TEST(m.provider == "builtin");
  BOOST_TEST((m.price == core::price{}));
  BOOST_TEST_REQUIRE(file.providers.size() == 1u);
  BOOST_TEST((file.providers[0].kind == provider_kind::builtin));
}

BOOST_AUTO_TEST_CASE(a_declared_built_in_model_is_free_too) {
  parts p;
  p.provider = "kind = \"builtin\"\n";
  p.model = "provider = \"p\"\nname = \"extractive\"\n";
  p.worker = "model = \"fast\"\ndescription = \"d\"\n";
  const auto file = load(p.text());
  BOOST_TEST((file.crew.models[0].price == core::price{}));
}

BOOST_AUTO_TEST_CASE(workers_keep_the_order_of_the_file) {
  const unsigned seed = std::random_device{}();
  BOOST_TEST_CONTEXT("seed " << seed) {
    std::mt19937 random{seed};
    std::vector<std::string> names;
    for (int i = 0; i < 40; ++i)
      names.push_back("w" + std::to_string(i));
    std::shuffle(names.begin(), names.end(), random);
    parts p;
    for (const auto& name : names)
      p.rest += "[workers." + name + "]\n" + p.worker;
    const auto file = load(p.text());
    std::vector<std::string> got;
    for (const auto& w : file.crew.workers)
      got.push_back(w.name);
    names.insert(names.begin(), "w");
    BOOST_TEST(got == names, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(prompts_stay_verbatim) {
  parts p;
  p.worker = "model = \"fast\"\ndescription = \"d\"\n"
             "prompt = '''\nuse ${HOME} and $$ {\"a\": \"\\n\"} {{goal}}'''\n";
  const auto file = load(p.text());
  BOOST_TEST(file.crew.workers[0].prompt
             == "use ${HOME} and $$ {\"a\": \"\\n\"} {{goal}}");
}

BOOST_AUTO_TEST_CASE(an_unknown_template_name_is_a_warning) {
  parts p;
  p.worker = "model = \"fast\"\ndescription = \"d\"\n"
             "prompt = \"{{gaol}}\"\n";
  const auto result = parse_crew(p.text(), "c.toml", fake());
  BOOST_TEST(faults_of(result) == "");
  BOOST_TEST(test::warnings_of(result)
             == "c.toml:15:10: workers.w holds {{gaol}}, which stays as it "
                "is: did you mean \"goal\"?\n");
}

BOOST_AUTO_TEST_CASE(keys_that_a_merge_does_not_use_are_warnings) {
  parts p;
  p.synthesizer = "kind = \"merge\"\nmodel = \"fast\"\n";
  const auto result = parse_crew(p.text(), "c.toml", fake());
  BOOST_TEST(faults_of(result) == "");
  BOOST_TEST(test::warnings_of(result)
             == "c.toml:18:9: synthesizer: the kind \"merge\" calls no model; "
                "this key is not used\n");
}

BOOST_AUTO_TEST_CASE(a_model_that_no_role_uses_needs_no_price) {
  parts p;
  p.rest = "[models.spare]\nprovider = \"p\"\nname = \"s\"\n";
  const auto file = load(p.text());
  BOOST_TEST_REQUIRE(file.crew.models.size() == 2u);
  BOOST_TEST(!file.crew.models[1].price.has_value());
}
