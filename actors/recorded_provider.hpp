/// A provider that answers from what was recorded of a run and sends nothing:
/// replays, and tests of a crew against replies that were once real.
#pragma once

#include "brigade/core/model/provider.hpp"
#include "brigade/core/run/recorded_replies.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace brigade::actors {

/// The answers that are left, shared by the providers of one replay.
class recorded_answers;

std::shared_ptr<recorded_answers>
make_recorded_answers(core::reply_script script);

/// Serialises a request exactly as the provider did whose replies were
/// recorded: `core::extractive::encode`, `net::openai_encoder`, or a provider's
/// own `encode`. Pure and thread-safe.
using encode_fn = std::function<std::string(const core::model_request&)>;

/// `send` answers at once, in the caller's thread, with what was recorded for
/// the SHA-256 of the body: the first answer to the first try and so on; the
/// last one is given again to whoever asks more often. A failure says itself
/// whether another try was made. What was never asked gets `not_sent`, with the
/// request's hash in the message.
std::shared_ptr<core::provider>
make_recorded_provider(encode_fn encode,
                       std::shared_ptr<recorded_answers> answers);

/// How many requests were asked for which nothing was recorded.
std::size_t unknown_requests(const recorded_answers& answers);

} // namespace brigade::actors
