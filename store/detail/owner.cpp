#include "brigade/store/detail/owner.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/random.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace brigade::store::detail {

namespace {

std::string path_of(const std::string& directory, const std::string& owner) {
  return directory + "/owners/" + owner;
}

bool lock(int fd) {
  struct ::flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/// `4242-9f0c1d2e3a4b5c6d`: the process, and what tells it from an earlier one
/// of the same number.
std::string new_name() {
  std::array<unsigned char, 8> random{};
  [[maybe_unused]] auto got = ::getrandom(random.data(), random.size(), 0);
  constexpr std::string_view digits = "0123456789abcdef";
  auto name = std::to_string(::getpid()) + "-";
  for (auto byte : random) {
    name += digits[byte >> 4];
    name += digits[byte & 15];
  }
  return name;
}

/// A file without a lock that is so old was left by a process that died.
constexpr std::time_t left_after_s = 3600;

bool is_left(const std::string& path) {
  struct ::stat info {};
  return ::stat(path.c_str(), &info) == 0
         && std::time(nullptr) - info.st_mtime > left_after_s;
}

/// Removes what processes left that were killed. Younger files may be of a
/// process that has not locked its own yet.
void sweep(const std::string& directory) {
  std::error_code failed;
  for (const auto& entry :
       std::filesystem::directory_iterator{directory + "/owners", failed}) {
    const auto name = entry.path().filename().string();
    if (is_left(entry.path().string()) && !is_alive(directory, name))
      forget_owner(directory, name);
  }
}

} // namespace

result<std::unique_ptr<owner_lock>>
owner_lock::take(const std::string& directory) {
  const auto folder = directory + "/owners";
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return fault{fault_code::io,
                 "cannot make " + folder + ": " + std::strerror(errno)};
  sweep(directory);
  auto name = new_name();
  auto path = path_of(directory, name);
  const auto fd =
      ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW,
             S_IRUSR | S_IWUSR);
  if (fd < 0)
    return fault{fault_code::io,
                 "cannot make " + path + ": " + std::strerror(errno)};
  if (!lock(fd)) {
    const auto why = std::string{std::strerror(errno)};
    ::close(fd);
    ::unlink(path.c_str());
    return fault{fault_code::io,
                 "cannot lock " + path + ": " + why
                     + "; name a state directory on a local disk with "
                       "--state DIR"};
  }
  struct ::stat info {};
  if (::fstat(fd, &info) != 0 || info.st_nlink == 0) {
    // Swept away before it was locked.
    ::close(fd);
    return take(directory);
  }
  return std::unique_ptr<owner_lock>{
      new owner_lock{std::move(path), std::move(name), fd}};
}

owner_lock::~owner_lock() {
  ::unlink(path_.c_str());
  ::close(fd_);
}

bool is_alive(const std::string& directory, const std::string& owner) {
  if (owner.find('/') != std::string::npos)
    return false; // No name that we gave.
  const auto path = path_of(directory, owner);
  const auto fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return errno != ENOENT;
  // Asks only: two that ask at once must not see each other.
  struct ::flock held {};
  held.l_type = F_WRLCK;
  held.l_whence = SEEK_SET;
  const bool known = ::fcntl(fd, F_OFD_GETLK, &held) == 0;
  ::close(fd);
  return !known || held.l_type != F_UNLCK;
}

void forget_owner(const std::string& directory, const std::string& owner) {
  ::unlink(path_of(directory, owner).c_str());
}

std::string owner_text(const std::string& owner) {
  return "process " + owner.substr(0, owner.find('-'));
}

} // namespace brigade::store::detail
