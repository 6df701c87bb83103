// The part of a connection that bounds the time of a call.
#include "brigade/net/detail/connection.hpp"

#include "brigade/net/detail/pool.hpp"

#include <string>

namespace brigade::net::detail {

namespace {

using core::outcome_code;
using std::chrono::milliseconds;

std::string in_ms(milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

} // namespace

/// The limit that ends the call if nothing more happens.
connection::due connection::next_due() const {
  due first{call_.deadline, time_limit::call};
  auto consider = [&first](clock::time_point at, time_limit which) {
    if (at < first.at)
      first = {at, which};
  };
  if (is_connecting()) {
    consider(connect_until_, time_limit::connect);
    return first;
  }
  consider(first_byte_until_, time_limit::first_byte);
  const auto idle = pool_.options().read_idle_timeout;
  if (idle.count() > 0 && parser_ && parser_->is_under_way())
    consider(last_byte_at_ + idle, time_limit::idle);
  return first;
}

/// Tells the pool of a limit that is nearer than the one it knows. One that has
/// moved away is noticed when the pool's timer goes off, so that bytes that
/// arrive move no timer.
void connection::watch_limits() {
  if (const auto next = next_due(); next.at < deadline)
    pool_.set_deadline(*this, next.at);
}

void connection::on_deadline() {
  const auto next = next_due();
  if (next.at > clock::now())
    pool_.set_deadline(*this, next.at);
  else
    fail_late(next.which);
}

void connection::fail_late(time_limit which) {
  const auto& options = pool_.options();
  const auto provider = "provider " + options.name;
  const auto is_set_by_option = call_.time_limit == options.call_timeout;
  const auto whole =
      in_ms(call_.time_limit) + (is_set_by_option ? " (call_timeout_ms)" : "");
  const auto no_connection = "no connection to " + provider + " ("
                             + to_string(options.target) + ") within ";
  switch (which) {
  case time_limit::connect:
    fail(outcome_code::connect_timeout,
         no_connection + in_ms(options.connect_timeout)
             + " - nothing was sent; check base_url and the network, or raise "
               "connect_timeout_ms");
    return;
  case time_limit::first_byte:
    fail(outcome_code::first_token_timeout,
         provider + " sent no byte of an answer within "
             + in_ms(options.first_byte_timeout)
             + " - raise first_token_timeout_ms, or use a faster model");
    return;
  case time_limit::idle:
    fail(outcome_code::idle_timeout,
         provider + " began an answer and then sent nothing for "
             + in_ms(options.read_idle_timeout)
             + " - raise idle_timeout_ms if it may pause for longer");
    return;
  case time_limit::call:
    break;
  }
  const auto advice = is_set_by_option ? std::string{"raise call_timeout_ms"}
                                       : std::string{"give the call more time"};
  if (is_connecting())
    fail(outcome_code::connect_timeout, no_connection + whole
                                            + ", all the time that the call "
                                              "had - nothing was sent; "
                                            + advice);
  else
    fail(outcome_code::timed_out, provider + " gave no whole answer within "
                                      + whole + " - " + advice
                                      + ", or use a faster model");
}

} // namespace brigade::net::detail
