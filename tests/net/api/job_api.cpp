// The job API's operations.
#include "api_fixture.hpp"

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;

namespace {

struct job_fixture : api_fixture {
  fake_ptr create(std::vector<http_field> fields = {},
                  const std::string& body = R"({"goal":"Say hello"})") {
    return post("/api/v1/runs", body, std::move(fields));
  }

  static std::string path(const core::run_id& run, const char* below = "") {
    return "/api/v1/runs/" + run.text + below;
  }

  core::run_id last_run() const {
    return core::run_id{runs.runs.rbegin()->first};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(job_creation, job_fixture)

BOOST_AUTO_TEST_CASE(a_run_is_accepted_and_can_be_found) {
  on_io([this] {
    const auto answer = create();
    const auto run = last_run();
    BOOST_TEST(answer->status() == 202);
    BOOST_TEST(answer->field("Location") == path(run));
    BOOST_TEST(answer->field("Retry-After") == "1");
    BOOST_TEST(answer->field("Content-Type") == "application/json");
    BOOST_TEST(at(answer, "/id") == run.text);
    BOOST_TEST(at(answer, "/status") == "running");
    BOOST_TEST(at(answer, "/goal") == "Say hello");
    BOOST_TEST(at(answer, "/links/events") == path(run, "/events"));
    // The only crew needs not be named.
    BOOST_TEST(runs.orders[0].crew == "report");
    BOOST_TEST(runs.given_keys.empty());
  });
}

BOOST_AUTO_TEST_CASE(with_two_crews_one_must_be_named) {
  on_io([this] {
    runs.cards.push_back(runs.cards.front());
    runs.cards.back().name = "second";
    const auto answer = create();
    BOOST_TEST(answer->status() == 422);
    BOOST_TEST(answer->field("Content-Type") == "application/problem+json");
    BOOST_TEST(at(answer, "/errors/0/pointer") == "/crew");
    BOOST_TEST(at(answer, "/title") == "Not processable");
    BOOST_TEST(at(answer, "/status") == "422");
  });
}

BOOST_AUTO_TEST_CASE(a_keyed_request_starts_one_run) {
  on_io([this] {
    const auto first = create({{"idempotency-key", "\"k 1\""}});
    BOOST_TEST(first->status() == 400);
    const auto second = create({{"idempotency-key", "\"k1\""}});
    const auto third = create({{"idempotency-key", "k1"}});
    BOOST_TEST(third->status() == 202);
    BOOST_TEST(third->field("Location") == second->field("Location"));
    BOOST_TEST(runs.runs.size() == 1u);
    const auto other =
        create({{"idempotency-key", "k1"}}, R"({"goal":"Another"})");
    BOOST_TEST(other->status() == 422);
    BOOST_TEST(at(other, "/code") == "key_reused");
    create({{"idempotency-key", "k2"}});
    BOOST_TEST(runs.runs.size() == 2u);
    BOOST_TEST(runs.given_keys.front().key == "job:k1");
    BOOST_TEST(runs.given_keys.front().keep_ms == 24 * 3'600'000);
    BOOST_TEST(!runs.given_keys.front().again_without_answer);
  });
}

BOOST_AUTO_TEST_CASE(keys_are_short_and_visible) {
  on_io([this] {
    const auto status = [this](const std::string& key) {
      return create({{"idempotency-key", key}})->status();
    };
    BOOST_TEST(status(std::string(255, 'k')) == 202);
    for (const std::string& key :
         {std::string{}, std::string(256, 'k'), std::string{"\"\""},
          std::string{"a b"}, std::string{"a\"b"}, std::string{"\""},
          std::string{"k\u00e9"}})
      BOOST_TEST(status(key) == 400, key);
  });
}

BOOST_AUTO_TEST_CASE(who_prefers_to_wait_gets_the_result) {
  on_io([this] {
    const auto answer = create({{"prefer", "respond-async, wait=20"}});
    BOOST_TEST(!answer->answered());
    play(runs, last_run(), "Hi");
    BOOST_TEST(answer->status() == 200);
    BOOST_TEST(answer->field("Preference-Applied") == "wait=20");
    BOOST_TEST(answer->field("Location") == path(last_run()));
    BOOST_TEST(answer->text() == get(path(last_run(), "/result"))->text());
  });
}

BOOST_AUTO_TEST_CASE(who_has_waited_long_enough_gets_the_run) {
  options.jobs.wait_max = std::chrono::seconds{0};
  fake_ptr answer;
  on_io([&, this] { answer = create({{"prefer", "wait=3600"}}); });
  BOOST_TEST(comes_true([&] { return answer->answered(); }));
  on_io([&] {
    BOOST_TEST(answer->status() == 202);
    BOOST_TEST(answer->field("Preference-Applied") == "wait=0");
    BOOST_TEST(at(answer, "/status") == "running");
    BOOST_TEST(runs.feed().subscriptions() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(a_preference_that_cannot_be_read_is_ignored) {
  on_io([this] {
    for (const char* prefer :
         {"wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "respond-async",
          "return=minimal", "wait=99999999999", ",,;", ""})
      BOOST_TEST(create({{"prefer", prefer}})->status() == 202, prefer);
  });
}

BOOST_AUTO_TEST_CASE(waiting_ends_when_somebody_must_approve) {
  on_io([this] {
    const auto answer =
        create({{"prefer", "wait=20"}, {"idempotency-key", "k"}});
    const auto run = last_run();
    runs.publish(run, plan_of(1));
    runs.publish(run, approval_asked());
    runs.publish(run, core::events::run_suspended{"approval"});
    BOOST_TEST(answer->status() == 202);
    BOOST_TEST(at(answer, "/phase") == "approval");
    const auto wait = [this] {
      return create({{"prefer", "wait=20"}, {"idempotency-key", "k"}});
    };
    BOOST_TEST(wait()->status() == 202);
    // Once approved it is worth waiting again.
    runs.publish(run, core::events::approval_given{"approved", "", ""});
    const auto again = wait();
    BOOST_TEST(!again->answered());
    runs.publish(run, finished(core::run_status::succeeded, "Hi"));
    BOOST_TEST(again->status() == 200);
    BOOST_TEST(wait()->status() == 200);
  });
}

BOOST_AUTO_TEST_CASE(who_goes_away_while_waiting_leaves_nothing_behind) {
  on_io([this] {
    const auto answer = create({{"prefer", "wait=20"}});
    BOOST_TEST(runs.feed().subscriptions() == 1u);
    answer->leave();
    BOOST_TEST(runs.feed().subscriptions() == 0u);
    BOOST_TEST(runs.cancelled.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_full_queue_says_when_to_come_again) {
  on_io([this] {
    refusal full{429, "queue_full", "too many runs wait"};
    full.retry_after_ms = 1;
    runs.submit_refusal = full;
    const auto answer = create();
    BOOST_TEST(answer->status() == 429);
    BOOST_TEST(answer->field("Retry-After") == "1");
    BOOST_TEST(answer->field("Retry-After-Ms") == "1");
    BOOST_TEST(at(answer, "/code") == "queue_full");
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(job_views, job_fixture)

BOOST_AUTO_TEST_CASE(a_run_shows_how_far_it_is) {
  on_io([this] {
    const auto run = runs.begin();
    BOOST_TEST(at(get(path(run)), "/phase") == "planning");
    BOOST_TEST(get(path(run, "/plan"))->status() == 404);
    BOOST_TEST(
        json_in(get(path(run, "/tasks"))).at("tasks").as_array().empty());
    const auto early = get(path(run, "/result"));
    BOOST_TEST(early->status() == 409);
    BOOST_TEST(at(early, "/code") == "not_finished");
    BOOST_TEST(at(early, "/run_id") == run.text);
    BOOST_TEST(early->field("Retry-After") == "1");
    runs.of(run).queued = true;
    BOOST_TEST(at(get(path(run)), "/phase") == "queued");
    runs.of(run).queued = false;
    play(runs, run, "Hi");
    const auto ended = json_in(get(path(run)));
    BOOST_TEST(at(ended, "/phase") == "finished");
    BOOST_TEST(at(ended, "/status") == "succeeded");
    BOOST_TEST(at(ended, "/tasks/succeeded") == "2");
    BOOST_TEST(at(ended, "/cost/spent_usd") == "0.003");
    BOOST_TEST(at(ended, "/usage/input_tokens") == "300");
    BOOST_TEST(at(ended, "/last_event")
               == std::to_string(runs.of(run).events.size()));
    BOOST_TEST(at(ended, "/submitted_at") == "2026-09-21T14:13:20.001Z");
    BOOST_TEST(at(get(path(run, "/plan")), "/plan/tasks/1/id") == "t2");
    BOOST_TEST(at(get(path(run, "/tasks")), "/tasks/0/status") == "succeeded");
    const auto task = json_in(get(path(run, "/tasks/t2")));
    BOOST_TEST(at(task, "/result") == "fact t2");
    BOOST_TEST(at(task, "/cost_usd") == "0.001");
    BOOST_TEST(get(path(run, "/tasks/t3"))->status() == 404);
    BOOST_TEST(at(get(path(run, "/result")), "/answer") == "Hi");
  });
}

BOOST_AUTO_TEST_CASE(a_plan_that_waits_shows_what_it_will_cost) {
  on_io([this] {
    const auto run = runs.begin();
    runs.publish(run, plan_of(1));
    runs.publish(run, approval_asked());
    const auto body = json_in(get(path(run, "/plan")));
    BOOST_TEST(at(body, "/approval/status") == "waiting");
    BOOST_TEST(at(body, "/approval/cost_usd/low") == "0.01");
    BOOST_TEST(at(body, "/approval/cost_usd/expected") == "0.02");
    BOOST_TEST(at(body, "/approval/cost_usd/worst") == "0.1");
    BOOST_TEST(at(body, "/approval/critical_path") == "[\"t1\"]");
    BOOST_TEST(at(body, "/approval/expires_at") == "2026-09-21T14:14:20.003Z");
  });
}

BOOST_AUTO_TEST_CASE(what_has_not_changed_is_not_sent_again) {
  on_io([this] {
    const auto run = runs.begin();
    const auto tag = get(path(run))->field("ETag");
    BOOST_TEST(!tag.empty());
    for (const std::string& field :
         {tag, "W/" + tag, "\"x\", " + tag, std::string{"*"}}) {
      const auto same = get(path(run), {{"if-none-match", field}});
      BOOST_TEST(same->status() == 304, field);
      BOOST_TEST(same->text().empty());
      BOOST_TEST(same->field("ETag") == tag);
    }
    BOOST_TEST(get(path(run), {{"if-none-match", "\"x\""}})->status() == 200);
    runs.publish(run, plan_of(1));
    const auto changed = get(path(run), {{"if-none-match", tag}});
    BOOST_TEST(changed->status() == 200);
    BOOST_TEST(changed->field("ETag") != tag);
    // An error is no version of anything.
    BOOST_TEST(
        get(path(run, "/result"), {{"if-none-match", changed->field("ETag")}})
            ->status()
        == 409);
  });
}

BOOST_AUTO_TEST_CASE(lists_are_read_page_by_page) {
  on_io([this] {
    std::vector<core::run_id> all;
    for (int i = 0; i < 7; ++i)
      all.push_back(runs.begin());
    runs.publish(all[2], finished(core::run_status::failed, "", "internal"));
    std::string seen;
    std::string next;
    int pages = 0;
    do {
      const auto body = json_in(get("/api/v1/runs?limit=3"
                                    + (next.empty() ? "" : "&cursor=" + next)));
      for (const auto& run : body.at("runs").as_array())
        seen += at(run, "/id") + " ";
      next = at(body, "/next");
      next = next == "null" ? "" : next;
      ++pages;
    } while (!next.empty());
    std::string expected;
    for (auto each = all.rbegin(); each != all.rend(); ++each)
      expected += each->text + " ";
    BOOST_TEST(seen == expected);
    BOOST_TEST(pages == 3);
    const auto count = [this](const std::string& query) {
      return json_in(get("/api/v1/runs?" + query)).at("runs").as_array().size();
    };
    BOOST_TEST(count("status=failed") == 1u);
    BOOST_TEST(count("status=running") == 6u);
    BOOST_TEST(count("crew=report") == 7u);
    BOOST_TEST(count("crew=other") == 0u);
    // A page that is just full has no next one.
    BOOST_TEST(at(get("/api/v1/runs?limit=7"), "/next") == "null");
  });
}

BOOST_AUTO_TEST_CASE(a_query_with_faults_is_refused_with_all_of_them) {
  on_io([this] {
    const auto answer = get("/api/v1/runs?status=lazy&limit=0&cursor=../../x");
    BOOST_TEST(answer->status() == 400);
    BOOST_TEST(at(answer, "/code") == "invalid_query");
    BOOST_TEST(json_in(answer).at("errors").as_array().size() == 3u);
    for (const char* query :
         {"limit=201", "limit=x", "limit=", "limit=-1", "cursor=", "status="})
      BOOST_TEST(get("/api/v1/runs?" + std::string{query})->status() == 400,
                 query);
    BOOST_TEST(get("/api/v1/runs?limit=200")->status() == 200);
    BOOST_TEST(get("/api/v1/runs?limit=1&other=x")->status() == 200);
  });
}

BOOST_AUTO_TEST_CASE(crews_show_what_a_client_may_know) {
  on_io([this] {
    const auto body = json_in(get("/api/v1/crews"));
    BOOST_TEST(at(body, "/crews/0/name") == "report");
    BOOST_TEST(at(body, "/crews/0/cost_max_usd") == "1");
    BOOST_TEST(at(body, "/crews/0/approval") == "none");
  });
}

BOOST_AUTO_TEST_CASE(what_is_no_run_is_not_found) {
  on_io([this] {
    for (const char* name : {"x", "..", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                             "01arz3ndektsv4rrffq69g5fav", "%2e%2e%2fetc"})
      BOOST_TEST(get("/api/v1/runs/" + std::string{name})->status() == 404,
                 name);
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(job_changes, job_fixture)

BOOST_AUTO_TEST_CASE(a_run_is_cancelled_once) {
  on_io([this] {
    const auto run = runs.begin();
    const auto answer =
        post(path(run, "/cancel"), R"({"comment":"not needed"})");
    BOOST_TEST(answer->status() == 202);
    BOOST_TEST(answer->field("Location") == path(run));
    BOOST_TEST(at(answer, "/status") == "cancelled");
    BOOST_TEST(runs.cancelled.at(0).reason == "not needed");
    const auto again = post(path(run, "/cancel"), "");
    BOOST_TEST(again->status() == 409);
    BOOST_TEST(at(again, "/code") == "already_ended");
  });
}

BOOST_AUTO_TEST_CASE(a_plan_is_approved_rejected_or_replaced) {
  on_io([this] {
    const auto waiting = [this] {
      const auto run = runs.begin();
      runs.publish(run, plan_of(1));
      runs.publish(run, approval_asked());
      return run;
    };
    BOOST_TEST(post(path(waiting(), "/approve"), "")->status() == 202);
    BOOST_TEST(runs.decisions.back().approved);
    BOOST_TEST(post(path(waiting(), "/reject"), R"({"comment":"no"})")->status()
               == 202);
    BOOST_TEST(!runs.decisions.back().approved);
    BOOST_TEST(runs.decisions.back().comment == "no");
    BOOST_TEST(
        post(path(waiting(), "/approve"), R"({"plan":{"tasks":[]}})")->status()
        == 202);
    BOOST_TEST(*runs.decisions.back().plan_text == R"({"tasks":[]})");
    const auto none = post(path(runs.begin(), "/approve"), "");
    BOOST_TEST(none->status() == 409);
    BOOST_TEST(at(none, "/code") == "not_waiting");
    BOOST_TEST(post(path(waiting(), "/reject"), R"({"plan":{}})")->status()
               == 422);
    BOOST_TEST(post(path(waiting(), "/approve"), "{")->status() == 400);
  });
}

BOOST_AUTO_TEST_CASE(only_what_has_ended_is_deleted) {
  on_io([this] {
    const auto run = runs.begin();
    const auto remove = [&, this] {
      return send(request_of("DELETE", path(run)))->status();
    };
    BOOST_TEST(remove() == 409);
    play(runs, run, "Hi");
    BOOST_TEST(remove() == 204);
    BOOST_TEST(remove() == 404);
    BOOST_TEST(get(path(run))->status() == 404);
  });
}

BOOST_AUTO_TEST_CASE(pages_of_an_allowed_origin_may_read_answers) {
  options.access.origins = {"https://chat.example.org"};
  on_io([this] {
    const http_field origin{"origin", "https://chat.example.org"};
    const auto run = runs.begin();
    for (const auto& answer :
         {get(path(run), {origin}), get(path(run, "/events"), {origin}),
          create({origin, {"prefer", "wait=20"}})}) {
      if (!answer->answered())
        play(runs, last_run(), "Hi");
      BOOST_TEST(answer->field("Access-Control-Allow-Origin") == origin.value);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
