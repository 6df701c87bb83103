// Models, side requests, and clients that go away.
#include "chat_fixture.hpp"

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(models, chat_fixture)

BOOST_AUTO_TEST_CASE(each_crew_is_a_model_and_its_passthrough_another) {
  on_io([this] {
    auto plain = runs.cards.front();
    plain.name = "plain";
    plain.passthrough = false;
    runs.cards.push_back(plain);
    const auto body = json_in(get("/v1/models"));
    BOOST_TEST(at(body, "/object") == "list");
    BOOST_TEST(at(body, "/data/0/id") == "report");
    BOOST_TEST(at(body, "/data/0/object") == "model");
    BOOST_TEST(at(body, "/data/0/created") == "1790000000");
    BOOST_TEST(at(body, "/data/0/owned_by") == "brigade");
    BOOST_TEST(at(body, "/data/1/id") == "plain");
    BOOST_TEST(at(body, "/data/2/id") == "report-direct");
    BOOST_TEST(body.at("data").as_array().size() == 3u);
    BOOST_TEST(at(get("/v1/models/report-direct"), "/id") == "report-direct");
    const auto none = get("/v1/models/plain-direct");
    BOOST_TEST(none->status() == 404);
    BOOST_TEST(at(none, "/error/code") == "model_not_found");
  });
}

BOOST_AUTO_TEST_CASE(a_crew_goes_before_a_passthrough_of_the_same_name) {
  on_io([this] {
    auto other = runs.cards.front();
    other.name = "report-direct";
    other.passthrough = false;
    runs.cards.push_back(other);
    BOOST_TEST(json_in(get("/v1/models")).at("data").as_array().size() == 2u);
    chat(R"({"model":"report-direct",)"
         R"("messages":[{"role":"user","content":"x"}]})");
    BOOST_TEST(runs.calls.empty());
    BOOST_TEST_REQUIRE(runs.orders.size() == 1u);
    BOOST_TEST(runs.orders[0].crew == "report-direct");
  });
}

BOOST_AUTO_TEST_CASE(side_requests_are_one_call_and_no_run) {
  on_io([this] {
    const auto direct = chat(R"({"model":"report-direct",)"
                             R"("messages":[{"role":"user","content":"x"}]})");
    const auto marked =
        chat(chat_text("Hello"), {{"x-openwebui-task", "tags_generation"}});
    const auto prompt = chat(chat_text("### Task:\\nGenerate a title"));
    BOOST_TEST(runs.calls.size() == 3u);
    BOOST_TEST(runs.runs.empty());
    for (const auto& answer : {direct, marked, prompt}) {
      BOOST_TEST(answer->status() == 200);
      const auto body = json_in(answer);
      BOOST_TEST(at(body, "/choices/0/message/content") == "A title");
      BOOST_TEST(at(body, "/usage/total_tokens") == "9");
      BOOST_TEST(!body.as_object().contains("brigade"));
      BOOST_TEST(!body.as_object().contains("system_fingerprint"));
    }
    BOOST_TEST(at(direct, "/model") == "report-direct");
    BOOST_TEST(runs.calls[2].crew == "report");
    BOOST_TEST(runs.calls[2].prompt == "### Task:\nGenerate a title");
  });
}

BOOST_AUTO_TEST_CASE(side_requests_stream_too) {
  on_io([this] {
    core::model_reply cut;
    cut.text = core::shared_text{"Half a ti"};
    cut.finish = core::finish_reason::length;
    runs.call_answer = cut;
    const auto answer = chat(R"({"model":"report-direct","stream":true,)"
                             R"("stream_options":{"include_usage":true},)"
                             R"("messages":[{"role":"user","content":"x"}]})");
    const read_stream read{answer->text()};
    BOOST_TEST(answer->field("Content-Type") == "text/event-stream");
    BOOST_TEST(read.content == "Half a ti");
    BOOST_TEST(read.finish == "length");
    BOOST_TEST(at(read.chunks.back(), "/usage/total_tokens") == "0");
    BOOST_TEST(read.is_done);
  });
}

