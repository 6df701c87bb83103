/// A sink for tests: every number by its metric and labels.
#pragma once

#include "brigade/core/run/metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

namespace brigade::core::test {

struct metric_numbers : metric_sink {
  struct series {
    double sum = 0;
    std::uint64_t count = 0;
  };

  static const metric_info& info(metric id) {
    return metric_infos()[static_cast<std::size_t>(id)];
  }

  /// `name{a,b}`.
  static std::string key(metric id, std::span<const std::string_view> labels) {
    BOOST_TEST_REQUIRE(labels.size() == info(id).labels.size(), info(id).name);
    std::string result{info(id).name};
    for (std::size_t i = 0; i < labels.size(); ++i) {
      BOOST_TEST(!labels[i].empty(), result);
      result += (i == 0 ? "{" : ",") + std::string{labels[i]};
    }
    return labels.empty() ? result : result + "}";
  }

  void add(metric id, std::span<const std::string_view> labels,
           double amount) override {
    BOOST_TEST((info(id).kind != metric_kind::histogram));
    BOOST_TEST((amount >= 0 || info(id).kind == metric_kind::gauge));
    auto& kept = numbers[key(id, labels)];
    kept.sum += amount;
    ++kept.count;
    BOOST_TEST(kept.sum >= 0);
  }

  void observe(metric id, std::span<const std::string_view> labels,
               double value) override {
    BOOST_TEST((info(id).kind == metric_kind::histogram));
    BOOST_TEST(value >= 0);
    auto& kept = numbers[key(id, labels)];
    kept.sum += value;
    ++kept.count;
  }

  double sum(const std::string& key) const {
    const auto found = numbers.find(key);
    return found == numbers.end() ? 0 : found->second.sum;
  }

  std::uint64_t count(const std::string& key) const {
    const auto found = numbers.find(key);
    return found == numbers.end() ? 0 : found->second.count;
  }

  std::map<std::string, series> numbers;
};

} // namespace brigade::core::test
