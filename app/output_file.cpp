#include "brigade/app/output_file.hpp"

#include "brigade/app/terminal_text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <utility>

namespace brigade::app {

namespace {

/// Names tried for the temporary before giving up.
constexpr int names_max = 100;

std::string directory_of(const std::string& path) {
  auto slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// The path behind symbolic links, or the path itself when nothing is there.
std::string resolved(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real{
      ::realpath(path.c_str(), nullptr), &std::free};
  return real ? std::string{real.get()} : path;
}

std::string create_fault(int error, const std::string& directory) {
  auto where = "the directory " + terminal_line(directory);
  switch (error) {
  case ENOENT:
    return where + " does not exist; create it first";
  case ENOTDIR:
    return where + " is not a directory; check the path";
  case EACCES:
  case EPERM:
    return "no permission to write in " + where;
  case EROFS:
    return where + " is on a read-only file system";
  case ENOSPC:
  case EDQUOT:
    return "no space left on the device";
  case ENAMETOOLONG:
    return "the name is too long";
  default:
    return std::string{"cannot be created: "} + std::strerror(error);
  }
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Why an existing `info` cannot be replaced; empty when it can.
std::string target_fault(const struct stat& info, const std::string& path) {
  if (S_ISDIR(info.st_mode)) {
    return "is a directory; give the name of a file in it";
  }
  if (!S_ISREG(info.st_mode)) {
    return "is not a regular file; leave -o out and redirect stdout instead";
  }
  // The rename would succeed, but a file that its owner made read-only is
  // not ours to replace.
  if (::access(path.c_str(), W_OK) != 0) {
    return "is write-protected; make it writable or choose another name";
  }
  return {};
}

} // namespace

std::variant<output_file, output_file::fault>
output_file::create(const std::string& path) {
  auto refuse = [&](const std::string& why) {
    return fault{terminal_line(path) + ": " + why};
  };
  output_file out;
  out.name_ = path;
  out.target_ = resolved(path);
  if (path.empty() || path.ends_with('/')) {
    return refuse("is a directory; give the name of a file in it");
  }
  struct stat info {};
  std::optional<mode_t> mode;
  if (::stat(out.target_.c_str(), &info) == 0) {
    if (auto why = target_fault(info, out.target_); !why.empty()) {
      return refuse(why);
    }
    mode = info.st_mode & 07777;
  }
  auto directory = directory_of(out.target_);
  auto stem = directory + "/.brigade-" + std::to_string(::getpid()) + "-";
  for (int i = 0; i < names_max && !out.file_; ++i) {
    out.temporary_ = stem + std::to_string(i) + ".tmp";
    // 0666 less the umask, as for any new file.
    out.file_ = unique_fd{::open(
        out.temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (!out.file_ && errno != EEXIST) {
      auto error = errno;
      out.temporary_.clear();
      return refuse(create_fault(error, directory));
    }
  }
  if (!out.file_) {
    out.temporary_.clear();
    return refuse("too many left-over .brigade-*.tmp files in the directory "
                  + terminal_line(directory) + "; remove them");
  }
  if (mode && ::fchmod(out.file_.get(), *mode) != 0) {
    return refuse(std::string{"its mode cannot be kept: "}
                  + std::strerror(errno));
  }
  return out;
}

output_file::output_file(output_file&& other) noexcept
    : file_(std::move(other.file_)), name_(std::move(other.name_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})) {
  // nop
}

output_file::~output_file() {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

std::string output_file::commit(std::string_view content) {
  auto failed = [&] {
    return terminal_line(name_)
           + ": cannot be written: " + std::strerror(errno);
  };
  if (!write_all(file_.get(), content) || ::fsync(file_.get()) != 0) {
    return failed();
  }
  if (::close(file_.release()) != 0
      || std::rename(temporary_.c_str(), target_.c_str()) != 0) {
    return failed();
  }
  temporary_.clear();
  // Makes the new name durable; that some file systems cannot do it is no
  // reason to fail.
  unique_fd directory{::open(directory_of(target_).c_str(),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory) {
    static_cast<void>(::fsync(directory.get()));
  }
  return {};
}

} // namespace brigade::app
