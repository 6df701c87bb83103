/// From a request's target to what is asked for. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::net::api {

enum class operation : std::uint8_t {
  // Without a token.
  livez,
  readyz,
  version,
  openapi,
  // For operators.
  metrics,
  // The job API.
  create_run,
  list_runs,
  get_run,
  delete_run,
  get_plan,
  get_tasks,
  get_task,
  get_result,
  get_events,
  cancel_run,
  approve_run,
  reject_run,
  list_crews,
  // As a model.
  list_models,
  get_model,
  chat,
};

/// `create_run`, ...: for metrics and logs.
std::string_view to_string(operation what);

/// Whether it answers as OpenAI's API does.
bool is_model_operation(operation what);

/// Whether it has a request body.
bool has_body(operation what);

struct route {
  operation what = operation::livez;
  /// `/api/v1/runs/{}`: the same for all runs.
  std::string_view pattern;
  /// The run or the model that the path names; decoded.
  std::string name;
  /// The subtask that the path names; decoded.
  std::string task;
  /// Decoded; the first of a name counts.
  std::vector<std::pair<std::string, std::string>> query;

  /// The value of a parameter, or nothing.
  std::optional<std::string_view> parameter(std::string_view key) const;
};

/// Why there is no route.
struct no_route {
  /// 404, 405 or 400.
  int status = 404;
  /// Of 405: the methods that there are, for `Allow`.
  std::string allow;
};

struct route_result {
  std::optional<route> found;
  no_route missing;
};

/// `HEAD` is routed as `GET`.
route_result find_route(std::string_view method, std::string_view target);

/// Nothing when an escape is broken or stands for a control character.
std::optional<std::string> percent_decoded(std::string_view text,
                                           bool plus_is_space);

} // namespace brigade::net::api
