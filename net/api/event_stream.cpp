#include "brigade/net/api/event_stream.hpp"

#include "brigade/net/api/paced_stream.hpp"
#include "brigade/net/api/run_follower.hpp"
#include "brigade/net/timer.hpp"

#include <string>
#include <utility>

namespace brigade::net::api {

namespace {

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

/// Lives until the run has ended or the client has gone: its exchange keeps it.
class event_stream : public std::enable_shared_from_this<event_stream> {
public:
  event_stream(std::shared_ptr<io_thread> io, std::shared_ptr<http_exchange> to,
               const event_stream_options& options,
               std::shared_ptr<const void> kept)
      : options_(options), kept_(std::move(kept)), heartbeat_(std::move(io)),
        to_(std::move(to)), out_(to_, options.waiting_bytes_max) {
    // nop
  }

  ~event_stream() {
    // A page may be on its way to it.
    if (follower_)
      follower_->stop();
  }

  event_stream(const event_stream&) = delete;
  event_stream& operator=(const event_stream&) = delete;

  void start(backend& from, const core::run_id& run, std::uint64_t after) {
    http_response head;
    head.fields = {{"Content-Type", "text/event-stream"},
                   {"Cache-Control", "no-cache"},
                   {"X-Accel-Buffering", "no"},
                   {"X-Run-Id", run.text}};
    to_->start_stream(std::move(head));
    out_.write(
        shared("retry: " + std::to_string(options_.retry.count()) + "\n\n"));
    follower_ = std::make_shared<run_follower>(
        from, run, after,
        [this](const feed_item_ptr& item) { return on_event(item); },
        [this](const std::optional<refusal>&) { end(); });
    // The only thing that keeps this stream: it is released with the exchange.
    to_->on_gone([self = shared_from_this()] { self->stop(); });
    to_->on_drained([weak = weak_from_this()] {
      auto self = weak.lock();
      if (self && self->out_.on_drained())
        self->follower_->go_on();
    });
    beat();
    follower_->start();
  }

private:
  bool on_event(const feed_item_ptr& item) {
    beat();
    out_.write(item->frame());
    return out_.has_room();
  }

  void beat() {
    heartbeat_.start(options_.heartbeat, [this] {
      // A client that takes nothing needs no sign of life.
      if (out_.is_idle())
        out_.write(shared(": still here\n\n"));
      beat();
      // It may find the end, which may be ours too.
      const auto self = shared_from_this();
      follower_->look_again();
    });
  }

  /// A log that cannot be read ends the stream too: the client comes back and
  /// is told why.
  void end() {
    heartbeat_.stop();
    out_.finish();
  }

  void stop() {
    heartbeat_.stop();
    follower_->stop();
  }

  event_stream_options options_;
  std::shared_ptr<const void> kept_;
  timer heartbeat_;
  std::shared_ptr<http_exchange> to_;
  paced_stream out_;
  std::shared_ptr<run_follower> follower_;
};

} // namespace

void stream_events(std::shared_ptr<io_thread> io, backend& from,
                   const core::run_id& run, std::uint64_t after,
                   std::shared_ptr<http_exchange> to,
                   const event_stream_options& options,
                   std::shared_ptr<const void> kept) {
  const auto stream = std::make_shared<event_stream>(
      std::move(io), std::move(to), options, std::move(kept));
  stream->start(from, run, after);
}

} // namespace brigade::net::api
