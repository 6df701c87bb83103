// Chats that do not stream.
#include "chat_fixture.hpp"

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;

BOOST_FIXTURE_TEST_SUITE(chat_answers, chat_fixture)

BOOST_AUTO_TEST_CASE(an_answer_comes_whole_with_usage_and_cost) {
  on_io([this] {
    const auto answer = chat(chat_text("Hello"));
    BOOST_TEST(!answer->answered());
    play(runs, last_run(), "Hi \"there\"");
    BOOST_TEST(answer->status() == 200);
    BOOST_TEST(answer->field("Content-Type") == "application/json");
    const auto run = last_run().text;
    BOOST_TEST(answer->field("X-Run-Id") == run);
    const auto body = json_in(answer);
    BOOST_TEST(at(body, "/id") == "chatcmpl-" + run);
    BOOST_TEST(at(body, "/object") == "chat.completion");
    BOOST_TEST(at(body, "/created") == "1790000000");
    BOOST_TEST(at(body, "/model") == "report");
    BOOST_TEST(at(body, "/system_fingerprint") == run);
    BOOST_TEST(at(body, "/choices/0/index") == "0");
    BOOST_TEST(at(body, "/choices/0/message/role") == "assistant");
    BOOST_TEST(at(body, "/choices/0/message/content") == "Hi \"there\"");
    BOOST_TEST(at(body, "/choices/0/finish_reason") == "stop");
    BOOST_TEST(at(body, "/usage/prompt_tokens") == "300");
    BOOST_TEST(at(body, "/usage/completion_tokens") == "30");
    BOOST_TEST(at(body, "/usage/total_tokens") == "330");
    BOOST_TEST(at(body, "/usage/prompt_tokens_details/cached_tokens") == "60");
    BOOST_TEST(at(body, "/brigade/run_id") == run);
    BOOST_TEST(at(body, "/brigade/cost_usd") == "0.003");
    BOOST_TEST(at(body, "/brigade/status") == "succeeded");
    BOOST_TEST(!answer->has_callbacks());
  });
}

