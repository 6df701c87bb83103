/// A Chat Completions server for tests: a thread, a port that the system
/// chose, and a function that answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// What the server sends back, byte by byte.
struct raw_answer {
  std::string bytes;
  /// Keep the connection and say nothing.
  bool silent = false;
};

class chat_server {
public:
  /// Called with the request's body, for one request at a time.
  using answer_fn = std::function<raw_answer(std::string_view body)>;

  explicit chat_server(answer_fn answer);
  ~chat_server();

  chat_server(const chat_server&) = delete;
  chat_server& operator=(const chat_server&) = delete;

  std::string base_url() const;

  /// Requests that were answered or left silent.
  int requests() const { return requests_; }

private:
  void serve();
  void handle(int connection);

  answer_fn answer_;
  int listener_ = -1;
  int stop_read_ = -1;
  int stop_write_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_{0};
  std::vector<std::thread> connections_;
  std::thread thread_;
};

/// A complete HTTP answer.
raw_answer http_answer(int status, std::string_view body,
                       std::string_view type = "application/json");

/// A Chat Completions answer with this text and a plausible usage.
raw_answer chat_answer(std::string_view text);

/// A base URL at which nobody listens, for as long as it lives.
class closed_port {
public:
  closed_port();
  ~closed_port();

  closed_port(const closed_port&) = delete;
  closed_port& operator=(const closed_port&) = delete;

  std::string base_url() const;

private:
  /// Before the socket, whose making sets it.
  std::uint16_t port_ = 0;
  int socket_ = -1;
};
