// Tokens: what a file may hold, who may read it, and whose a token is.
#include "brigade/config/tokens_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace brigade::config;
namespace fs = std::filesystem;

namespace {

std::string token(char c, std::size_t size = token_bytes_min) {
  return std::string(size, c);
}

std::string faults_of(const loaded_tokens& result) {
  std::string out;
  for (const auto& fault : result.faults)
    out += to_string(fault) + "\n";
  return out;
}

std::string faults(const std::string& text) {
  return faults_of(parse_tokens(text, "t"));
}

struct folder {
  folder() {
    auto pattern = (fs::temp_directory_path() / "brigade-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }

  ~folder() { fs::remove_all(path); }

  std::string file(mode_t mode) const {
    const auto name = (path / "tokens").string();
    fs::remove(name);
    std::ofstream{name} << "anna " << token('a') << "\n";
    BOOST_TEST_REQUIRE(::chmod(name.c_str(), mode) == 0);
    return name;
  }

  fs::path path;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_token_is_its_clients) {
  const auto read =
      parse_tokens("# comment\r\n\r\nanna " + token('a') + "\r\n  bert\t \t"
                       + token('b') + "  \n" + "anna " + token('c'),
                   "t");
  BOOST_TEST_REQUIRE(faults_of(read) == "");
  const auto& table = *read.value;
  BOOST_TEST((table.client_of(token('a')) == "anna"));
  BOOST_TEST((table.client_of(token('b')) == "bert"));
  BOOST_TEST((table.client_of(token('c')) == "anna"));
  BOOST_TEST((table.clients() == std::vector<std::string>{"anna", "bert"}));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_whole_token_is_nobodys) {
  const auto read =
      parse_tokens("anna " + token('a') + "\nbert " + token('b'), "t");
  const auto& table = *read.value;
  BOOST_TEST(!table.client_of(""));
  BOOST_TEST(!table.client_of(token('a').substr(1)));
  BOOST_TEST(!table.client_of(token('a') + "a"));
  BOOST_TEST(!table.client_of(token('A')));
  BOOST_TEST(!table.client_of("anna"));
  BOOST_TEST(!table.client_of(token('a') + "\n"));
  BOOST_TEST(!table.client_of(std::string(100'000, 'a')));
  BOOST_TEST(!token_table{}.client_of(token('a')));
}

BOOST_AUTO_TEST_CASE(a_token_has_at_least_128_bits_and_an_end) {
  BOOST_TEST(faults("a " + token('x', token_bytes_min)) == "");
  BOOST_TEST(faults("a " + token('x', token_bytes_max)) == "");
  const std::string wanted = "t:1:1: the token must be 22 to 512 visible ASCII "
                             "characters: make one with openssl rand -hex 32\n";
  BOOST_TEST(faults("a " + token('x', token_bytes_min - 1)) == wanted);
  BOOST_TEST(faults("a " + token('x', token_bytes_max + 1)) == wanted);
  BOOST_TEST(faults("a " + token('x') + "\x7f") == wanted);
  BOOST_TEST(faults("a " + token('x') + "\xc3\xa4") == wanted);
}

BOOST_AUTO_TEST_CASE(all_faults_of_a_tokens_file_come_at_once) {
  BOOST_TEST(faults(token('a') + "\n\na/b " + token('b') + "\nx " + token('c')
                    + " y\nx short\n")
             == "t:1:1: a line is NAME TOKEN\n"
                "t:3:1: the name must be 1 to 64 of the characters A-Z a-z 0-9 "
                "_ . -\n"
                "t:4:1: a line is NAME TOKEN\n"
                "t:5:1: the token must be 22 to 512 visible ASCII characters: "
                "make one with openssl rand -hex 32\n");
  BOOST_TEST(faults("# nobody\n")
             == "t: holds no token: add lines of the form NAME TOKEN\n");
}

BOOST_AUTO_TEST_CASE(one_token_cannot_be_two_clients) {
  BOOST_TEST(faults("a " + token('x') + "\nb " + token('x'))
             == "t:2:1: this token stands in the file already\n");
}

BOOST_AUTO_TEST_CASE(a_client_has_a_few_tokens_to_change_them) {
  std::string text;
  for (std::size_t i = 0; i < tokens_per_client_max; ++i)
    text += "a " + token(static_cast<char>('a' + i)) + "\n";
  BOOST_TEST(faults(text) == "");
  BOOST_TEST(faults(text + "a " + token('z'))
             == "t:5:1: a client has at most 4 tokens\n");
}

BOOST_AUTO_TEST_CASE(a_tokens_file_has_an_end) {
  const auto lines = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text +=
          "c" + std::to_string(i) + " " + token('x') + std::to_string(i) + "\n";
    return text;
  };
  BOOST_TEST(faults(lines(tokens_max)) == "");
  BOOST_TEST(faults(lines(tokens_max + 1))
             == "t:1001:1: a file has at most 1000 tokens\n");
  BOOST_TEST(faults(std::string(tokens_file_bytes_max + 1, '\n'))
             == "t: is larger than 1048576 bytes\n");
}

BOOST_FIXTURE_TEST_CASE(a_file_of_tokens_is_closed_to_others, folder) {
  for (mode_t mode : {mode_t{0600}, mode_t{0400}, mode_t{0700}})
    BOOST_TEST(faults_of(load_tokens_file(file(mode))) == "");
  for (mode_t mode : {mode_t{0604}, mode_t{0602}, mode_t{0601}, mode_t{0620},
                      mode_t{0610}, mode_t{0666}}) {
    const auto name = file(mode);
    BOOST_TEST(faults_of(load_tokens_file(name))
               == name + ": may be used by others: chmod 600 " + name + "\n");
  }
}

BOOST_FIXTURE_TEST_CASE(the_group_may_read_only_what_root_gave_us, folder) {
  const auto name = file(0440);
  const bool of_root = ::geteuid() == 0 && ::getegid() == 0;
  BOOST_TEST(load_tokens_file(name).faults.empty() == of_root);
  if (::geteuid() == 0) {
    BOOST_TEST_REQUIRE(::chown(name.c_str(), 0, 1) == 0);
    BOOST_TEST(!load_tokens_file(name).faults.empty());
    BOOST_TEST_REQUIRE(::chown(name.c_str(), 1, 1) == 0);
    BOOST_TEST_REQUIRE(::chmod(name.c_str(), 0600) == 0);
    BOOST_TEST(faults_of(load_tokens_file(name))
               == name
                      + ": belongs to another user: chown it to the user of "
                        "this process\n");
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_not_a_file_is_refused_at_once, folder) {
  const auto pipe = (path / "pipe").string();
  BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_TEST(faults_of(load_tokens_file(pipe))
             == pipe + ": is not a regular file\n");
  BOOST_TEST(faults_of(load_tokens_file(path.string()))
             == path.string() + ": is a directory\n");
  const auto none = (path / "none").string();
  const auto missing = load_tokens_file(none);
  BOOST_TEST(faults_of(missing) == none + ": does not exist\n");
  BOOST_TEST((missing.faults[0].kind == fault_kind::missing_secret));
}
