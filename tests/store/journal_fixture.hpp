/// State directories with runs in them, for tests of the SQLite journal.
#pragma once

#include "../app/scratch_folder.hpp"

#include "brigade/core/run/ids.hpp"
#include "brigade/store/archive.hpp"
#include "brigade/store/sqlite.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brigade::test {

using journal_ptr = std::shared_ptr<store::sqlite_journal>;

/// The n-th run of a test; later ones sort later.
inline core::run_id run_number(int n) {
  return core::make_run_id(1'700'000'000'000 + n, {1, 2, 3});
}

inline core::event event_of(core::event_body body, std::int64_t at_ms = 0) {
  return {0, 1'700'000'000'000 + at_ms, at_ms, std::move(body)};
}

inline core::event submitted(std::string goal = "Compare the teas.",
                             std::string parent = {}) {
  core::events::run_submitted e;
  e.goal = std::move(goal);
  e.crew = "kitchen";
  e.ceiling = core::pico_usd{1'000};
  e.parent_run = std::move(parent);
  return event_of(std::move(e));
}

inline core::event intended(std::uint64_t id, std::int64_t reserved,
                            std::string request = "{\"ask\": 1}") {
  core::events::call_intended e;
  e.id = core::call_id{id};
  e.key.path = "plan";
  e.reserved = e.worst_case = core::pico_usd{reserved};
  e.request = core::shared_text{std::move(request)};
  return event_of(std::move(e), 1);
}

inline core::event settled(std::uint64_t id, std::int64_t charged,
                           std::string reply = "green") {
  core::events::call_settled e;
  e.id = core::call_id{id};
  e.charged = core::pico_usd{charged};
  e.reply = core::shared_text{std::move(reply)};
  return event_of(std::move(e), 2);
}

inline core::event finished(std::string answer = "Green.") {
  return event_of(core::events::run_finished{core::run_status::succeeded, "",
                                             "", core::shared_text{answer}},
                  3);
}

inline core::event suspended() {
  return event_of(core::events::run_suspended{"interrupt"}, 3);
}

template <class... Events>
std::vector<core::event> list(Events&&... events) {
  std::vector<core::event> out;
  (out.push_back(std::forward<Events>(events)), ...);
  return out;
}

/// What became of an append.
inline core::append_status end_of(store::sqlite_journal& journal,
                                  core::append_result result) {
  if (result.status != core::append_status::pending)
    return result.status;
  auto told = std::make_shared<std::promise<core::append_status>>();
  auto end = told->get_future();
  journal.when_durable(result.ticket, [told](core::append_status status) {
    told->set_value(status);
  });
  if (end.wait_for(std::chrono::seconds{60}) != std::future_status::ready) {
    BOOST_ERROR("nobody told how an append ended");
    return core::append_status::failed;
  }
  return end.get();
}

inline bool append(store::sqlite_journal& journal, const core::run_id& run,
                   std::vector<core::event> events) {
  return end_of(journal, journal.append(run, std::move(events)))
         == core::append_status::durable;
}

inline core::run_source_ptr source(std::string document = "Tea is green.\n") {
  auto inputs = std::make_shared<core::input_set>();
  inputs->emplace_back("i1", "tea.txt", std::move(document));
  core::run_source out;
  out.crew = R"({"name": "kitchen"})";
  out.inputs = std::move(inputs);
  out.origin = R"({"config": "kitchen.toml"})";
  return std::make_shared<const core::run_source>(std::move(out));
}

struct state_fixture {
  scratch_folder folder;
  std::string directory = folder.path("state");
  std::string file = directory + "/journal.db";

  journal_ptr open(std::string vfs = {}) const {
    store::sqlite_journal_options options;
    options.directory = directory;
    options.vfs = std::move(vfs);
    auto opened = store::sqlite_journal::open(std::move(options));
    BOOST_TEST_REQUIRE(static_cast<bool>(opened),
                       (opened ? "" : opened.error().message));
    return *opened;
  }

  store::archive look() const {
    auto opened = store::archive::open(directory);
    BOOST_TEST_REQUIRE(static_cast<bool>(opened));
    return std::move(*opened);
  }

  /// A run that has ended, with two calls.
  static void finish(store::sqlite_journal& journal, const core::run_id& run,
                     std::string goal = "Compare the teas.",
                     core::run_source_ptr from = source()) {
    journal.begin(run, std::move(from));
    BOOST_TEST_REQUIRE(append(journal, run, list(submitted(std::move(goal)))));
    BOOST_TEST_REQUIRE(
        append(journal, run,
               list(intended(1, 300), settled(1, 100), intended(2, 300, "{}"),
                    settled(2, 50), finished())));
    journal.release(run);
  }
};

} // namespace brigade::test
