/// Tells the checkers the story of a run, event by event. All that a test does
/// not say is healthy.
#pragma once

#include "brigade/testkit/checkers.hpp"

#include <openssl/sha.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace brigade::testkit {

namespace ev = core::events;

inline const std::string body(100, 'x');
/// 100 bytes and 64 of overhead at 1, 100 tokens of output at 2.
inline constexpr std::int64_t worst = 164'000'000 + 200'000'000;
inline constexpr std::uint64_t worst_tokens = 264;

inline std::string hex_of(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         digest.data());
  std::string out;
  for (auto byte : digest) {
    constexpr auto digits = "0123456789abcdef";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

inline core::crew plain_crew() {
  core::crew c;
  c.name = "plain";
  core::model_spec model;
  model.alias = "m";
  model.output_tokens_max = 100;
  model.price = core::price{{{1'000'000}, {2'000'000}, {}},
                            {{1000, {{3'000'000}, {6'000'000}, {}}}}};
  c.models.push_back(model);
  c.planner.model = c.synthesizer.model = "m";
  core::worker_spec worker;
  worker.name = "w";
  worker.model = "m";
  c.workers.push_back(worker);
  c.limits.warn_at_percent.clear();
  return c;
}

class story {
public:
  explicit story(core::crew c = plain_crew(), checker_options o = {})
      : checkers(std::move(o)) {
    order.id = {"01ARZ3NDEKTSV4RRFFQ69G5FAV"};
    order.goal = "goal";
    order.crew = std::make_shared<const core::crew>(std::move(c));
    order.inputs = std::make_shared<const core::input_set>();
  }

  void say(core::event_body what) { say(order.id, std::move(what)); }

  void say(const core::run_id& run, core::event_body what) {
    checkers.saw(run, {++seq[run.text], 0, now, std::move(what)}, now);
  }

  ev::run_submitted accepted() const {
    ev::run_submitted e;
    const auto& own = order.crew->limits;
    e.goal = order.goal;
    e.crew = order.crew->name;
    e.ceiling = order.ceiling.value_or(own.cost);
    e.deadline_ms = own.run_deadline_ms;
    e.tokens_max = own.tokens_max;
    e.calls_max = own.calls_max;
    if (own.estimate == core::estimate_kind::typical)
      e.estimate = "typical";
    return e;
  }

  void begin() {
    checkers.submitted(order);
    say(accepted());
  }

  static core::subtask task(std::string id,
                            std::vector<core::dependency> needs = {}) {
    core::subtask t;
    t.id = std::move(id);
    t.worker = "w";
    t.depends_on = std::move(needs);
    return t;
  }

  void plan(std::vector<core::subtask> tasks, std::int64_t share = worst) {
    core::plan p;
    p.tasks = std::move(tasks);
    say(ev::plan_accepted{std::make_shared<const core::plan>(std::move(p)),
                          {share},
                          worst_tokens});
  }

  void start(const std::string& id, std::uint32_t attempt = 1) {
    say(ev::task_started{id, attempt});
  }

  ev::call_intended intent(const std::string& id, std::uint32_t attempt = 1) {
    ev::call_intended e;
    e.id = core::call_id{++calls};
    e.role = id == "plan"    ? core::call_role::planner
             : id == "synth" ? core::call_role::synthesizer
                             : core::call_role::worker;
    if (e.role == core::call_role::worker)
      e.task = id;
    e.key.path = e.task.empty() ? id : "task/" + id;
    e.attempt = attempt;
    e.try_no = ++tries[e.key.path];
    e.model = "m";
    e.request_hash = hex_of(body);
    e.reserved = e.worst_case = {worst};
    e.reserved_tokens = worst_tokens;
    return e;
  }

  core::call_id intend(const std::string& id, std::uint32_t attempt = 1) {
    auto e = intent(id, attempt);
    say(e);
    return e.id;
  }

  served_call line(core::call_id id) const {
    served_call l;
    l.call.role = roles.contains(id) ? roles.at(id) : core::call_role::worker;
    l.call.model = "m";
    l.call.body = body;
    l.call.output_tokens_max = 100;
    l.call.id =
        core::try_id{(std::uint64_t{7} << 24) | static_cast<std::uint64_t>(id)};
    l.call.at_ms = now;
    return l;
  }

  void serve(core::call_id id) { checkers.served(line(id)); }

  void answer(core::call_id id, std::int64_t billed) {
    auto l = line(id);
    l.billed = {billed};
    l.ended_ms = now;
    checkers.answered(l);
  }

  static ev::call_settled paid(core::call_id id) {
    ev::call_settled e;
    e.id = id;
    e.tokens = {50, 0, 10};
    e.usage_known = true;
    e.charged = {70'000'000};
    e.charged_tokens = 60;
    return e;
  }

  /// A whole try that ends well.
  void buy(const std::string& id, std::uint32_t attempt = 1) {
    checkers.serial(order.id, 7);
    const auto call = intend(id, attempt);
    serve(call);
    answer(call, 70'000'000);
    say(paid(call));
  }

  void work(const std::string& id) {
    start(id);
    buy(id);
    say(ev::task_succeeded{id, 1, core::shared_text{"result"}});
  }

  void finish(core::run_status status = core::run_status::succeeded) {
    ev::run_finished e;
    e.status = status;
    end(order.id, e);
  }

  /// With what is said before it, the first time.
  void end(const core::run_id& run, const ev::run_finished& e) {
    if (ended.insert(run.text).second)
      say(run, ev::run_ending{e.status, e.reason, e.message, e.answer});
    say(run, e);
  }

  /// A run of a plan, ready to start its subtasks.
  void begin_with(std::vector<core::subtask> tasks) {
    begin();
    buy("plan");
    plan(std::move(tasks));
  }

  /// Whether something was found, all of it against this rule.
  bool breaks(const std::string& rule) const {
    bool all = true;
    for (const auto& v : checkers.violations()) {
      if (v.rule != rule) {
        BOOST_TEST_MESSAGE(v.rule + ": " + v.what);
        all = false;
      }
    }
    return all && !checkers.violations().empty();
  }

  bool is_sound() const {
    for (const auto& v : checkers.violations())
      BOOST_TEST_MESSAGE(v.rule + ": " + v.what);
    return checkers.violations().empty();
  }

  rule_checkers checkers;
  core::run_order order;
  std::int64_t now = 0;
  std::uint64_t calls = 0;
  std::map<std::string, std::uint64_t> seq;
  std::set<std::string> ended;
  std::map<std::string, std::uint32_t> tries;
  std::map<core::call_id, core::call_role> roles;
};

} // namespace brigade::testkit
