// Chats that stream.
#include "chat_fixture.hpp"

#include <algorithm>

using namespace brigade;
using namespace brigade::net;
using namespace brigade::net::api;
using namespace brigade::net::api::test;

BOOST_FIXTURE_TEST_SUITE(chat_streams, chat_fixture)

BOOST_AUTO_TEST_CASE(a_stream_has_the_form_that_clients_rely_on) {
  on_io([this] {
    const auto answer =
        stream("Hello", R"("stream_options":{"include_usage":true})");
    BOOST_TEST(answer->streams());
    BOOST_TEST(answer->field("Content-Type") == "text/event-stream");
    BOOST_TEST(answer->field("Cache-Control") == "no-cache");
    BOOST_TEST(answer->field("X-Accel-Buffering") == "no");
    BOOST_TEST(answer->field("X-Run-Id") == last_run().text);
    play(runs, last_run(), "Hi");
    BOOST_TEST(answer->ended());
    const read_stream read{answer->text()};
    const auto& chunks = read.chunks;
    BOOST_TEST(at(chunks.front(), "/choices/0/delta/role") == "assistant");
    BOOST_TEST(at(chunks.front(), "/choices/0/delta/content").empty());
    for (std::size_t i = 0; i + 1 < chunks.size(); ++i) {
      BOOST_TEST(at(chunks[i], "/choices/0/index") == "0");
      BOOST_TEST(at(chunks[i], "/usage") == "null");
      BOOST_TEST(at(chunks[i], "/id") == "chatcmpl-" + last_run().text);
      BOOST_TEST(at(chunks[i], "/created") == "1790000000");
      BOOST_TEST(at(chunks[i], "/system_fingerprint") == last_run().text);
      BOOST_TEST(at(chunks[i], "/choices/0/finish_reason")
                 == (i + 2 < chunks.size() ? "null" : "stop"));
    }
    BOOST_TEST(read.content == "Hi");
    BOOST_TEST(at(chunks[chunks.size() - 2], "/choices/0/delta") == "{}");
    BOOST_TEST(at(chunks[chunks.size() - 2], "/brigade/cost_usd") == "0.003");
    BOOST_TEST(at(chunks.back(), "/choices") == "[]");
    BOOST_TEST(at(chunks.back(), "/usage/total_tokens") == "330");
    BOOST_TEST(read.is_done);
    BOOST_TEST(!answer->has_callbacks());
  });
}

