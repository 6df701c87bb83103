/// How `store` reports expected failures: as values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace brigade::store {

enum class fault_code : std::uint8_t {
  /// There is no such run, or no journal.
  not_found,
  /// Several runs are meant.
  ambiguous,
  /// Another process works on the run.
  owned,
  /// The run has ended: there is nothing to continue.
  ended,
  /// The file is of a newer version of Brigade, or no journal at all.
  unreadable,
  /// Something stored was changed or damaged.
  corrupt,
  /// The file cannot be opened, read or written.
  io,
  /// A ceiling on what may be spent per day does not allow it.
  over_ceiling,
};

/// `message` is one sentence or two for people: what failed, where, and what to
/// do.
struct fault {
  fault_code code = fault_code::io;
  std::string message;
};

/// A value or the fault that there is instead.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : state_(std::move(value)) {
    // nop
  }

  result(store::fault why) : state_(std::move(why)) {
    // nop
  }

  explicit operator bool() const noexcept { return state_.index() == 0; }

  /// Only when there is a value.
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  /// Only when there is none.
  const store::fault& error() const { return *std::get_if<1>(&state_); }

private:
  std::variant<T, store::fault> state_;
};

} // namespace brigade::store
