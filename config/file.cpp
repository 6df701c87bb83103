#include "brigade/config/crew_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace brigade::config {

namespace {

struct descriptor {
  explicit descriptor(int value) : fd(value) {
    // nop
  }

  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  ~descriptor() {
    if (fd >= 0)
      ::close(fd);
  }

  int fd;
};

file_text failure(std::string why) {
  return {std::nullopt, std::move(why)};
}

file_text system_failure(int code) {
  if (code == ENOENT)
    return failure("does not exist");
  if (code == EACCES || code == EPERM)
    return failure("may not be read: permission denied");
  return failure("cannot be read: " + std::generic_category().message(code));
}

/// A file of secrets is its owner's. systemd gives credentials to a service as
/// files of root's with an access list, which shows as permissions of the
/// group: root's own group gains nothing by them.
std::string private_fault(const struct stat& info, const std::string& path) {
  if (info.st_uid != ::geteuid() && info.st_uid != 0)
    return "belongs to another user: chown it to the user of this process";
  const bool of_root = info.st_uid == 0 && info.st_gid == 0;
  const mode_t open_to_others = of_root ? 0037 : 0077;
  if ((info.st_mode & open_to_others) != 0)
    return "may be used by others: chmod 600 " + path;
  return {};
}

file_text read_regular(const std::string& path, std::uint64_t bytes_max,
                       bool is_private) {
  if (path.find('\0') != std::string::npos)
    return failure("is not a path");
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  const descriptor file{
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file.fd < 0)
    return system_failure(errno);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0)
    return system_failure(errno);
  if (S_ISDIR(info.st_mode))
    return failure("is a directory");
  if (!S_ISREG(info.st_mode))
    return failure("is not a regular file");
  if (is_private)
    if (auto why = private_fault(info, path); !why.empty())
      return failure(std::move(why));
  const auto too_large = [bytes_max] {
    return failure("is larger than " + std::to_string(bytes_max) + " bytes");
  };
  if (static_cast<std::uint64_t>(info.st_size) > bytes_max)
    return too_large();
  // The size may be unknown (0 under /proc) or change: read until the end.
  std::string text;
  constexpr std::size_t chunk_bytes = 65'536;
  // In one piece: what grows leaves copies behind, of secrets too.
  text.reserve(static_cast<std::size_t>(info.st_size) + chunk_bytes);
  while (text.size() <= bytes_max) {
    const auto before = text.size();
    text.resize(before + chunk_bytes);
    const auto got = ::read(file.fd, text.data() + before, chunk_bytes);
    text.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0 && errno != EINTR)
      return system_failure(errno);
    if (got == 0)
      return {std::move(text), {}};
  }
  return too_large();
}

} // namespace

file_text read_text_file(const std::string& path, std::uint64_t bytes_max) {
  return read_regular(path, bytes_max, false);
}

file_text read_private_file(const std::string& path, std::uint64_t bytes_max) {
  return read_regular(path, bytes_max, true);
}

} // namespace brigade::config
