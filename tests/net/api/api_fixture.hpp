/// The whole API over a fake backend. Everything is done on the API's own
/// thread, one thing after the other.
#pragma once

#include "fake_backend.hpp"
#include "fake_exchange.hpp"

#include "brigade/net/api/api.hpp"
#include "brigade/net/io_thread.hpp"
#include "brigade/net/timer.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brigade::net::api::test {

using fake_ptr = std::shared_ptr<fake_exchange>;

struct api_fixture {
  api_fixture() {
    options.version = R"({"version":"1.2.3"})";
    options.openapi = std::make_shared<const std::string>("{}");
  }

  ~api_fixture() {
    // Timers and callbacks are of the thread.
    on_io([this] {
      for (const auto& each : sent)
        each->leave();
      sent.clear();
      served.reset();
    });
  }

  /// Does it on the API's thread and waits until it is done, however long a
  /// busy machine takes.
  void on_io(const std::function<void()>& what) const {
    std::promise<void> done;
    post_to(*io, [&] {
      what();
      done.set_value();
    });
    done.get_future().wait();
  }

  /// Waits until it holds; asked on the API's thread. False when it never does.
  bool comes_true(const std::function<bool()>& what) const {
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds{60};
    bool holds = false;
    while (!holds && std::chrono::steady_clock::now() < end)
      on_io([&] { holds = what(); });
    return holds;
  }

  api& served_api() {
    if (!served)
      served = std::make_unique<api>(io, runs, options);
    return *served;
  }

  /// Admission and handler, as a server calls them. On the API's thread.
  fake_ptr send(http_request request,
                const std::function<void(fake_exchange&)>& before = {}) {
    auto out = std::make_shared<fake_exchange>(request);
    sent.push_back(out);
    if (before)
      before(*out);
    auto head = request;
    head.body.clear();
    const auto verdict = served_api().admission()(head);
    if (const auto* answer = std::get_if<http_response>(&verdict))
      out->respond(*answer);
    else if (request.body.size() > std::get<std::size_t>(verdict))
      out->respond({413, {}, {}, nullptr, true});
    else
      served_api().handler()(out);
    return out;
  }

  fake_ptr get(std::string target, std::vector<http_field> fields = {}) {
    return send(request_of("GET", std::move(target), {}, std::move(fields)));
  }

  fake_ptr post(std::string target, std::string body,
                std::vector<http_field> fields = {}) {
    return send(request_of("POST", std::move(target), std::move(body),
                           std::move(fields)));
  }

  std::shared_ptr<io_thread> io = std::make_shared<io_thread>();
  fake_backend runs;
  api_options options;
  std::unique_ptr<api> served;
  std::vector<fake_ptr> sent;
};

inline boost::json::value json_in(const fake_ptr& answer) {
  return boost::json::parse(answer->text());
}

/// The value at a JSON Pointer, written out; empty: there is none.
inline std::string at(const boost::json::value& in, std::string_view pointer) {
  boost::system::error_code failed;
  const auto* found = in.find_pointer(pointer, failed);
  if (found == nullptr)
    return {};
  return found->is_string() ? std::string{found->as_string()}
                            : boost::json::serialize(*found);
}

inline std::string at(const fake_ptr& answer, std::string_view pointer) {
  return at(json_in(answer), pointer);
}

} // namespace brigade::net::api::test
