#include "brigade/testkit/delivery.hpp"

#include <caf/actor_cast.hpp>
#include <caf/system_messages.hpp>

namespace brigade::testkit {

bool delivery::is_ordinary() const {
  if (element_ == nullptr || !element_->mid.is_async())
    return false;
  const auto& content = element_->content();
  return !content.match_elements<caf::exit_msg>()
         && !content.match_elements<caf::down_msg>()
         && !content.match_elements<caf::timeout_msg>();
}

void delivery::repeat() const {
  receiver_->enqueue(element_->sender, element_->mid,
                     element_->copy_content_to_message(), nullptr);
}

std::function<void()> delivery::to_repeat() const {
  return [receiver = caf::actor_cast<caf::weak_actor_ptr>(
              caf::strong_actor_ptr{receiver_->ctrl()}),
          mid = element_->mid, message = element_->copy_content_to_message()] {
    if (auto alive = caf::actor_cast<caf::strong_actor_ptr>(receiver))
      alive->get()->enqueue(nullptr, mid, message, nullptr);
  };
}

} // namespace brigade::testkit
