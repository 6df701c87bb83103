/// The job API: `/api/v1/...`.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/event_stream.hpp"
#include "brigade/net/api/route.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace brigade::net::api {

struct job_api_options {
  /// `Prefer: wait=N` waits no longer.
  std::chrono::seconds wait_max{60};
  /// How long an `Idempotency-Key` is remembered.
  std::int64_t key_keep_ms = 24 * 3'600'000;
  std::size_t list_runs_max = 200;
  /// Open at once: what is left of the server's connections is for requests
  /// that are answered soon.
  std::size_t streams_max = 768;
  event_stream_options events;
};

/// Answers requests whose routes are of the job API. Of the server's thread.
class job_api {
public:
  job_api(std::shared_ptr<io_thread> io, backend& runs,
          job_api_options options = {});

  void handle(const route& what, const std::string& client,
              std::shared_ptr<http_exchange> exchange);

private:
  using exchange_ptr = std::shared_ptr<http_exchange>;

  void create(const std::string& client, const exchange_ptr& exchange);
  void answer_created(const std::string& client, const accepted_run& accepted,
                      const exchange_ptr& exchange);
  void wait_for_end(const std::string& client, const core::run_id& run,
                    std::chrono::seconds wait, const exchange_ptr& exchange);
  void list(const route& what, const std::string& client,
            const exchange_ptr& exchange);
  void show(const route& what, const std::string& client,
            const exchange_ptr& exchange);
  void stream(const route& what, const std::string& client,
              const exchange_ptr& exchange);
  void decide(const route& what, const std::string& client,
              const exchange_ptr& exchange);

  std::shared_ptr<io_thread> io_;
  backend& runs_;
  job_api_options options_;
  /// Held by each stream, and by this.
  std::shared_ptr<const bool> streams_ = std::make_shared<const bool>(true);
};

} // namespace brigade::net::api
