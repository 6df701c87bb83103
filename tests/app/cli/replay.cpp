// `brigade export` and `brigade replay`: the same answer from one file alone.
#include "../scratch_folder.hpp"
#include "chat_server.hpp"
#include "process.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* key = "sk-test-0123456789abcdef";

constexpr std::string_view plan =
    R"({"analysis": "Two parts.", "answer": null, "tasks": [
    {"id": "t1", "worker": "researcher", "depends_on": [], "inputs": [],
     "description": "Gather the list prices of the three vendors.",
     "context": "", "expected_output": ""},
    {"id": "t2", "worker": "researcher", "depends_on": ["t1"], "inputs": [],
     "description": "Rank those vendors by what their support contract costs.",
     "context": "", "expected_output": ""}]})";

struct fixture {
  scratch_folder folder;
  std::string state = folder.path("state");
  std::string file = folder.path("run.json");

  process_result export_last() {
    return brigade({"export", "last", "--state", state, "-o", file});
  }

  std::string crew(const std::string& base_url, const std::string& quirks) {
    return folder.write(
        "crew.toml",
        "[limits]\nbackoff_base_ms = 1\nbackoff_max_ms = 2\n"
        "[providers.local]\nkind = \"openai\"\nbase_url = \""
            + base_url
            + "\"\napi_key = \"env:BRIGADE_TEST_KEY\"\n"
              "[models.fast]\nprovider = \"local\"\nname = \"m\"\n"
              "input_usd_per_mtok = 0.75\noutput_usd_per_mtok = 4.5\n"
            + quirks
            + "[planner]\nmodel = \"fast\"\n"
              "[workers.researcher]\nmodel = \"fast\"\n"
              "description = \"Gathers facts and sources\"\n"
              "prompt = \"Work on the subtask.\"\n"
              "[synthesizer]\nmodel = \"fast\"\nprompt = \"Join the "
              "results.\"\n");
  }

  /// Runs that crew; the server is gone afterwards.
  process_result run_crew(const std::string& quirks) {
    int requests = 0;
    chat_server server{[&requests](std::string_view body) {
      // The first call of a worker fails once.
      if (++requests == 2)
        return http_answer(503, "{}");
      const bool planning =
          body.find("Gathers facts and sources") != std::string_view::npos;
      return chat_answer(planning ? plan : "The vendors differ.");
    }};
    process_options options;
    options.args = {"run",     "Compare the three vendors",
                    "-c",      crew(server.base_url(), quirks),
                    "--state", state};
    options.environment = {{"BRIGADE_TEST_KEY", key}};
    return process{options}.finish();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replay, fixture)

BOOST_AUTO_TEST_CASE(a_run_of_the_built_in_model_is_replayed) {
  const auto notes = folder.write(
      "notes.md", "The filter of the pump must be replaced every 6 months.\n\n"
                  "The pump was installed in March 2021.\n");
  const auto ran = brigade({"run", "How often must the filter be replaced?",
                            "-i", notes, "--state", state});
  BOOST_TEST_REQUIRE(ran.exit_code == 0, ran.err);
  const auto exported = export_last();
  BOOST_TEST_REQUIRE(exported.exit_code == 0, exported.err);
  const auto replayed = brigade({"replay", file});
  BOOST_TEST(replayed.exit_code == 0, replayed.err);
  BOOST_TEST(replayed.out == ran.out);
  BOOST_TEST(replayed.says("none sent"));
}

BOOST_AUTO_TEST_CASE(a_run_of_a_server_is_replayed_without_it_and_its_key) {
  for (const char* quirks :
       {"", "structured = \"prompt\"\ntemperature = 0.7\n"}) {
    const auto ran = run_crew(quirks);
    BOOST_TEST_REQUIRE(ran.exit_code == 0, ran.err);
    const auto exported = export_last();
    BOOST_TEST_REQUIRE(exported.exit_code == 0, exported.err);
    const auto text = scratch_folder::read(file);
    BOOST_TEST(text.find(key) == std::string::npos);
    BOOST_TEST(text.find(folder.path("")) == std::string::npos);
    const auto replayed = brigade({"replay", file, "-q"});
    BOOST_TEST(replayed.exit_code == 0, replayed.err);
    BOOST_TEST(replayed.out == ran.out);
    BOOST_TEST(replayed.err == "");
  }
}

BOOST_AUTO_TEST_CASE(what_differs_is_said) {
  BOOST_TEST_REQUIRE(run_crew("").exit_code == 0);
  BOOST_TEST_REQUIRE(export_last().exit_code == 0);
  auto run = boost::json::parse(scratch_folder::read(file));
  run.at("crew").at("workers").at(0).at("prompt") = "Another prompt.";
  const auto changed =
      folder.write("changed.json", boost::json::serialize(run));
  const auto replayed = brigade({"replay", changed});
  BOOST_TEST(replayed.exit_code == 1);
  BOOST_TEST(replayed.says("the replay differs from the recorded run"));
  BOOST_TEST(replayed.says("for which nothing is recorded"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_run_is_refused_with_its_place) {
  const auto refused = [this](const std::string& text) {
    const auto result = brigade({"replay", folder.write("bad.json", text)});
    BOOST_TEST(result.exit_code == 2);
    BOOST_TEST(result.out == "");
    return result;
  };
  BOOST_TEST(refused("{").says("was cut off"));
  BOOST_TEST(refused("{}").says("/format: must be \"brigade.run\""));
  BOOST_TEST(brigade({"replay", folder.path("none")}).says("no such file"));
}

BOOST_AUTO_TEST_CASE(an_unknown_run_cannot_be_exported) {
  BOOST_TEST(export_last().exit_code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
