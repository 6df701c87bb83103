/// What the checkers remember of runs, subtasks and calls.
///
/// INTERNAL: included by the sources of the checkers only.
#pragma once

#include "brigade/testkit/checkers.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::testkit::detail {

/// Wide enough for any sum of amounts that fit 64 bits.
__extension__ using wide = __int128;

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint64_t no_ceiling =
    std::numeric_limits<std::uint64_t>::max();

/// What a run may use up, as its order and crew say.
struct ceilings {
  std::int64_t cost = 0;
  std::uint64_t tokens = no_ceiling;
  std::uint64_t calls = no_ceiling;
  std::uint64_t tasks = no_ceiling;
  std::int64_t deadline_ms = 0;
};

struct call_book {
  core::call_id id{};
  core::call_role role{};
  std::uint32_t task = none;
  std::uint32_t generation = 0;
  std::uint32_t step = 0;
  std::int64_t at_ms = 0;
  /// Null: a nested run, or a model that the crew does not have.
  const core::model_spec* model = nullptr;
  /// As the intent names it.
  std::string model_name;
  std::string request_hash;
  std::string nested_run;
  std::int64_t reserved = 0;
  std::int64_t worst_case = 0;
  std::uint64_t reserved_tokens = 0;
  std::int64_t charged = 0;
  std::int64_t billed = 0;
  /// The call before it of the same subtask or role.
  std::uint32_t before = none;
  /// The run that this call is.
  std::uint32_t child = none;
  bool nested = false;
  bool served = false;
  bool answered = false;
  /// The provider's time of a whole answer.
  std::int64_t answered_ms = std::numeric_limits<std::int64_t>::max();
  bool ended = false;
  std::int64_t ended_ms = 0;
  core::outcome_code code{};
  bool ok = false;
  bool released = false;
  bool doubted = false;
  /// It was open when a life of its run ended: nobody hears its answer.
  bool orphaned = false;
  /// An earlier process holds its money.
  bool of_earlier_process = false;
};

enum class task_now : std::uint8_t {
  untouched,
  running,
  waiting,
  succeeded,
  failed,
  skipped,
  cancelled,
};

inline bool is_over(task_now s) {
  return s >= task_now::succeeded;
}

struct edge_book {
  std::uint32_t source = 0;
  core::failure_policy policy{};
};

struct task_book {
  std::string_view id;
  const core::worker_spec* worker = nullptr;
  task_now now = task_now::untouched;
  std::uint32_t attempt = 0;
  /// Attempts that ended with a life of the run: no failures.
  std::uint32_t interrupted = 0;
  bool was_interrupted = false;
  std::uint32_t calls = 0;
  std::uint32_t last_call = none;
  std::uint32_t first_edge = 0;
  std::uint32_t edges = 0;
  std::int64_t limit_ms = 0;
  std::int64_t first_start_ms = 0;
  std::int64_t start_ms = 0;
};

enum class run_now : std::uint8_t { ordered, going, suspended, finished };

struct run_book {
  core::run_id id;
  core::crew_ptr crew;
  std::vector<core::crew_ptr> earlier_crews;
  std::shared_ptr<const core::plan> plan;
  run_now now = run_now::ordered;
  bool is_top = false;
  bool refused = false;
  bool typical = false;
  bool breached = false;
  bool journal_broken = false;
  bool unknown = false;
  std::uint32_t parent = none;
  std::uint32_t parent_call = none;
  std::uint32_t depth = 0;
  /// Among the top-level orders that were not refused.
  std::uint32_t rank = 0;
  std::uint64_t serial = 0;
  std::uint64_t seq = 0;
  /// Of all its events, in order.
  std::uint64_t fingerprint = 0;
  ceilings most;
  /// What its order allows, the latest one.
  ceilings ordered;
  /// The lives of its actors.
  std::uint32_t life = 1;
  /// Calls that the life before left open: their ends are due.
  std::uint32_t ends_due = 0;
  /// It goes on with a ceiling below what is spent.
  bool above_ceiling = false;
  bool changes_accepted = false;
  /// Its order is another one than at first: the share may be too.
  bool order_changed = false;
  std::string goal;
  core::input_set_ptr inputs;
  /// Nobody will go on with it: the run above has given it up.
  bool forsaken = false;
  std::optional<core::events::run_ending> ending;
  std::uint32_t ending_life = 0;
  /// System time of its start, at the latest.
  std::int64_t start_at_most_ms = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_at_ms = 0;

