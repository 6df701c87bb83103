#include "brigade/app/log.hpp"

#include "brigade/app/secret_forms.hpp"
#include "brigade/app/wall_time.hpp"

#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <unistd.h>

namespace brigade::app {

namespace {

using config::log_level;
using config::log_style;

/// The line is complete when it comes here.
class as_it_is : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& msg,
              spdlog::memory_buf_t& out) override {
    out.append(msg.payload.begin(), msg.payload.end());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<as_it_is>();
  }
};

/// Writes each line in one piece, on the log's thread only.
class descriptor_sink
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  descriptor_sink(int fd, int timeout_ms) : fd_(fd), timeout_ms_(timeout_ms) {
    set_formatter_(std::make_unique<as_it_is>());
  }

  std::uint64_t dropped() const { return dropped_; }

  /// How many lines are lost, and the line that tells of so many.
  std::function<std::uint64_t()> lost;
  std::function<std::string(std::uint64_t lines)> notice;

protected:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    if (const auto now = lost(); now != told_ && write(notice(now - told_)))
      told_ = now;
    if (!write({msg.payload.data(), msg.payload.size()}))
      ++dropped_;
  }

  void flush_() override {
    // nop
  }

private:
  /// False when nobody reads. A pipe that is ready takes `log_line_bytes_max`
  /// bytes at once, so the write does not block.
  bool write(std::string_view line) {
    pollfd target{fd_, POLLOUT, 0};
    // Who did not read in time is not waited for again.
    const auto ready = ::poll(&target, 1, stuck_ ? 0 : timeout_ms_);
    if (ready == 0)
      stuck_ = true;
    if (ready <= 0 || target.revents != POLLOUT)
      return false;
    stuck_ = false;
    while (!line.empty()) {
      const auto written = ::write(fd_, line.data(), line.size());
      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return false;
      line.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  int fd_;
  int timeout_ms_;
  bool stuck_ = false;
  std::uint64_t told_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
};

/// As sd-daemon(3) numbers them.
std::string_view prefix_of(log_level level) {
  switch (level) {
  case log_level::debug:
    return "<7>";
  case log_level::info:
    return "<6>";
  case log_level::warning:
    return "<4>";
  case log_level::error:
    break;
  }
  return "<3>";
}

/// What a reload may change.
struct form {
  log_style style = log_style::text;
  net::secret_list secrets;
};

} // namespace

struct daemon_log::impl {
  std::atomic<log_level> level_min = log_level::info;
  bool level_prefix = false;
  std::function<std::int64_t()> now;
  mutable std::mutex mutex;
  std::shared_ptr<const form> current;
  std::shared_ptr<descriptor_sink> sink;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  /// The same, for the pool's own thread, which outlives the pointer above.
  spdlog::details::thread_pool* queue = nullptr;
  std::shared_ptr<spdlog::async_logger> logger;

  std::string line(log_level level, std::string_view event,
                   std::span<const log_field> fields) const {
    std::shared_ptr<const form> how;
    {
      const std::lock_guard lock{mutex};
      how = current;
    }
    auto text =
        log_line_of({level, now(), event, fields}, how->style, how->secrets);
    return level_prefix ? std::string{prefix_of(level)} + text : text;
  }

  std::uint64_t lost() const {
    return queue->overrun_counter() + sink->dropped();
  }
};

daemon_log::daemon_log(log_options options) : impl_(std::make_unique<impl>()) {
  impl_->level_prefix = options.level_prefix;
  impl_->now = options.now ? std::move(options.now) : now_wall_ms;
  change(options.level_min, options.style, options.secrets);
  impl_->sink = std::make_shared<descriptor_sink>(
      options.fd, static_cast<int>(options.write_timeout_ms));
  impl_->pool = std::make_shared<spdlog::details::thread_pool>(
      options.queue_lines_max, 1);
  impl_->queue = impl_->pool.get();
  impl_->logger = std::make_shared<spdlog::async_logger>(
      "brigade", impl_->sink, impl_->pool,
      spdlog::async_overflow_policy::overrun_oldest);
  // Our own levels decide, and nothing here prints.
  impl_->logger->set_level(spdlog::level::trace);
  impl_->logger->set_error_handler([](const std::string&) {});
  impl_->sink->lost = [this] { return impl_->lost(); };
  impl_->sink->notice = [this](std::uint64_t lines) {
    const std::array fields{log_field{"lines", lines}};
    return impl_->line(log_level::warning, "log.dropped", fields);
  };
}

daemon_log::~daemon_log() {
  impl_->logger.reset();
  impl_->pool.reset();
}

bool daemon_log::enabled(log_level level) const {
  return level >= impl_->level_min;
}

void daemon_log::write(log_level level, std::string_view event,
                       std::initializer_list<log_field> fields) noexcept {
  write(level, event, std::span{fields.begin(), fields.size()});
}

void daemon_log::write(log_level level, std::string_view event,
                       std::span<const log_field> fields) noexcept {
  if (!enabled(level))
    return;
  try {
    const auto line = impl_->line(level, event, fields);
    impl_->logger->log(spdlog::level::info,
                       spdlog::string_view_t{line.data(), line.size()});
  } catch (...) {
    // Memory is exhausted; a log line is not worth a crash.
  }
}

void daemon_log::change(log_level level_min, log_style style,
                        const net::secret_list& secrets) {
  auto next = std::make_shared<const form>(form{style, secret_forms(secrets)});
  const std::lock_guard lock{impl_->mutex};
  impl_->level_min = level_min;
  impl_->current = std::move(next);
}

std::uint64_t daemon_log::dropped() const {
  return impl_->lost();
}

} // namespace brigade::app
