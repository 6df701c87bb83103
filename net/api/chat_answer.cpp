#include "brigade/net/api/chat_answer.hpp"

#include "brigade/net/api/chat_progress.hpp"
#include "brigade/net/api/paced_stream.hpp"
#include "brigade/net/api/run_follower.hpp"
#include "brigade/net/timer.hpp"

#include <string>
#include <utility>

namespace brigade::net::api {

namespace {

constexpr std::int64_t ms_per_s = 1000;
/// Of the answer in one chunk.
constexpr std::size_t piece_bytes_max = 4 * 1024;

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

refusal waits_for_approval(const std::string& run) {
  refusal out{409, "approval_required",
              "the plan of run " + run
                  + " waits for approval; send the same request again once it "
                    "is approved"};
  out.run = run;
  return out;
}

refusal stands_still(const std::string& run) {
  refusal out{503, "suspended",
              "run " + run
                  + " was interrupted; send the same request again to wait for "
                    "it"};
  out.run = run;
  return out;
}

/// Lives until it has answered or the client has gone: its exchange keeps it.
class chat_answer : public std::enable_shared_from_this<chat_answer> {
public:
  chat_answer(std::shared_ptr<io_thread> io, run_audience& audience,
              const run_view& view, chat_head head,
              std::shared_ptr<http_exchange> to,
              const chat_answer_options& options)
      : options_(options), audience_(audience), run_(view.run),
        seen_(view.state->last_seq), frames_(head, options.include_usage),
        head_(std::move(head)), heartbeat_(std::move(io)), to_(std::move(to)),
        out_(to_, options.waiting_bytes_max) {
    // nop
  }

  ~chat_answer() {
    // A page may be on its way to it.
    if (follower_)
      follower_->stop();
  }

  chat_answer(const chat_answer&) = delete;
  chat_answer& operator=(const chat_answer&) = delete;

  void start(backend& from, const std::string& client, const run_view& view) {
    audience_.join(client, run_);
    follower_ = std::make_shared<run_follower>(
        from, run_, 0,
        [this](const feed_item_ptr& item) { return on_event(item->event()); },
        [this](const std::optional<refusal>& why) { on_end(why); });
    if (view.state->awaits_approval()) {
      refuse(waits_for_approval(run_.text));
      return;
    }
    // The only thing that keeps this answer: it is released with the exchange.
    to_->on_gone([self = shared_from_this()] { self->on_gone(); });
    if (is_over_)
      return;
    if (options_.stream)
      start_stream();
    follower_->start();
  }

private:
  void start_stream() {
    http_response head;
    head.fields = {{"Content-Type", "text/event-stream"},
                   {"Cache-Control", "no-cache"},
                   {"X-Accel-Buffering", "no"},
                   {"X-Run-Id", run_.text}};
    to_->start_stream(std::move(head));
    to_->on_drained([weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->on_drained();
    });
    write(frames_.role());
    if (options_.reasoning)
      write(frames_.reasoning("Run " + run_.text + "\n"));
  }

  // -- what the run does ------------------------------------------------------

  bool on_event(const core::event& e) {
    fold_.apply(e);
    if (const auto* end = std::get_if<core::events::run_finished>(&e.body))
      end_ = *end;
    // What was so before the client came may be over.
    const bool is_news = e.seq > seen_;
    const auto* pause = std::get_if<core::events::run_suspended>(&e.body);
    if (is_news
        && std::holds_alternative<core::events::approval_requested>(e.body)) {
      refuse(waits_for_approval(run_.text));
      return false;
    }
    if (is_news && pause != nullptr && pause->reason != "approval") {
      refuse(stands_still(run_.text));
      return false;
    }
    if (!options_.stream)
      return true;
    if (options_.reasoning)
      if (auto line = chat_progress(e); !line.empty())
        write(frames_.reasoning(line));
    return out_.has_room();
  }

  void on_end(const std::optional<refusal>& why) {
    if (is_over_)
      return;
    if (why) {
      refuse({500,
              "unreadable",
              "the run's events cannot be read",
              {},
              {},
              run_.text});
    } else if (end_.answer.empty()) {
      refuse(no_answer(end_, run_.text));
    } else if (options_.stream) {
      leave();
      pump();
    } else {
      leave();
      auto answer = json_response(
          200, chat_completion(head_, end_.answer.view(), fold_.figures()));
      answer.fields.push_back({"X-Run-Id", run_.text});
      to_->respond(std::move(answer));
    }
  }

  // -- what the client does ---------------------------------------------------

  void on_drained() {
    if (!out_.on_drained())
      return;
    if (is_over_)
      pump();
    else
      follower_->go_on();
  }

  void on_gone() {
    heartbeat_.stop();
    if (is_over_)
      return;
    is_over_ = true;
    follower_->stop();
    if (options_.cancel_on_disconnect)
      audience_.leave_gone(run_);
    else
      audience_.leave_answered(run_);
  }

  // -- answering --------------------------------------------------------------

  /// The answer, as fast as it is taken.
  void pump() {
    const auto text = end_.answer.view();
    while (told_ < text.size() && out_.has_room()) {
      const auto piece = chat_piece(text.substr(told_), piece_bytes_max);
      told_ += piece.size();
      write(frames_.content(piece));
    }
    if (told_ < text.size() || std::exchange(is_told_, true))
      return;
    out_.write(shared(frames_.end(fold_.figures())));
    heartbeat_.stop();
    out_.finish();
  }

  void refuse(const refusal& why) {
    leave();
    if (!options_.stream || !is_streaming_) {
      // Whoever tries again by itself must not buy twice, nor start again what
      // somebody stopped.
      constexpr int conflict = 409;
      to_->respond(
          openai_error_of(why, fold_.bought() || why.status == conflict));
      return;
    }
    is_told_ = true;
    heartbeat_.stop();
    out_.write(shared(chat_frames::error(why)));
    out_.finish();
  }

  void leave() {
    is_over_ = true;
    follower_->stop();
    audience_.leave_answered(run_);
  }

  void write(std::string frame) {
    is_streaming_ = true;
    out_.write(shared(std::move(frame)));
    beat();
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

  chat_answer_options options_;
  run_audience& audience_;
  core::run_id run_;
  /// Events up to this one were there when the client came.
  std::uint64_t seen_;
  chat_frames frames_;
  chat_head head_;
  timer heartbeat_;
  std::shared_ptr<http_exchange> to_;
  paced_stream out_;
  std::shared_ptr<run_follower> follower_;
  chat_fold fold_;
  core::events::run_finished end_;
  /// Bytes of the answer that were written.
  std::size_t told_ = 0;
  bool is_streaming_ = false;
  /// The end was written too.
  bool is_told_ = false;
  /// It waits for the run no more.
  bool is_over_ = false;
};

} // namespace

void answer_chat(std::shared_ptr<io_thread> io, backend& from,
                 run_audience& audience, const std::string& client,
                 const run_view& view, std::string model,
                 std::shared_ptr<http_exchange> to,
                 const chat_answer_options& options) {
  chat_head head{"chatcmpl-" + view.run.text,
                 view.state->submitted_wall_ms / ms_per_s, std::move(model),
                 view.run.text};
  const auto answer = std::make_shared<chat_answer>(
      std::move(io), audience, view, std::move(head), std::move(to), options);
  answer->start(from, client, view);
}

} // namespace brigade::net::api
