/// JSON for people to read and edit. Pure.
#pragma once

#include <boost/json/fwd.hpp>

#include <string>

namespace brigade::app {

/// Indented by two spaces, with a line end. Arrays and objects without
/// members, and arrays of scalars, stand on one line.
std::string pretty_json(const boost::json::value& value);

} // namespace brigade::app
