#include "brigade/core/json/read_fault.hpp"

namespace brigade::core {

namespace {

constexpr std::size_t key_bytes_max = 64;

} // namespace

void read_fault::within(std::string_view key) {
  std::string step{"/"};
  for (const char c : key) {
    if (c == '~')
      step += "~0";
    else if (c == '/')
      step += "~1";
    else
      step += c;
  }
  pointer.insert(0, step);
}

void read_fault::within(std::size_t index) {
  pointer.insert(0, "/" + std::to_string(index));
}

std::string to_string(const read_fault& fault) {
  return (fault.pointer.empty() ? "the document" : fault.pointer) + ": "
         + fault.message;
}

std::string quoted_key(std::string_view key) {
  std::string text{"\""};
  for (const char c : key.substr(0, key_bytes_max))
    text += c >= 0x20 && c < 0x7F && c != '"' ? c : '?';
  if (key.size() > key_bytes_max)
    text += "...";
  return text + '"';
}

} // namespace brigade::core
