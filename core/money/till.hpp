/// The till: the one way to buy a call. A pure state machine that the budget
/// actor runs; it decides what is bought, recalled, refused or made to wait,
/// and what each outcome costs.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/provider.hpp"
#include "brigade/core/money/estimate.hpp"
#include "brigade/core/money/ledger.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace brigade::core {

/// What a buyer asks for.
struct purchase {
  call_key key;
  call_role role = call_role::worker;
  /// The subtask, or empty for planner and synthesizer.
  std::string task;
  std::uint32_t attempt = 1;
  /// Place in the plan: waiting purchases are granted in this order, without
  /// overtaking. The planner's is 0, subtask i's 1 + i.
  std::uint32_t order = 0;
  std::shared_ptr<const prepared_call> call;
  /// SHA-256 of the body, in hex.
  std::string request_hash;
  /// Run time at which the call must have ended.
  std::int64_t deadline_ms = 0;
  /// The life of the orchestrator whose call this is.
  std::uint32_t epoch = 1;
};

/// The purchase may use what is kept back for the synthesis.
inline bool may_use_share(const purchase& what) {
  return what.role == call_role::synthesizer;
}

/// Whether the usage that was reported can be true; one that cannot is taken
/// for unknown, and the call is charged in full.
bool is_possible(const outcome& result, const prepared_call& call);

/// Names a buyer's question; chosen by the caller of the till.
enum class ticket_id : std::uint64_t {};

namespace till_actions {

/// Append the event; once it is durable, hand the call to the gateway.
struct send_call {
  events::call_intended intent;
  std::shared_ptr<const prepared_call> call;
  /// Run time at which the try must have ended.
  std::int64_t deadline_ms = 0;
  /// What is set aside for it: the ceiling of a nested run.
  allowance slice;
};

/// Append the events; once they are durable, answer the buyer.
struct settle_call {
  events::call_settled settled;
  std::optional<events::budget_breached> breach;
  std::vector<events::budget_warned> warnings;
  outcome result;
  /// Nobody waits for it when empty.
  std::optional<ticket_id> buyer;
};

/// Answer the buyer with a reply that is already paid.
struct recall {
  ticket_id buyer{};
  outcome result;
};

/// Answer the buyer: nothing was sent and nothing will be.
struct refuse {
  ticket_id buyer{};
  /// `over_budget`, `no_price`, `calls_exhausted`, `deadline`, `closed`,
  /// `request_changed`, `model_stopped`, `in_doubt` or `stale_epoch`.
  std::string code;
  std::string message;
};

/// End a try that is with the gateway.
struct cancel_call {
  call_id id{};
};

} // namespace till_actions

using till_action =
    std::variant<till_actions::send_call, till_actions::settle_call,
                 till_actions::recall, till_actions::refuse,
                 till_actions::cancel_call>;

using till_step = std::vector<till_action>;

/// What a till is opened with.
struct till_options {
  /// Names the run that nested runs belong to.
  run_id run;
  allowance ceiling = allowance::max();
  /// Purchases of an older life of the orchestrator are refused.
  std::uint32_t epoch = 1;
};

class till {
public:
  till(crew_ptr crew, till_options options);

  /// Takes up the books where a run's events end, the newest of which is
  /// `run.resumed`: what is paid is recalled, what is spent stays spent. A
  /// nested run that has not ended is in flight. Call it before anything else.
  void restore(const std::vector<event_ptr>& past);

  /// A buyer asks. The same key with the same request is recalled when it is
  /// paid, and joined when it is in flight: the newest buyer gets the answer.
  till_step buy(ticket_id buyer, purchase what, std::int64_t now_ms);

  /// The gateway's outcome. Unknown or settled ids are no-ops (rule H3).
  till_step tried(call_id id, const outcome& result, std::int64_t now_ms);

  /// Sets the synthesis share aside and counts the subtasks of the plan.
  void keep_back(const allowance& share, std::uint64_t tasks);

  /// A nested run stands still, and will go on with this one: nothing is
  /// charged and its reservation stays.
  void set_aside(call_id id);

  /// Gives up what a subtask bought in its attempts up to `attempt`: what waits
  /// is forgotten, what is in flight cancelled.
  till_step abandon(const std::string& task, std::uint32_t attempt,
                    std::int64_t now_ms);

  /// Refuses everything from now on and cancels what is in flight, the newest
  /// first.
  till_step close();

  /// Charges in full what has not ended in spite of its cancel; but a nested
  /// run, whose own log tells what it cost, stays in flight for the next life
  /// when this one is only suspended.
  std::vector<events::call_in_doubt> give_up(bool suspended = false);

  /// Whether a granted try should still be sent.
  bool is_wanted(call_id id) const;

  /// The tries that have not ended.
  std::vector<call_id> in_flight() const;

  /// Nothing is reserved: all tries have ended.
  bool idle() const { return flights_.empty(); }

  const ledger& money() const { return ledger_; }

private:
  /// What a call may use up.
  struct bound {
    /// Set aside.
    allowance amount;
    /// What it can cost at most.
    pico_usd worst_case;
  };

  struct flight {
    purchase what;
    bound reserved;
    std::optional<ticket_id> buyer;
    /// Its cancel is under way: nobody may join it.
    bool abandoned = false;
  };

  struct waiting {
    ticket_id buyer{};
    purchase what;
    bound needs;
    /// When it was asked for.
    std::int64_t asked_ms = 0;
  };

  struct key_record {
    std::uint32_t tries = 0;
    std::string request_hash;
    /// Set while a try of this key is in flight.
    std::optional<call_id> in_flight;
    /// The paid reply.
    std::optional<outcome> paid;
    /// A try was in flight when an earlier life ended.
    bool in_doubt = false;
    /// Of an earlier life whose crew or documents may have been others.
    bool may_change = false;
  };

  struct restorer;

  /// Joins, recalls or refuses; nothing when the call must be bought.
  std::optional<till_step> without_buying(ticket_id buyer, const purchase& what,
                                          std::int64_t now_ms);
  till_actions::send_call grant(waiting w, std::int64_t now_ms);
  void admit(till_step& out, std::int64_t now_ms);
  till_actions::refuse over_budget(const waiting& w) const;

  /// Why a call of this model cannot be bounded, or nothing.
  std::optional<std::string> no_price(const prepared_call& call) const;
  bound bound_of(const purchase& what) const;
  allowance charge_of(const flight& landed, const outcome& result,
                      money_rule rule);
  std::vector<events::budget_warned> warnings();

  crew_ptr crew_;
  till_options options_;
  ledger ledger_;
  bool closed_ = false;
  bool plan_counted_ = false;
  std::uint64_t last_id_ = 0;
  std::map<call_id, flight> flights_;
  std::map<call_key, key_record> keys_;
  std::unordered_map<std::string, std::uint32_t> calls_of_task_;
  /// By order, then by arrival.
  std::multimap<std::uint32_t, waiting> waiting_;
  /// Models that billed above a reservation (rule M7).
  std::set<std::string> stopped_models_;
  /// What calls of a model turned out to need.
  std::map<std::string, typical_estimate> estimates_;
  /// Shares that were warned of, by ceiling: the next in the crew's list.
  std::array<std::size_t, 3> warned_{};
};

} // namespace brigade::core