  wide spent = 0;
  wide reserved = 0;
  wide spent_tokens = 0;
  wide reserved_tokens = 0;
  /// Of the synthesizer, which may use the share.
  wide synth_cost = 0;
  wide synth_tokens = 0;
  std::int64_t share = 0;
  std::uint64_t share_tokens = 0;
  /// Bills of its own calls, and what of them no book can know.
  wide billed = 0;
  wide billed_for_ended = 0;
  wide excess = 0;
  /// Nested runs included, those that were released not.
  std::uint64_t calls_used = 0;
  std::uint64_t calls_ended = 0;
  std::uint64_t tasks_used = 0;
  bool has_nested = false;
  std::uint32_t epoch = 0;
  std::uint32_t running = 0;
  std::uint32_t open_calls = 0;
  std::int64_t asked_ms = 0;
  core::run_status end_status{};
  std::string end_reason;
  core::shared_text end_answer;
  bool synthesizing = false;
  std::int64_t synthesis_ms = 0;
  std::array<std::uint32_t, 2> last_call{none, none};
  /// Its order or the order's crew wants an approval; the run says that it
  /// does.
  bool ordered_approval = false;
  bool must_ask = false;
  /// The plan is accepted: the question must be the next event.
  bool question_due = false;
  bool waits = false;
  bool approved = false;
  /// The reason that a decision against the plan gives its end; empty: none.
  std::string refusal;
  /// A breach must be the next event but for warnings; `none`: not.
  std::uint32_t breach_due = none;
  bool warnings_due = false;
  /// By ceiling, a bit for each percent.
  std::array<std::bitset<101>, 3> warned{};

  std::vector<task_book> tasks;
  std::vector<std::uint32_t> by_id;
  std::vector<edge_book> edges;
  std::vector<call_book> calls;
  std::vector<std::int64_t> restarts;
  std::vector<std::string> breached_models;

  /// As new; keeps its memory.
  void clear();
};

/// All runs and what was found. The checks of one group of rules stand in one
/// file each.
class books {
public:
  explicit books(checker_options o) : options(std::move(o)) {}

  // -- checkers.cpp -----------------------------------------------------------
  void reset();
  run_book* find(std::string_view id);
  run_book& add(const core::run_id& id);
  std::uint32_t place_of(const run_book& run) const {
    return static_cast<std::uint32_t>(&run - runs.data());
  }
  void report(const char* rule, const run_book* run, const core::event* e,
              std::int64_t at_ms, std::string what);
  void report(const char* rule, const run_book& run, std::string what) {
    report(rule, &run, now, run.last_at_ms, std::move(what));
  }
  void saw(run_book& run, const core::event& e);
  call_book* find_call(run_book& run, core::call_id id);
  task_book* find_task(run_book& run, std::string_view id);
  /// The run and call of a served try; nothing fits: null.
  run_book* run_of(const served_call& line);

  // -- money.cpp --------------------------------------------------------------
  void open_books(run_book& run, const core::events::run_submitted& e);
  void intend(run_book& run, call_book& call,
              const core::events::call_intended& e);
  void check_ceilings(run_book& run);
  void check_turn(run_book& run, const call_book& call, std::int64_t waited_ms);
  void check_share(run_book& run, const call_book& call);
  void settle(run_book& run, const core::events::call_settled& e);
  void doubt(run_book& run, const core::events::call_in_doubt& e);
  void end_call(run_book& run, call_book& call, std::int64_t charged,
                std::uint64_t tokens);
  void check_charge(run_book& run, const call_book& call,
                    const core::events::call_settled& e);
  void check_child(run_book& run, const call_book& call, std::int64_t charged,
                   std::uint64_t tokens);
  // bills.cpp too.
  void breach(run_book& run, const core::events::budget_breached& e);
  void warn(run_book& run, const core::events::budget_warned& e);
  void check_dues(run_book& run, const core::event_body& next);
  void check_missing_warnings(run_book& run);
  void arrive(run_book& run, call_book& call, const served_call& line);
  void bill(run_book& run, call_book& call, const served_call& line);
  void check_bills(const run_book& run);
  void check_bills_at_rest();

  // -- refusals.cpp -----------------------------------------------------------
  void check_refusal(run_book& run, std::string_view code,
                     std::string_view message);

