/// Which faults strike, and when: drawn from a seed, in swarm style. Each seed
/// first draws which faults are on and how likely each is, so that some seeds
/// meet one fault half of the time and others a little of everything.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace brigade::testkit {

/// Everything that can go wrong without a disk or a socket.
enum class fault : std::uint8_t {
  // -- how a provider ends a try ----------------------------------------------
  /// 429 without and with a wait that it asks for.
  rate_limited,
  rate_limited_with_wait,
  quota_exhausted,
  server_error,
  overloaded,
  bad_request,
  unauthorized,
  forbidden,
  not_found,
  request_too_large,
  connect_failed,
  connect_timeout,
  tls_failed,
  connection_lost,
  first_token_timeout,
  idle_timeout,
  reply_too_large,
  reply_malformed,
  /// Says nothing until the time limit.
  silence,
  /// Takes longer than others; sometimes too long.
  slow_reply,
  /// Answers after the try was given up.
  late_reply,
  duplicate_reply,

  // -- what a reply holds -----------------------------------------------------
  /// Cut at the output limit.
  truncated,
  refused,
  usage_missing,
  usage_zero,
  /// 2^60 tokens.
  usage_huge,
  /// More output than was allowed, and billed (rule M7).
  usage_above_limit,
  empty_reply,
  large_reply,
  /// Tells its reader to spend more, start more and print keys.
  prompt_injection,

  // -- what a plan holds ------------------------------------------------------
  plan_malformed,
  plan_off_schema,
  plan_cyclic,
  plan_unknown_dependency,
  plan_unknown_worker,
  plan_duplicate_id,
  plan_huge,
  plan_empty,

  // -- actors -----------------------------------------------------------------
  /// At any time.
  worker_crash,
  /// While it makes its request: nothing was bought.
  worker_crash_before_send,
  /// While its request is with the provider.
  worker_crash_after_send,
  synthesizer_crash,
  orchestrator_crash,
  budget_crash,
  gateway_crash,
  /// A message between actors comes twice.
  duplicate_message,
  /// A message between actors comes again, some messages later.
  late_message,
  /// A purchase of an earlier life of the orchestrator.
  stale_purchase,

  // -- journal ----------------------------------------------------------------
  journal_delay,
  /// From one append on, none succeeds.
  journal_failure,

  // -- from outside -----------------------------------------------------------
  cancel,
  suspend,
  shutdown,
  /// The process stands still for a while.
  time_jump,
  /// The process dies at once, and another one goes on with the runs.
  process_death,
};

inline constexpr std::size_t fault_count =
    static_cast<std::size_t>(fault::process_death) + 1;

/// The name above: `rate_limited`, ...
std::string_view to_string(fault f);
std::optional<fault> parse_fault(std::string_view text);

using fault_set = std::bitset<fault_count>;

inline fault_set all_faults() {
  return fault_set{}.set();
}

/// A small generator: SplitMix64. Fast, and the same everywhere.
class seeded {
public:
  explicit seeded(std::uint64_t seed) : state_(seed) {
    // nop
  }

  std::uint64_t next();

  /// From 0 to `count` - 1; 0 when `count` is 0.
  std::uint64_t below(std::uint64_t count);

  /// From `first` to `last`, both included.
  std::int64_t between(std::int64_t first, std::int64_t last);

  /// True once in `count` times.
  bool one_in(std::uint64_t count) { return below(count) == 0; }

private:
  std::uint64_t state_;
};

/// Decides for each fault whether it happens. Each has a generator of its own,
/// so that masking one off leaves the decisions about the others as they were.
class fault_plan {
public:
  /// Faults that are not in `allowed` never happen.
  explicit fault_plan(std::uint64_t seed, fault_set allowed = all_faults());

  /// Whether this seed drew the fault at all.
  bool is_on(fault f) const { return on_[at(f)]; }

  const fault_set& on() const { return on_; }

  /// How likely it is wherever it can happen, in thousandths; 0 when it is
  /// off.
  std::uint32_t permille(fault f) const;

  /// Decides whether the fault happens here, and counts it. Where it can happen
  /// very often, `per` makes it so many times less likely.
  bool happens(fault f, std::uint64_t per = 1);

  /// Further decisions about a fault: from 0 to `count` - 1.
  std::uint64_t pick(fault f, std::uint64_t count);

  /// How often it has happened.
  std::uint32_t count(fault f) const { return lots_[at(f)].count; }

  /// What has happened: `silence x3, cancel x1`; empty: nothing.
  std::string text() const;

  /// Told each fault when it happens.
  void on_fault(std::function<void(fault)> hook) { hook_ = std::move(hook); }

private:
  struct lot {
    seeded draws{0};
    std::uint32_t permille = 0;
    std::uint32_t count = 0;
  };

  static std::size_t at(fault f) { return static_cast<std::size_t>(f); }

  fault_set on_;
  std::array<lot, fault_count> lots_;
  std::function<void(fault)> hook_;
};

} // namespace brigade::testkit
