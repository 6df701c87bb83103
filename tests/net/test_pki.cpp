#include "test_pki.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

#include <unistd.h>

namespace brigade::net::test {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, pki_deleter>;
using cert_ptr = std::unique_ptr<X509, pki_deleter>;

void add_extension(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, issuer, cert, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &ctx, nid, value);
  if (!extension)
    throw std::runtime_error{"bad extension"};
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

cert_ptr make_certificate(EVP_PKEY* key, const char* name, int days) {
  cert_ptr cert{X509_new()};
  X509_set_version(cert.get(), X509_VERSION_3);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial++);
  constexpr long day_s = 86'400;
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -10 * day_s);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), days * day_s);
  X509_set_pubkey(cert.get(), key);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return cert;
}

} // namespace

test_pki::test_pki() : ca_key_(EVP_EC_gen("P-256")) {
  ca_ = make_certificate(ca_key_.get(), "test CA", 10);
  X509_set_issuer_name(ca_.get(), X509_get_subject_name(ca_.get()));
  add_extension(ca_.get(), ca_.get(), NID_basic_constraints,
                "critical,CA:TRUE");
  add_extension(ca_.get(), ca_.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(ca_.get(), ca_key_.get(), EVP_sha256());
  auto name =
      (std::filesystem::temp_directory_path() / "brigade-ca-XXXXXX").string();
  auto fd = ::mkstemp(name.data());
  auto* file = ::fdopen(fd, "w");
  if (!file)
    throw std::runtime_error{"cannot write the CA"};
  PEM_write_X509(file, ca_.get());
  std::fclose(file);
  file_ = name;
}

test_pki::~test_pki() {
  std::filesystem::remove(file_);
}

server_context test_pki::make_server(const std::string& names, int days) const {
  key_ptr key{EVP_EC_gen("P-256")};
  auto cert = make_certificate(key.get(), "test server", days);
  X509_set_issuer_name(cert.get(), X509_get_subject_name(ca_.get()));
  add_extension(cert.get(), ca_.get(), NID_subject_alt_name, names.c_str());
  X509_sign(cert.get(), ca_key_.get(), EVP_sha256());
  server_context ctx{SSL_CTX_new(TLS_server_method())};
  if (SSL_CTX_use_certificate(ctx.get(), cert.get()) != 1
      || SSL_CTX_use_PrivateKey(ctx.get(), key.get()) != 1)
    throw std::runtime_error{"cannot set up the server"};
  return ctx;
}

} // namespace brigade::net::test
