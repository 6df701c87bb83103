// Asking about a plan: what can be tested without a terminal. With one:
// cli/approval.cpp.
#include "brigade/app/approval_prompt.hpp"

#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <sys/stat.h>

using namespace brigade::app;

namespace {

/// An editor that does this with the file, which it knows as `$1`.
struct editor {
  explicit editor(const std::string& does)
      : command("sh " + folder.write("editor.sh", does)) {
    // nop
  }

  scratch_folder folder;
  std::string command;
};

} // namespace

BOOST_AUTO_TEST_SUITE(approval_prompt)

BOOST_AUTO_TEST_CASE(the_first_letter_is_the_answer) {
  for (const char* yes : {"y\n", "Y", "  yes\n", "yeah"})
    BOOST_TEST((parse_approval_word(yes) == approval_word::yes), yes);
  for (const char* no : {"n\n", "No\n"})
    BOOST_TEST((parse_approval_word(no) == approval_word::no), no);
  for (const char* edit : {"e\n", "Edit\n"})
    BOOST_TEST((parse_approval_word(edit) == approval_word::edit), edit);
  for (const char* unclear : {"", "\n", "what?", "\xFF"})
    BOOST_TEST((parse_approval_word(unclear) == approval_word::unclear));
}

BOOST_AUTO_TEST_CASE(an_editor_gets_the_text_in_a_file_of_the_user_alone) {
  const editor vi{"stat -c %a \"$1\" >\"$0.mode\"; echo \"$1\" >\"$0.name\"\n"
                  "printf 'more' >>\"$1\"\n"};
  const auto edited = edit_text("some ", vi.command);
  BOOST_REQUIRE(edited.index() == 0u);
  BOOST_TEST(std::get<0>(edited) == "some more");
  BOOST_TEST(scratch_folder::read(vi.folder.path("editor.sh.mode")) == "600\n");
  auto name = scratch_folder::read(vi.folder.path("editor.sh.name"));
  name.pop_back();
  struct ::stat info {};
  BOOST_TEST(::stat(name.c_str(), &info) != 0);
}

BOOST_AUTO_TEST_CASE(an_editor_that_fails_changes_nothing) {
  const editor broken{"printf 'more' >>\"$1\"; exit 3\n"};
  const auto edited = edit_text("some", broken.command);
  BOOST_REQUIRE(edited.index() == 1u);
  BOOST_TEST(std::get<1>(edited).find("ended with code 3")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_result_that_is_too_long_is_refused) {
  const editor endless{"head -c 1100000 /dev/zero >\"$1\"\n"};
  BOOST_TEST(edit_text("some", endless.command).index() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
