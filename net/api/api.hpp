/// Everything that the server answers, behind one admission and one handler.
#pragma once

#include "brigade/net/api/access.hpp"
#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/job_api.hpp"
#include "brigade/net/api/model_api.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace brigade::net::api {

struct api_options {
  access_rules access;
  std::size_t body_bytes_max = 8u << 20;
  /// For `/version`: a JSON text.
  std::string version;
  /// For `/openapi.json`; unset: `openapi_text`.
  std::shared_ptr<const std::string> openapi;
  job_api_options jobs;
  model_api_options models;
  /// Called after each routed request was handed over, with the route's name.
  std::function<void(operation)> on_request;
};

/// Of the server's thread, and made before the server starts. Must outlive the
/// server.
class api {
public:
  api(std::shared_ptr<io_thread> io, backend& runs, api_options options);

  http_admission admission();
  http_handler handler();

  /// Other rules hold from the next request on.
  void set_access(access_rules rules) { options_.access = std::move(rules); }

  /// Clients of the model API that go away cancel nothing from now on: to be
  /// called on the server's thread before the server ends, so that their runs
  /// go on after it.
  void keep_runs() { models_.keep_runs(); }

private:
  http_verdict admit(const http_request& head) const;
  void handle(std::shared_ptr<http_exchange> exchange);
  http_response operate(operation what) const;

  backend& runs_;
  api_options options_;
  job_api jobs_;
  model_api models_;
};

} // namespace brigade::net::api
