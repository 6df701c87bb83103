#include "brigade/app/inputs.hpp"

#include "brigade/app/terminal_text.hpp"
#include "brigade/app/unique_fd.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace brigade::app {

namespace {

/// Room to read at once, in bytes.
constexpr std::size_t read_bytes_max = 65'536;

std::string open_fault(int error) {
  switch (error) {
  case ENOENT:
  case ENOTDIR:
    return "no such file; check the path";
  case EACCES:
  case EPERM:
    return "permission denied; make it readable for you";
  case ELOOP:
    return "too many symbolic links; check the path";
  case ENAMETOOLONG:
    return "the path is too long; check it";
  case EMFILE:
  case ENFILE:
    return "too many open files; close some or raise ulimit -n";
  case ENXIO:
    return "is a socket or a device; give a regular file";
  default:
    return std::string{"cannot be read: "} + std::strerror(error);
  }
}

/// Empty when `mode` is that of a regular file.
std::string kind_fault(mode_t mode) {
  if (S_ISREG(mode)) {
    return {};
  }
  if (S_ISDIR(mode)) {
    return "is a directory; give the files in it, one by one";
  }
  if (S_ISFIFO(mode)) {
    return "is a pipe; write its content to a file first";
  }
  return "is a device or a socket; give a regular file";
}

std::string size_fault(std::uint64_t bytes, std::uint64_t bytes_max) {
  return "is too large (" + display_bytes(bytes) + ", the limit is "
         + display_bytes(bytes_max)
         + "); split it or give the part that matters";
}

/// Why the text of a document cannot be used; empty when it can.
std::string text_fault(const std::string& text) {
  if (text.find_first_not_of(" \t\r\n\f\v") == std::string::npos) {
    return text.empty() ? "is empty; give a document with text"
                        : "holds only white space; give a document with text";
  }
  if (text.find('\0') != std::string::npos) {
    return "is binary, not text; convert it to plain text or Markdown first";
  }
  if (!core::is_text(text)) {
    return "is not UTF-8 text; convert it first, for example: iconv -f "
           "LATIN1 -t UTF-8";
  }
  return {};
}

/// Why a path cannot name a document; empty when it can. Names stand in
/// prompts, citations and JSON.
std::string name_fault(const std::string& path) {
  if (path.empty()) {
    return "the path is empty; check the shell variable it came from";
  }
  if (path == "-") {
    return "documents are not read from stdin; write it to a file first";
  }
  if (!core::is_text(path)) {
    return "the name is not UTF-8; rename the file";
  }
  for (char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      return "the name holds control characters; rename the file";
    }
  }
  return {};
}

using file_key = std::pair<dev_t, ino_t>;

} // namespace

std::string display_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t kib = 1024;
  constexpr std::uint64_t mib = kib * kib;
  if (bytes < kib) {
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  }
  auto unit = bytes < mib ? kib : mib;
  const char* name = bytes < mib ? " KiB" : " MiB";
  // Rounded up, so that a file just above a limit is not shown as the limit.
  auto tenths = bytes / unit * 10 + (bytes % unit * 10 + unit - 1) / unit;
  auto out = std::to_string(tenths / 10);
  if (tenths % 10 != 0) {
    out += '.';
    out += static_cast<char>('0' + tenths % 10);
  }
  return out + name;
}

void strip_byte_order_mark(std::string& text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.erase(0, 3);
  }
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat first {};
  struct stat second {};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0
         && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

std::variant<std::string, read_fault> read_file(const std::string& path,
                                                std::uint64_t bytes_max) {
  // Not blocking: the open of a pipe without a writer would wait for one.
  unique_fd file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (!file) {
    return read_fault{open_fault(errno)};
  }
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) {
    return read_fault{open_fault(errno)};
  }
  if (auto fault = kind_fault(info.st_mode); !fault.empty()) {
    return read_fault{std::move(fault)};
  }
  if (static_cast<std::uint64_t>(info.st_size) > bytes_max) {
    return read_fault{
        size_fault(static_cast<std::uint64_t>(info.st_size), bytes_max)};
  }
  std::string text;
  text.reserve(static_cast<std::size_t>(info.st_size) + 1);
  // The size is a hint only: files in /proc have none, others grow.
  while (text.size() <= bytes_max) {
    auto used = text.size();
    auto room = std::min<std::uint64_t>(read_bytes_max, bytes_max + 1 - used);
    text.resize(used + static_cast<std::size_t>(room));
    auto got =
        ::read(file.get(), text.data() + used, static_cast<std::size_t>(room));
    if (got < 0 && errno == EINTR) {
      text.resize(used);
      continue;
    }
    if (got < 0) {
      return read_fault{open_fault(errno)};
    }
    text.resize(used + static_cast<std::size_t>(got));
    if (got == 0) {
      return text;
    }
  }
  return read_fault{size_fault(text.size(), bytes_max)};
}

loaded_inputs load_inputs(const std::vector<std::string>& paths,
                          const core::limits& bounds) {
  loaded_inputs out;
  if (paths.size() > bounds.inputs_max) {
    out.faults.push_back(std::to_string(paths.size())
                         + " documents were given, the limit is "
                         + std::to_string(bounds.inputs_max)
                         + "; join some of them or raise limits.inputs_max");
    return out;
  }
  core::input_set documents;
  documents.reserve(paths.size());
  std::map<file_key, std::string> seen;
  for (const auto& path : paths) {
    auto refuse = [&](const std::string& why) {
      out.faults.push_back((path.empty() ? "--input" : terminal_line(path))
                           + ": " + why);
    };
    if (auto fault = name_fault(path); !fault.empty()) {
      refuse(fault);
      continue;
    }
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) {
      auto [i, added] = seen.emplace(file_key{info.st_dev, info.st_ino}, path);
      if (!added) {
        refuse(i->second == path
                   ? "was given twice; give each document once"
                   : "is the same file as " + terminal_line(i->second)
                         + "; give each document once");
        continue;
      }
    }
    auto result = read_file(path, bounds.input_bytes_max);
    if (auto* fault = std::get_if<read_fault>(&result)) {
      refuse(fault->message);
      continue;
    }
    auto& text = std::get<std::string>(result);
    strip_byte_order_mark(text);
    if (auto fault = text_fault(text); !fault.empty()) {
      refuse(fault);
      continue;
    }
    documents.emplace_back("doc" + std::to_string(documents.size() + 1), path,
                           std::move(text));
  }
  if (out.faults.empty()) {
    out.documents =
        std::make_shared<const core::input_set>(std::move(documents));
  }
  return out;
}

} // namespace brigade::app
