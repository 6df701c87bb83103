#include "brigade/net/http_server.hpp"

#include "brigade/net/detail/server_hub.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <future>
#include <utility>

namespace brigade::net {

namespace {

const http_field* find(const http_request& request, std::string_view name) {
  const auto found =
      std::find_if(request.fields.begin(), request.fields.end(),
                   [name](const auto& field) { return field.name == name; });
  return found != request.fields.end() ? &*found : nullptr;
}

} // namespace

std::string_view http_request::field(std::string_view name) const {
  const auto* found = find(*this, name);
  return found ? std::string_view{found->value} : std::string_view{};
}

bool http_request::has(std::string_view name) const {
  return find(*this, name) != nullptr;
}

struct http_server::impl {
  std::shared_ptr<io_thread> io;
  std::shared_ptr<detail::server_hub> hub;

  /// Runs `what` on the io thread and waits for it.
  template <class F>
  void run(F what) {
    if (io->is_current()) {
      what();
      return;
    }
    std::promise<void> finished;
    boost::asio::post(io->context(), [&] {
      what();
      finished.set_value();
    });
    finished.get_future().wait();
  }
};

http_server::http_server(std::unique_ptr<impl> made) : impl_(std::move(made)) {
  // nop
}

result<std::unique_ptr<http_server>>
http_server::start(std::shared_ptr<io_thread> io, http_server_options options,
                   http_admission admission, http_handler handler) {
  auto made = std::make_unique<impl>();
  made->hub = std::make_shared<detail::server_hub>(
      io->context(), std::move(options), std::move(admission),
      std::move(handler));
  if (auto problem = made->hub->listen(); !problem.empty())
    return net_error{std::move(problem)};
  boost::asio::post(io->context(),
                    [hub = made->hub] { hub->start_accepting(); });
  made->io = std::move(io);
  return std::unique_ptr<http_server>{new http_server{std::move(made)}};
}

http_server::~http_server() {
  impl_->run([this] { impl_->hub->shut_down(); });
}

std::uint16_t http_server::port() const {
  return impl_->hub->port();
}

void http_server::stop_accepting() {
  impl_->run([this] { impl_->hub->stop_accepting(); });
}

http_server_counters http_server::counters() const {
  const auto& now = impl_->hub->counters();
  http_server_counters result;
  result.accepted = now.accepted;
  result.refused = now.refused;
  result.evicted = now.evicted;
  result.open = now.open;
  result.requests = now.requests;
  result.rejected_by_gate = now.rejected_by_gate;
  result.timed_out = now.timed_out;
  result.streams_dropped = now.streams_dropped;
  return result;
}

} // namespace brigade::net
