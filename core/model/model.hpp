/// What is asked of a model and what it answers, independent of any provider.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::core {

/// Text that many events, messages and states share without copying it.
/// Immutable after construction, so it may cross threads.
class shared_text {
public:
  shared_text() = default;

  explicit shared_text(std::string text)
      : text_(std::make_shared<const std::string>(std::move(text))) {
    // nop
  }

  const std::string& str() const {
    static const std::string empty;
    return text_ ? *text_ : empty;
  }

  std::string_view view() const { return str(); }

  bool empty() const { return !text_ || text_->empty(); }

  friend bool operator==(const shared_text& lhs, const shared_text& rhs) {
    return lhs.str() == rhs.str();
  }

private:
  std::shared_ptr<const std::string> text_;
};

/// Who in the crew makes a call.
enum class call_role : std::uint8_t {
  planner,
  worker,
  synthesizer,
};

/// `planner`, `worker` or `synthesizer`.
std::string_view to_string(call_role role);
std::optional<call_role> parse_call_role(std::string_view text);

/// The speaker of a message to a model.
enum class speaker : std::uint8_t {
  system,
  user,
  assistant,
};

struct message {
  speaker from = speaker::user;
  std::string content;
};

/// Asks for output that follows a JSON Schema.
struct schema_request {
  /// `[A-Za-z0-9_-]{1,64}`, as OpenAI requires it.
  std::string name;
  /// The schema as JSON text, in the portable strict subset: every property is
  /// required, every object is closed, optional means nullable.
  shared_text schema;
};

/// One purchase, before it is serialised.
struct model_request {
  call_role role = call_role::worker;
  /// The model's alias in the crew.
  std::string model;
  std::vector<message> messages;
  std::optional<schema_request> schema;
  /// The output limit that is really sent; part of the worst case.
  std::uint32_t output_tokens_max = 0;
};

/// Tokens as a provider reports them. `input_tokens` includes cached ones.
struct usage {
  std::uint64_t input_tokens = 0;
  std::uint64_t cached_input_tokens = 0;
  std::uint64_t output_tokens = 0;

  friend bool operator==(const usage&, const usage&) = default;
};

/// Why a model stopped.
enum class finish_reason : std::uint8_t {
  stop,
  /// The output limit cut the reply.
  length,
  /// The provider's filter or the model itself refused.
  refused,
};

std::string_view to_string(finish_reason reason);
std::optional<finish_reason> parse_finish_reason(std::string_view text);

/// One complete answer of a model.
struct model_reply {
  shared_text text;
  finish_reason finish = finish_reason::stop;
  /// Nothing when the provider reported no usage or an impossible one; the
  /// call is then charged in full.
  std::optional<core::usage> usage;
};

} // namespace brigade::core
