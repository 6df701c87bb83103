/// A hash over everything that happened: the same seed must give the same one,
/// in any process and any build (rule H4).
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/testkit/served_call.hpp"

#include <cstdint>
#include <string_view>

namespace brigade::testkit {

/// Sensitive to order and to every field. Not cryptographic.
class trace_hash {
public:
  void add(const core::run_id& run, const core::event& e);

  /// A try that arrived.
  void arrived(const served_call& line);

  /// A try that ended: without what `arrived` has seen already.
  void ended(const served_call& line);

  void add(std::uint64_t number);
  void add(std::string_view text);

  std::uint64_t value() const { return value_; }

private:
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

} // namespace brigade::testkit
