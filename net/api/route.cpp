#include "brigade/net/api/route.hpp"

#include <array>

namespace brigade::net::api {

namespace {

struct known_route {
  operation what;
  std::string_view name;
  std::string_view method;
  /// `{}` stands for one segment that is not empty.
  std::string_view path;
};

constexpr std::array known_routes{
    known_route{operation::livez, "livez", "GET", "/livez"},
    known_route{operation::livez, "livez", "GET", "/healthz"},
    known_route{operation::readyz, "readyz", "GET", "/readyz"},
    known_route{operation::version, "version", "GET", "/version"},
    known_route{operation::openapi, "openapi", "GET", "/openapi.json"},
    known_route{operation::metrics, "metrics", "GET", "/metrics"},
    known_route{operation::create_run, "create_run", "POST", "/api/v1/runs"},
    known_route{operation::list_runs, "list_runs", "GET", "/api/v1/runs"},
    known_route{operation::list_crews, "list_crews", "GET", "/api/v1/crews"},
    known_route{operation::get_run, "get_run", "GET", "/api/v1/runs/{}"},
    known_route{operation::delete_run, "delete_run", "DELETE",
                "/api/v1/runs/{}"},
    known_route{operation::get_plan, "get_plan", "GET", "/api/v1/runs/{}/plan"},
    known_route{operation::get_tasks, "get_tasks", "GET",
                "/api/v1/runs/{}/tasks"},
    known_route{operation::get_task, "get_task", "GET",
                "/api/v1/runs/{}/tasks/{}"},
    known_route{operation::get_result, "get_result", "GET",
                "/api/v1/runs/{}/result"},
    known_route{operation::get_events, "get_events", "GET",
                "/api/v1/runs/{}/events"},
    known_route{operation::cancel_run, "cancel_run", "POST",
                "/api/v1/runs/{}/cancel"},
    known_route{operation::approve_run, "approve_run", "POST",
                "/api/v1/runs/{}/approve"},
    known_route{operation::reject_run, "reject_run", "POST",
                "/api/v1/runs/{}/reject"},
    known_route{operation::list_models, "list_models", "GET", "/v1/models"},
    known_route{operation::get_model, "get_model", "GET", "/v1/models/{}"},
    known_route{operation::chat, "chat", "POST", "/v1/chat/completions"},
};

/// Takes the text up to the next slash off the front.
std::string_view take_segment(std::string_view& rest) {
  const auto end = rest.find('/', 1);
  auto segment = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  return segment;
}

/// The values of the `{}`; nothing when the path is another one.
std::optional<std::array<std::string_view, 2>> match(std::string_view pattern,
                                                     std::string_view path) {
  std::array<std::string_view, 2> values{};
  std::size_t next = 0;
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern);
    const auto given = take_segment(path);
    if (wanted == "/{}" && given.size() > 1)
      values[next++] = given.substr(1);
    else if (wanted != given)
      return std::nullopt;
  }
  if (!pattern.empty() || !path.empty())
    return std::nullopt;
  return values;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool read_query(std::string_view text, route& out) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{}
                                         : text.substr(end + 1);
    if (part.empty())
      continue;
    const auto equals = part.find('=');
    auto key = percent_decoded(part.substr(0, equals), true);
    auto value = equals == std::string_view::npos
                     ? std::string{}
                     : percent_decoded(part.substr(equals + 1), true);
    if (!key || !value)
      return false;
    out.query.emplace_back(std::move(*key), std::move(*value));
  }
  return true;
}

} // namespace

std::optional<std::string> percent_decoded(std::string_view text,
                                           bool plus_is_space) {
  constexpr int first_printable = 0x20;
  constexpr int del = 0x7F;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const auto high = text.size() - i > 2 ? digit_of(text[i + 1]) : -1;
      const auto low = high >= 0 ? digit_of(text[i + 2]) : -1;
      const auto byte = high * 16 + low;
      if (low < 0 || byte < first_printable || byte == del)
        return std::nullopt;
      out += static_cast<char>(byte);
      i += 2;
    }
  }
  return out;
}

std::string_view to_string(operation what) {
  for (const auto& known : known_routes)
    if (known.what == what)
      return known.name;
  return "unknown";
}

bool is_model_operation(operation what) {
  return what == operation::list_models || what == operation::get_model
         || what == operation::chat;
}

bool has_body(operation what) {
  return what == operation::create_run || what == operation::chat
         || what == operation::cancel_run || what == operation::approve_run
         || what == operation::reject_run;
}

std::optional<std::string_view> route::parameter(std::string_view key) const {
  for (const auto& [each, value] : query)
    if (each == key)
      return value;
  return std::nullopt;
}

route_result find_route(std::string_view method, std::string_view target) {
  const auto question = target.find('?');
  const auto path = target.substr(0, question);
  if (method == "HEAD")
    method = "GET";
  route_result out;
  for (const auto& known : known_routes) {
    const auto values = match(known.path, path);
    if (!values)
      continue;
    if (known.method != method) {
      out.missing.status = 405;
      out.missing.allow += out.missing.allow.empty() ? "" : ", ";
      out.missing.allow += known.method;
      out.missing.allow += known.method == "GET" ? ", HEAD" : "";
      continue;
    }
    route found;
    found.what = known.what;
    found.pattern = known.path;
    auto name = percent_decoded((*values)[0], false);
    auto task = percent_decoded((*values)[1], false);
    if (!name || !task
        || (question != std::string_view::npos
            && !read_query(target.substr(question + 1), found))) {
      out.missing = {400, {}};
      return out;
    }
    found.name = std::move(*name);
    found.task = std::move(*task);
    out.found = std::move(found);
    return out;
  }
  return out;
}

} // namespace brigade::net::api
