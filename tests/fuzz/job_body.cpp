// Whatever a client sends as the body of a job, of a decision or of a chat:
// nothing breaks, what is accepted is within its bounds, and what is not is
// refused with its reasons.
#include "brigade/net/api/job_body.hpp"
#include "brigade/core/run/input.hpp"
#include "brigade/net/api/chat_body.hpp"
#include "brigade/net/api/chat_order.hpp"
#include "brigade/net/api/json_body.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

namespace {

using namespace brigade;
using namespace brigade::net::api;

void require(bool condition) {
  if (!condition)
    std::abort();
}

void check(const refusal& why) {
  require(why.status == 400 || why.status == 422);
  require(!why.code.empty() && !why.detail.empty());
  require(why.faults.size() <= body_faults_max);
  for (const auto& fault : why.faults)
    require(fault.pointer.empty() || fault.pointer.front() == '/');
  // Both forms of it can be written.
  require(problem_of(why).status == why.status);
  require(openai_error_of(why).status == why.status);
}

void check(const job_order& order) {
  require(!order.goal.empty() && core::is_text(order.goal));
  require(order.inputs.size() <= job_inputs_max);
  for (const auto& input : order.inputs) {
    require(!input.name.empty() && input.name.size() <= input_name_bytes_max);
    require(core::is_text(input.name) && core::is_text(input.text));
  }
  require(!order.cost_max || order.cost_max->value >= 0);
  require(!order.tasks_max || *order.tasks_max > 0);
  require(!order.deadline_ms || *order.deadline_ms > 0);
}

void check(const plan_decision& decision) {
  require(decision.approved || !decision.plan_text);
}

void check(const chat_request& chat) {
  require(chat.messages.size() <= chat_messages_max);
  auto order = order_of(chat, "crew");
  check(order);
  require(!call_of(chat, "crew").prompt.empty());
  static_cast<void>(is_side_request(chat, {}));
}

template <class T>
void check(const std::variant<T, refusal>& read) {
  std::visit([](const auto& each) { check(each); }, read);
}

} // namespace

/// The first byte chooses whose body the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view body{reinterpret_cast<const char*>(data) + 1,
                              size - 1};
  switch (data[0] % 4) {
  case 0:
    check(read_job(body, "crew"));
    break;
  case 1:
    check(read_decision(body, true));
    break;
  case 2:
    check(read_decision(body, false));
    break;
  default:
    check(read_chat(body));
    break;
  }
  return 0;
}
