// Every kind of fault, its exact place and what it says.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;
using test::fake;
using test::faults_of;
using test::parts;

namespace {

/// The faults of the valid file with these limits; line 2 is the first.
std::string limits(const std::string& text) {
  parts p;
  p.limits = text + "\n";
  return faults_of(p);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_parts_make_a_valid_file) {
  BOOST_TEST(faults_of(parts{}) == "");
}

BOOST_AUTO_TEST_CASE(a_fault_reads_like_a_compilers) {
  BOOST_TEST(to_string({"c.toml", 12, 3, "m"}) == "c.toml:12:3: m");
  BOOST_TEST(to_string({"--set a.b", 0, 0, "m"}) == "--set a.b: m");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_names_the_nearest_one) {
  BOOST_TEST(limits("  cost_usb = 1")
             == "c.toml:2:3: unknown key \"cost_usb\" in [limits]: did you "
                "mean \"cost_usd\"?\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_without_a_near_one_lists_the_known) {
  parts p;
  p.synthesizer = "kind = \"merge\"\nzzzzzzzz = 1\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:18:1: unknown key \"zzzzzzzz\" in [synthesizer]: "
                "expected \"kind\", \"model\", \"prompt\" or "
                "\"prompt_file\"\n");
}

BOOST_AUTO_TEST_CASE(a_key_of_another_table_is_sent_there) {
  parts p;
  p.planner = "model = \"fast\"\ntasks_max = 3\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:12:1: unknown key \"tasks_max\" in [planner]: it "
                "belongs in [limits]\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_table_names_the_nearest_one) {
  parts p;
  p.rest = "[worker.x]\nmodel = \"fast\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:18:2: unknown key \"worker\": did you "
                "mean \"workers\"?\n");
}

BOOST_AUTO_TEST_CASE(a_wrong_type_names_both_types) {
  BOOST_TEST(limits("tasks_max = \"8\"")
             == "c.toml:2:13: limits.tasks_max must be an integer, not a "
                "string\n");
  BOOST_TEST(limits("tasks_max = 8.0")
             == "c.toml:2:13: limits.tasks_max must be an integer, not a "
                "number with a point\n");
  BOOST_TEST(limits("cost_usd = true")
             == "c.toml:2:12: limits.cost_usd must be a number or a decimal "
                "string, not true or false\n");
  BOOST_TEST(limits("cost_usd = 2026-01-01")
             == "c.toml:2:12: limits.cost_usd must be a number or a decimal "
                "string, not a date or time\n");
  BOOST_TEST(limits("if_dependency_failed = [1]")
             == "c.toml:2:24: limits.if_dependency_failed must be \"skip\", "
                "\"run_with_gap\" or \"abort\", not an array\n");
  BOOST_TEST(faults_of(parse_crew("limits = 3\nmodels = 4\nplanner = {}\n"
                                  "workers = {w = 1}\nsynthesizer = 5\n",
                                  "c.toml", fake()))
             == "c.toml:1:10: limits must be a table, not an integer\n"
                "c.toml:2:10: models must hold tables: [models.NAME]\n"
                "c.toml:3:11: [planner] needs model: NAME of a [models.NAME], "
                "or \"builtin/extractive\"\n"
                "c.toml:4:16: workers.w must be a table, not an integer\n"
                "c.toml:5:15: synthesizer must be a table, not an integer\n");
}

BOOST_AUTO_TEST_CASE(a_number_out_of_range_names_the_range) {
  BOOST_TEST(limits("tasks_max = 1") == "");
  BOOST_TEST(limits("tasks_max = 1000") == "");
  const std::string range = "limits.tasks_max must be from 1 to 1000, not ";
  BOOST_TEST(limits("tasks_max = 0") == "c.toml:2:13: " + range + "0\n");
  BOOST_TEST(limits("tasks_max = 1001") == "c.toml:2:13: " + range + "1001\n");
  BOOST_TEST(limits("task_timeout_s = 0.001") == "");
  BOOST_TEST(limits("task_timeout_s = 0")
             == "c.toml:2:18: limits.task_timeout_s must be from 0.001 to "
                "86400\n");
  BOOST_TEST(limits("task_timeout_s = 0.0001")
             == "c.toml:2:18: limits.task_timeout_s must not have more than 3 "
                "decimals\n");
}

