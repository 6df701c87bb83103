#include "brigade/actors/recalling_provider.hpp"

#include "brigade/core/model/digest.hpp"

#include <utility>

namespace brigade::actors {

namespace {

class recalling_provider : public core::provider {
public:
  recalling_provider(std::shared_ptr<core::provider> inner,
                     std::shared_ptr<const paid_replies> replies)
      : inner_(std::move(inner)), replies_(std::move(replies)) {
    // nop
  }

  std::string encode(const core::model_request& request) const override {
    return inner_->encode(request);
  }

  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds time_limit, done_fn done) override {
    const auto known = replies_->find(core::sha256_hex(call.body.view()));
    if (known == replies_->end()) {
      inner_->send(id, call, time_limit, std::move(done));
      return;
    }
    core::outcome result;
    result.code = core::outcome_code::ok;
    result.reply = known->second;
    // Nothing is billed for it, and nothing is read or written.
    result.reply.usage.reset();
    result.bill = core::allowance{{}, 0, 1, 0};
    done(std::move(result));
  }

  void cancel(core::try_id id) override { inner_->cancel(id); }

private:
  std::shared_ptr<core::provider> inner_;
  std::shared_ptr<const paid_replies> replies_;
};

} // namespace

std::shared_ptr<core::provider>
make_recalling_provider(std::shared_ptr<core::provider> inner,
                        std::shared_ptr<const paid_replies> replies) {
  return std::make_shared<recalling_provider>(std::move(inner),
                                              std::move(replies));
}

} // namespace brigade::actors
