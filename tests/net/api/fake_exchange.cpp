#include "fake_exchange.hpp"

#include <algorithm>

namespace brigade::net::api::test {

void fake_exchange::respond(http_response response) {
  if (answered_)
    return;
  answered_ = true;
  if (response.shared_body)
    response.body = *response.shared_body;
  text_ = response.body;
  head_ = std::move(response);
  end();
}

void fake_exchange::start_stream(http_response head) {
  if (answered_)
    return;
  answered_ = true;
  streams_ = true;
  head_ = std::move(head);
}

void fake_exchange::write(std::shared_ptr<const std::string> chunk) {
  if (!streams_ || finished_ || ended_)
    return;
  if (!slow_) {
    text_ += *chunk;
    return;
  }
  queued_ += chunk->size();
  queued_max_ = std::max(queued_max_, queued_);
  waiting_.push_back(std::move(chunk));
}

void fake_exchange::finish() {
  if (!streams_ || finished_)
    return;
  finished_ = true;
  if (waiting_.empty())
    end();
}

void fake_exchange::on_drained(std::function<void()> drained) {
  if (!ended_)
    on_drained_ = std::move(drained);
}

void fake_exchange::on_gone(std::function<void()> gone) {
  if (gone_)
    gone();
  else if (!ended_)
    on_gone_ = std::move(gone);
}

void fake_exchange::take() {
  while (!waiting_.empty()) {
    for (const auto& chunk : std::exchange(waiting_, {}))
      text_ += *chunk;
    queued_ = 0;
    const auto drained = on_drained_;
    if (finished_)
      end();
    else if (drained)
      drained();
  }
}

void fake_exchange::leave() {
  if (ended_ || gone_)
    return;
  gone_ = true;
  const auto gone = on_gone_;
  end();
  if (gone)
    gone();
}

std::string fake_exchange::field(std::string_view name) const {
  for (const auto& each : head_.fields)
    if (each.name == name)
      return each.value;
  return {};
}

void fake_exchange::end() {
  ended_ = true;
  waiting_.clear();
  queued_ = 0;
  // They may hold the last pointers to who is calling.
  const auto drained = std::exchange(on_drained_, nullptr);
  const auto gone = std::exchange(on_gone_, nullptr);
}

http_request request_of(std::string method, std::string target,
                        std::string body, std::vector<http_field> fields) {
  http_request out;
  out.method = std::move(method);
  out.target = std::move(target);
  out.body = std::move(body);
  out.fields = std::move(fields);
  if (!out.has("host"))
    out.fields.push_back({"host", "127.0.0.1:8080"});
  if (!out.body.empty() && !out.has("content-type"))
    out.fields.push_back({"content-type", "application/json"});
  out.peer = "127.0.0.1";
  return out;
}

} // namespace brigade::net::api::test
