#include "brigade/net/detail/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>

namespace brigade::net::detail {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;
using bio_method_ptr = std::unique_ptr<BIO_METHOD, freed_by<BIO_meth_free>>;

/// What a session's BIO knows.
struct socket_end {
  int fd = -1;
  bool broke = false;
};

socket_end& end_of(BIO* bio) {
  return *static_cast<socket_end*>(BIO_get_data(bio));
}

int as_int(std::size_t bytes) {
  return static_cast<int>(std::min<std::size_t>(bytes, INT_MAX));
}

int bio_write(BIO* bio, const char* data, int bytes) {
  BIO_clear_retry_flags(bio);
  auto& end = end_of(bio);
  std::string_view text{data, static_cast<std::size_t>(std::max(bytes, 0))};
  auto step = send_some(end.fd, {&text, 1});
  if (step.status == io_status::done)
    return as_int(step.bytes);
  if (step.status == io_status::want_write)
    BIO_set_retry_write(bio);
  else
    end.broke = true;
  return -1;
}

int bio_read(BIO* bio, char* data, int bytes) {
  BIO_clear_retry_flags(bio);
  auto& end = end_of(bio);
  auto step = receive_some(
      end.fd, {data, static_cast<std::size_t>(std::max(bytes, 0))});
  if (step.status == io_status::done)
    return as_int(step.bytes);
  if (step.status == io_status::want_read) {
    BIO_set_retry_read(bio);
    return -1;
  }
  end.broke = true;
  return step.status == io_status::closed ? 0 : -1;
}

long bio_ctrl(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// OpenSSL's own socket BIO raises SIGPIPE when the peer is gone, and a
/// library must not change the process's signals.
const BIO_METHOD* socket_method() {
  static const bio_method_ptr method = [] {
    bio_method_ptr made{
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "brigade")};
    if (made) {
      BIO_meth_set_write(made.get(), bio_write);
      BIO_meth_set_read(made.get(), bio_read);
      BIO_meth_set_ctrl(made.get(), bio_ctrl);
    }
    return made;
  }();
  return method.get();
}

} // namespace

