#include "brigade/testkit/fault_plan.hpp"

#include <algorithm>

namespace brigade::testkit {

namespace {

constexpr std::array<std::string_view, fault_count> names{
    "rate_limited",
    "rate_limited_with_wait",
    "quota_exhausted",
    "server_error",
    "overloaded",
    "bad_request",
    "unauthorized",
    "forbidden",
    "not_found",
    "request_too_large",
    "connect_failed",
    "connect_timeout",
    "tls_failed",
    "connection_lost",
    "first_token_timeout",
    "idle_timeout",
    "reply_too_large",
    "reply_malformed",
    "silence",
    "slow_reply",
    "late_reply",
    "duplicate_reply",
    "truncated",
    "refused",
    "usage_missing",
    "usage_zero",
    "usage_huge",
    "usage_above_limit",
    "empty_reply",
    "large_reply",
    "prompt_injection",
    "plan_malformed",
    "plan_off_schema",
    "plan_cyclic",
    "plan_unknown_dependency",
    "plan_unknown_worker",
    "plan_duplicate_id",
    "plan_huge",
    "plan_empty",
    "worker_crash",
    "worker_crash_before_send",
    "worker_crash_after_send",
    "synthesizer_crash",
    "orchestrator_crash",
    "budget_crash",
    "gateway_crash",
    "duplicate_message",
    "late_message",
    "stale_purchase",
    "journal_delay",
    "journal_failure",
    "cancel",
    "suspend",
    "shutdown",
    "time_jump",
    "process_death",
};

/// Those of one process; its death is drawn apart.
constexpr std::size_t fault_count_alive = fault_count - 1;

/// In one of so many seeds processes die.
constexpr std::uint64_t seeds_per_death = 8;

/// How many faults a seed has; some have none and some a lot.
constexpr std::array<std::size_t, 8> numbers_on{0, 1, 2, 3, 4, 6, 9, 18};

/// How likely one is that is on, in thousandths.
constexpr std::array<std::uint32_t, 6> likelihoods{20, 50, 100, 200, 333, 500};

} // namespace

std::string_view to_string(fault f) {
  const auto i = static_cast<std::size_t>(f);
  return i < names.size() ? names[i] : "";
}

std::optional<fault> parse_fault(std::string_view text) {
  const auto i = std::find(names.begin(), names.end(), text);
  if (i == names.end())
    return std::nullopt;
  return static_cast<fault>(i - names.begin());
}

std::uint64_t seeded::next() {
  // Source: prng.di.unimi.it/splitmix64.c.
  state_ += 0x9e3779b97f4a7c15ULL;
  auto z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t seeded::below(std::uint64_t count) {
  // The bias of the remainder is far below what a test could see.
  return count == 0 ? 0 : next() % count;
}

std::int64_t seeded::between(std::int64_t first, std::int64_t last) {
  return first
         + static_cast<std::int64_t>(
             below(static_cast<std::uint64_t>(last - first) + 1));
}

fault_plan::fault_plan(std::uint64_t seed, fault_set allowed) {
  seeded draws{seed ^ 0x6661756c74ULL};
  // Drawn for all faults, allowed or not, so that a mask changes nothing else.
  const auto draw_lot = [&draws](lot& entry) {
    entry.draws = seeded{draws.next()};
    entry.permille = likelihoods[draws.below(likelihoods.size())];
  };
  for (std::size_t i = 0; i < fault_count_alive; ++i)
    draw_lot(lots_[i]);
  const auto number = numbers_on[draws.below(numbers_on.size())];
  for (std::size_t i = 0; i < number; ++i)
    on_.set(draws.below(fault_count_alive));
  draw_lot(lots_[at(fault::process_death)]);
  on_[at(fault::process_death)] = draws.one_in(seeds_per_death);
  on_ &= allowed;
}

std::uint32_t fault_plan::permille(fault f) const {
  return is_on(f) ? lots_[at(f)].permille : 0;
}

bool fault_plan::happens(fault f, std::uint64_t per) {
  if (!is_on(f))
    return false;
  auto& entry = lots_[at(f)];
  if (entry.draws.below(1000 * per) >= entry.permille)
    return false;
  ++entry.count;
  if (hook_)
    hook_(f);
  return true;
}

std::uint64_t fault_plan::pick(fault f, std::uint64_t count) {
  return lots_[at(f)].draws.below(count);
}

std::string fault_plan::text() const {
  std::string out;
  for (std::size_t i = 0; i < fault_count; ++i) {
    if (lots_[i].count == 0)
      continue;
    if (!out.empty())
      out += ", ";
    out += names[i];
    out += " x" + std::to_string(lots_[i].count);
  }
  return out;
}

} // namespace brigade::testkit
