#include "brigade/core/run/merge.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::core;

BOOST_AUTO_TEST_CASE(a_merge_holds_each_result_under_its_subtask) {
  subtask a{"t1", "w", "Count the boats. Return a number.", {}, {}, "", ""};
  subtask b{"t2", "w", "Name the captains", {}, {}, "", ""};
  const shared_text one{"Seven boats."};
  const shared_text two{"Amdal."};
  const auto text =
      merge_results("Boats\nand captains", {{&a, &one, ""}, {&b, &two, ""}});
  BOOST_TEST(text
             == "# Boats and captains\n\n## Count the boats\n\nSeven boats.\n"
                "\n## Name the captains\n\nAmdal.\n");
}

BOOST_AUTO_TEST_CASE(a_merge_says_a_paragraph_once_and_names_every_gap) {
  subtask a{"t1", "w", "First part", {}, {}, "", ""};
  subtask b{"t2", "w", "Second part", {}, {}, "", ""};
  subtask c{"t3", "w", "Third part", {}, {}, "", ""};
  const shared_text one{"Shared.\n\nOnly here."};
  const shared_text two{"Shared.\n\nAlso this."};
  const auto text = merge_results(
      "Goal", {{&a, &one, ""}, {&b, &two, ""}, {&c, nullptr, "skipped"}});
  BOOST_TEST(text.find("Shared.") == text.rfind("Shared."));
  BOOST_TEST(text.find("Also this.") != std::string::npos);
  BOOST_TEST(text.find("## Missing\n\n- t3 (skipped): Third part\n")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_heading_is_cut_at_a_word_or_a_whole_character) {
  subtask words{"t1", "w", std::string(95, 'a') + " bbbbbbbbbb", {}, {},
                "",   ""};
  std::string umlauts;
  for (int i = 0; i < 60; ++i)
    umlauts += "\xC3\xA4";
  subtask solid{"t2", "w", "x" + umlauts, {}, {}, "", ""};
  const shared_text one{"r"};
  const auto text =
      merge_results("Goal", {{&words, &one, ""}, {&solid, &one, ""}});
  BOOST_TEST(text.find("## " + std::string(95, 'a') + " ...\n")
             != std::string::npos);
  BOOST_TEST(is_text(text));
}
