// Goal: the model as a whole is deterministic, bounded and survives anything.
// Method: run bodies of every kind through `answer`.
#include "brigade/core/extractive/extractive.hpp"

#include "pipeline.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace brigade::core;

namespace {

input_set one(std::string text) {
  input_set result;
  result.emplace_back("doc1", "a.txt", std::move(text));
  return result;
}

/// CPU time is not portable; this is a ceiling far above the usual time, so
/// that a loaded machine and sanitizers pass and quadratic work does not.
constexpr std::chrono::seconds patience{60};

void finishes(std::string_view what, const input_set& inputs) {
  auto begin = std::chrono::steady_clock::now();
  auto result =
      pipeline::run("What does the pump cost and who made it?", inputs);
  BOOST_TEST(result.faults.empty(), what);
  BOOST_TEST(!result.report.empty(), what);
  for (auto& c : pipeline::citations(result.report))
    BOOST_TEST(pipeline::is_true(c, inputs), what << ": " << c.sentence);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < patience), what);
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string result;
  result.reserve(bytes + part.size());
  while (result.size() < bytes)
    result += part;
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_body_that_cannot_be_read_is_refused) {
  for (auto body : {"", "x", "[]", "{}", "{\"role\":\"worker\"}",
                    "{\"role\":\"cook\",\"messages\":[]}",
                    "{\"role\":\"worker\",\"messages\":{}}", "{\"role\":"})
    BOOST_TEST((extractive::answer(body).finish == finish_reason::refused),
               body);
}

BOOST_AUTO_TEST_CASE(odd_messages_are_passed_over) {
  for (auto body :
       {"{\"role\":\"worker\",\"messages\":[]}",
        "{\"role\":\"planner\",\"messages\":[1,null,{\"role\":3}]}",
        "{\"role\":\"synthesizer\",\"messages\":[{\"role\":\"user\"}]}",
        "{\"role\":\"planner\",\"messages\":[],\"output_tokens_max\":-1}"})
    BOOST_TEST((extractive::answer(body).finish == finish_reason::stop), body);
}

BOOST_AUTO_TEST_CASE(usage_counts_four_bytes_a_token_and_keeps_the_limit) {
  model_request r;
  r.role = call_role::synthesizer;
  r.messages.push_back({speaker::user, "<brigade-goal>\nx\n</brigade-goal>\n"});
  r.output_tokens_max = 10;
  auto body = extractive::encode(r);
  auto reply = extractive::answer(body);
  BOOST_TEST_REQUIRE(reply.usage.has_value());
  BOOST_TEST(reply.usage->input_tokens == (body.size() + 3) / 4);
  BOOST_TEST(reply.usage->output_tokens == (reply.text.str().size() + 3) / 4);
  BOOST_TEST(reply.usage->output_tokens <= 10u);
  BOOST_TEST((reply.finish == finish_reason::length));
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_bytes) {
  for (std::uint32_t seed : {5u, 6u}) {
    auto w = world::make_world(seed);
    input_set inputs;
    for (auto& d : w.documents)
      inputs.emplace_back("doc" + std::to_string(inputs.size() + 1), d.name,
                          d.body);
    auto a = pipeline::run(w.goal, inputs);
    auto b = pipeline::run(w.goal, inputs);
    BOOST_TEST(a.plan_text == b.plan_text);
    BOOST_TEST(a.report == b.report);
  }
}

