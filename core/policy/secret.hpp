/// A text that must not be seen: a provider's key. It cannot be printed,
/// compared or turned into a string by accident; `reveal` is the one way to
/// its text and easy to find in a review.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace brigade::core {

/// Overwrites the characters of `text`, including its unused capacity, in a
/// way that a compiler does not remove, and empties it. For the temporaries
/// through which a secret passed.
void wipe(std::string& text) noexcept;

/// Copies share one buffer, which is zeroed when the last copy is destroyed.
/// Immutable after construction, so copies may be used from several threads.
class secret {
public:
  /// No secret.
  secret() = default;

  /// Takes the text over and wipes what is left of `text`.
  explicit secret(std::string text);

  /// The text, valid as long as a copy of this secret lives. Empty when there
  /// is no secret. Send it, never log it.
  std::string_view reveal() const noexcept;

  /// Whether there is a secret. An empty text is none.
  explicit operator bool() const noexcept { return !reveal().empty(); }

  /// Comparing keys leaks them through time and tempts into logging.
  friend bool operator==(const secret&, const secret&) = delete;

  /// Printing is a compile-time error, whatever the stream.
  template <class Stream>
  friend Stream& operator<<(Stream&, const secret&) = delete;

private:
  struct buffer;

  std::shared_ptr<const buffer> buffer_;
};

} // namespace brigade::core