BOOST_AUTO_TEST_CASE(a_wrong_choice_names_the_nearest_one) {
  BOOST_TEST(limits("if_dependency_failed = \"skipp\"")
             == "c.toml:2:24: limits.if_dependency_failed cannot be "
                "\"skipp\": did you mean \"skip\"?\n");
}

BOOST_AUTO_TEST_CASE(the_longest_wait_is_not_below_the_first) {
  BOOST_TEST(limits("backoff_base_ms = 7\nbackoff_max_ms = 7") == "");
  BOOST_TEST(limits("backoff_base_ms = 8\nbackoff_max_ms = 7")
             == "c.toml:3:18: limits.backoff_max_ms (7) must not be below "
                "limits.backoff_base_ms (8)\n");
  BOOST_TEST(limits("backoff_base_ms = 9000")
             == "c.toml:2:19: limits.backoff_max_ms (8000) must not be below "
                "limits.backoff_base_ms (9000)\n");
}

BOOST_AUTO_TEST_CASE(missing_tables_are_named_with_what_to_add) {
  BOOST_TEST(
      faults_of(parse_crew("", "c.toml", fake()))
      == "c.toml:1:1: [planner] is missing: name the model that splits the "
         "goal "
         "into subtasks\n"
         "c.toml:1:1: no workers: add at least one [workers.NAME] with model, "
         "description and prompt\n"
         "c.toml:1:1: [synthesizer] is missing: name a model and a prompt, or "
         "write kind = \"merge\"\n");
}

BOOST_AUTO_TEST_CASE(missing_keys_stand_at_their_table) {
  parts p;
  p.worker = "prompt = \"p\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:12:1: [workers.w] needs description: What this worker "
                "is good at: all that the planner knows of it\n"
                "c.toml:12:1: [workers.w] needs model: NAME of a "
                "[models.NAME], or \"builtin/extractive\"\n");
}

BOOST_AUTO_TEST_CASE(an_empty_description_is_refused) {
  parts p;
  p.worker = "model = \"fast\"\ndescription = \" \"\nprompt = \"p\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:14:15: workers.w.description must not be empty\n");
}

BOOST_AUTO_TEST_CASE(a_worker_and_a_synthesizer_of_a_model_need_prompts) {
  parts p;
  p.worker = "model = \"fast\"\ndescription = \"d\"\n";
  p.synthesizer = "model = \"fast\"\nprompt = '''\n '''\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:12:1: [workers.w] needs a prompt: add prompt = "
                "'''...''' or prompt_file\n"
                "c.toml:17:10: synthesizer.prompt is empty\n");
  p.synthesizer = "prompt = \"p\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:12:1: [workers.w] needs a prompt: add prompt = "
                "'''...''' or prompt_file\n"
                "c.toml:15:1: [synthesizer] needs model, or kind = "
                "\"merge\"\n");
}

BOOST_AUTO_TEST_CASE(one_of_prompt_and_prompt_file) {
  parts p;
  p.worker += "prompt_file = \"x\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:16:15: workers.w has both prompt and "
                "prompt_file: keep one\n");
}

BOOST_AUTO_TEST_CASE(a_prompt_file_that_cannot_be_used_says_why) {
  parts p;
  p.worker = "model = \"fast\"\ndescription = \"d\"\nprompt_file = \"x\"\n";
  const std::string at = "c.toml:15:15: workers.w.prompt_file \"x\" ";
  BOOST_TEST(faults_of(p) == at + "does not exist\n");
  BOOST_TEST(faults_of(p, fake({}, {{"x", " \n"}})) == at + "is empty\n");
  BOOST_TEST(faults_of(p, fake({}, {{"x", "\xff"}}))
             == at + "is not UTF-8 text\n");
  BOOST_TEST(faults_of(p, fake({}, {{"x", "be x"}})) == "");
}

