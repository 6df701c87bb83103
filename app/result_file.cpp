#include "brigade/app/result_file.hpp"

#include "brigade/app/output_file.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"

#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <variant>

namespace brigade::app {

namespace {

bool write_file(const std::string& content, const std::string& output) {
  auto made = output_file::create(output);
  std::string fault;
  if (auto* refused = std::get_if<output_file::fault>(&made))
    fault = "-o " + refused->message;
  else
    fault = std::get<output_file>(made).commit(content);
  if (!fault.empty())
    tell({"brigade: " + fault});
  return fault.empty();
}

} // namespace

bool write_result(const std::string& content, const std::string& output) {
  if (!output.empty())
    return write_file(content, output);
  const bool to_terminal = ::isatty(STDOUT_FILENO) != 0;
  const auto status =
      write_all(STDOUT_FILENO, to_terminal ? terminal_safe(content) : content);
  if (status == write_status::failed)
    tell({std::string{"brigade: stdout cannot be written: "}
          + std::strerror(errno)});
  return status != write_status::failed;
}

} // namespace brigade::app
