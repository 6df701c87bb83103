/// Bounds the time of each try by the provider's own setting.
#pragma once

#include "brigade/core/model/provider.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace brigade::app {

/// `call_timeout_ms` of a crew file: a try ends after it even when its run
/// would wait longer. Thread-safe as the provider behind it.
class time_limited_provider : public core::provider {
public:
  time_limited_provider(std::shared_ptr<core::provider> behind,
                        std::chrono::milliseconds limit)
      : behind_(std::move(behind)), limit_(limit) {
    // nop
  }

  std::string encode(const core::model_request& request) const override {
    return behind_->encode(request);
  }

  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds time_limit, done_fn done) override {
    behind_->send(id, call, std::min(time_limit, limit_), std::move(done));
  }

  void cancel(core::try_id id) override { behind_->cancel(id); }

private:
  std::shared_ptr<core::provider> behind_;
  std::chrono::milliseconds limit_;
};

} // namespace brigade::app