namespace {

constexpr unsigned char protocols[] = "\x08http/1.1";

/// What both sides have in common. Null when OpenSSL has no memory.
ssl_ctx_ptr make_context(const SSL_METHOD* method) {
  ssl_ctx_ptr ctx{SSL_CTX_new(method)};
  if (!ctx)
    return ctx;
  SSL_CTX_set_min_proto_version(ctx.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(ctx.get(),
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Idle connections give their buffers back (two of 16 KiB each).
  SSL_CTX_set_mode(ctx.get(), SSL_MODE_RELEASE_BUFFERS
                                  | SSL_MODE_ENABLE_PARTIAL_WRITE
                                  | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return ctx;
}

int select_protocol(SSL*, const unsigned char** chosen, unsigned char* bytes,
                    const unsigned char* offered, unsigned int offered_bytes,
                    void*) {
  // `chosen` points into one of the two lists, and is not written through.
  auto rc = SSL_select_next_proto(const_cast<unsigned char**>(chosen), bytes,
                                  protocols, sizeof(protocols) - 1, offered,
                                  offered_bytes);
  return rc == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK
                                      : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Without it OpenSSL would ask the terminal for the phrase of an encrypted
/// key.
int no_phrase(char*, int, int, void*) {
  return 0;
}

/// A BIO over the socket for both directions; false when there is no memory.
bool attach(SSL* ssl, socket_end& end) {
  auto* method = socket_method();
  auto* bio = method ? BIO_new(method) : nullptr;
  if (!bio)
    return false;
  BIO_set_data(bio, &end);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  return true;
}

} // namespace

struct tls_context::impl {
  ssl_ctx_ptr ctx;
};

tls_context::tls_context() : impl_(std::make_unique<impl>()) {
  impl_->ctx = make_context(TLS_client_method());
  auto* ctx = impl_->ctx.get();
  if (!ctx)
    return;
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_alpn_protos(ctx, protocols, sizeof(protocols) - 1);
}

tls_context::~tls_context() = default;

bool tls_context::load(const std::string& ca_file) {
  auto* ctx = impl_->ctx.get();
  ERR_clear_error();
  if (!ctx)
    return false;
  if (ca_file.empty())
    return SSL_CTX_set_default_verify_paths(ctx) == 1;
  return SSL_CTX_load_verify_file(ctx, ca_file.c_str()) == 1;
}

struct tls_server_context::impl {
  ssl_ctx_ptr ctx;
};

tls_server_context::tls_server_context() : impl_(std::make_unique<impl>()) {
  impl_->ctx = make_context(TLS_server_method());
  auto* ctx = impl_->ctx.get();
  if (!ctx)
    return;
  SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(ctx, select_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(ctx, no_phrase);
}

tls_server_context::~tls_server_context() = default;

std::string tls_server_context::load(const std::string& certificate_file,
                                     const std::string& key_file) {
  auto* ctx = impl_->ctx.get();
  ERR_clear_error();
  if (!ctx)
    return "TLS could not be set up";
  if (SSL_CTX_use_certificate_chain_file(ctx, certificate_file.c_str()) != 1)
    return "cannot load the TLS certificate " + certificate_file;
  if (SSL_CTX_use_PrivateKey_file(ctx, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return "cannot load the TLS key " + key_file
           + " (it must be an unencrypted PEM file that fits the certificate)";
  ERR_clear_error();
  return {};
}

struct tls_session::impl {
  /// Before `ssl`, whose BIO points at it.
  socket_end end;
  ssl_ptr ssl;
  unsigned long last_error = 0;
};

tls_session::tls_session(tls_context& context, int fd, const endpoint& target)
    : impl_(std::make_unique<impl>()) {
  impl_->end.fd = fd;
  ERR_clear_error();
  ssl_ptr ssl{SSL_new(context.impl_->ctx.get())};
  if (!ssl || !attach(ssl.get(), impl_->end))
    return;
  SSL_set_connect_state(ssl.get());
  auto* verify = SSL_get0_param(ssl.get());
  auto is_set = false;
  if (target.host_is_address) {
    is_set = X509_VERIFY_PARAM_set1_ip_asc(verify, target.host.c_str()) == 1;
  } else {
    X509_VERIFY_PARAM_set_hostflags(verify,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    is_set = SSL_set1_host(ssl.get(), target.host.c_str()) == 1
             && SSL_set_tlsext_host_name(ssl.get(), target.host.c_str()) == 1;
  }
  // Without a name to verify there is no session, and each step is broken.
  if (is_set)
    impl_->ssl = std::move(ssl);
}

tls_session::tls_session(tls_server_context& context, int fd)
    : impl_(std::make_unique<impl>()) {
  impl_->end.fd = fd;
  ERR_clear_error();
  ssl_ptr ssl{SSL_new(context.impl_->ctx.get())};
  if (!ssl || !attach(ssl.get(), impl_->end))
    return;
  SSL_set_accept_state(ssl.get());
  impl_->ssl = std::move(ssl);
}

tls_session::~tls_session() = default;

io_step tls_session::step_of(int rc) {
  switch (SSL_get_error(impl_->ssl.get(), rc)) {
  case SSL_ERROR_WANT_READ:
    return {io_status::want_read};
  case SSL_ERROR_WANT_WRITE:
    return {io_status::want_write};
  case SSL_ERROR_ZERO_RETURN:
    return {io_status::closed};
  default:
    impl_->last_error = ERR_peek_last_error();
    return {io_status::broken};
  }
}

io_step tls_session::handshake() {
  if (!impl_->ssl)
    return {};
  ERR_clear_error();
  auto rc = SSL_do_handshake(impl_->ssl.get());
  return rc == 1 ? io_step{io_status::done} : step_of(rc);
}

io_step tls_session::write(std::string_view bytes) {
  if (!impl_->ssl)
    return {};
  ERR_clear_error();
  auto rc = SSL_write(impl_->ssl.get(), bytes.data(), as_int(bytes.size()));
  if (rc > 0)
    return {io_status::done, static_cast<std::size_t>(rc)};
  return step_of(rc);
}

io_step tls_session::read(std::span<char> buffer) {
  if (!impl_->ssl)
    return {};
  ERR_clear_error();
  auto rc = SSL_read(impl_->ssl.get(), buffer.data(), as_int(buffer.size()));
  if (rc > 0)
    return {io_status::done, static_cast<std::size_t>(rc)};
  return step_of(rc);
}

void tls_session::end_writing() {
  if (!impl_->ssl)
    return;
  ERR_clear_error();
  SSL_shutdown(impl_->ssl.get());
}

bool tls_session::is_quiet() {
  if (!impl_->ssl)
    return false;
  // Takes session tickets in, which come after the handshake.
  ERR_clear_error();
  char byte;
  auto rc = SSL_peek(impl_->ssl.get(), &byte, 1);
  return rc <= 0 && step_of(rc).status == io_status::want_read;
}

bool tls_session::socket_broke() const {
  return impl_->end.broke;
}

std::string tls_session::error_text() const {
  if (!impl_->ssl)
    return "TLS could not be set up";
  auto verified = SSL_get_verify_result(impl_->ssl.get());
  if (verified != X509_V_OK)
    return std::string{"its certificate was refused: "}
           + X509_verify_cert_error_string(verified);
  const auto* reason = ERR_reason_error_string(impl_->last_error);
  return reason ? reason : "the TLS handshake failed";
}

} // namespace brigade::net::detail