BOOST_AUTO_TEST_CASE(without_a_passthrough_a_side_request_is_refused) {
  on_io([this] {
    runs.cards.front().passthrough = false;
    const auto answer = chat(chat_text("### Task:\\nGenerate a title"));
    BOOST_TEST(answer->status() == 400);
    BOOST_TEST(at(answer, "/error/code") == "no_passthrough");
    BOOST_TEST(runs.calls.empty());
    BOOST_TEST(runs.runs.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_call_that_may_have_cost_money_is_not_retried) {
  on_io([this] {
    runs.call_answer = refusal{502, "provider", "the model did not answer"};
    BOOST_TEST(chat(chat_text("### Task:\\nTitle"))->field("X-Should-Retry")
               == "false");
    refusal busy{503, "busy", "no call is made now"};
    busy.retry_after_ms = 1000;
    runs.call_answer = busy;
    const auto answer = chat(chat_text("### Task:\\nTitle"));
    BOOST_TEST(answer->field("X-Should-Retry").empty());
    BOOST_TEST(answer->field("Retry-After") == "1");
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(disconnects, chat_fixture)

BOOST_AUTO_TEST_CASE(a_run_is_cancelled_when_its_last_client_has_gone) {
  options.models.disconnect_grace = 1ms;
  core::run_id run;
  on_io([&, this] {
    const auto first = chat(chat_text("Hello"));
    const auto second = stream("Hello");
    run = last_run();
    BOOST_TEST(runs.runs.size() == 2u);
    second->leave();
  });
  BOOST_TEST(comes_true([this] { return runs.cancelled.size() == 1; }));
  on_io([&, this] {
    BOOST_TEST(runs.cancelled[0].run.text == run.text);
    BOOST_TEST(runs.cancelled[0].reason == "the client went away");
    BOOST_TEST(!sent[0]->ended());
  });
}

BOOST_AUTO_TEST_CASE(who_stays_or_comes_back_keeps_the_run) {
  options.models.disconnect_grace = 1ms;
  fake_ptr other;
  on_io([&, this] {
    const auto first = chat(chat_text("Hello"));
    const auto second = chat(chat_text("Hello"));
    BOOST_TEST(runs.runs.size() == 1u);
    // One of two: nothing happens. The other one comes back at once.
    first->leave();
    second->leave();
    chat(chat_text("Hello"));
    // Marks that the grace has passed.
    other = chat(chat_text("Other"));
    other->leave();
  });
  BOOST_TEST(comes_true([this] { return !runs.cancelled.empty(); }));
  on_io([&, this] {
    BOOST_TEST(runs.cancelled.size() == 1u);
    const auto first = core::run_id{runs.runs.begin()->first};
    BOOST_TEST(runs.cancelled[0].run.text != first.text);
    play(runs, first, "Still here");
    BOOST_TEST(at(sent[2], "/choices/0/message/content") == "Still here");
  });
}

BOOST_AUTO_TEST_CASE(a_client_that_was_gone_before_the_run_began_counts_too) {
  options.models.disconnect_grace = 1ms;
  on_io([this] {
    runs.be_slow();
    const auto answer = chat(chat_text("Hello"));
    answer->leave();
    runs.answer_all();
    BOOST_TEST(runs.runs.size() == 1u);
  });
  BOOST_TEST(comes_true([this] {
    runs.answer_all();
    return runs.cancelled.size() == 1;
  }));
}

BOOST_AUTO_TEST_CASE(by_policy_runs_go_on_without_clients) {
  options.models.disconnect_grace = 1ms;
  options.models.cancel_on_disconnect = false;
  on_io([this] {
    chat(chat_text("Hello"))->leave();
    const auto run = last_run();
    play(runs, run, "Kept");
    BOOST_TEST(at(chat(chat_text("Hello")), "/choices/0/message/content")
               == "Kept");
    BOOST_TEST(runs.cancelled.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_server_that_ends_cancels_nothing) {
  options.models.disconnect_grace = 0ms;
  on_io([this] {
    const auto early = chat(chat_text("Early"));
    const auto late = chat(chat_text("Late"));
    early->leave();
    served->keep_runs();
    late->leave();
  });
  // All timers that were started have had their turn.
  auto passed = std::make_unique<timer>(io);
  bool has_passed = false;
  on_io([&] { passed->start(5ms, [&] { has_passed = true; }); });
  BOOST_TEST(comes_true([&] { return has_passed; }));
  on_io([&, this] {
    passed.reset();
    BOOST_TEST(runs.cancelled.empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()
