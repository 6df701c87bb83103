/// A backend whose runs do what a test says.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/run_feed.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace brigade::net::api::test {

/// Of one thread.
class fake_backend final : public backend {
public:
  fake_backend();

  // -- what a test does -------------------------------------------------------

  /// The next event of the run.
  void publish(const core::run_id& run, core::event_body body);

  /// A run as a client would begin it.
  core::run_id begin(const std::string& client = {},
                     const std::string& goal = "Say hello");

  /// Answers do not come before `answer_next` from now on.
  void be_slow() { slow_ = true; }
  void answer_next();
  void answer_all();
  std::size_t waiting() const { return later_.size(); }

  struct kept_run {
    std::string client;
    std::shared_ptr<core::run_state> state;
    std::vector<core::event_ptr> events;
    bool queued = false;
  };

  struct cancellation {
    std::string client;
    core::run_id run;
    std::string reason;
  };

  kept_run& of(const core::run_id& run) { return runs.at(run.text); }

  std::vector<crew_card> cards;
  std::map<std::string, kept_run> runs;
  /// The run of each key that was remembered.
  std::map<std::string, std::pair<std::string, core::run_id>> keys;
  std::vector<job_order> orders;
  std::vector<request_key> given_keys;
  std::vector<cancellation> cancelled;
  std::vector<plan_decision> decisions;
  std::vector<direct_call> calls;
  /// Told to whoever calls the passthrough model.
  std::variant<core::model_reply, refusal> call_answer;
  /// What `submit` is refused with.
  std::optional<refusal> submit_refusal;
  /// What `read` is refused with.
  std::optional<refusal> read_refusal;
  std::size_t page_events_max = 3;
  std::size_t reads = 0;
  bool is_ready = true;
  /// Called with each run that began.
  std::function<void(const core::run_id&)> on_begin;

  // -- backend ----------------------------------------------------------------

  std::vector<crew_card> crews(const std::string& client) const override;
  void submit(const std::string& client, job_order what,
              std::optional<request_key> key,
              reply<accepted_run> then) override;
  void look(const std::string& client, const core::run_id& run,
            reply<run_view> then) override;
  void list(const std::string& client, list_query query,
            reply<std::vector<run_line>> then) override;
  void cancel(const std::string& client, const core::run_id& run,
              std::string reason, reply<done> then) override;
  void decide(const std::string& client, const core::run_id& run,
              plan_decision what, reply<done> then) override;
  void remove(const std::string& client, const core::run_id& run,
              reply<done> then) override;
  void call(const std::string& client, direct_call what,
            reply<core::model_reply> then) override;
  void read(const core::run_id& run, std::uint64_t after,
            reply<std::vector<core::event_ptr>> then) override;
  run_feed& feed() override { return feed_; }
  std::string metrics() override { return "brigade_up 1\n"; }
  bool ready(std::string& why) override;

private:
  using answer = std::function<void()>;

  void soon(answer what);
  kept_run* find(const std::string& client, const core::run_id& run);

  run_feed feed_;
  bool slow_ = false;
  std::deque<answer> later_;
  std::uint8_t next_ = 1;
  std::uint8_t next_high_ = 0;
};

// -- events -------------------------------------------------------------------

/// Subtasks t1, t2, ...; each with a description.
core::event_body plan_of(std::size_t tasks);
core::event_body intended(std::uint64_t id, std::string task = {});
core::event_body approval_asked();
/// 100 tokens in, 10 out, for a tenth of a cent.
core::event_body settled(std::uint64_t id);
core::event_body finished(core::run_status status, std::string answer,
                          std::string reason = {}, std::string message = {});

/// Two subtasks, three calls and this answer.
void play(fake_backend& to, const core::run_id& run, const std::string& answer);

} // namespace brigade::net::api::test
