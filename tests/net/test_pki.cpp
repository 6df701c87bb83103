#include "test_pki.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

#include <unistd.h>

namespace brigade::net::test {

namespace {

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

/// A new file with what `write` puts into it.
template <class F>
std::filesystem::path write_file(F write) {
  auto name =
      (std::filesystem::temp_directory_path() / "brigade-pki-XXXXXX").string();
  auto fd = ::mkstemp(name.data());
  auto* file = ::fdopen(fd, "w");
  if (!file)
    throw std::runtime_error{"cannot write a file"};
  write(file);
  std::fclose(file);
  return name;
}

} // namespace

server_files::server_files(X509* certificate, EVP_PKEY* key)
    : certificate_(write_file(
        [=](std::FILE* file) { PEM_write_X509(file, certificate); })),
      key_(write_file([=](std::FILE* file) {
        PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
      })) {
  // nop
}

server_files::~server_files() {
  std::filesystem::remove(certificate_);
  std::filesystem::remove(key_);
}

test_pki::test_pki() : ca_key_(EVP_EC_gen("P-256")) {
  ca_ = make_certificate(ca_key_.get(), "test CA", 10);
  X509_set_issuer_name(ca_.get(), X509_get_subject_name(ca_.get()));
  add_extension(ca_.get(), ca_.get(), NID_basic_constraints,
                "critical,CA:TRUE");
  add_extension(ca_.get(), ca_.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(ca_.get(), ca_key_.get(), EVP_sha256());
  file_ =
      write_file([this](std::FILE* file) { PEM_write_X509(file, ca_.get()); });
}

test_pki::~test_pki() {
  std::filesystem::remove(file_);
}

cert_ptr test_pki::certify(EVP_PKEY* key, const std::string& names,
                           int days) const {
  auto cert = make_certificate(key, "test server", days);
  X509_set_issuer_name(cert.get(), X509_get_subject_name(ca_.get()));
  add_extension(cert.get(), ca_.get(), NID_subject_alt_name, names.c_str());
  X509_sign(cert.get(), ca_key_.get(), EVP_sha256());
  return cert;
}

server_files test_pki::make_server_files(const std::string& names) const {
  key_ptr key{EVP_EC_gen("P-256")};
  return {certify(key.get(), names, 1).get(), key.get()};
}

server_context test_pki::make_server(const std::string& names, int days) const {
  key_ptr key{EVP_EC_gen("P-256")};
  auto cert = certify(key.get(), names, days);
  server_context ctx{SSL_CTX_new(TLS_server_method())};
  if (SSL_CTX_use_certificate(ctx.get(), cert.get()) != 1
      || SSL_CTX_use_PrivateKey(ctx.get(), key.get()) != 1)
    throw std::runtime_error{"cannot set up the server"};
  return ctx;
}

} // namespace brigade::net::test
