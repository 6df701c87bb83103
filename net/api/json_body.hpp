/// Reads JSON bodies and tells all that is wrong with them. Pure.
#pragma once

#include "brigade/core/json/read_fault.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/net/api/refusal.hpp"

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::net::api {

/// Faults of one body that are told; it has at least as many.
inline constexpr std::size_t body_faults_max = 100;

/// The object that the body is, or why it is none (400).
std::variant<boost::json::object, refusal>
read_json_object(std::string_view body);

/// Reads members and remembers all that is wrong. What is read from a faulty
/// member is empty.
class json_body_reader {
public:
  void fail(std::string pointer, std::string message);

  bool has_failed() const { return !faults_.empty(); }

  /// What the body is refused with, once something has failed.
  refusal refused(int status);

  const boost::json::object* object(const boost::json::value& from,
                                    const std::string& pointer);

  /// Members of other names are faults: what nobody reads is most likely a
  /// mistake.
  void only(const boost::json::object& from, const std::string& pointer,
            std::initializer_list<std::string_view> known);

  /// UTF-8 without NUL.
  std::string text(const boost::json::value& from, const std::string& pointer);

  bool flag(const boost::json::value& from, const std::string& pointer);

  /// An integer from 1 to `max`.
  std::optional<std::int64_t> count(const boost::json::value& from,
                                    const std::string& pointer,
                                    std::int64_t max);

  /// A decimal in a string is exact; of a number the shortest decimal that
  /// means it is taken, which is what was typed.
  std::optional<core::pico_usd> money(const boost::json::value& from,
                                      const std::string& pointer);

private:
  std::vector<core::read_fault> faults_;
};

} // namespace brigade::net::api
