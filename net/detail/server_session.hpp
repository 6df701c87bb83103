/// One connection of a server: a state machine that runs on the server's
/// thread only.
#pragma once

#include "brigade/net/detail/answer_text.hpp"
#include "brigade/net/detail/asio_types.hpp"
#include "brigade/net/detail/body_reader.hpp"
#include "brigade/net/detail/deadline_heap.hpp"
#include "brigade/net/detail/exchange.hpp"
#include "brigade/net/detail/io_step.hpp"
#include "brigade/net/detail/tls.hpp"
#include "brigade/net/gate.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace brigade::net::detail {

class server_hub;
class server_session;

using session_list = std::list<std::shared_ptr<server_session>>;

class server_session : public std::enable_shared_from_this<server_session> {
public:
  server_session(server_hub& hub, socket_type socket, std::string peer);

  /// Shakes hands, or waits for the first head.
  void start();

  /// Answers without having read anything, and closes.
  void refuse(const http_response& response);

  /// `deadline` has come: ends what has lasted too long.
  void on_deadline();

  /// Between two requests, or before the first one has begun.
  bool is_idle() const;

  /// Closes the socket and ends the exchange. The hub must be alive.
  void close();

  const std::string& peer() const { return peer_; }

  // -- from any thread, while the exchange is not ended -----------------------

  void post_news();

  // For the hub.
  clock::time_point deadline = clock::time_point::max();
  std::size_t heap_index = deadline_heap<server_session>::not_in_heap;
  session_list* list = nullptr;
  session_list::iterator place;
  bool counts_as_peer = false;

private:
  enum class phase : std::uint8_t {
    handshaking,
    reading_head,
    reading_body,
    /// The request is with the handler, or its answer on its way.
    answering,
    /// All was sent; what still comes is thrown away.
    lingering,
    closed,
  };

  struct out_part {
    std::string own;
    shared_chunk shared;
    /// Counts in the record, and in the queue of a stream.
    bool is_body = false;
    bool is_chunk = false;

    std::string_view view() const { return shared ? *shared : own; }
  };

  // Input and output: server_session_io.cpp.
  void run();
  bool handshake();
  bool receive();
  bool wants_input() const;
  void on_end_of_input(bool is_clean);
  void send();
  io_step send_some_parts();
  void on_sent(std::size_t bytes);
  void arm_read();
  void arm_write();
  void linger();
  clock::time_point next_due() const;
  void watch_limits();

  // Requests and answers: server_session.cpp.
  bool advance();
  bool on_head();
  void on_body();
  void dispatch();
  void reject(int status, std::string_view reason);
  void answer(http_response response, bool close);
  void push_head(const http_response& response, body_framing kind,
                 std::size_t body_bytes);
  void take_news();
  void push_chunks(exchange::news& news);
  void finish_answer();
  void record_answer(bool cut_off);
  bool must_close() const;

  /// Kept until the last handler of the socket has run.
  const std::shared_ptr<server_hub> hub_;
  socket_type socket_;
  const std::string peer_;
  std::unique_ptr<tls_session> tls_;
  phase phase_ = phase::reading_head;

  // Input.
  gate gate_;
  gate_head head_;
  body_reader body_;
  /// Received and not yet used.
  std::string input_;
  /// The socket may hold more.
  bool readable_ = false;
  bool peer_ended_ = false;
  bool read_armed_ = false;
  std::size_t lingered_bytes_ = 0;

  // Output.
  std::deque<out_part> output_;
  /// Of the first part.
  std::size_t sent_bytes_ = 0;
  bool write_armed_ = false;

  // The current request.
  std::shared_ptr<exchange> exchange_;
  int status_ = 0;
  std::uint64_t body_bytes_ = 0;
  bool is_chunked_ = false;
  bool omits_body_ = false;
  bool close_after_ = false;
  /// All of the answer is in the output.
  bool answer_ended_ = false;
  bool asks_drained_ = false;
  std::size_t requests_ = 0;

  /// When the phase began; in `answering`, when the head was whole.
  clock::time_point since_;
  /// When the client began not to take what is sent; `max` when it takes it.
  clock::time_point stalled_since_ = clock::time_point::max();
};

} // namespace brigade::net::detail