BOOST_AUTO_TEST_CASE(the_order_has_goal_and_ceiling_and_a_key_of_its_body) {
  on_io([this] {
    const auto body =
        chat_text("Hello", R"("metadata":{"max_cost_usd":"0.5"})");
    chat(body);
    BOOST_TEST_REQUIRE(runs.orders.size() == 1u);
    BOOST_TEST(runs.orders[0].goal == "Hello");
    BOOST_TEST(runs.orders[0].cost_max->value == core::pico_per_usd / 2);
    const auto& key = runs.given_keys.at(0);
    BOOST_TEST(key.key == "chat:" + key.body_sha256);
    BOOST_TEST(key.body_sha256.size() == 64u);
    BOOST_TEST(key.keep_ms == 900'000);
    BOOST_TEST(key.again_without_answer);
  });
}

BOOST_AUTO_TEST_CASE(an_identical_body_attaches_to_the_going_run) {
  on_io([this] {
    const auto first = chat(chat_text("Hello"));
    runs.publish(last_run(), intended(1));
    const auto second = chat(chat_text("Hello"));
    const auto other = chat(chat_text("Hello "));
    BOOST_TEST(runs.runs.size() == 2u);
    play(runs, core::run_id{runs.runs.begin()->first}, "Both");
    BOOST_TEST(at(first, "/choices/0/message/content") == "Both");
    BOOST_TEST(second->text() == first->text());
    BOOST_TEST(!other->answered());
  });
}

BOOST_AUTO_TEST_CASE(an_identical_body_is_answered_at_once_by_a_finished_run) {
  on_io([this] {
    const auto first = chat(chat_text("Hello"));
    play(runs, last_run(), "Done");
    const auto second = chat(chat_text("Hello"));
    BOOST_TEST(second->text() == first->text());
    BOOST_TEST(runs.runs.size() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_partial_answer_is_an_answer) {
  on_io([this] {
    const auto answer = chat(chat_text("Hello"));
    runs.publish(last_run(), finished(core::run_status::partial, "Half",
                                      "provider", "sk-secret said no"));
    BOOST_TEST(answer->status() == 200);
    BOOST_TEST(at(answer, "/choices/0/message/content") == "Half");
    BOOST_TEST(at(answer, "/brigade/status") == "partial");
    BOOST_TEST(at(answer, "/brigade/cost_usd") == "0");
    BOOST_TEST(answer->text().find("sk-secret") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(a_run_without_an_answer_is_an_error_with_its_reason) {
  struct expected {
    const char* reason;
    int status;
  };
  for (const auto& [reason, status] :
       {expected{"over_budget", 422}, expected{"plan_rejected", 500},
        expected{"task_failed", 500}, expected{"provider", 502},
        expected{"deadline", 504}, expected{"internal", 500},
        expected{"cancelled", 409}, expected{"approval_expired", 409}})
    on_io([this, reason = reason, status = status] {
      const auto answer = chat(chat_text(reason));
      runs.publish(last_run(), finished(core::run_status::failed, "", reason,
                                        "upstream said: key sk-secret"));
      BOOST_TEST(answer->status() == status, reason);
      BOOST_TEST(at(answer, "/error/code") == reason);
      BOOST_TEST(at(answer, "/error/param") == "null");
      BOOST_TEST(at(answer, "/error/type")
                 == (status < 500 ? "invalid_request_error" : "server_error"));
      BOOST_TEST(at(answer, "/error/message").find(last_run().text)
                 != std::string::npos);
      BOOST_TEST(answer->text().find("sk-secret") == std::string::npos);
      BOOST_TEST(answer->field("X-Run-Id") == last_run().text);
      // Nothing was bought: an automatic retry costs nothing, but what somebody
      // stopped stays stopped.
      BOOST_TEST(answer->field("X-Should-Retry")
                 == (status == 409 ? "false" : ""));
    });
}

BOOST_AUTO_TEST_CASE(an_error_after_money_was_set_aside_is_not_retried) {
  on_io([this] {
    const auto answer = chat(chat_text("Hello"));
    runs.publish(last_run(), intended(1));
    runs.publish(last_run(),
                 finished(core::run_status::failed, "", "provider"));
    BOOST_TEST(answer->status() == 502);
    BOOST_TEST(answer->field("X-Should-Retry") == "false");
    // But a person may: another run begins.
    const auto again = chat(chat_text("Hello"));
    BOOST_TEST(runs.runs.size() == 2u);
    play(runs, last_run(), "Now");
    BOOST_TEST(at(again, "/choices/0/message/content") == "Now");
  });
}

BOOST_AUTO_TEST_CASE(a_refused_order_says_when_to_come_again) {
  on_io([this] {
    refusal full{429, "queue_full", "too many runs wait"};
    full.retry_after_ms = 2500;
    runs.submit_refusal = full;
    const auto answer = chat(chat_text("Hello"));
    BOOST_TEST(answer->status() == 429);
    BOOST_TEST(at(answer, "/error/code") == "queue_full");
    BOOST_TEST(at(answer, "/error/type") == "rate_limit_error");
    BOOST_TEST(answer->field("Retry-After") == "3");
    BOOST_TEST(answer->field("Retry-After-Ms") == "2500");
    BOOST_TEST(answer->field("X-Should-Retry").empty());
  });
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_for_approval_says_so_and_lives_on) {
  on_io([this] {
    const auto first = chat(chat_text("Hello"));
    const auto run = last_run();
    runs.publish(run, intended(1));
    runs.publish(run, plan_of(1));
    runs.publish(run, approval_asked());
    runs.publish(run, core::events::run_suspended{"approval"});
    for (const auto& answer : {first, chat(chat_text("Hello"))}) {
      BOOST_TEST(answer->status() == 409);
      BOOST_TEST(at(answer, "/error/code") == "approval_required");
      BOOST_TEST(at(answer, "/error/message").find(run.text)
                 != std::string::npos);
      BOOST_TEST(answer->field("X-Should-Retry") == "false");
    }
    runs.publish(run, core::events::approval_given{"approved", "ada", ""});
    const auto third = chat(chat_text("Hello"));
    BOOST_TEST(!third->answered());
    runs.publish(run, finished(core::run_status::succeeded, "Approved"));
    BOOST_TEST(at(third, "/choices/0/message/content") == "Approved");
    BOOST_TEST(runs.runs.size() == 1u);
    BOOST_TEST(runs.cancelled.empty());
  });
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_is_waited_for_by_who_comes_again) {
  on_io([this] {
    const auto first = chat(chat_text("Hello"));
    const auto run = last_run();
    runs.publish(run, intended(1));
    runs.publish(run, core::events::run_suspended{"shutdown"});
    BOOST_TEST(first->status() == 503);
    BOOST_TEST(at(first, "/error/code") == "suspended");
    BOOST_TEST(first->field("X-Should-Retry") == "false");
    const auto second = chat(chat_text("Hello"));
    BOOST_TEST(!second->answered());
    core::events::run_resumed resumed;
    resumed.reason = "restart";
    runs.publish(run, resumed);
    runs.publish(run, finished(core::run_status::succeeded, "After all"));
    BOOST_TEST(at(second, "/choices/0/message/content") == "After all");
  });
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_read_is_an_error) {
  on_io([this] {
    runs.read_refusal = refusal{500, "storage", "/var/lib/x: disk on fire"};
    const auto answer = chat(chat_text("Hello"));
    BOOST_TEST(answer->status() == 500);
    BOOST_TEST(at(answer, "/error/code") == "unreadable");
    BOOST_TEST(answer->text().find("/var") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(faulty_bodies_are_told_as_openai_does) {
  on_io([this] {
    const auto answer = chat(R"({"model":"report","messages":[1]})");
    BOOST_TEST(answer->status() == 400);
    BOOST_TEST(at(answer, "/error/type") == "invalid_request_error");
    BOOST_TEST(at(answer, "/error/code") == "invalid_body");
    BOOST_TEST(at(answer, "/error/param") == "messages/0");
    const auto unknown =
        chat(R"({"model":"x","messages":[{"role":"user","content":"a"}]})");
    BOOST_TEST(unknown->status() == 404);
    BOOST_TEST(at(unknown, "/error/code") == "model_not_found");
    BOOST_TEST(runs.runs.empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()
