/// Everything through which a process reaches the world outside of it. When it
/// dies they are shut at once: whatever its actors still do then, nobody sees.
#pragma once

#include "brigade/core/model/provider.hpp"
#include "brigade/core/run/journal.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brigade::testkit {

/// Whether the process that holds it is alive. Not thread-safe.
struct process_life {
  bool alive = true;
  /// Set before the numbers of its tries, so that no two processes have the
  /// same ones.
  std::uint64_t serials_before = 0;
};

/// The journal as one process sees it.
class journal_door : public core::journal {
public:
  journal_door(core::journal_ptr inner, std::shared_ptr<process_life> life)
      : inner_(std::move(inner)), life_(std::move(life)) {
    // nop
  }

  core::append_result append(const core::run_id& run,
                             std::vector<core::event> events) override;
  void when_durable(std::uint64_t ticket, durable_fn then) override;
  std::vector<core::event_ptr> read(const core::run_id& run,
                                    std::uint64_t after,
                                    std::size_t events_max) const override;
  void begin(const core::run_id& run, core::run_source_ptr source) override;
  void forget(const core::run_id& run) override;
  void release(const core::run_id& run) override;

private:
  core::journal_ptr inner_;
  std::shared_ptr<process_life> life_;
};

/// A provider as one process sees it.
class provider_door : public core::provider {
public:
  provider_door(std::shared_ptr<core::provider> inner,
                std::shared_ptr<process_life> life)
      : inner_(std::move(inner)), life_(std::move(life)) {
    // nop
  }

  std::string encode(const core::model_request& request) const override;
  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds time_limit, done_fn done) override;
  void cancel(core::try_id id) override;

private:
  core::try_id outside(core::try_id id) const;

  std::shared_ptr<core::provider> inner_;
  std::shared_ptr<process_life> life_;
};

} // namespace brigade::testkit
