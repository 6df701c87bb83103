#include "brigade/actors/recorded_provider.hpp"

#include "brigade/core/model/digest.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace brigade::actors {

class recorded_answers {
public:
  explicit recorded_answers(core::reply_script script)
      : script_(std::move(script)) {
    // nop
  }

  core::outcome next(const std::string& hash) {
    std::lock_guard guard{mutex_};
    const auto known = script_.find(hash);
    if (known == script_.end() || known->second.empty()) {
      ++unknown_;
      core::outcome result;
      result.message = "nothing is recorded for the request " + hash
                       + "; a replay sends nothing";
      return result;
    }
    const auto& answers = known->second;
    auto& given = given_[hash];
    auto result = answers[std::min(given, answers.size() - 1)];
    ++given;
    if (result.code != core::outcome_code::ok)
      result.should_retry = given < answers.size();
    return result;
  }

  std::size_t unknown() const {
    std::lock_guard guard{mutex_};
    return unknown_;
  }

private:
  mutable std::mutex mutex_;
  const core::reply_script script_;
  std::unordered_map<std::string, std::size_t> given_;
  std::size_t unknown_ = 0;
};

namespace {

class recorded_provider : public core::provider {
public:
  recorded_provider(encode_fn encode, std::shared_ptr<recorded_answers> answers)
      : encode_(std::move(encode)), answers_(std::move(answers)) {
    // nop
  }

  std::string encode(const core::model_request& request) const override {
    return encode_(request);
  }

  void send(core::try_id, const core::prepared_call& call,
            std::chrono::milliseconds, done_fn done) override {
    done(answers_->next(core::sha256_hex(call.body.view())));
  }

  void cancel(core::try_id) override {
    // Every try has ended before `send` returned.
  }

private:
  encode_fn encode_;
  std::shared_ptr<recorded_answers> answers_;
};

} // namespace

std::shared_ptr<recorded_answers>
make_recorded_answers(core::reply_script script) {
  return std::make_shared<recorded_answers>(std::move(script));
}

std::shared_ptr<core::provider>
make_recorded_provider(encode_fn encode,
                       std::shared_ptr<recorded_answers> answers) {
  return std::make_shared<recorded_provider>(std::move(encode),
                                             std::move(answers));
}

std::size_t unknown_requests(const recorded_answers& answers) {
  return answers.unknown();
}

} // namespace brigade::actors
