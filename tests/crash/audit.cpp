#include "audit.hpp"

#include "brigade/core/run/run_state.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace brigade::crash {

namespace {

using core::events::call_in_doubt;
using core::events::call_intended;
using core::events::call_settled;
using core::events::run_finished;

/// One body over all of a run's lives.
struct request {
  std::size_t intended = 0;
  std::size_t settled = 0;
  std::size_t in_doubt = 0;
  std::int64_t settled_pico = 0;
  std::int64_t in_doubt_pico = 0;
  std::size_t received = 0;
  /// Of one receipt: the same for all.
  std::int64_t bill_pico = 0;
};

std::map<std::string, request>
requests_of(const std::vector<core::event_ptr>& log) {
  std::map<std::string, request> all;
  std::map<core::call_id, request*> open;
  for (const auto& e : log) {
    if (const auto* intent = std::get_if<call_intended>(&e->body)) {
      auto& one = all[intent->request.str()];
      ++one.intended;
      open[intent->id] = &one;
    } else if (const auto* end = std::get_if<call_settled>(&e->body)) {
      auto& one = *open.at(end->id);
      // A call that was never sent is settled with nothing.
      if (end->charged.value == 0 && end->code != core::outcome_code::ok) {
        --one.intended;
      } else if (end->code != core::outcome_code::ok) {
        // Cancelled on its way: charged in full, as one in doubt is.
        ++one.in_doubt;
        one.in_doubt_pico += end->charged.value;
      } else {
        ++one.settled;
        one.settled_pico += end->charged.value;
      }
    } else if (const auto* doubt = std::get_if<call_in_doubt>(&e->body)) {
      auto& one = *open.at(doubt->id);
      ++one.in_doubt;
      one.in_doubt_pico += doubt->charged.value;
    }
  }
  return all;
}

std::string shortened(const std::string& body) {
  return body.size() <= 160 ? body : "..." + body.substr(body.size() - 160);
}

void check_request(const std::string& body, const request& one,
                   std::vector<std::string>& faults) {
  const auto say = [&](const std::string& what) {
    faults.push_back(what + " (intended " + std::to_string(one.intended)
                     + ", settled " + std::to_string(one.settled)
                     + ", in doubt " + std::to_string(one.in_doubt)
                     + ", received " + std::to_string(one.received)
                     + "): " + shortened(body));
  };
  if (one.received > one.intended)
    say("sent without an intent");
  if (one.settled > 1)
    say("bought again although it was settled");
  if (one.received > one.settled + one.in_doubt)
    say("sent more often than settled or in doubt");
  if (one.received < one.settled)
    say("settled without having been sent");
  if (one.settled_pico
      != one.bill_pico * static_cast<std::int64_t>(one.settled))
    say("settled for another sum than was billed");
  const auto doubtful = one.received - std::min(one.received, one.settled);
  if (one.in_doubt_pico < one.bill_pico * static_cast<std::int64_t>(doubtful))
    say("in doubt for less than was billed");
}

} // namespace

std::size_t calls_in_flight(const std::vector<core::event_ptr>& log) {
  std::size_t open = 0;
  for (const auto& e : log) {
    open += std::holds_alternative<call_intended>(e->body) ? 1 : 0;
    open -= std::holds_alternative<call_settled>(e->body)
                    || std::holds_alternative<call_in_doubt>(e->body)
                ? 1
                : 0;
  }
  return open;
}

std::string answer_of(const std::vector<core::event_ptr>& log) {
  const auto* end =
      log.empty() ? nullptr : std::get_if<run_finished>(&log.back()->body);
  return end != nullptr ? end->answer.str() : std::string{};
}

bool has_ended(const std::vector<core::event_ptr>& log) {
  return !log.empty() && std::holds_alternative<run_finished>(log.back()->body);
}

std::vector<std::string> audit(const std::vector<core::event_ptr>& log,
                               const std::vector<receipt>& books,
                               std::size_t in_flight) {
  std::vector<std::string> faults;
  auto all = requests_of(log);
  std::int64_t billed = 0;
  for (const auto& one : books) {
    auto& place = all[one.body];
    ++place.received;
    place.bill_pico = one.billed_pico;
    billed += one.billed_pico;
  }
  std::size_t in_doubt = 0;
  std::int64_t settled_pico = 0;
  std::int64_t in_doubt_pico = 0;
  for (const auto& [body, one] : all) {
    check_request(body, one, faults);
    in_doubt += one.in_doubt;
    settled_pico += one.settled_pico;
    in_doubt_pico += one.in_doubt_pico;
  }
  if (in_doubt > in_flight)
    faults.push_back(std::to_string(in_doubt) + " calls in doubt, but "
                     + std::to_string(in_flight)
                     + " were in flight at the kills");
  core::run_state state;
  for (const auto& e : log)
    state.apply(*e);
  if (state.spent.value != settled_pico + in_doubt_pico)
    faults.push_back("spent " + std::to_string(state.spent.value)
                     + " is not what was settled and in doubt, "
                     + std::to_string(settled_pico + in_doubt_pico));
  if (state.spent.value < billed)
    faults.push_back("spent " + std::to_string(state.spent.value)
                     + " is less than the provider's bill of "
                     + std::to_string(billed));
  if (state.reserved.value != 0)
    faults.push_back("money is reserved after the end");
  return faults;
}

} // namespace brigade::crash
