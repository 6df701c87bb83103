/// Where the result of a command goes: a file, or stdout.
#pragma once

#include <string>

namespace brigade::app {

/// Writes all of `content` to the file `output`, all or nothing, or to stdout
/// when that is empty. Says on stderr what went wrong, and returns false then.
bool write_result(const std::string& content, const std::string& output);

} // namespace brigade::app
