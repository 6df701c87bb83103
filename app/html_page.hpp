/// One run as one page for the browser. It names no other resource, runs no
/// script, and forbids both to itself: what a model wrote stays text. Pure.
#pragma once

#include "brigade/app/stored_run.hpp"

#include <string>

namespace brigade::app {

/// Well-formed as XML too.
std::string html_page(const stored_run& run);

} // namespace brigade::app
