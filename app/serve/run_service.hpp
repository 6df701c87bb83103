/// The daemon's runs: accepts them durably, starts them in fair turns, and
/// answers what the API asks about them.
#pragma once

#include "brigade/app/serve/background.hpp"
#include "brigade/app/serve/crew_runtime.hpp"
#include "brigade/app/serve/event_mailbox.hpp"
#include "brigade/app/serve/history.hpp"
#include "brigade/app/serve/named_values.hpp"
#include "brigade/app/serve/served_crews.hpp"
#include "brigade/core/policy/fair_queue.hpp"
#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/run_feed.hpp"
#include "brigade/net/timer.hpp"
#include "brigade/store/sqlite.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace brigade::app::serve {

/// What the service tells its owner, for logs and metrics: on the server's
/// thread.
struct service_hooks {
  /// `run.accepted`, `run.ended`, ...: a name, and values by name.
  std::function<void(std::string_view name, const named_values&)> log;
  /// Each event that has become durable.
  std::function<void(const core::run_id&, const core::event_ptr&)> on_event;
  /// The text for Prometheus.
  std::function<std::string()> metrics;
};

/// A crew as it is served now.
struct served_runtime {
  config::served_crew crew;
  std::shared_ptr<crew_runtime> runtime;
  /// Of everything that the runtime is made from.
  std::string fingerprint;
  std::int64_t loaded_s = 0;
};

/// What a reload replaces at once.
struct service_settings {
  std::shared_ptr<const config::serve_settings> file;
  /// In the order of their names.
  std::map<std::string, served_runtime> crews;
};