BOOST_AUTO_TEST_CASE(unknown_models_and_providers_name_the_nearest) {
  parts p;
  p.model = "provider = \"pp\"\nname = \"m\"\ninput_usd_per_mtok = 1\n"
            "output_usd_per_mtok = 2\n";
  p.planner = "model = \"fats\"\n";
  p.synthesizer = "model = \"enormous\"\nprompt = \"p\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:6:12: models.fast: unknown provider \"pp\": did you "
                "mean \"p\"?\n"
                "c.toml:11:9: planner: unknown model \"fats\": did you mean "
                "\"fast\"?\n"
                "c.toml:17:9: synthesizer: unknown model \"enormous\": "
                "expected \"fast\" or \"builtin/extractive\"\n");
}

BOOST_AUTO_TEST_CASE(a_model_in_use_needs_a_price) {
  parts p;
  p.model = "provider = \"p\"\nname = \"m\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:5:1: model \"fast\" has no price: add "
                "input_usd_per_mtok and output_usd_per_mtok\n");
  p.model += "input_usd_per_mtok = 1\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:8:22: models.fast has half a price: "
                "output_usd_per_mtok is missing\n");
}

BOOST_AUTO_TEST_CASE(a_refused_value_is_not_called_missing_too) {
  parts p;
  p.provider = "kind = \"openai\"\nbase_url = \"${NOT_SET}\"\n";
  p.model = "provider = \"p\"\nname = \"m\"\n"
            "input_usd_per_mtok = -1\noutput_usd_per_mtok = 2\n";
  p.worker = "model = 1\ndescription = 2\nprompt = 3\n";
  p.synthesizer = "kind = \"mrge\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:4:12: environment variable NOT_SET is not set: export "
                "NOT_SET=... or write ${NOT_SET:-default}\n"
                "c.toml:8:22: models.fast.input_usd_per_mtok must not be "
                "negative\n"
                "c.toml:13:9: workers.w.model must be a string, not an "
                "integer\n"
                "c.toml:14:15: workers.w.description must be a string, not an "
                "integer\n"
                "c.toml:15:10: workers.w.prompt must be a string, not an "
                "integer\n"
                "c.toml:17:8: synthesizer.kind cannot be \"mrge\": did you "
                "mean \"merge\"?\n");
}

BOOST_AUTO_TEST_CASE(tiers_need_a_base_price_and_rise) {
  parts p;
  p.rest = "[[models.fast.tiers]]\nabove_input_tokens = 10\n"
           "input_usd_per_mtok = 1\noutput_usd_per_mtok = 1\n"
           "[[models.fast.tiers]]\nabove_input_tokens = 10\n"
           "input_usd_per_mtok = 1\noutput_usd_per_mtok = 1\n"
           "[[models.fast.tiers]]\nabove_input_tokens = 11\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:22:1: models.fast.tiers must rise by "
                "above_input_tokens: 10 is not above 10\n"
                "c.toml:26:1: [models.fast.tiers] needs input_usd_per_mtok: "
                "Dollars per million input tokens\n"
                "c.toml:26:1: [models.fast.tiers] needs output_usd_per_mtok: "
                "Dollars per million output tokens\n");
}