  // -- results.cpp ------------------------------------------------------------
  void number(run_book& run, const core::event& e);
  void check_paid(run_book& run, const call_book& call,
                  const core::events::call_intended& e);
  void check_answer(run_book& run, const core::events::run_finished& e);
  void check_report(run_book& run, const core::run_state& told);

  // -- life.cpp ---------------------------------------------------------------
  bool may_follow(run_book& run, const core::event& e);
  void finish(run_book& run, const core::event& e);
  void check_decided(run_book& run, const core::events::run_finished& e);
  void suspend(run_book& run, const core::events::run_suspended& e);
  void resume(run_book& run, const core::events::run_resumed& e);
  void check_ends_due(run_book& run, const core::event_body& next);
  void decide(run_book& run, const core::events::run_ending& e);
  void check_undecided(run_book& run, const char* what, bool in_flight);
  void check_ends();
  void check_arrival(run_book& run, const served_call& line);
  void check_time(run_book& run, const call_book& call, std::uint32_t attempt);

  // -- lives.cpp --------------------------------------------------------------
  void lose_process();
  void take_over(run_book& run, const core::events::run_resumed& e);
  void check_log(run_book& run, const std::vector<core::event_ptr>& log);

  // -- approval.cpp -----------------------------------------------------------
  void check_submission(run_book& run, const core::events::run_submitted& e);
  void check_question_due(run_book& run, const core::event_body& next);
  void ask(run_book& run, const core::events::approval_requested& e);
  void give(run_book& run, const core::events::approval_given& e);
  void check_approved(run_book& run, const char* what);
  void check_refused(run_book& run, const core::events::run_ending& e);
  void check_wait(run_book& run, const core::events::run_suspended& e);

  // -- structure.cpp ----------------------------------------------------------
  void nest(run_book& run, const core::events::run_submitted& e);
  void accept(run_book& run, const core::events::plan_accepted& e);
  bool check_graph(run_book& run);
  void check_buyer(run_book& run, call_book& call,
                   const core::events::call_intended& e);
  void start(run_book& run, const core::events::task_started& e);
  void restart(run_book& run, task_book& task);
  void retry(run_book& run, const core::events::task_retried& e);
  void succeed(run_book& run, const core::events::task_succeeded& e);
  void fail(run_book& run, const core::events::task_failed& e);
  void check_given_up(run_book& run, const task_book& task,
                      std::string_view code, std::string_view message);
  void skip(run_book& run, const core::events::task_skipped& e);
  void cancel(run_book& run, const core::events::task_cancelled& e);
  void synthesize(run_book& run);
  void check_cause(run_book& run, const task_book& task, std::string_view code);
  task_book* known_task(run_book& run, std::string_view id);
  void leave(run_book& run, task_book& task, task_now how);

  checker_options options;
  /// The first `used` are in use; the others keep their memory.
  std::vector<run_book> runs;
  std::uint32_t used = 0;
  std::uint32_t tops = 0;
  std::uint32_t last = none;
  std::vector<std::uint32_t> slots;
  std::vector<std::uint32_t> by_serial;
  std::vector<std::uint32_t> new_edges;
  std::vector<std::uint32_t> levels;
  std::vector<violation> violations;
  std::uint64_t found = 0;
  std::int64_t excused_ms = 0;
  /// Answers may have been lost on their way.
  bool lossy = false;
  bool tills_lost = false;
  wide top_spent = 0;
  wide top_reserved = 0;
  /// The part of both that earlier processes hold.
  wide earlier_spent = 0;
  wide earlier_reserved = 0;
  wide excess = 0;
  wide billed = 0;
  bool any_breach = false;
  /// The event that is looked at.
  const core::event* now = nullptr;
};

/// What an order lets its run use up (lives.cpp).
ceilings ceilings_of(const core::run_order& order);

/// That of a log with one event more.
inline std::uint64_t fingerprint_of(std::uint64_t before,
                                    const core::event& e) {
  constexpr std::uint64_t prime = 0x100000001b3ULL;
  return ((before ^ e.seq) * prime + static_cast<std::uint64_t>(e.at_ms))
             * prime
         + e.body.index();
}

/// SHA-256 in hex (bills.cpp).
std::string sha256_hex(std::string_view text);

/// `text` in quotes, for messages.
inline std::string quoted(std::string_view text) {
  return "\"" + std::string{text} + "\"";
}

} // namespace brigade::testkit::detail

namespace brigade::testkit {

struct rule_checkers::impl : detail::books {
  using detail::books::books;
};

} // namespace brigade::testkit
