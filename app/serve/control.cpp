#include "brigade/app/serve/control.hpp"

#include <chrono>
#include <future>
#include <string_view>
#include <utility>

namespace brigade::app::serve {

namespace {

using reply = net::api::reply<net::api::done>;

void ask(run_service& service, const control_request& asked, reply then) {
  const auto client = service.client_of(asked.run);
  if (!client) {
    then(net::api::refusal{409, "not_here",
                           "it does not work on run " + asked.run.text});
    return;
  }
  const auto& decision = asked.decision;
  if (decision.kind == core::decision_kind::cancel) {
    service.cancel(*client, asked.run, decision.comment, std::move(then));
    return;
  }
  net::api::plan_decision what;
  what.approved = decision.kind == core::decision_kind::approve;
  what.comment = decision.comment;
  what.plan_text = decision.plan_text;
  service.decide(*client, asked.run, std::move(what), std::move(then));
}

} // namespace

control_answer answer_of(const net::api::refusal& why) {
  control_answer out{false, why.code, why.detail, {}};
  if (why.faults.empty()) {
    return out;
  }
  out.code = "plan_faults";
  for (const auto& fault : why.faults) {
    constexpr std::string_view of_body = "/plan";
    core::plan_fault told;
    told.pointer = fault.pointer.starts_with(of_body)
                       ? fault.pointer.substr(of_body.size())
                       : fault.pointer;
    const auto end = fault.message.find(": ");
    told.code = fault.message.substr(0, end);
    if (end != std::string::npos) {
      told.message = fault.message.substr(end + 2);
    }
    out.faults.push_back(std::move(told));
  }
  return out;
}

control_socket::handler control_handler(std::shared_ptr<net::io_thread> io,
                                        std::weak_ptr<run_service> service) {
  return [io = std::move(io),
          service = std::move(service)](const control_request& asked) {
    // Shared: the answer may come when nobody waits for it any more.
    const auto told = std::make_shared<std::promise<control_answer>>();
    auto answer = told->get_future();
    net::post_to(*io, [told, service, asked] {
      const auto here = service.lock();
      if (!here) {
        told->set_value({false, "failed", "it is shutting down", {}});
        return;
      }
      ask(*here, asked, [told](auto result) {
        const auto* why = std::get_if<net::api::refusal>(&result);
        told->set_value(why != nullptr ? answer_of(*why) : control_answer{});
      });
    });
    const control_answer late{false, "failed", "it is too busy to answer", {}};
    if (answer.wait_for(std::chrono::milliseconds{control_answer_ms_max})
        != std::future_status::ready) {
      return late;
    }
    try {
      return answer.get();
    } catch (const std::future_error&) {
      return late; // The request broke, and nobody will answer it.
    }
  };
}

} // namespace brigade::app::serve