BOOST_AUTO_TEST_CASE(a_base_url_that_cannot_work_is_refused) {
  const auto url = [](const std::string& text) {
    parts p;
    p.provider = "kind = \"openai\"\nbase_url = \"" + text + "\"\n";
    return faults_of(p);
  };
  const std::string at = "c.toml:4:12: providers.p.base_url ";
  BOOST_TEST(url("https://example.org") == "");
  BOOST_TEST(url("http://[::1]:8080/v1") == "");
  BOOST_TEST(url("") == at + "must not be empty\n");
  BOOST_TEST(url("/") == at + "must not be empty\n");
  BOOST_TEST(url("example.org/v1")
             == at
                    + "must begin with http:// or "
                      "https://\n");
  BOOST_TEST(url("ftp://x") == at + "must begin with http:// or https://\n");
  BOOST_TEST(url("https:///v1") == at + "has no host\n");
  BOOST_TEST(url("https://u:s3cret@x/v1")
             == at
                    + "must not hold a user or password: use api_key or "
                      "headers\n");
  BOOST_TEST(url("https://x/v1?key=s3cret")
             == at + "must not hold a query or a fragment\n");
  parts p;
  p.provider = "kind = \"openai\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:2:1: providers.p needs base_url, such as "
                "\"https://api.openai.com/v1\" or "
                "\"http://127.0.0.1:8080/v1\"\n");
}

BOOST_AUTO_TEST_CASE(extra_body_cannot_change_what_a_call_costs) {
  parts p;
  p.model += "extra_body = { n = 4, ok = 1, d = 2026-01-01, f = nan }\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:10:16: models.fast.extra_body must not hold \"n\": it "
                "is set by Brigade or would change what a call can cost\n"
                "c.toml:10:35: a date or time that JSON does not know: write "
                "a string\n"
                "c.toml:10:51: a number with a point that JSON does not know: "
                "write a string\n");
}

BOOST_AUTO_TEST_CASE(names_of_tables_are_plain) {
  parts p;
  p.rest = "[workers.\"a b\\u001b\"]\n" + p.worker;
  BOOST_TEST(faults_of(p)
             == "c.toml:18:10: bad name \"a b?\": a name is 1 to 64 of the "
                "characters A-Z a-z 0-9 _ . -\n");
}

BOOST_AUTO_TEST_CASE(the_name_builtin_is_taken) {
  parts p;
  p.rest = "[providers.builtin]\nkind = \"openai\"\nbase_url = \"http://x\"\n";
  BOOST_TEST(faults_of(p)
             == "c.toml:18:1: the provider \"builtin\" is the model inside "
                "Brigade: choose another name\n");
}

BOOST_AUTO_TEST_CASE(a_syntax_error_is_the_only_fault) {
  const auto result =
      parse_crew("[limits]\ncost_usb = 1\nx = \n", "c.toml", fake());
  BOOST_TEST_REQUIRE(result.faults.size() == 1u);
  BOOST_TEST(result.faults[0].line == 3u);
  BOOST_TEST(result.faults[0].message.starts_with("not valid TOML while "));
  BOOST_TEST(!result.value.has_value());
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once_in_the_order_of_the_file) {
  parts p;
  p.limits = "tasks_max = 0\nunknown = 1\ncost_usd = -1\n";
  p.provider = "kind = \"opnai\"\nbase_url = \"\"\napi_key = \"sk-1\"\n";
  p.model = "provider = \"q\"\nname = \"\"\n";
  p.planner = "model = \"slow\"\n";
  p.worker = "model = 1\n";
  p.synthesizer = "kind = \"mrge\"\n";
  const auto result = parse_crew(p.text(), "c.toml", fake());
  BOOST_TEST(result.faults.size() == 13u, faults_of(result));
  BOOST_TEST(!result.value.has_value());
  std::uint32_t line = 0;
  for (const auto& fault : result.faults) {
    BOOST_TEST(fault.line >= line);
    BOOST_TEST(fault.column > 0u);
    line = fault.line;
  }
}

BOOST_AUTO_TEST_CASE(the_list_of_faults_has_an_end) {
  parts p;
  for (int i = 0; i < 15'000; ++i)
    p.limits += "x" + std::to_string(i) + " = 1\n";
  const auto result = parse_crew(p.text(), "c.toml", fake());
  BOOST_TEST(result.faults.size() == faults_max + 1);
  BOOST_TEST(result.faults.back().message
             == "more than 100 faults: the others are not listed");
}
