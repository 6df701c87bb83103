#include "brigade/testkit/delivery.hpp"

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

} // namespace brigade::testkit
