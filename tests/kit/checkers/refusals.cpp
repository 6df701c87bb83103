// R2, M4 and M6 from the other side: what is refused for want of money, tokens
// or calls really did not fit. A reservation that was lost shows here.

#include "books.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace brigade::testkit::detail {

namespace {

/// The first number in `text` after `marker`, in units of 1e-12, as messages
/// write money: `$0.0125`.
std::optional<wide> number_after(std::string_view text,
                                 std::string_view marker) {
  constexpr int decimals = 12;
  const auto found = text.find(marker);
  if (found == std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(found + marker.size());
  const auto first = text.find_first_of("0123456789");
  if (first == std::string_view::npos)
    return std::nullopt;
  wide value = 0;
  int places = -1;
  for (char c : text.substr(first)) {
    if (c == '.' && places < 0)
      places = 0;
    else if (c < '0' || c > '9' || places == decimals)
      break;
    else {
      value = 10 * value + (c - '0');
      places += places < 0 ? 0 : 1;
    }
  }
  for (places = places < 0 ? 0 : places; places < decimals; ++places)
    value *= 10;
  return value;
}

} // namespace

void books::check_refusal(run_book& run, std::string_view code,
                          std::string_view message) {
  // Whoever asks again asks the same, in every life.
  if (code == "request_changed" && !run.order_changed && !run.unknown)
    report("R2", run, "a request changed: " + std::string{message});
  if (code != "over_budget")
    return;
  const auto needed = number_after(message, " could ");
  const auto left = number_after(message, " but only ");
  if (!needed || !left)
    return; // Not the till's words: a nested run's, or the run's own.
  if (*needed <= *left)
    report("fits", run,
           "a call is refused though it fits: " + std::string{message});
  // Spending only goes up, so no more can be left now than was left then.
  const bool is_money = message.find(" but only $") != std::string_view::npos;
  if (is_money && !run.unknown && !run.breached && !run.journal_broken
      && !run.order_changed
      && *left < wide{run.most.cost} - run.spent - run.share)
    report("fits", run,
           "a call is refused for less than is left: " + std::string{message});
}

} // namespace brigade::testkit::detail
