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

  bool run(std::initializer_list<std::string_view> parts,
           std::array<unsigned char, digest_bytes>& digest) {
    if (!algorithm || !context
        || EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) != 1)
      return false;
    for (auto part : parts)
      if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1)
        return false;
    unsigned int size = 0;
    return EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1
           && size == digest.size();
  }
};

} // namespace

std::array<unsigned char, digest_bytes>
sha256(std::initializer_list<std::string_view> parts) {
  thread_local hasher kept;
  std::array<unsigned char, digest_bytes> digest;
  if (!kept.run(parts, digest)) {
    // Not for ever: the next call may find memory again.
    kept = hasher{};
    throw std::bad_alloc{};
  }
  return digest;
}

std::string sha256_hex(std::string_view data) {
  const auto digest = sha256({data});
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
