#include "brigade/app/output_file.hpp"

#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace brigade::app;

namespace {

struct fixture {
  scratch_folder folder;

  output_file create(const std::string& path) {
    auto result = output_file::create(path);
    BOOST_REQUIRE(std::holds_alternative<output_file>(result));
    return std::get<output_file>(std::move(result));
  }

  std::string fault(const std::string& path) {
    auto result = output_file::create(path);
    BOOST_REQUIRE(std::holds_alternative<output_file::fault>(result));
    return std::get<output_file::fault>(result).message;
  }

  static mode_t mode_of(const std::string& path) {
    struct stat info {};
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 07777;
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(output_file_, fixture)

BOOST_AUTO_TEST_CASE(the_file_appears_whole_at_commit) {
  auto path = folder.path("out.md");
  auto old_mask = ::umask(027);
  {
    auto file = create(path);
    BOOST_TEST(!std::filesystem::exists(path));
    BOOST_TEST(file.commit("the answer\n") == "");
  }
  ::umask(old_mask);
  BOOST_TEST(scratch_folder::read(path) == "the answer\n");
  BOOST_TEST(mode_of(path) == 0640U);
  BOOST_TEST(folder.count() == 1U);
}

BOOST_AUTO_TEST_CASE(without_commit_nothing_is_left) {
  auto path = folder.write("out.md", "old");
  {
    auto file = create(path);
    BOOST_TEST(folder.count() == 2U);
  }
  BOOST_TEST(folder.count() == 1U);
  BOOST_TEST(scratch_folder::read(path) == "old");
}

BOOST_AUTO_TEST_CASE(an_existing_file_keeps_its_mode) {
  auto path = folder.write("out.md", "old");
  BOOST_TEST_REQUIRE(::chmod(path.c_str(), 0604) == 0);
  BOOST_TEST(create(path).commit("new") == "");
  BOOST_TEST(scratch_folder::read(path) == "new");
  BOOST_TEST(mode_of(path) == 0604U);
}

BOOST_AUTO_TEST_CASE(a_link_stays_and_its_target_is_replaced) {
  auto target = folder.write("target.md", "old");
  auto link = folder.path("link.md");
  BOOST_TEST_REQUIRE(::symlink("target.md", link.c_str()) == 0);
  BOOST_TEST(create(link).commit("new") == "");
  BOOST_TEST(std::filesystem::is_symlink(link));
  BOOST_TEST(scratch_folder::read(target) == "new");
}

BOOST_AUTO_TEST_CASE(a_target_that_cannot_be_written_fails_at_once) {
  BOOST_TEST(has(fault(folder.path(".")), "is a directory"));
  BOOST_TEST(has(fault(folder.path("none/")), "is a directory"));
  BOOST_TEST(has(fault(folder.path("none/out.md")), "does not exist"));
  auto file = folder.write("file", "text");
  BOOST_TEST(has(fault(file + "/out.md"), "not a directory"));
  BOOST_TEST(has(fault("/dev/null"), "not a regular file"));
  BOOST_TEST(has(fault(folder.path(std::string(300, 'x') + "/o")), "too long"));
  BOOST_TEST(folder.count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_protected_target_or_folder_is_refused) {
  if (::geteuid() == 0) {
    BOOST_TEST_MESSAGE("skipped: root may write everywhere");
    return;
  }
  auto file = folder.write("out.md", "old");
  BOOST_TEST_REQUIRE(::chmod(file.c_str(), 0444) == 0);
  BOOST_TEST(has(fault(file), "write-protected"));
  std::filesystem::create_directory(folder.path("locked"));
  BOOST_TEST_REQUIRE(::chmod(folder.path("locked").c_str(), 0555) == 0);
  BOOST_TEST(has(fault(folder.path("locked/out.md")), "no permission"));
}

BOOST_AUTO_TEST_CASE(a_full_device_leaves_the_old_file) {
  auto path = folder.write("out.md", "old");
  {
    auto file = create(path);
    // The limit on file sizes stands in for a full device.
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    auto previous = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small{4096, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    auto fault = file.commit(std::string(100'000, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, previous);
    BOOST_TEST(has(fault, "cannot be written"));
  }
  BOOST_TEST(scratch_folder::read(path) == "old");
  BOOST_TEST(folder.count() == 1U);
}

BOOST_AUTO_TEST_CASE(left_over_temporaries_are_no_obstacle) {
  auto first = create(folder.path("out.md"));
  auto second = create(folder.path("out.md"));
  BOOST_TEST(first.temporary() != second.temporary());
  BOOST_TEST(first.commit("one") == "");
  BOOST_TEST(second.commit("two") == "");
  BOOST_TEST(scratch_folder::read(folder.path("out.md")) == "two");
}

BOOST_AUTO_TEST_SUITE_END()