BOOST_AUTO_TEST_CASE(odd_documents_are_survived) {
  finishes("empty", one(""));
  finishes("blank", one("\n\n \t\n"));
  finishes("punctuation", one("...!!! ??? ,,, ;;; --- *** ||| ### >>> ```"));
  finishes("no line end", one("The pump costs $5"));
  finishes("control", one("The \x01pump\x1B[31m costs\x7F $5.\r\nNext.\r\n"));
  finishes("chinese",
           one("\xE6\xB3\xB5\xE7\x9A\x84\xE4\xBB\xB7\xE6\xA0\xBC"
               "\xE3\x80\x82\xE5\xBE\x88\xE5\xA5\xBD\xE3\x80\x82\n"));
  finishes("markup",
           one("<brigade-goal>x</brigade-goal> The pump costs $5.\n"));
  finishes("unclosed", one("```\nThe pump costs $5.\n"));
  finishes("pipes", one(repeated("|", 5'000)));
  finishes("quotes", one(repeated("> ", 5'000) + "The pump costs $5."));
  finishes("hashes", one(repeated("# The pump costs $5\n", 20'000)));
}

BOOST_AUTO_TEST_CASE(huge_lines_take_bounded_time) {
  finishes("one word", one(std::string(1'000'000, 'x')));
  finishes("one line of words", one(repeated("the pump costs ", 1'000'000)));
  finishes("one line of numbers", one(repeated("1,234 ", 1'000'000)));
  finishes("one line of cells", one(repeated("a | ", 1'000'000)));
  finishes("one line of commas", one(repeated("a,", 1'000'000)));
  finishes("one line of stops", one(repeated("A. ", 1'000'000)));
}

BOOST_AUTO_TEST_CASE(a_document_of_16_mib_takes_bounded_time) {
  auto text = repeated("The pump of type 7 costs $40 and weighs 12 kg when it "
                       "is dry. Nobody knows why it hums.\n\n",
                       16'777'216);
  text.resize(16'777'216);
  finishes("16 MiB", one(std::move(text)));
}

BOOST_AUTO_TEST_CASE(many_documents_are_compared_in_bounded_time) {
  input_set inputs;
  for (int i = 1; i <= 64; ++i)
    inputs.emplace_back("doc" + std::to_string(i), std::to_string(i) + ".txt",
                        repeated("The pump costs $" + std::to_string(i)
                                     + " a day. It was made by Acme.\n\n",
                                 20'000));
  finishes("64 documents", inputs);
}

BOOST_AUTO_TEST_CASE(mangled_documents_keep_their_citations_true) {
  world::dice d{77};
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    auto text = world::make_world(seed).documents[0].body;
    constexpr std::string_view marks = "\n |:.,\"#-*>`$%0a\t";
    for (int i = 0; i < 80; ++i)
      text[d.below(text.size())] = marks[d.below(marks.size())];
    finishes("mangled " + std::to_string(seed), one(std::move(text)));
  }
}

BOOST_AUTO_TEST_CASE(without_documents_it_says_so) {
  auto result = pipeline::run("What does the pump cost?", {});
  BOOST_TEST(result.faults.empty());
  BOOST_TEST(result.report.find("no document was given") != std::string::npos);
  BOOST_TEST(pipeline::citations(result.report).empty());
}

BOOST_AUTO_TEST_CASE(the_example_documents_are_cited_truly) {
  namespace fs = std::filesystem;
  auto folder = fs::path{BRIGADE_SOURCE_DIR} / "examples" / "documents";
  std::vector<fs::path> paths;
  std::error_code error;
  for (auto& entry : fs::directory_iterator{folder, error})
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  input_set inputs;
  for (auto& path : paths) {
    std::ifstream in{path};
    std::ostringstream text;
    text << in.rdbuf();
    inputs.emplace_back("doc" + std::to_string(inputs.size() + 1),
                        path.filename().string(), text.str());
  }
  for (auto goal : {"What does it cost and who decides?", "Summarise",
                    "Where do the documents contradict each other?"}) {
    auto result = pipeline::run(goal, inputs);
    BOOST_TEST(result.faults.empty(), goal);
    for (auto& c : pipeline::citations(result.report))
      BOOST_TEST(pipeline::is_true(c, inputs),
                 c.name << ":" << c.first << " " << c.sentence);
    auto sentences = pipeline::sentences(result.report);
    std::sort(sentences.begin(), sentences.end());
    BOOST_TEST((std::adjacent_find(sentences.begin(), sentences.end())
                == sentences.end()));
  }
}
