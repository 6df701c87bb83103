#include "brigade/net/openai_provider.hpp"

#include "brigade/net/endpoint.hpp"
#include "brigade/net/http_client.hpp"
#include "brigade/net/wire/openai.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace brigade::net {

namespace {

constexpr std::size_t header_bytes_max = 8192;

std::int64_t now_unix_s() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

bool is_token_char(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || others.find(c) != others.npos;
}

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= 256
         && std::all_of(text.begin(), text.end(), is_token_char);
}

/// Printable ASCII; a line end here would let a setting write headers.
bool is_header_value(std::string_view text) {
  return text.size() <= header_bytes_max
         && std::all_of(text.begin(), text.end(),
                        [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 9> ours = {
      "host",       "content-length",  "content-type",
      "connection", "accept-encoding", "transfer-encoding",
      "expect",     "upgrade",         "trailer"};
  std::string lower{name};
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return std::find(ours.begin(), ours.end(), lower) != ours.end();
}

/// What is wrong with the options apart from the base URL; never shows a
/// value.
std::optional<std::string> check(const openai_provider_options& options) {
  if (!is_header_value(options.api_key.reveal())
      || options.api_key.reveal().find(' ') != std::string_view::npos)
    return "api_key holds a space, a line end or another character that a key "
           "cannot have";
  for (const auto& header : options.headers) {
    if (!is_token(header.name))
      return "a header's name is not a valid HTTP name";
    if (is_reserved(header.name))
      return "header " + header.name + " is set by Brigade itself";
    if (!is_header_value(header.value.reveal()))
      return "the value of header " + header.name
             + " holds a line end or another control character";
  }
  for (const auto& model : options.models)
    if (auto problem = wire::check_quirks(model.quirks))
      return "model " + model.alias + ": " + *problem;
  return std::nullopt;
}

core::secret request_head(const openai_provider_options& options,
                          const endpoint& target) {
  std::string head;
  // Growing would leave copies of the key behind.
  auto bytes = std::size_t{512} + target.path_prefix.size() + target.host.size()
               + options.api_key.reveal().size();
  for (const auto& header : options.headers)
    bytes += header.name.size() + header.value.reveal().size() + 4;
  head.reserve(bytes);
  head += "POST ";
  head += target.path_prefix;
  head += "/chat/completions HTTP/1.1\r\nHost: ";
  head += host_header(target);
  head += "\r\nUser-Agent: brigade\r\nAccept: application/json\r\n"
          "Content-Type: application/json\r\n";
  if (options.api_key) {
    head += "Authorization: Bearer ";
    head += options.api_key.reveal();
    head += "\r\n";
  }
  for (const auto& header : options.headers) {
    head += header.name;
    head += ": ";
    head += header.value.reveal();
    head += "\r\n";
  }
  head += "Content-Length: ";
  return core::secret{std::move(head)};
}

/// What the decoder needs on the io thread, apart from the provider itself,
/// whose models the callers' threads read.
std::function<core::outcome(const http_reply&)>
make_decoder(const openai_provider_options& options) {
  secret_list secrets;
  if (options.api_key)
    secrets.push_back(options.api_key);
  for (const auto& header : options.headers)
    if (header.value)
      secrets.push_back(header.value);
  return [name = options.name,
          secrets = std::move(secrets)](const http_reply& reply) {
    return wire::decode_chat(reply.status, reply.headers, reply.body,
                             {name, &secrets, now_unix_s()});
  };
}

class openai_provider : public core::provider {
public:
  openai_provider(std::vector<core::model_spec> models,
                  std::shared_ptr<io_thread> io, http_client_options client)
      : name_(client.name), encode_(openai_encoder(std::move(models))),
        client_(std::move(io), std::move(client)) {
    // nop
  }

  std::string encode(const core::model_request& request) const override {
    return encode_(request);
  }

  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds time_limit, done_fn done) override {
    if (call.body.empty()) {
      core::outcome result;
      result.message =
          "provider " + name_ + " serves no model with the alias " + call.model;
      done(std::move(result));
      return;
    }
    client_.send(static_cast<std::uint64_t>(id), call.body, time_limit,
                 std::move(done));
  }

  void cancel(core::try_id id) override {
    client_.cancel(static_cast<std::uint64_t>(id));
  }

private:
  std::string name_;
  const std::function<std::string(const core::model_request&)> encode_;
  http_client client_;
};

} // namespace

std::function<std::string(const core::model_request&)>
openai_encoder(std::vector<core::model_spec> models) {
  return [models = std::move(models)](const core::model_request& request) {
    for (const auto& model : models)
      if (model.alias == request.model)
        return wire::encode_chat(request, model);
    return std::string{};
  };
}

result<std::shared_ptr<core::provider>>
make_openai_provider(openai_provider_options options) {
  auto prefix = "provider " + options.name + ": ";
  auto target = parse_endpoint(options.base_url);
  if (!target)
    return net_error{prefix + target.error()};
  if (auto problem = check(options))
    return net_error{prefix + *problem};
  http_client_options client;
  client.name = options.name;
  client.target = *target;
  client.request_head = request_head(options, *target);
  client.decode = make_decoder(options);
  client.ca_file = options.ca_file;
  client.connect_timeout = options.connect_timeout;
  client.first_byte_timeout = options.first_token_timeout;
  client.read_idle_timeout = options.read_idle_timeout;
  client.call_timeout = options.call_timeout;
  client.pooled_idle_timeout = options.pooled_idle_timeout;
  client.reply_bytes_max = options.reply_bytes_max;
  client.reply_header_bytes_max = options.reply_header_bytes_max;
  client.idle_connections_max = options.idle_connections_max;
  client.connections_max = options.connections_max;
  auto io = options.io ? std::move(options.io) : std::make_shared<io_thread>();
  return std::shared_ptr<core::provider>{std::make_shared<openai_provider>(
      std::move(options.models), std::move(io), std::move(client))};
}

} // namespace brigade::net
