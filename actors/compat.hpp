/// The one place that spells CAF's version: signatures, timers and spawn
/// hygiene go through here, so that another CAF is a change in one file.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/replies_to.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>
#include <caf/skip.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <utility>

/// Declares a struct as a message. Messages never leave the process through
/// CAF; what could leave it has a JSON form in `core`. Use it at global scope.
#define BRIGADE_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)

namespace brigade::actors {

/// A message without an answer.
template <class Message>
using tells = caf::reacts_to<Message>;

/// A message with an answer.
template <class Question, class Answer>
using asks = typename caf::replies_to<Question>::template with<Answer>;

/// Sends `message` to `self` after `delay`. The timer cannot be cancelled and
/// keeps the actor's shell (about 1 KiB) until it is due: for short waits only.
template <class Self, class Message>
void send_later(Self* self, std::chrono::milliseconds delay, Message message) {
  self->delayed_send(self, delay, std::move(message));
}

/// Installs the handlers that every actor of ours needs: an exception must not
/// print its text (it may hold a prompt or a secret), and an unexpected message
/// must not be printed either.
inline void guard(caf::scheduled_actor* self) {
  self->set_exception_handler(
      [](caf::scheduled_actor*, std::exception_ptr&) -> caf::error {
        return caf::sec::runtime_error;
      });
  self->set_default_handler(caf::drop);
}

/// The monotonic time of the actor's clock, virtual under a test scheduler.
template <class Self>
caf::actor_clock::time_point now(Self* self) {
  return self->clock().now();
}

} // namespace brigade::actors