/// Of the server's thread, but for the constructor and `events`. Held by a
/// `shared_ptr`; the server must be gone before it.
class run_service : public net::api::backend,
                    public std::enable_shared_from_this<run_service> {
public:
  run_service(std::shared_ptr<net::io_thread> io,
              std::shared_ptr<store::sqlite_journal> journal,
              std::shared_ptr<event_mailbox> events, std::string directory,
              crew_system& system, service_hooks hooks);
  ~run_service() override;

  /// The first time before everything else.
  void set(service_settings settings);

  /// Takes up the runs of the journal that were accepted by a daemon and have
  /// not ended, and goes on with them.
  void restore();

  /// Takes no new runs and starts none that wait.
  void drain();

  /// No run is being worked on.
  bool is_idle() const;

  /// Whose run it is, when this process has it; else nothing.
  std::optional<std::string> client_of(const core::run_id& run) const;

  /// All that runs may be worked on by.
  std::vector<std::shared_ptr<crew_runtime>> runtimes() const;

  std::size_t waiting() const { return queue_.waiting(); }
  std::size_t running() const { return queue_.running(); }

  // -- backend ----------------------------------------------------------------

  std::vector<net::api::crew_card>
  crews(const std::string& client) const override;
  void submit(const std::string& client, net::api::job_order what,
              std::optional<net::api::request_key> key,
              net::api::reply<net::api::accepted_run> then) override;
  void look(const std::string& client, const core::run_id& run,
            net::api::reply<net::api::run_view> then) override;
  void list(const std::string& client, net::api::list_query query,
            net::api::reply<std::vector<net::api::run_line>> then) override;
  void cancel(const std::string& client, const core::run_id& run,
              std::string reason,
              net::api::reply<net::api::done> then) override;
  void decide(const std::string& client, const core::run_id& run,
              net::api::plan_decision what,
              net::api::reply<net::api::done> then) override;
  void remove(const std::string& client, const core::run_id& run,
              net::api::reply<net::api::done> then) override;
  void call(const std::string& client, net::api::direct_call what,
            net::api::reply<core::model_reply> then) override;
  void read(const core::run_id& run, std::uint64_t after,
            net::api::reply<std::vector<core::event_ptr>> then) override;
  net::api::run_feed& feed() override { return feed_; }
  std::string metrics() override;
  bool ready(std::string& why) override;

private:
  enum class run_phase : std::uint8_t {
    /// Not durable yet: nobody was told that it was accepted.
    accepting,
    /// In the queue.
    waiting,
    working,
    /// Stands still until somebody decides about its plan.
    approval,
    /// Somebody has, and it is being looked at.
    deciding,
  };

  struct active_run {
    run_phase phase = run_phase::accepting;
    core::run_order order;
    std::shared_ptr<crew_runtime> runtime;
    start_options how;
    run_stopper stop;
    /// Whoever is to be told that it is durable: the one that began it first.
    std::vector<net::api::reply<net::api::accepted_run>> accepted;
    std::vector<std::function<void()>> on_end;
    /// Somebody wanted its end, and was told that it will come.
    std::optional<std::string> cancelled;
    std::unique_ptr<net::timer> expiry;
  };

  /// What came of trying to accept a run.
  struct acceptance {
    /// It is durable.
    bool is_new = false;
    /// The run that an earlier request with this key began.
    core::run_id earlier;
    /// That run is in the journal.
    bool earlier_exists = false;
    std::optional<net::api::refusal> why;
  };

  /// A run that was found in the journal.
  struct found_run {
    core::run_order order;
    std::string crew;
    std::optional<std::int64_t> expires_wall_ms;
    bool awaits_approval = false;
    bool first = false;
  };

  // run_service_accept.cpp
  const served_runtime* find_crew(const std::string& client,
                                  const std::string& name) const;
  core::client_share share_of(const std::string& client) const;
  void accept(const served_runtime& crew, core::run_order order,
              std::optional<net::api::request_key> key, core::run_id instead_of,
              net::api::reply<net::api::accepted_run> then);
  void try_to_accept(core::run_order order,
                     std::optional<net::api::request_key> key,
                     core::run_id instead_of);
  void attach_or(const core::run_order& order, const net::api::request_key& key,
                 net::api::refusal why,
                 net::api::reply<net::api::accepted_run> then);
  std::optional<acceptance> earlier_request(const core::run_order& order,
                                            const net::api::request_key& key,
                                            const core::run_id& instead_of,
                                            bool only_look);
  void write_down(const core::run_order& order,
                  std::optional<net::api::request_key> key);
  void on_tried(const core::run_id& run,
                std::optional<net::api::request_key> key, acceptance result);
  void refuse(const core::run_id& run, const net::api::refusal& why);
  /// Blocks.
  std::optional<net::api::refusal>
  reserve_for_day(const config::serve_settings& settings,
                  const core::run_order& order, core::pico_usd spent) const;

  // run_service_work.cpp
  void start_waiting();
  void begin(const core::run_id& run);
  void on_ended(const core::run_id& run, const run_ended& how);
  void drop(const core::run_id& run);
  void on_stands_still(const core::run_id& run, const run_ended& how);
  void end_refused(const core::run_id& run, const std::string& why);
  void wait_for_approval(const core::run_id& run);
  void approve_as_it_is(const core::run_order& order,
                        const core::run_state& past,
                        const core::approval_decision& decision,
                        net::api::reply<net::api::done> then);
  void await_expiry(const core::run_id& run,
                    std::optional<std::int64_t> expires_wall_ms);
  void decide_now(const core::run_id& run, core::decision_kind kind,
                  std::string by, std::string comment);
  void approve(const core::run_id& run, core::approval_decision decision,
               net::api::reply<net::api::done> then);

  // run_service_restore.cpp
  std::vector<found_run>
  look_through(const config::serve_settings& settings,
               const std::vector<store::claimed_run>& claimed, bool& left_over);
  void adopt(found_run found);
  std::shared_ptr<crew_runtime> runtime_for(const std::string& crew,
                                            const core::crew& stored);
  void restore_later();
  void remove_old();
  void remove_documents_later();

  /// Runs something on the server's thread, if the service still lives then.
  /// Made on that thread and used on any: only there is the service held, so
  /// that it never ends on another one.
  class door {
  public:
    door(std::shared_ptr<net::io_thread> io, std::weak_ptr<run_service> to)
        : io_(std::move(io)), to_(std::move(to)) {
      // nop
    }

    void operator()(std::function<void(run_service&)> what) const;

  private:
    std::shared_ptr<net::io_thread> io_;
    std::weak_ptr<run_service> to_;
  };

  door way_back() { return {io_, weak_from_this()}; }
  void soon(std::function<void(run_service&)> what) {
    way_back()(std::move(what));
  }
  void on_events();
  active_run* find_active(const std::string& client, const core::run_id& run);
  void log(std::string_view name, const named_values& values) const;

  std::shared_ptr<net::io_thread> io_;
  std::shared_ptr<store::sqlite_journal> journal_;
  std::shared_ptr<event_mailbox> events_;
  crew_system& system_;
  service_hooks hooks_;
  service_settings settings_;
  net::api::run_feed feed_;
  core::fair_queue queue_;
  std::unordered_map<core::run_id, active_run> active_;
  /// Runtimes of crews that are not served any more as they were when runs of
  /// them were accepted.
  std::vector<std::weak_ptr<crew_runtime>> former_;
  bool draining_ = false;
  net::timer restore_timer_;
  bool restore_armed_ = false;
  net::timer retention_timer_;
  net::timer documents_timer_;
  history history_;
  /// Last: they end first.
  background reads_;
  background writes_;
};

} // namespace brigade::app::serve
