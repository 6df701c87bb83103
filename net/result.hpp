/// How `net` reports expected failures: as values.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace brigade::net {

/// Why something could not be set up: one sentence for people that says what
/// is wrong and what to do. Never holds a secret.
struct net_error {
  std::string message;
};

/// A value or the reason why there is none.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : state_(std::move(value)) {
    // nop
  }

  result(net_error error) : state_(std::move(error)) {
    // nop
  }

  explicit operator bool() const noexcept { return state_.index() == 0; }

  /// Only when there is a value.
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  /// Only when there is none.
  const std::string& error() const { return std::get_if<1>(&state_)->message; }

private:
  std::variant<T, net_error> state_;
};

} // namespace brigade::net
