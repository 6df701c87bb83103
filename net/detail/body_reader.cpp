#include "brigade/net/detail/body_reader.hpp"

#include "brigade/net/detail/head_grammar.hpp"

#include <algorithm>

namespace brigade::net::detail {

namespace {

/// Eight digits and CRLF.
constexpr std::size_t framing_bytes_max = 10;

} // namespace

body_reader body_reader::of_length(std::uint64_t content_bytes,
                                   std::size_t body_bytes_max) {
  body_reader result;
  result.body_bytes_max_ = body_bytes_max;
  result.left_ = content_bytes;
  if (content_bytes > body_bytes_max)
    result.state_ = body_state::too_large;
  else if (content_bytes != 0)
    result.state_ = body_state::wants_more;
  return result;
}

body_reader body_reader::of_chunks(std::size_t body_bytes_max) {
  body_reader result;
  result.body_bytes_max_ = body_bytes_max;
  result.chunked_ = true;
  result.part_ = part::size;
  result.state_ = body_state::wants_more;
  return result;
}

std::size_t body_reader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == body_state::wants_more) {
    if (part_ == part::data)
      taken += feed_data(bytes.substr(taken));
    else
      feed_framing(bytes[taken++]);
  }
  return taken;
}

std::size_t body_reader::feed_data(std::string_view bytes) {
  auto taken =
      static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body_.append(bytes.data(), taken);
  left_ -= taken;
  if (left_ == 0) {
    if (chunked_)
      part_ = part::data_end;
    else
      state_ = body_state::complete;
  }
  return taken;
}

void body_reader::feed_framing(char c) {
  framing_.push_back(c);
  if (part_ == part::size) {
    if (c == '\n')
      on_size();
    else if (framing_.size() == framing_bytes_max)
      state_ = body_state::bad;
    return;
  }
  constexpr std::string_view end = "\r\n";
  if (!end.starts_with(framing_)) {
    state_ = body_state::bad;
  } else if (framing_ == end) {
    framing_.clear();
    if (part_ == part::last_end)
      state_ = body_state::complete;
    part_ = part::size;
  }
}

void body_reader::on_size() {
  std::string_view line = framing_;
  auto size = line.ends_with("\r\n")
                  ? parse_chunk_size(line.substr(0, line.size() - 2))
                  : std::nullopt;
  framing_.clear();
  if (!size) {
    state_ = body_state::bad;
  } else if (*size > body_bytes_max_ - body_.size()) {
    state_ = body_state::too_large;
  } else {
    left_ = *size;
    part_ = *size == 0 ? part::last_end : part::data;
  }
}

} // namespace brigade::net::detail
