#include "chat_server.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// A loopback socket on a port of the system's choice.
int bound_socket(std::uint16_t& port) {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, generic, size) != 0
      || ::getsockname(fd, generic, &size) != 0) {
    throw std::runtime_error("no loopback socket");
  }
  port = ntohs(address.sin_port);
  return fd;
}

std::string url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port) + "/v1";
}

/// The bytes of the body that the head announces.
std::size_t body_size(std::string_view head) {
  auto at = head.find("ontent-");
  while (at != std::string_view::npos) {
    auto name = head.substr(at, 15);
    if (name == "ontent-Length: " || name == "ontent-length: ") {
      return static_cast<std::size_t>(
          std::atoll(std::string{head.substr(at + 15, 12)}.c_str()));
    }
    at = head.find("ontent-", at + 1);
  }
  return 0;
}

} // namespace

chat_server::chat_server(answer_fn answer) : answer_(std::move(answer)) {
  listener_ = bound_socket(port_);
  std::array<int, 2> ends{};
  if (::listen(listener_, 64) != 0 || ::pipe(ends.data()) != 0) {
    throw std::runtime_error("listen");
  }
  stop_read_ = ends[0];
  stop_write_ = ends[1];
  thread_ = std::thread{[this] { serve(); }};
}

chat_server::~chat_server() {
  ::close(stop_write_);
  thread_.join();
  for (auto& connection : connections_) {
    connection.join();
  }
  ::close(listener_);
  ::close(stop_read_);
}

std::string chat_server::base_url() const {
  return url_of(port_);
}

void chat_server::serve() {
  for (;;) {
    std::array<pollfd, 2> sources{pollfd{listener_, POLLIN, 0},
                                  pollfd{stop_read_, POLLIN, 0}};
    ::poll(sources.data(), sources.size(), -1);
    if (sources[1].revents != 0) {
      return;
    }
    int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
      connections_.emplace_back([this, connection] { handle(connection); });
    }
  }
}

void chat_server::handle(int connection) {
  std::string data;
  for (;;) {
    auto head_end = data.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      auto whole = head_end + 4 + body_size(data.substr(0, head_end));
      if (data.size() >= whole) {
        auto body = data.substr(head_end + 4, whole - head_end - 4);
        data.erase(0, whole);
        auto answer = answer_(body);
        ++requests_;
        if (!answer.silent) {
          [[maybe_unused]] auto sent =
              ::send(connection, answer.bytes.data(), answer.bytes.size(),
                     MSG_NOSIGNAL);
          if (answer.bytes.find("onnection: close") != std::string::npos) {
            break;
          }
        }
        continue;
      }
    }
    std::array<pollfd, 2> sources{pollfd{connection, POLLIN, 0},
                                  pollfd{stop_read_, POLLIN, 0}};
    ::poll(sources.data(), sources.size(), -1);
    std::array<char, 16384> chunk{};
    auto got = sources[1].revents != 0
                   ? 0
                   : ::recv(connection, chunk.data(), chunk.size(), 0);
    if (got <= 0) {
      break;
    }
    data.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(connection);
}

raw_answer http_answer(int status, std::string_view body,
                       std::string_view type) {
  raw_answer out;
  out.bytes = "HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Type: "
              + std::string{type} + "\r\nContent-Length: "
              + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
  return out;
}

raw_answer chat_answer(std::string_view text) {
  boost::json::value body = {
      {"id", "chatcmpl-1"},
      {"object", "chat.completion"},
      {"choices",
       boost::json::array{boost::json::object{
           {"index", 0},
           {"finish_reason", "stop"},
           {"message", {{"role", "assistant"}, {"content", text}}}}}},
      {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 20}}}};
  return http_answer(200, boost::json::serialize(body));
}

closed_port::closed_port() : socket_(bound_socket(port_)) {
  // Bound but not listening: the kernel refuses connections, and nobody else
  // can get the port.
}

closed_port::~closed_port() {
  ::close(socket_);
}

std::string closed_port::base_url() const {
  return url_of(port_);
}
