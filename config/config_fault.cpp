#include "brigade/config/config_fault.hpp"

namespace brigade::config {

std::string to_string(const config_fault& fault) {
  auto result = fault.file;
  if (fault.line > 0)
    result +=
        ':' + std::to_string(fault.line) + ':' + std::to_string(fault.column);
  return result + ": " + fault.message;
}

} // namespace brigade::config
