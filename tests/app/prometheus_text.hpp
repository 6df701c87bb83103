/// A strict reader of Prometheus's text format 0.0.4, for tests.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app::test {

class prometheus_text {
public:
  using labels = std::map<std::string, std::string>;

  /// Fails the test for everything that the format does not allow.
  explicit prometheus_text(std::string_view text) {
    BOOST_TEST_REQUIRE(text.ends_with('\n'));
    while (!text.empty()) {
      const auto end = text.find('\n');
      read_line(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    for (const auto& [name, type] : types_)
      if (type == "histogram")
        check_histogram(name);
  }

  /// The value of a series; a missing one fails the test.
  double value(const std::string& name, const labels& wanted = {}) const {
    const auto found = samples_.find({name, wanted});
    BOOST_TEST_REQUIRE((found != samples_.end()), name);
    return found->second;
  }

  bool has(const std::string& name, const labels& wanted = {}) const {
    return samples_.count({name, wanted}) > 0;
  }

  std::size_t series_of(const std::string& name) const {
    std::size_t count = 0;
    for (const auto& [key, value] : samples_)
      count += key.first == name ? 1 : 0;
    return count;
  }

  std::string type_of(const std::string& name) const {
    const auto found = types_.find(name);
    return found == types_.end() ? "" : found->second;
  }

private:
  static bool is_name(std::string_view text, bool label) {
    return !text.empty() && (text[0] < '0' || text[0] > '9')
           && std::all_of(text.begin(), text.end(), [label](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                       || (c >= '0' && c <= '9') || c == '_'
                       || (c == ':' && !label);
              });
  }

  static std::string_view word(std::string_view& line) {
    const auto end = std::min(line.find(' '), line.size());
    const auto result = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return result;
  }

  void read_line(std::string_view line) {
    BOOST_TEST_REQUIRE(!line.empty());
    const std::string whole{line};
    if (!line.starts_with("# "))
      return read_sample(line, whole);
    line.remove_prefix(2);
    const auto kind = word(line);
    const std::string name{word(line)};
    BOOST_TEST_REQUIRE(is_name(name, false), whole);
    if (kind == "HELP") {
      BOOST_TEST(helps_.insert(name).second, "two HELP lines: " << whole);
      BOOST_TEST(!line.empty(), whole);
    } else {
      BOOST_TEST_REQUIRE(kind == "TYPE", whole);
      BOOST_TEST((line == "counter" || line == "gauge" || line == "histogram"),
                 whole);
      BOOST_TEST(types_.emplace(name, std::string{line}).second,
                 "two TYPE lines: " << whole);
      BOOST_TEST(helps_.count(name) == 1u, whole);
    }
    current_ = name;
  }

  void read_sample(std::string_view line, const std::string& whole) {
    const auto end = line.find_first_of("{ ");
    BOOST_TEST_REQUIRE(end != std::string_view::npos, whole);
    const std::string name{line.substr(0, end)};
    BOOST_TEST_REQUIRE(is_name(name, false), whole);
    line.remove_prefix(end);
    labels found;
    if (line.starts_with('{'))
      found = read_labels(line, whole);
    BOOST_TEST_REQUIRE(line.starts_with(' '), whole);
    line.remove_prefix(1);
    BOOST_TEST(belongs(name), "a sample outside of its family: " << whole);
    BOOST_TEST(samples_.emplace(std::pair{name, found}, number(line)).second,
               "a series twice: " << whole);
  }

  labels read_labels(std::string_view& line, const std::string& whole) {
    labels result;
    line.remove_prefix(1);
    while (!line.starts_with('}')) {
      const auto equals = line.find("=\"");
      BOOST_TEST_REQUIRE(equals != std::string_view::npos, whole);
      const std::string name{line.substr(0, equals)};
      BOOST_TEST_REQUIRE(is_name(name, true), whole);
      line.remove_prefix(equals + 2);
      std::string text;
      while (!line.starts_with('"')) {
        BOOST_TEST_REQUIRE(!line.empty(), whole);
        char c = line.front();
        line.remove_prefix(1);
        if (c == '\\') {
          BOOST_TEST_REQUIRE(!line.empty(), whole);
          c = line.front();
          BOOST_TEST_REQUIRE((c == '\\' || c == '"' || c == 'n'), whole);
          c = c == 'n' ? '\n' : c;
          line.remove_prefix(1);
        }
        text += c;
      }
      line.remove_prefix(1);
      BOOST_TEST(result.emplace(name, text).second, whole);
      if (line.starts_with(','))
        line.remove_prefix(1);
      else
        BOOST_TEST_REQUIRE(line.starts_with('}'), whole);
    }
    line.remove_prefix(1);
    return result;
  }

  static double number(std::string_view text) {
    if (text == "+Inf")
      return std::numeric_limits<double>::infinity();
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    BOOST_TEST((stop == end && error == std::errc{}), text);
    return value;
  }

  /// All lines of a family stand together.
  bool belongs(const std::string& name) const {
    if (name == current_)
      return type_of(current_) != "histogram";
    return type_of(current_) == "histogram"
           && (name == current_ + "_bucket" || name == current_ + "_sum"
               || name == current_ + "_count");
  }

  void check_histogram(const std::string& name) const {
    // By the labels without `le`.
    std::map<labels, std::map<double, double>> buckets;
    for (const auto& [key, value] : samples_)
      if (key.first == name + "_bucket") {
        auto rest = key.second;
        BOOST_TEST_REQUIRE(rest.count("le") == 1u, name);
        const auto bound = number(rest["le"]);
        rest.erase("le");
        buckets[rest][bound] = value;
      }
    for (const auto& [rest, steps] : buckets) {
      double before = 0;
      for (const auto& [bound, count] : steps) {
        BOOST_TEST(count >= before, name << " is not cumulative");
        before = count;
      }
      BOOST_TEST(std::isinf(steps.rbegin()->first), name << " has no +Inf");
      BOOST_TEST(value(name + "_count", rest) == before, name);
      value(name + "_sum", rest);
    }
  }

  std::string current_;
  std::set<std::string> helps_;
  std::map<std::string, std::string> types_;
  std::map<std::pair<std::string, labels>, double> samples_;
};

} // namespace brigade::app::test
