/// A state directory, a provider with books of its own, and daemons on them.
#pragma once

#include "../app/scratch_folder.hpp"
#include "../crash/provider.hpp"
#include "daemon_process.hpp"

#include "brigade/core/run/event.hpp"
#include "brigade/store/archive.hpp"

#include <boost/json.hpp>

#include <poll.h>
#include <string>
#include <utility>
#include <vector>

namespace brigade::serve_test {

/// Every request names the goal of its run, so that the books can be told
/// apart.
inline std::string crew_of(const std::string& base_url,
                           const std::string& limits) {
  auto text = crash::crew_text(base_url, limits);
  for (const std::string prompt :
       {"Work on the subtask.", "Join the results."}) {
    const auto at = text.find(prompt);
    text.insert(at + prompt.size(), " The goal: {{goal}}");
  }
  return text;
}

struct daemon_fixture {
  scratch_folder folder;
  std::string state = folder.path("state");
  crash::provider server{5};
  int files = 0;
  int lives = 0;

  std::string crew(const std::string& limits = {}) {
    return folder.write("crew" + std::to_string(++files) + ".toml",
                        crew_of(server.base_url(), limits));
  }

  daemon_process start(const std::string& file,
                       const std::vector<std::string>& more = {}) {
    return {file, state, folder.path("life" + std::to_string(++lives)), more};
  }

  void wait_for_requests(std::size_t count) {
    pollfd news{server.news_fd(), POLLIN, 0};
    while (server.requests() < count && ::poll(&news, 1, 60'000) == 1)
      server.take_news();
  }

  std::vector<core::event_ptr> log_of(const std::string& run) const {
    auto archive = store::archive::open(state);
    if (!archive)
      return {};
    auto log = archive->events(core::run_id{run});
    return log ? std::move(*log) : std::vector<core::event_ptr>{};
  }
};

/// The id of the run that was made; empty: none was.
inline std::string make_run(std::uint16_t port, const std::string& body,
                            const std::vector<std::string>& fields = {}) {
  const auto made = ask(port, {"POST", "/api/v1/runs", body, fields});
  if (made.status != 202 && made.status != 200)
    return {};
  const auto json = boost::json::parse(made.body);
  const auto* id = json.as_object().if_contains("id");
  return std::string{id != nullptr ? id->as_string()
                                   : json.at("run_id").as_string()};
}

inline std::string goal_body(const std::string& goal) {
  return R"({"goal":")" + goal + R"("})";
}

/// A member of the run's resource, as text.
inline std::string shown(std::uint16_t port, const std::string& run,
                         const char* member,
                         const std::vector<std::string>& fields = {}) {
  const auto answer = ask(port, {"GET", "/api/v1/runs/" + run, {}, fields});
  if (answer.status != 200)
    return "status " + std::to_string(answer.status);
  const auto json = boost::json::parse(answer.body);
  const auto& value = json.at(member);
  return value.is_string() ? std::string{value.get_string()}
                           : boost::json::serialize(value);
}

/// Waits for a run's end: its stream of events ends then.
inline answer all_events(std::uint16_t port, const std::string& run) {
  return ask(port, {"GET", "/api/v1/runs/" + run + "/events", {}});
}

} // namespace brigade::serve_test
