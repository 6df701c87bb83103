/// Reads the body of one request. Sans-io, and as strict as the gate: chunks
/// have no extensions and no trailers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brigade::net::detail {

enum class body_state : std::uint8_t { wants_more, complete, too_large, bad };

class body_reader {
public:
  /// Nothing to read.
  body_reader() = default;

  static body_reader of_length(std::uint64_t content_bytes,
                               std::size_t body_bytes_max);

  static body_reader of_chunks(std::size_t body_bytes_max);

  /// Takes bytes up to the end of the body and returns how many.
  std::size_t feed(std::string_view bytes);

  body_state state() const { return state_; }

  std::string take() { return std::move(body_); }

private:
  enum class part : std::uint8_t { size, data, data_end, last_end };

  std::size_t feed_data(std::string_view bytes);
  void feed_framing(char c);
  void on_size();

  body_state state_ = body_state::complete;
  bool chunked_ = false;
  part part_ = part::data;
  std::string body_;
  std::size_t body_bytes_max_ = 0;
  /// Of the body, or of the current chunk.
  std::uint64_t left_ = 0;
  /// A chunk's size, or the CRLF behind its data.
  std::string framing_;
};

} // namespace brigade::net::detail
