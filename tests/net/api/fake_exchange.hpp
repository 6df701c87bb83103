/// An exchange without a connection: what was answered, and a client that takes
/// it as fast as a test likes.
#pragma once

#include "brigade/net/http_server.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::net::api::test {

/// Of one thread. Lets go of its callbacks at once when it ends, which is
/// harder for who set them than what a server does.
class fake_exchange final : public http_exchange {
public:
  explicit fake_exchange(http_request request) : request_(std::move(request)) {
    // nop
  }

  const http_request& request() const override { return request_; }
  void respond(http_response response) override;
  void start_stream(http_response head) override;
  void write(std::shared_ptr<const std::string> chunk) override;
  std::size_t queued_bytes() const override { return queued_; }
  void finish() override;
  void on_drained(std::function<void()> drained) override;
  void on_gone(std::function<void()> gone) override;
  void close() override { leave(); }

  // -- the client -------------------------------------------------------------

  /// Takes all that waits, until nothing comes at once any more.
  void take();

  /// Goes away.
  void leave();

  /// What it does not take waits from now on.
  void be_slow() { slow_ = true; }

  bool answered() const { return answered_; }
  bool streams() const { return streams_; }
  /// The answer is complete.
  bool ended() const { return ended_; }
  bool has_callbacks() const { return on_gone_ || on_drained_; }
  const http_response& head() const { return head_; }
  int status() const { return head_.status; }
  std::string field(std::string_view name) const;
  /// All that it took.
  const std::string& text() const { return text_; }
  /// The most that waited at any time.
  std::size_t queued_max() const { return queued_max_; }

private:
  void end();

  http_request request_;
  http_response head_;
  std::string text_;
  std::vector<std::shared_ptr<const std::string>> waiting_;
  std::size_t queued_ = 0;
  std::size_t queued_max_ = 0;
  bool slow_ = false;
  bool answered_ = false;
  bool streams_ = false;
  bool finished_ = false;
  bool ended_ = false;
  bool gone_ = false;
  std::function<void()> on_drained_;
  std::function<void()> on_gone_;
};

/// A request of this method, target, body and more fields.
http_request request_of(std::string method, std::string target,
                        std::string body = {},
                        std::vector<http_field> fields = {});

} // namespace brigade::net::api::test
