/// Which process works on which run: a lock that ends with its process.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/store/result.hpp"

#include <memory>
#include <string>

namespace brigade::store::detail {

/// A file in `DIRECTORY/owners` that this process holds a lock on: the kernel
/// frees it when the process ends, however it ends. Its name is the owner that
/// runs are marked with. The locks belong to the open file and not to the
/// process (`F_OFD_SETLK`), so two owners in one process do not share them.
class owner_lock {
public:
  static result<std::unique_ptr<owner_lock>> take(const std::string& directory);

  /// Gives up the lock and removes the file.
  ~owner_lock();

  owner_lock(const owner_lock&) = delete;
  owner_lock& operator=(const owner_lock&) = delete;

  const std::string& name() const { return name_; }

private:
  owner_lock(std::string path, std::string name, int fd)
      : path_(std::move(path)), name_(std::move(name)), fd_(fd) {
    // nop
  }

  std::string path_;
  std::string name_;
  int fd_;
};

/// Whether the process that calls itself `owner` still lives. In doubt it does.
bool is_alive(const std::string& directory, const std::string& owner);

/// Removes the file of a dead owner. Its runs must not name it any more.
void forget_owner(const std::string& directory, const std::string& owner);

/// For people: `process 4242`.
std::string owner_text(const std::string& owner);

} // namespace brigade::store::detail
