#include "brigade/config/tokens_file.hpp"

#include "brigade/config/detail/text.hpp"
#include "brigade/core/model/digest.hpp"
#include "brigade/core/policy/secret.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace brigade::config {

namespace {

using digest = std::array<unsigned char, 32>;

/// Through a volatile, so that no compiler makes an early way out of it.
bool equal(const digest& a, const digest& b) {
  std::array<std::uint64_t, 4> left{};
  std::array<std::uint64_t, 4> right{};
  static_assert(sizeof(left) == sizeof(a));
  std::memcpy(left.data(), a.data(), sizeof(left));
  std::memcpy(right.data(), b.data(), sizeof(right));
  volatile std::uint64_t different = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    different = different | (left[i] ^ right[i]);
  return different == 0;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_token(std::string_view text) {
  return text.size() >= token_bytes_min && text.size() <= token_bytes_max
         && std::all_of(text.begin(), text.end(),
                        [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

/// Reads one file line by line.
struct tokens_reader {
  loaded_tokens result;
  token_table table;
  const std::string& file_name;
  std::map<std::string, std::size_t, std::less<>> tokens_of;
  std::set<digest> seen;

  void fail(std::uint32_t line, std::string message) {
    if (result.faults.size() < faults_max)
      result.faults.push_back(
          {file_name, line, line > 0 ? 1u : 0u, std::move(message)});
  }

  void read_line(std::string_view line, std::uint32_t number) {
    line = detail::trimmed(line);
    if (line.empty() || line.starts_with('#'))
      return;
    const auto blank = std::find_if(line.begin(), line.end(), is_blank);
    const std::string name{line.begin(), blank};
    const auto token = detail::trimmed(
        line.substr(static_cast<std::size_t>(blank - line.begin())));
    if (token.empty() || std::any_of(token.begin(), token.end(), is_blank))
      return fail(number, "a line is NAME TOKEN");
    if (!detail::is_name(name))
      return fail(number, "the name must be 1 to 64 of the characters A-Z a-z "
                          "0-9 _ . -");
    if (!is_token(token))
      return fail(number, "the token must be " + std::to_string(token_bytes_min)
                              + " to " + std::to_string(token_bytes_max)
                              + " visible ASCII characters: make one with "
                                "openssl rand -hex 32");
    const auto hashed = core::sha256({token});
    if (!seen.insert(hashed).second)
      return fail(number, "this token stands in the file already");
    if (++tokens_of[name] > tokens_per_client_max)
      return fail(number, "a client has at most "
                              + std::to_string(tokens_per_client_max)
                              + " tokens");
    if (table.entries_.size() >= tokens_max)
      return fail(number, "a file has at most " + std::to_string(tokens_max)
                              + " tokens");
    table.entries_.push_back({hashed, name});
  }

  loaded_tokens run(std::string_view text) {
    std::uint32_t number = 0;
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      read_line(text.substr(0, end), ++number);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (table.entries_.empty() && result.faults.empty())
      fail(0, "holds no token: add lines of the form NAME TOKEN");
    if (result.faults.empty())
      result.value = std::move(table);
    return std::move(result);
  }
};

std::optional<std::string>
token_table::client_of(std::string_view presented) const {
  if (presented.size() > token_bytes_max)
    return std::nullopt;
  const auto hashed = core::sha256({presented});
  const entry* found = nullptr;
  for (const auto& known : entries_)
    if (equal(known.digest, hashed))
      found = &known;
  if (found == nullptr)
    return std::nullopt;
  return found->client;
}

std::vector<std::string> token_table::clients() const {
  std::set<std::string> names;
  for (const auto& known : entries_)
    names.insert(known.client);
  return {names.begin(), names.end()};
}

loaded_tokens parse_tokens(std::string_view text,
                           const std::string& file_name) {
  if (text.size() > tokens_file_bytes_max) {
    loaded_tokens result;
    result.faults.push_back(
        {file_name, 0, 0,
         "is larger than " + std::to_string(tokens_file_bytes_max) + " bytes"});
    return result;
  }
  return tokens_reader{{}, {}, file_name, {}, {}}.run(text);
}

loaded_tokens load_tokens_file(const std::string& path,
                               const load_options& options) {
  auto read = options.read_private_file
                  ? options.read_private_file(path, tokens_file_bytes_max)
                  : read_private_file(path, tokens_file_bytes_max);
  if (!read.text) {
    loaded_tokens result;
    result.faults.push_back(
        {path, 0, 0, std::move(read.error), fault_kind::missing_secret});
    return result;
  }
  auto result = parse_tokens(*read.text, path);
  core::wipe(*read.text);
  return result;
}

} // namespace brigade::config
