#include "brigade/net/api/paced_stream.hpp"

#include <algorithm>

namespace brigade::net::api {

namespace {

constexpr std::size_t piece_bytes_max = 64 * 1024;

} // namespace

void paced_stream::write(std::shared_ptr<const std::string> text) {
  waiting_.push_back(std::move(text));
  pump();
}

void paced_stream::finish() {
  finishing_ = true;
  pump();
}

bool paced_stream::on_drained() {
  pump();
  return has_room();
}

void paced_stream::pump() {
  while (!waiting_.empty() && to_->queued_bytes() < waiting_bytes_max_) {
    const auto& text = waiting_.front();
    const auto size = std::min(text->size() - offset_, piece_bytes_max);
    // Most are small, and shared by all who follow the run.
    if (size == text->size())
      to_->write(text);
    else
      to_->write(
          std::make_shared<const std::string>(text->substr(offset_, size)));
    offset_ += size;
    if (offset_ < text->size())
      continue;
    waiting_.pop_front();
    offset_ = 0;
  }
  if (finishing_ && waiting_.empty()) {
    finishing_ = false;
    to_->finish();
  }
}

} // namespace brigade::net::api
