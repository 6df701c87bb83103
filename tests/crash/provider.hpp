/// A provider of chat completions that keeps its own books: every request that
/// arrived whole is billed, whether anybody still waits for its answer or not.
#pragma once

#include "../app/cli/chat_server.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::crash {

/// One request and what it costs.
struct receipt {
  std::string body;
  std::int64_t billed_pico = 0;
};

/// The price of the model in the crew of the tests.
inline constexpr std::int64_t input_pico_per_token = 750'000;
inline constexpr std::int64_t output_pico_per_token = 4'500'000;

/// Answers the same request the same way, after 0 to `delay_ms_max` ms that
/// follow from the seed. Its plans have three to seven subtasks.
class provider {
public:
  explicit provider(std::uint64_t seed, std::uint32_t delay_ms_max = 12);
  ~provider();

  provider(const provider&) = delete;
  provider& operator=(const provider&) = delete;

  std::string base_url() const { return server_->base_url(); }

  /// Can be read when a request has arrived since `take_news`.
  int news_fd() const { return news_; }
  void take_news();

  std::vector<receipt> receipts() const;
  std::size_t requests() const;

  /// Opens new books.
  void reset();

private:
  raw_answer answer(std::string_view body);

  const std::uint64_t seed_;
  const std::uint32_t delay_ms_max_;
  const std::string plan_;
  int news_ = -1;
  mutable std::mutex mutex_;
  std::vector<receipt> books_;
  std::unique_ptr<chat_server> server_;
};

/// The crew file of the tests.
std::string crew_text(const std::string& base_url,
                      const std::string& limits = {});

} // namespace brigade::crash
