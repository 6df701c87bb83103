// Real files: what is read and what is refused.
#include "brigade/config/crew_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

using namespace brigade::config;
namespace fs = std::filesystem;

namespace {

/// A folder of its own that is gone afterwards.
struct folder {
  folder() {
    auto pattern = (fs::temp_directory_path() / "brigade-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }

  ~folder() { fs::remove_all(path); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream{path / name} << text;
    return (path / name).string();
  }

  fs::path path;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_regular_file_is_read_up_to_its_limit, folder) {
  const auto name = file("a", "12345");
  BOOST_TEST((read_text_file(name, 5).text == "12345"));
  BOOST_TEST(!read_text_file(name, 4).text.has_value());
  BOOST_TEST(read_text_file(name, 4).error == "is larger than 4 bytes");
  BOOST_TEST((read_text_file(file("e", ""), 4).text == ""));
  const std::string large(200'000, 'x');
  BOOST_TEST((read_text_file(file("l", large), 200'000).text == large));
}

BOOST_FIXTURE_TEST_CASE(links_are_followed, folder) {
  file("a", "text");
  fs::create_symlink("a", path / "link");
  BOOST_TEST((read_text_file((path / "link").string(), 9).text == "text"));
  fs::create_symlink("loop", path / "loop");
  BOOST_TEST(read_text_file((path / "loop").string(), 9)
                 .error.starts_with("cannot be read: "));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_file_is_refused_at_once, folder) {
  BOOST_TEST(read_text_file(path.string(), 9).error == "is a directory");
  BOOST_TEST(read_text_file((path / "none").string(), 9).error
             == "does not exist");
  BOOST_TEST(read_text_file("/dev/zero", 9).error == "is not a regular file");
  const auto pipe = (path / "pipe").string();
  BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_TEST(read_text_file(pipe, 9).error == "is not a regular file");
  BOOST_TEST(read_text_file(std::string("a\0b", 3), 9).error
             == "is not a path");
}

BOOST_FIXTURE_TEST_CASE(a_crew_finds_its_prompts_beside_it, folder) {
  fs::create_directory(path / "prompts");
  file("prompts/w.md", "be w");
  const auto crew =
      file("my-crew.toml", "[planner]\nmodel = \"builtin/extractive\"\n"
                           "[workers.w]\nmodel = \"builtin/extractive\"\n"
                           "description = \"d\"\n"
                           "prompt_file = \"prompts/w.md\"\n"
                           "[synthesizer]\nkind = \"merge\"\n");
  const auto result = load_crew_file(crew, {});
  BOOST_TEST_REQUIRE(result.value.has_value());
  BOOST_TEST(result.value->crew.name == "my-crew");
  BOOST_TEST(result.value->crew.workers[0].prompt == "be w");
}

BOOST_FIXTURE_TEST_CASE(a_crew_file_that_cannot_be_read_is_one_fault, folder) {
  const auto result = load_crew_file(path.string(), {});
  BOOST_TEST(!result.value.has_value());
  BOOST_TEST_REQUIRE(result.faults.size() == 1u);
  BOOST_TEST(to_string(result.faults[0]) == path.string() + ": is a directory");
}
