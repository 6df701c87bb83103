#include "brigade/core/extractive/merge.hpp"

#include "brigade/core/model/prompt_blocks.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;

namespace {

struct prompt {
  std::string text;

  explicit prompt(std::string_view goal) {
    append_block(text, "goal", {}, goal);
  }

  prompt& result(std::string_view task, std::string_view description,
                 std::string_view body) {
    append_block(text, "result",
                 {{"task", std::string{task}},
                  {"worker", "w"},
                  {"description", std::string{description}}},
                 body);
    return *this;
  }

  std::string run(std::size_t bytes_max = 65'536) const {
    return extractive::merge_results(parse_blocks(text), bytes_max);
  }
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1))
    ++result;
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_report_has_title_notice_and_topics) {
  auto text =
      prompt{"what does it cost?"}
          .result("t1", "Answer \"what does it cost?\" from a.md. Scope: x.",
                  "- It costs $5. [a.md:1]\n")
          .run();
  BOOST_TEST(text.starts_with("# What does it cost?\n\n*This is an extractive"),
             text);
  BOOST_TEST(count(text, "not a language model") == 1u);
  BOOST_TEST(count(text, "## What does it cost?\n\n- It costs $5. [a.md:1]\n")
             == 1u);
  BOOST_TEST(count(text, "## Conflicts") == 0u);
  BOOST_TEST(count(text, "## Missing") == 0u);
}

BOOST_AUTO_TEST_CASE(one_sentence_stands_once_with_all_its_places) {
  auto text = prompt{"x"}
                  .result("t1", "One.", "- It costs $5. [a.md:1]\n")
                  .result("t2", "Two.", "- It costs $5. [b.md:9]\n")
                  .run();
  BOOST_TEST(count(text, "It costs $5.") == 1u);
  BOOST_TEST(count(text, "- It costs $5. [a.md:1] [b.md:9]\n") == 1u, text);
}

BOOST_AUTO_TEST_CASE(near_duplicates_stand_once_but_values_keep_them_apart) {
  auto text = prompt{"x"}
                  .result("t1", "One.",
                          "- The big red house costs 5 euros a day. [a.md:1]\n"
                          "- The big red house costs 7 euros a day. [a.md:2]\n")
                  .result("t2", "Two.",
                          "- A big red house costs 5 euros a day! [b.md:9]\n")
                  .run();
  BOOST_TEST(count(text, "5 euros") == 1u);
  BOOST_TEST(count(text, "7 euros") == 1u);
  BOOST_TEST(count(text, "(likewise b.md:9)") == 1u, text);
}

BOOST_AUTO_TEST_CASE(a_disputed_sentence_stands_below_conflicts_only) {
  auto text =
      prompt{"x"}
          .result("t1", "One.", "- It costs $5. [a.md:1]\n")
          .result("t2", "Check.",
                  "- Conflict: cost: $5 or $6\n  - It costs $5. [a.md:1]\n"
                  "  - It is $6. [b.md:2]\n")
          .run();
  BOOST_TEST(count(text, "It costs $5.") == 1u);
  BOOST_TEST(count(text, "## Conflicts\n\n**Cost: $5 or $6**\n\n- It costs $5. "
                         "[a.md:1]\n- It is $6. [b.md:2]\n")
                 == 1u,
             text);
}

BOOST_AUTO_TEST_CASE(gaps_and_unanswered_questions_are_named) {
  prompt p{"x"};
  p.result("t1", "Answer \"who\" from a.md.", "Not found: nothing there.\n");
  append_block(p.text, "gap",
               {{"task", "t2"},
                {"worker", "w"},
                {"description", "Answer \"why\" from a.md. Scope: x."},
                {"status", "failed"}},
               "");
  auto text = p.run();
  BOOST_TEST(count(text, "## Missing\n\n") == 1u, text);
  BOOST_TEST(count(text, "- Why (t2: failed)\n") == 1u, text);
  BOOST_TEST(count(text, "- Who: nothing there.\n") == 1u, text);
}

BOOST_AUTO_TEST_CASE(text_of_other_models_keeps_its_form) {
  auto text =
      prompt{"x"}
          .result("t1", "Research the market. Return prose.",
                  "# Findings\n\nThe market grew.\n\n```\ncode [x]\n```\n\n"
                  "| a | b |\n|---|---|\n| 1 | 2 |\n\n* A bullet [1]\n")
          .run();
  BOOST_TEST(count(text, "## Research the market\n") == 1u, text);
  BOOST_TEST(count(text, "- The market grew.\n") == 1u, text);
  BOOST_TEST(count(text, "```\ncode [x]\n```\n") == 1u, text);
  BOOST_TEST(count(text, "| a | b |\n|---|---|\n| 1 | 2 |\n") == 1u, text);
  BOOST_TEST(count(text, "- A bullet [1]\n") == 1u, text);
}

BOOST_AUTO_TEST_CASE(a_short_limit_gives_a_shorter_report) {
  prompt p{"x"};
  std::string body;
  for (int i = 0; i < 30; ++i)
    body +=
        "- Statement number " + std::to_string(i) + " about things. [a:1]\n";
  p.result("t1", "One.", body);
  auto whole = p.run();
  auto part = p.run(600);
  BOOST_TEST(part.size() <= 600u);
  BOOST_TEST(count(part, "- Statement") >= 1u);
  BOOST_TEST(count(whole, "- Statement") == 30u);
}
