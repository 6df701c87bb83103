/// What a deterministic system is about to deliver.
#pragma once

#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>

#include <functional>
#include <string_view>
#include <utility>

namespace brigade::testkit {

/// Valid during the call of a hook only.
class delivery {
public:
  /// `element` is null when the actor is only started, `receiver` when what
  /// runs is no actor.
  delivery(caf::scheduled_actor* receiver, caf::mailbox_element* element)
      : receiver_(receiver), element_(element) {
    // nop
  }

  /// The receiver's name: `brigade.worker`, ...
  std::string_view receiver() const {
    return receiver_ != nullptr ? receiver_->name() : "";
  }

  /// Whether the receiver does its very first step.
  bool starts() const {
    return receiver_ != nullptr
           && !receiver_->getf(caf::abstract_actor::is_initialized_flag);
  }

  /// The message, or null when there is none or it is no `Message`.
  template <class Message>
  const Message* get() const {
    if (element_ == nullptr
        || !element_->content().template match_elements<Message>())
      return nullptr;
    return &element_->content().template get_as<Message>(0);
  }

  /// Whether this is a message between actors: no request, no answer and
  /// nothing that the actor system itself says.
  bool is_ordinary() const;

  /// Puts a copy of the message behind all others of the receiver.
  void repeat() const;

  /// The same for later: what it returns may be called once the hook is over.
  /// It does nothing when the receiver has ended.
  std::function<void()> to_repeat() const;

  /// Puts a message of the test behind all others of the receiver.
  template <class Message>
  void follow_with(Message message) const {
    receiver_->eq_impl(caf::make_message_id(), nullptr, nullptr,
                       std::move(message));
  }

private:
  caf::scheduled_actor* receiver_;
  caf::mailbox_element* element_;
};

} // namespace brigade::testkit
