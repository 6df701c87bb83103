/// What `brigade version` prints.
#pragma once

#include <string>

namespace brigade::app {

/// `brigade 0.1.0` with a line end; the revision in brackets when the build
/// knew it.
std::string version_text();

/// `0.1.0`.
std::string version_number();

/// Empty when the build did not know it.
std::string revision();

/// `{"version":"0.1.0","revision":null}`.
std::string version_json();

} // namespace brigade::app
