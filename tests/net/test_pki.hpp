/// Certificates made at test time: a CA of our own and servers it vouches for.
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <string>

namespace brigade::net::test {

struct pki_deleter {
  void operator()(SSL_CTX* ctx) const { SSL_CTX_free(ctx); }
  void operator()(X509* cert) const { X509_free(cert); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

using server_context = std::unique_ptr<SSL_CTX, pki_deleter>;
using key_ptr = std::unique_ptr<EVP_PKEY, pki_deleter>;
using cert_ptr = std::unique_ptr<X509, pki_deleter>;

/// A server's certificate and key in PEM files, removed with this.
class server_files {
public:
  server_files(X509* certificate, EVP_PKEY* key);
  ~server_files();

  server_files(const server_files&) = delete;
  server_files& operator=(const server_files&) = delete;

  std::string certificate_file() const { return certificate_.string(); }
  std::string key_file() const { return key_.string(); }

private:
  std::filesystem::path certificate_;
  std::filesystem::path key_;
};

class test_pki {
public:
  test_pki();
  ~test_pki();

  test_pki(const test_pki&) = delete;
  test_pki& operator=(const test_pki&) = delete;

  /// The CA's certificate in PEM.
  std::string ca_file() const { return file_.string(); }

  /// A server whose certificate holds `names`, such as
  /// `DNS:localhost,IP:127.0.0.1`. Expired when `days` is negative.
  server_context make_server(const std::string& names, int days = 1) const;

  /// The same for a server that reads files.
  server_files make_server_files(const std::string& names) const;

private:
  cert_ptr certify(EVP_PKEY* key, const std::string& names, int days) const;

  key_ptr ca_key_;
  cert_ptr ca_;
  std::filesystem::path file_;
};

} // namespace brigade::net::test
