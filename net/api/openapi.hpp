/// The API's description.
#pragma once

#include <string_view>

namespace brigade::net::api {

/// OpenAPI 3.1, as `openapi.json` has it. Lives as long as the program.
std::string_view openapi_text();

} // namespace brigade::net::api
