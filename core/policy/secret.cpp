#include "brigade/core/policy/secret.hpp"

#include <cstddef>
#include <utility>

namespace brigade::core {

void wipe(std::string& text) noexcept {
  // Growing within the capacity never allocates.
  text.resize(text.capacity());
  volatile char* bytes = text.data();
  for (std::size_t i = 0; i < text.size(); ++i)
    bytes[i] = '\0';
  text.clear();
}

struct secret::buffer {
  explicit buffer(std::string&& from) : text(std::move(from)) {
    // nop
  }

  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;

  ~buffer() { wipe(text); }

  std::string text;
};

secret::secret(std::string text)
    : buffer_(std::make_shared<const buffer>(std::move(text))) {
  // A short string is copied by a move and stays behind in its source.
  wipe(text); // NOLINT(bugprone-use-after-move)
}

std::string_view secret::reveal() const noexcept {
  return buffer_ ? std::string_view{buffer_->text} : std::string_view{};
}

} // namespace brigade::core
