#include "brigade/net/http_client.hpp"

#include "brigade/net/detail/pool.hpp"

#include <boost/asio/post.hpp>

#include <future>
#include <utility>

namespace brigade::net {

struct http_client::impl {
  std::shared_ptr<io_thread> io;
  std::shared_ptr<detail::pool> connections;
};

http_client::http_client(std::shared_ptr<io_thread> io,
                         http_client_options options)
    : impl_(std::make_unique<impl>()) {
  impl_->connections =
      std::make_shared<detail::pool>(io->context(), std::move(options));
  impl_->io = std::move(io);
}

http_client::~http_client() {
  auto& connections = *impl_->connections;
  if (impl_->io->is_current()) {
    connections.shut_down();
    return;
  }
  std::promise<void> finished;
  boost::asio::post(impl_->io->context(), [&connections, &finished] {
    connections.shut_down();
    finished.set_value();
  });
  finished.get_future().wait();
}

void http_client::send(std::uint64_t id, core::shared_text body,
                       std::chrono::milliseconds time_limit, done_fn done) {
  impl_->connections->send(id, std::move(body), time_limit, std::move(done));
}

void http_client::cancel(std::uint64_t id) {
  impl_->connections->cancel(id);
}

} // namespace brigade::net
