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

} // namespace

file_text read_text_file(const std::string& path, std::uint64_t bytes_max) {
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
  const auto too_large = [bytes_max] {
    return failure("is larger than " + std::to_string(bytes_max) + " bytes");
  };
  if (static_cast<std::uint64_t>(info.st_size) > bytes_max)
    return too_large();
  // The size may be unknown (0 under /proc) or change: read until the end.
  std::string text;
  constexpr std::size_t chunk_bytes = 65'536;
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

} // namespace brigade::config
