#include "brigade/app/version.hpp"

// Set by the build.
#ifndef BRIGADE_VERSION
#define BRIGADE_VERSION "unknown"
#endif
#ifndef BRIGADE_REVISION
#define BRIGADE_REVISION ""
#endif

namespace brigade::app {

std::string version_text() {
  std::string text = "brigade " BRIGADE_VERSION;
  std::string revision = BRIGADE_REVISION;
  if (!revision.empty()) {
    text += " (" + revision + ")";
  }
  return text + "\n";
}

std::string version_number() {
  return BRIGADE_VERSION;
}

std::string revision() {
  return BRIGADE_REVISION;
}

std::string version_json() {
  const auto source = revision();
  return "{\"version\":\"" BRIGADE_VERSION "\",\"revision\":"
         + (source.empty() ? "null" : "\"" + source + "\"") + "}";
}

} // namespace brigade::app
