// M2 and M3: the books against the provider's own ledger; warnings.

#include "books.hpp"
#include "prices.hpp"

#include "brigade/core/crew/crew.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string>
#include <variant>

namespace brigade::testkit::detail {

namespace {

constexpr std::array<const char*, 3> meters{"cost", "tokens", "calls"};

/// Whether `used` has reached `percent` of `most`; `slack` parts of 2^-40 may
/// be missing, since percents may be reckoned in floating point.
bool is_reached(wide used, std::uint64_t most, std::uint32_t percent,
                int slack) {
  constexpr wide whole = wide{1} << 40;
  const auto needed = wide{most} * percent;
  return used * 100 >= needed + (needed / whole + 1) * slack;
}

} // namespace

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(),
             nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

void books::arrive(run_book& run, call_book& call, const served_call& line) {
  const auto at = line.call.at_ms;
  const auto wrong = [&](const char* rule, const std::string& what) {
    report(rule, &run, nullptr, at,
           "call " + std::to_string(static_cast<std::uint64_t>(call.id)) + ": "
               + what);
  };
  if (call.served)
    wrong("M5", "the same try was sent twice");
  if (call.ended)
    wrong("M3", "it was sent after its reservation had ended");
  call.served = true;
  if (line.call.model != call.model_name)
    wrong("M3", "it was sent to model " + quoted(line.call.model)
                    + " but bought from " + quoted(call.model_name));
  if (options.check_hashes && sha256_hex(line.call.body) != call.request_hash)
    wrong("M3", "other bytes were sent than were bought");
  if (call.model == nullptr)
    return;
  const auto& model = *call.model;
  if (line.call.output_tokens_max > model.output_tokens_max)
    wrong("M3", "its output limit is above the model's");
  const auto input =
      std::uint64_t{line.call.body.size()} + model.overhead_tokens;
  const auto output =
      std::uint64_t{line.call.output_tokens_max} + model.reasoning_tokens_max;
  const auto worst = in_range(dearest(model, input, output));
  if (call.worst_case < worst || (!run.typical && call.reserved < worst))
    wrong("M3", "it may cost " + std::to_string(worst) + " but "
                    + std::to_string(call.reserved) + " is reserved");
  if (call.reserved_tokens < input + output)
    wrong("M3", "it may take " + std::to_string(input + output) + " tokens but "
                    + std::to_string(call.reserved_tokens) + " are reserved");
}

void books::bill(run_book& run, call_book& call, const served_call& line) {
  if (!line.cancelled)
    call.answered_ms = line.ended_ms.value_or(line.call.at_ms);
  if (call.model != nullptr && !call.model->price)
    return; // Bounded by tokens only.
  const auto amount = line.billed.value;
  call.billed += amount;
  call.answered = true;
  billed += amount;
  run.billed += amount;
  if (call.released && amount != 0)
    report("M4", &run, nullptr, line.ended_ms.value_or(line.call.at_ms),
           "a try is released that was billed");
  // A server that ignored its limit: told, or beyond what can be known.
  const auto held =
      call.ended ? std::max(call.charged, call.worst_case) : call.reserved;
  if (amount > held && !(call.ended && call.released)) {
    run.excess += wide{amount} - held;
    excess += wide{amount} - held;
  }
  check_bills(run);
}

void books::check_bills(const run_book& run) {
  if (run.billed > run.spent + run.reserved + run.excess)
    report("M2", &run, now, run.last_at_ms,
           "the provider billed " + std::to_string(in_range(run.billed))
               + ", more than is held");
}

void books::check_bills_at_rest() {
  // What a nested run was billed above its slice stands in its own log until
  // the run above could write it down too.
  wide untold = 0;
  for (std::uint32_t i = 0; i < used; ++i) {
    const auto& run = runs[i];
    if (run.parent == none || run.parent_call == none
        || !runs[run.parent].journal_broken)
      continue;
    const auto& call = runs[run.parent].calls[run.parent_call];
    if (!call.ended)
      untold += std::max(wide{0}, run.spent + run.reserved - call.reserved);
  }
  if (billed > top_spent + top_reserved + excess + untold)
    report("M2", nullptr, nullptr, 0,
           "the provider billed " + std::to_string(in_range(billed))
               + " but only "
               + std::to_string(in_range(top_spent + top_reserved))
               + " is held as spent");
}

// -- what is due after a charge -----------------------------------------------

void books::warn(run_book& run, const core::events::budget_warned& e) {
  if (run.crew == nullptr)
    return;
  const auto& shares = run.crew->limits.warn_at_percent;
  const auto share = std::find(shares.begin(), shares.end(), e.percent);
  const auto meter = std::find(meters.begin(), meters.end(), e.ceiling);
  if (share == shares.end() || meter == meters.end()) {
    report("warned", run, "nobody asked for this warning");
    return;
  }
  const auto which = static_cast<std::size_t>(meter - meters.begin());
  const auto percent = std::min<std::size_t>(e.percent, 100);
  if (run.warned[which].test(percent))
    report("warned", run, "warned twice of the same share");
  run.warned[which].set(percent);
  if (run.journal_broken)
    return;
  if (e.spent.value != run.spent)
    report("warned", run, "the warning does not say what is spent");
  const bool reached =
      which == 0 ? is_reached(
          run.spent, static_cast<std::uint64_t>(run.most.cost), e.percent, -1)
      : which == 1
          ? is_reached(run.spent_tokens, run.most.tokens, e.percent, -1)
          : run.has_nested
                || is_reached(run.calls_ended, run.most.calls, e.percent, -1);
  if (!reached)
    report("warned", run, "warned of a share that is not reached");
}

void books::check_dues(run_book& run, const core::event_body& next) {
  namespace ev = core::events;
  if (std::holds_alternative<ev::budget_warned>(next))
    return;
  if (run.warnings_due)
    check_missing_warnings(run);
  run.warnings_due = false;
  if (run.breach_due == none
      || std::holds_alternative<ev::budget_breached>(next))
    return;
  report("M7", run, "a bill above its reservation raised no breach");
  run.breach_due = none;
  run.breached = any_breach = true;
}

void books::check_missing_warnings(run_book& run) {
  if (run.crew == nullptr || run.journal_broken || run.unknown)
    return;
  const std::array<wide, 3> spent{run.spent, run.spent_tokens,
                                  wide{run.calls_ended}};
  const std::array<std::uint64_t, 3> most{
      static_cast<std::uint64_t>(run.most.cost), run.most.tokens,
      run.most.calls};
  const auto& shares = run.crew->limits.warn_at_percent;
  for (std::size_t i = 0; i < most.size(); ++i) {
    const bool is_open =
        most[i] == no_ceiling || most[i] == 0
        || (i == 0 && core::pico_usd{run.most.cost} == core::pico_usd::max())
        // Nested runs tell their till how many calls they made, nobody else.
        || (i == 2 && run.has_nested);
    for (std::size_t s = 0; !is_open && s < shares.size(); ++s)
      if (shares[s] <= 100 && !run.warned[i].test(shares[s])
          && is_reached(spent[i], most[i], shares[s], 1))
        report("warned", run,
               std::string{meters[i]} + " reached " + std::to_string(shares[s])
                   + " % without a warning");
  }
}

} // namespace brigade::testkit::detail