BOOST_AUTO_TEST_CASE(usage_comes_only_when_it_is_asked_for) {
  on_io([this] {
    const auto answer = stream("Hello");
    play(runs, last_run(), "Hi");
    BOOST_TEST(answer->text().find("\"usage\"") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(progress_is_told_as_reasoning) {
  on_io([this] {
    const auto answer = stream("Hello");
    const auto run = last_run();
    play(runs, run, "Hi");
    const read_stream read{answer->text()};
    BOOST_TEST(read.reasoning
               == "Run " + run.text
                      + "\nPlan: 2 subtasks\n"
                        "- t1 (extractor): Find fact number 1\n"
                        "- t2 (extractor): Find fact number 2\n"
                        "t1 started\nt1 succeeded\nt2 started\nt2 succeeded\n"
                        "Putting 2 results together\n");
  });
}

BOOST_AUTO_TEST_CASE(trouble_is_told_by_its_code_only) {
  on_io([this] {
    const auto answer = stream("Hello");
    const auto run = last_run();
    const char* secret = "upstream said: sk-secret";
    runs.publish(run,
                 core::events::plan_rejected{0, {{"schema", "/x", secret}}});
    runs.publish(run, plan_of(3));
    runs.publish(run,
                 core::events::task_retried{"t1", 1, 5, "timeout", secret});
    runs.publish(run, core::events::task_started{"t1", 2});
    runs.publish(run, core::events::task_failed{"t1", 2, "crashed", secret});
    runs.publish(run, core::events::task_skipped{"t2", {"t1"}});
    runs.publish(run, core::events::task_cancelled{"t3", 1, secret});
    runs.publish(run, core::events::synthesis_failed{"provider", secret});
    runs.publish(
        run, core::events::budget_warned{"cost", 80, {core::pico_per_usd / 2}});
    runs.publish(run,
                 finished(core::run_status::partial, "Hi", "provider", secret));
    const read_stream read{answer->text()};
    for (const char* line :
         {"A plan was rejected: 1 fault\n",
          "t1 did not work out (timeout) and is tried again\n",
          "t1 started (attempt 2)\n", "t1 failed (crashed)\n",
          "t2 was skipped: 1 result it needs did not come\n",
          "t3 was cancelled\n",
          "The synthesis failed (provider): the results are put together "
          "without a model\n",
          "80% of the limit on cost is used up ($0.5000 so far)\n",
          "The answer is partial (provider)\n"})
      BOOST_TEST(read.reasoning.find(line) != std::string::npos, line);
    BOOST_TEST(answer->text().find("sk-secret") == std::string::npos);
    BOOST_TEST(read.content == "Hi");
  });
}

BOOST_AUTO_TEST_CASE(progress_can_be_left_out) {
  options.models.reasoning = false;
  on_io([this] {
    const auto answer = stream("Hello");
    play(runs, last_run(), "Hi");
    const read_stream read{answer->text()};
    BOOST_TEST(read.chunks.size() == 3u);
    BOOST_TEST(answer->text().find("reasoning") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(a_long_answer_is_cut_between_characters) {
  on_io([this] {
    const auto answer = stream("Hello");
    std::string text = "x";
    while (text.size() < 100'000)
      text += "\u20ac";
    play(runs, last_run(), text);
    const read_stream read{answer->text()};
    BOOST_TEST((read.content == text));
    BOOST_TEST(read.chunks.size() > 20u);
    BOOST_TEST(read.is_done);
  });
}

BOOST_AUTO_TEST_CASE(a_slow_client_is_fed_slowly_and_gets_all) {
  options.models.waiting_bytes_max = 10'000;
  on_io([this] {
    const auto answer = send(request_of("POST", "/v1/chat/completions",
                                        chat_text("Hello", R"("stream":true)")),
                             [](fake_exchange& each) { each.be_slow(); });
    const auto run = last_run();
    runs.publish(run, plan_of(3));
    for (int i = 0; i < 1000; ++i)
      runs.publish(run, core::events::task_started{"t1", 1});
    const std::string text(500'000, 'a');
    runs.publish(run, finished(core::run_status::succeeded, text));
    BOOST_TEST(answer->queued_bytes() > 9'000u);
    while (!answer->ended()) {
      const auto before = answer->text().size();
      answer->take();
      BOOST_REQUIRE(answer->text().size() > before);
    }
    const read_stream read{answer->text()};
    BOOST_TEST((read.content == text));
    BOOST_TEST(read.is_done);
    // One chunk above what may wait.
    BOOST_TEST(answer->queued_max() < 16'000u);
  });
}

BOOST_AUTO_TEST_CASE(a_stream_without_an_answer_ends_with_an_error) {
  on_io([this] {
    const auto answer = stream("Hello");
    runs.publish(last_run(), intended(1));
    runs.publish(last_run(), finished(core::run_status::failed, "", "provider",
                                      "sk-secret"));
    BOOST_TEST(answer->ended());
    const read_stream read{answer->text()};
    BOOST_TEST_REQUIRE(read.error.has_value());
    BOOST_TEST(at(*read.error, "/error/code") == "provider");
    BOOST_TEST(at(*read.error, "/error/type") == "server_error");
    BOOST_TEST(!read.is_done);
    BOOST_TEST(read.finish.empty());
    BOOST_TEST(answer->text().find("sk-secret") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(what_is_refused_at_once_is_no_stream) {
  on_io([this] {
    runs.submit_refusal = refusal{422, "limit", "above the crew's ceiling"};
    const auto answer = stream("Hello");
    BOOST_TEST(!answer->streams());
    BOOST_TEST(answer->status() == 422);
    BOOST_TEST(at(answer, "/error/code") == "limit");
  });
}

BOOST_AUTO_TEST_CASE(an_attached_stream_tells_everything_from_the_beginning) {
  on_io([this] {
    const auto first = stream("Hello");
    play(runs, last_run(), "Hi");
    const auto second = stream("Hello");
    BOOST_TEST(second->text() == first->text());
    BOOST_TEST(runs.runs.size() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(pages_that_come_late_change_nothing) {
  std::string plain;
  on_io([&, this] {
    const auto answer = stream("Hello");
    play(runs, last_run(), "Hi");
    plain = read_stream{answer->text()}.reasoning.substr(30);
    runs.be_slow();
    const auto late = stream("Hello!");
    for (int i = 0; i < 3; ++i)
      runs.answer_next();
    BOOST_TEST(late->streams());
    play(runs, last_run(), "Hi");
    BOOST_TEST(!late->ended());
    runs.answer_all();
    BOOST_TEST(late->ended());
    const read_stream read{late->text()};
    BOOST_TEST(read.reasoning.substr(30) == plain);
    BOOST_TEST(read.content == "Hi");
  });
}

BOOST_AUTO_TEST_CASE(a_quiet_stream_shows_that_it_lives) {
  options.models.heartbeat = std::chrono::milliseconds{1};
  fake_ptr answer;
  on_io([&, this] { answer = stream("Hello"); });
  BOOST_TEST(comes_true([&] {
    const auto& text = answer->text();
    const auto first = text.find(": still here\n\n");
    return first != std::string::npos
           && text.find(": still here\n\n", first + 1) != std::string::npos;
  }));
  on_io([&, this] {
    play(runs, last_run(), "Hi");
    BOOST_TEST(read_stream{answer->text()}.content == "Hi");
  });
}

BOOST_AUTO_TEST_SUITE_END()
