/// The built-in extractive model. It is no language model: it finds, quotes and
/// compares sentences of the documents in its prompt. A model like any other
/// in its interface: a request is encoded into a body, a body is answered with
/// text and usage. Deterministic, without state, from any thread.
#pragma once

#include "brigade/core/model/model.hpp"

#include <string>
#include <string_view>

namespace brigade::core::extractive {

/// A body that is longer is refused unread: 64 documents of 16 MiB each would
/// not fit into memory several times over.
inline constexpr std::size_t body_bytes_max = 268'435'456;

/// How many bytes count as a token in `model_reply::usage`; rounded up.
inline constexpr std::size_t bytes_per_token = 4;

/// The JSON body of a request: role, messages, output limit and whether a
/// schema was asked for.
std::string encode(const model_request& request);

/// Answers a body that `encode` made. A reply keeps to the output limit; one
/// that had to be cut says `length`. A body that cannot be read is answered
/// with `refused` and a sentence that says why. Never throws.
model_reply answer(std::string_view body) noexcept;

} // namespace brigade::core::extractive
