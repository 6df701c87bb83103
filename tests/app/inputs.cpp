#include "brigade/app/inputs.hpp"

#include "scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace brigade;
using namespace brigade::app;

namespace {

struct fixture {
  scratch_folder folder;
  core::limits bounds;

  /// The one fault of one path.
  std::string fault_of(const std::string& path) {
    auto result = load_inputs({path}, bounds);
    BOOST_TEST(result.documents == nullptr);
    BOOST_TEST_REQUIRE(result.faults.size() == 1U);
    BOOST_TEST(result.faults[0].starts_with(path + ": "));
    return result.faults[0];
  }

  bool says(const std::string& path, const std::string& what) {
    auto fault = fault_of(path);
    BOOST_TEST_MESSAGE(fault);
    return fault.find(what) != std::string::npos;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(inputs, fixture)

BOOST_AUTO_TEST_CASE(documents_keep_their_order_names_and_line_ends) {
  auto b = folder.write("b.md", "one\r\ntwo\r\n");
  auto a = folder.write("a.md", "\xEF\xBB\xBFtext");
  auto result = load_inputs({b, a}, bounds);
  BOOST_TEST_REQUIRE(result.faults.empty());
  const auto& documents = *result.documents;
  BOOST_TEST_REQUIRE(documents.size() == 2U);
  BOOST_TEST(documents[0].id() == "doc1");
  BOOST_TEST(documents[0].name() == b);
  BOOST_TEST(documents[0].text() == "one\r\ntwo\r\n");
  BOOST_TEST(documents[1].id() == "doc2");
  BOOST_TEST(documents[1].text() == "text");
}

BOOST_AUTO_TEST_CASE(no_paths_give_an_empty_set) {
  auto result = load_inputs({}, bounds);
  BOOST_TEST_REQUIRE(result.documents != nullptr);
  BOOST_TEST(result.documents->empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_a_readable_file_is_refused) {
  BOOST_TEST(says(folder.path("none.md"), "no such file"));
  BOOST_TEST(says(folder.path("."), "directory"));
  BOOST_TEST(says("/dev/null", "device"));
  auto fifo = folder.path("fifo");
  BOOST_TEST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(says(fifo, "pipe"));
  auto loop = folder.path("loop");
  BOOST_TEST_REQUIRE(::symlink(loop.c_str(), loop.c_str()) == 0);
  BOOST_TEST(says(loop, "symbolic links"));
}

BOOST_AUTO_TEST_CASE(a_file_without_permission_is_refused) {
  if (::geteuid() == 0) {
    BOOST_TEST_MESSAGE("skipped: root may read everything");
    return;
  }
  auto file = folder.write("secret.md", "text");
  BOOST_TEST_REQUIRE(::chmod(file.c_str(), 0) == 0);
  BOOST_TEST(says(file, "permission denied"));
}

BOOST_AUTO_TEST_CASE(the_size_limit_holds_on_both_sides) {
  bounds.input_bytes_max = 10;
  auto fits = folder.write("fits.md", "0123456789");
  BOOST_TEST(load_inputs({fits}, bounds).faults.empty());
  BOOST_TEST(says(folder.write("long.md", "0123456789a"), "too large"));
}

BOOST_AUTO_TEST_CASE(a_hundred_megabytes_are_refused_without_reading_them) {
  auto file = folder.write("huge.md", "");
  std::filesystem::resize_file(file, 100'000'000);
  BOOST_TEST(says(file, "95.4 MiB, the limit is 16 MiB"));
}

BOOST_AUTO_TEST_CASE(what_is_not_text_is_refused) {
  using namespace std::string_literals;
  BOOST_TEST(says(folder.write("a.bin", "ELF\0\1\2"s), "binary"));
  BOOST_TEST(says(folder.write("latin1.txt", "gr\xFC\xDF"), "iconv"));
  BOOST_TEST(says(folder.write("empty.md", ""), "is empty"));
  BOOST_TEST(says(folder.write("bom.md", "\xEF\xBB\xBF"), "is empty"));
  BOOST_TEST(says(folder.write("blank.md", " \n\t\n"), "white space"));
}

BOOST_AUTO_TEST_CASE(the_same_file_is_taken_once) {
  auto file = folder.write("a.md", "text");
  auto twice = load_inputs({file, file}, bounds);
  BOOST_TEST_REQUIRE(twice.faults.size() == 1U);
  BOOST_TEST(twice.faults[0].find("given twice") != std::string::npos);
  auto link = folder.path("link.md");
  BOOST_TEST_REQUIRE(::symlink(file.c_str(), link.c_str()) == 0);
  auto linked = load_inputs({file, link}, bounds);
  BOOST_TEST_REQUIRE(linked.faults.size() == 1U);
  BOOST_TEST(linked.faults[0].find("same file as " + file)
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_number_of_documents_has_a_limit_on_both_sides) {
  bounds.inputs_max = 2;
  auto a = folder.write("a.md", "a");
  auto b = folder.write("b.md", "b");
  auto c = folder.write("c.md", "c");
  BOOST_TEST(load_inputs({a, b}, bounds).faults.empty());
  auto result = load_inputs({a, b, c}, bounds);
  BOOST_TEST_REQUIRE(result.faults.size() == 1U);
  BOOST_TEST(result.faults[0].find("3 documents") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once) {
  auto good = folder.write("good.md", "text");
  auto result = load_inputs({folder.path("x"), good, folder.path("."),
                             folder.write("e.md", ""), "", "-"},
                            bounds);
  BOOST_TEST(result.documents == nullptr);
  BOOST_TEST(result.faults.size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_name_with_control_characters_is_refused_and_not_shown) {
  auto file = folder.write("a\x1b[2J.md", "text");
  auto result = load_inputs({file}, bounds);
  BOOST_TEST_REQUIRE(result.faults.size() == 1U);
  BOOST_TEST(result.faults[0].find('\x1b') == std::string::npos);
  BOOST_TEST(
      load_inputs({folder.write("a\xFF.md", "text")}, bounds).faults.size()
      == 1U);
}

BOOST_AUTO_TEST_CASE(files_without_a_size_are_read_to_their_end) {
  auto result = read_file("/proc/self/status", 1'000'000);
  BOOST_TEST_REQUIRE(std::holds_alternative<std::string>(result));
  BOOST_TEST(!std::get<std::string>(result).empty());
  BOOST_TEST(
      std::holds_alternative<read_fault>(read_file("/proc/self/status", 10)));
}

BOOST_AUTO_TEST_CASE(sizes_are_shown_rounded_up) {
  BOOST_TEST(display_bytes(0) == "0 bytes");
  BOOST_TEST(display_bytes(1) == "1 byte");
  BOOST_TEST(display_bytes(1023) == "1023 bytes");
  BOOST_TEST(display_bytes(1024) == "1 KiB");
  BOOST_TEST(display_bytes(1025) == "1.1 KiB");
  BOOST_TEST(display_bytes(16'777'216) == "16 MiB");
  BOOST_TEST(display_bytes(16'777'217) == "16.1 MiB");
}

BOOST_AUTO_TEST_SUITE_END()
