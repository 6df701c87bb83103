/// Reading command lines in tests.
#pragma once

#include "brigade/app/cli.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>
#include <vector>

using strings = std::vector<std::string>;

/// Parses and expects that this comes out.
template <class T>
T get(const strings& args) {
  auto result = brigade::app::parse_command_line(args);
  if (auto* fault = std::get_if<brigade::app::problem>(&result)) {
    BOOST_TEST_MESSAGE(fault->message + " / " + fault->hint);
  }
  BOOST_REQUIRE(std::holds_alternative<T>(result));
  return std::get<T>(result);
}

inline bool mentions(const brigade::app::problem& fault,
                     const std::string& what) {
  return fault.message.find(what) != std::string::npos
         || fault.hint.find(what) != std::string::npos;
}
