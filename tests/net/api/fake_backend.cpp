#include "fake_backend.hpp"

#include <algorithm>

namespace brigade::net::api::test {

namespace {

constexpr std::int64_t start_wall_ms = 1'790'000'000'000;

refusal no_run() {
  return {404, "not_found", "there is no such run"};
}

} // namespace

fake_backend::fake_backend() {
  crew_card card;
  card.name = "report";
  card.description = "Writes reports";
  card.cost_max = {core::pico_per_usd};
  card.deadline_ms = 600'000;
  card.passthrough = true;
  card.loaded_s = 1'790'000'000;
  cards.push_back(card);
  core::model_reply reply;
  reply.text = core::shared_text{"A title"};
  reply.usage = core::usage{7, 0, 2};
  call_answer = reply;
}

void fake_backend::soon(answer what) {
  if (slow_)
    later_.push_back(std::move(what));
  else
    what();
}

void fake_backend::answer_next() {
  auto what = std::move(later_.front());
  later_.pop_front();
  what();
}

void fake_backend::answer_all() {
  while (!later_.empty())
    answer_next();
}

void fake_backend::publish(const core::run_id& run, core::event_body body) {
  auto& kept = of(run);
  auto next = std::make_shared<core::event>();
  next->seq = kept.events.size() + 1;
  next->wall_ms = start_wall_ms + static_cast<std::int64_t>(next->seq);
  next->at_ms = static_cast<std::int64_t>(next->seq) * 10;
  next->body = std::move(body);
  kept.events.push_back(next);
  // Views share the state as it was.
  kept.state = std::make_shared<core::run_state>(*kept.state);
  kept.state->apply(*next);
  feed_.publish(run, next);
}

core::run_id fake_backend::begin(const std::string& client,
                                 const std::string& goal) {
  std::array<std::uint8_t, 10> random{};
  random[8] = next_high_;
  random[9] = next_++;
  if (next_ == 0)
    ++next_high_;
  const auto run = core::make_run_id(start_wall_ms, random);
  runs[run.text] = {client, std::make_shared<core::run_state>(), {}, false};
  core::events::run_submitted submitted;
  submitted.goal = goal;
  submitted.crew = "report";
  submitted.ceiling = {core::pico_per_usd};
  submitted.deadline_ms = 600'000;
  submitted.client = client;
  publish(run, submitted);
  if (on_begin)
    on_begin(run);
  return run;
}

fake_backend::kept_run* fake_backend::find(const std::string& client,
                                           const core::run_id& run) {
  const auto found = runs.find(run.text);
  return found != runs.end() && found->second.client == client ? &found->second
                                                               : nullptr;
}

std::vector<crew_card> fake_backend::crews(const std::string& client) const {
  return client == "nobody" ? std::vector<crew_card>{} : cards;
}

void fake_backend::submit(const std::string& client, job_order what,
                          std::optional<request_key> key,
                          reply<accepted_run> then) {
  soon([=, this, what = std::move(what)] {
    if (submit_refusal) {
      then(*submit_refusal);
      return;
    }
    const auto name = key ? client + "\n" + key->key : std::string{};
    if (key) {
      given_keys.push_back(*key);
      const auto known = keys.find(name);
      if (known != keys.end()) {
        const auto& [body, run] = known->second;
        const auto& state = *of(run).state;
        if (body != key->body_sha256) {
          then(refusal{422, "key_reused", "the key stood for another body"});
          return;
        }
        const bool failed =
            state.phase == core::run_phase::finished && state.answer.empty();
        if (!failed || !key->again_without_answer) {
          then(accepted_run{run, false});
          return;
        }
      }
    }
    orders.push_back(what);
    const auto run = begin(client, what.goal);
    if (key)
      keys[name] = {key->body_sha256, run};
    then(accepted_run{run, true});
  });
}

void fake_backend::look(const std::string& client, const core::run_id& run,
                        reply<run_view> then) {
  soon([=, this] {
    const auto* kept = find(client, run);
    if (kept == nullptr)
      then(no_run());
    else
      then(run_view{run, kept->state, kept->queued,
                    kept->events.back()->wall_ms});
  });
}

void fake_backend::list(const std::string& client, list_query query,
                        reply<std::vector<run_line>> then) {
  soon([=, this] {
    std::vector<run_line> out;
    for (auto each = runs.rbegin(); each != runs.rend(); ++each) {
      const auto& [id, kept] = *each;
      if (kept.client != client || out.size() == query.runs_max
          || (!query.before.text.empty() && id >= query.before.text)
          || (query.status && kept.state->status != *query.status)
          || (!query.crew.empty() && kept.state->crew != query.crew))
        continue;
      core::summary_fold fold{core::run_id{id}};
      for (const auto& e : kept.events)
        fold.apply(*e);
      out.push_back({fold.summary(), kept.queued});
    }
    then(out);
  });
}

void fake_backend::cancel(const std::string& client, const core::run_id& run,
                          std::string reason, reply<done> then) {
  soon([=, this] {
    const auto* kept = find(client, run);
    if (kept == nullptr) {
      then(no_run());
    } else if (kept->state->phase == core::run_phase::finished) {
      then(refusal{409, "already_ended", "the run has ended"});
    } else {
      cancelled.push_back({client, run, reason});
      publish(run, finished(core::run_status::cancelled, "", "cancelled",
                            "the run was cancelled: " + reason));
      then(done{});
    }
  });
}

void fake_backend::decide(const std::string& client, const core::run_id& run,
                          plan_decision what, reply<done> then) {
  soon([=, this] {
    const auto* kept = find(client, run);
    if (kept == nullptr) {
      then(no_run());
    } else if (!kept->state->awaits_approval()) {
      then(refusal{409, "not_waiting", "the run waits for no approval"});
    } else {
      decisions.push_back(what);
      publish(run, core::events::approval_given{what.approved ? "approved"
                                                              : "rejected",
                                                client, what.comment});
      then(done{});
    }
  });
}

void fake_backend::remove(const std::string& client, const core::run_id& run,
                          reply<done> then) {
  soon([=, this] {
    const auto* kept = find(client, run);
    if (kept == nullptr) {
      then(no_run());
    } else if (kept->state->phase != core::run_phase::finished) {
      then(refusal{409, "not_finished", "the run has not ended"});
    } else {
      runs.erase(run.text);
      then(done{});
    }
  });
}

void fake_backend::call(const std::string&, direct_call what,
                        reply<core::model_reply> then) {
  calls.push_back(std::move(what));
  soon([=, this] { then(call_answer); });
}

void fake_backend::read(const core::run_id& run, std::uint64_t after,
                        reply<std::vector<core::event_ptr>> then) {
  ++reads;
  // What is there when it is asked, however late the answer comes.
  std::vector<core::event_ptr> page;
  const auto found = runs.find(run.text);
  if (found != runs.end())
    for (const auto& e : found->second.events)
      if (e->seq > after && page.size() < page_events_max)
        page.push_back(e);
  soon([=, this, page = std::move(page)] {
    if (read_refusal)
      then(*read_refusal);
    else
      then(page);
  });
}

bool fake_backend::ready(std::string& why) {
  why += is_ready ? "[+] journal ok\n" : "[-] journal failed\n";
  return is_ready;
}

// -- events -------------------------------------------------------------------

core::event_body plan_of(std::size_t tasks) {
  core::plan plan;
  plan.analysis = "Two things are asked for.";
  for (std::size_t i = 1; i <= tasks; ++i) {
    core::subtask task;
    task.id = "t" + std::to_string(i);
    task.worker = "extractor";
    task.description = "Find fact number " + std::to_string(i);
    plan.tasks.push_back(std::move(task));
  }
  core::events::plan_accepted out;
  out.plan = std::make_shared<const core::plan>(std::move(plan));
  return out;
}

core::event_body intended(std::uint64_t id, std::string task) {
  core::events::call_intended out;
  out.id = core::call_id{id};
  out.key.path = task.empty() ? "plan" : "task/" + task;
  out.task = std::move(task);
  out.role =
      out.task.empty() ? core::call_role::planner : core::call_role::worker;
  out.model = "fast";
  out.reserved = {core::pico_per_usd / 100};
  return out;
}

core::event_body approval_asked() {
  core::events::approval_requested out;
  out.timeout_ms = 60'000;
  out.cost_low = {core::pico_per_usd / 100};
  out.cost_expected = {core::pico_per_usd / 50};
  out.cost_worst = {core::pico_per_usd / 10};
  out.critical_path = {"t1"};
  return out;
}

core::event_body settled(std::uint64_t id) {
  core::events::call_settled out;
  out.id = core::call_id{id};
  out.charged = {core::pico_per_usd / 1000};
  out.tokens = {100, 20, 10};
  out.usage_known = true;
  out.reply = core::shared_text{"a reply"};
  return out;
}

core::event_body finished(core::run_status status, std::string answer,
                          std::string reason, std::string message) {
  return core::events::run_finished{status, std::move(reason),
                                    std::move(message),
                                    core::shared_text{std::move(answer)}};
}

void play(fake_backend& to, const core::run_id& run,
          const std::string& answer) {
  to.publish(run, intended(1));
  to.publish(run, settled(1));
  to.publish(run, plan_of(2));
  for (const std::uint64_t i : {1, 2}) {
    const auto task = "t" + std::to_string(i);
    to.publish(run, core::events::task_started{task, 1});
    to.publish(run, intended(i + 1, task));
    to.publish(run, settled(i + 1));
    to.publish(run, core::events::task_succeeded{
                        task, 1, core::shared_text{"fact " + task}});
  }
  to.publish(run, core::events::synthesis_started{"merge", 2, 0});
  to.publish(run, core::events::synthesis_succeeded{core::shared_text{answer}});
  to.publish(run, finished(core::run_status::succeeded, answer));
}

} // namespace brigade::net::api::test
