#include "brigade/actors/builtin_provider.hpp"

#include "brigade/actors/compat.hpp"
#include "brigade/core/extractive/extractive.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace brigade::actors {

namespace {

/// Tries that are being computed, and whether they were cancelled meanwhile.
class try_register {
public:
  void add(core::try_id id) {
    std::lock_guard guard{mutex_};
    cancelled_.emplace(id, false);
  }

  void cancel(core::try_id id) {
    std::lock_guard guard{mutex_};
    if (auto i = cancelled_.find(id); i != cancelled_.end())
      i->second = true;
  }

  bool is_cancelled(core::try_id id) const {
    std::lock_guard guard{mutex_};
    auto i = cancelled_.find(id);
    return i != cancelled_.end() && i->second;
  }

  bool remove(core::try_id id) {
    std::lock_guard guard{mutex_};
    auto node = cancelled_.extract(id);
    return !node.empty() && node.mapped();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<core::try_id, bool> cancelled_;
};

core::outcome compute(const core::prepared_call& call, bool cancelled) {
  core::outcome result;
  if (cancelled) {
    result.code = core::outcome_code::not_sent;
    result.message = "cancelled before it began";
    return result;
  }
  result.code = core::outcome_code::ok;
  result.reply = core::extractive::answer(call.body.view());
  return result;
}

/// One call, then the actor ends.
void work(caf::event_based_actor* self,
          const std::shared_ptr<try_register>& tries, core::try_id id,
          const core::prepared_call& call,
          const core::provider::done_fn& done) {
  guard(self);
  auto result = compute(call, tries->is_cancelled(id));
  if (tries->remove(id) && result.code == core::outcome_code::ok) {
    result = {};
    result.code = core::outcome_code::cancelled;
    result.message = "cancelled";
  }
  done(std::move(result));
}

class builtin_provider : public core::provider {
public:
  explicit builtin_provider(caf::actor_system& system) : system_(system) {
    // nop
  }

  std::string encode(const core::model_request& request) const override {
    return core::extractive::encode(request);
  }

  void send(core::try_id id, const core::prepared_call& call,
            std::chrono::milliseconds, done_fn done) override {
    tries_->add(id);
    system_.spawn<caf::hidden>(work, tries_, id, call, std::move(done));
  }

  void cancel(core::try_id id) override { tries_->cancel(id); }

private:
  caf::actor_system& system_;
  std::shared_ptr<try_register> tries_ = std::make_shared<try_register>();
};

} // namespace

std::shared_ptr<core::provider>
make_builtin_provider(caf::actor_system& system) {
  return std::make_shared<builtin_provider>(system);
}

} // namespace brigade::actors
