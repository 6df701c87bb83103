#include "brigade/core/model/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <new>

namespace brigade::core {

namespace {

constexpr std::size_t digest_bytes = 32;

struct algorithm_delete {
  void operator()(EVP_MD* x) const { EVP_MD_free(x); }
};

struct context_delete {
  void operator()(EVP_MD_CTX* x) const { EVP_MD_CTX_free(x); }
};

/// Fetching the algorithm and making a context cost more than hashing a small
/// request, so each thread does both once.
struct hasher {
  std::unique_ptr<EVP_MD, algorithm_delete> algorithm{
      EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, context_delete> context{EVP_MD_CTX_new()};

  bool run(std::string_view data,
           std::array<unsigned char, digest_bytes>& digest) {
    unsigned int size = 0;
    return algorithm && context
           && EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1
           && EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1
           && EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1
           && size == digest.size();
  }
};

} // namespace

std::string sha256_hex(std::string_view data) {
  thread_local hasher sha256;
  std::array<unsigned char, digest_bytes> digest;
  if (!sha256.run(data, digest)) {
    // Not for ever: the next call may find memory again.
    sha256 = hasher{};
    throw std::bad_alloc{};
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * digest.size());
  for (auto byte : digest) {
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

} // namespace brigade::core
