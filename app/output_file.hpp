/// A file that is there whole or not at all.
#pragma once

#include "brigade/app/unique_fd.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace brigade::app {

/// `-o FILE`: written to a temporary file beside it, synced, then renamed. The
/// temporary is made first, so that a run whose answer could not be stored
/// never starts. Destroyed without `commit`, it leaves nothing behind.
class output_file {
public:
  struct fault {
    /// One sentence with what to do.
    std::string message;
  };

  /// Makes the temporary. The file itself is not touched; a symbolic link is
  /// followed, so that its target is replaced and not the link.
  static std::variant<output_file, fault> create(const std::string& path);

  output_file(output_file&& other) noexcept;
  output_file& operator=(output_file&& other) = delete;
  ~output_file();

  /// Writes all of `content`, syncs and renames. Returns what went wrong; then
  /// the file is as it was. Call it once.
  [[nodiscard]] std::string commit(std::string_view content);

  /// Where the content stands until then.
  const std::string& temporary() const { return temporary_; }

private:
  output_file() = default;

  unique_fd file_;
  /// As the user gave it, for messages.
  std::string name_;
  std::string target_;
  std::string temporary_;
};

} // namespace brigade::app
