#include "brigade/net/detail/chat_reader.hpp"

#include <algorithm>
#include <utility>

namespace brigade::net::wire {

namespace {

namespace json = boost::json;

/// Any error stops the parser; which one does not matter to the caller.
bool stop(json::error_code& ec) {
  ec = json::error::syntax;
  return false;
}

} // namespace

chat_handler::field chat_handler::next_field(std::string_view key) const {
  using entry = std::pair<std::string_view, field>;
  auto find = [key](std::initializer_list<entry> entries) {
    for (const auto& [name, value] : entries)
      if (name == key)
        return value;
    return field::none;
  };
  switch (here()) {
  case place::root:
    return find({{"error", field::error},
                 {"choices", field::choices},
                 {"usage", field::usage}});
  case place::error:
    return find({{"message", field::error_message},
                 {"type", field::error_type},
                 {"code", field::error_code}});
  case place::choice:
    return find(
        {{"finish_reason", field::finish}, {"message", field::message}});
  case place::message:
    return find({{"content", field::content},
                 {"refusal", field::refusal},
                 {"tool_calls", field::tool_calls}});
  case place::part:
    return find({{"type", field::part_type}, {"text", field::part_text}});
  case place::tool_call:
    return find({{"function", field::function}});
  case place::function:
    return find({{"arguments", field::arguments}});
  case place::usage:
    return find({{"prompt_tokens", field::prompt_tokens},
                 {"completion_tokens", field::completion_tokens},
                 {"prompt_tokens_details", field::details}});
  case place::details:
    return find({{"cached_tokens", field::cached_tokens}});
  default:
    return field::none;
  }
}

chat_handler::place chat_handler::child_object() {
  if (depth_ == 0) {
    out_.is_object = true;
    return place::root;
  }
  switch (here()) {
  case place::choices:
    if (std::exchange(choice_taken_, true))
      return place::elsewhere;
    out_.has_choice = true;
    return place::choice;
  case place::parts:
    part_type_.clear();
    part_text_.clear();
    seen_ &= ~((1u << static_cast<unsigned>(field::part_type))
               | (1u << static_cast<unsigned>(field::part_text)));
    return place::part;
  case place::tool_calls:
    return std::exchange(tool_taken_, true) ? place::elsewhere
                                            : place::tool_call;
  default:
    break;
  }
  switch (field_) {
  case field::error:
    out_.has_error = true;
    return place::error;
  case field::message:
    return place::message;
  case field::function:
    return place::function;
  case field::usage:
    out_.has_usage = true;
    return place::usage;
  case field::details:
    return place::details;
  default:
    on_other();
    return place::elsewhere;
  }
}

chat_handler::place chat_handler::child_array() {
  switch (field_) {
  case field::choices:
    return place::choices;
  case field::content:
    out_.content.emplace();
    return place::parts;
  case field::tool_calls:
    return place::tool_calls;
  default:
    on_other();
    return place::elsewhere;
  }
}

bool chat_handler::enter(place p, error_code& ec) {
  if (depth_ == places_max)
    return stop(ec);
  at_[depth_++] = p;
  field_ = field::none;
  return true;
}

void chat_handler::leave() {
  --depth_;
  field_ = field::none;
}

bool chat_handler::on_object_begin(error_code& ec) {
  return enter(child_object(), ec);
}

bool chat_handler::on_object_end(std::size_t, error_code&) {
  // Other parts hold reasoning, pictures or sound.
  if (here() == place::part
      && (part_type_.empty() || part_type_ == "text"
          || part_type_ == "output_text"))
    *out_.content += part_text_;
  leave();
  return true;
}

bool chat_handler::on_array_begin(error_code& ec) {
  return enter(child_array(), ec);
}

bool chat_handler::on_array_end(std::size_t, error_code&) {
  leave();
  return true;
}

bool chat_handler::on_key_part(string_view part, std::size_t, error_code&) {
  auto room = key_bytes_max - key_bytes_;
  auto bytes = std::min(part.size(), room);
  std::copy_n(part.data(), bytes, key_.data() + key_bytes_);
  key_bytes_ += bytes;
  return true;
}

bool chat_handler::on_key(string_view part, std::size_t total, error_code& ec) {
  if (here() == place::elsewhere) {
    key_bytes_ = 0;
    return true;
  }
  std::string_view key{part.data(), part.size()};
  if (key_bytes_ != 0) {
    on_key_part(part, total, ec);
    key = {key_.data(), key_bytes_};
  }
  // A key that did not fit is none of ours.
  field_ = total > key_bytes_max ? field::none : next_field(key);
  key_bytes_ = 0;
  if (field_ == field::none)
    return true;
  auto bit = 1u << static_cast<unsigned>(field_);
  if ((seen_ & bit) != 0)
    return stop(ec);
  seen_ |= bit;
  return true;
}

std::string* chat_handler::text_target() {
  switch (field_) {
  case field::error:
    // Some servers give the error as a text.
    out_.has_error = true;
    return &out_.error_message;
  case field::error_message:
    return &out_.error_message;
  case field::error_type:
    return &out_.error_type;
  case field::error_code:
    return &out_.error_code;
  case field::finish:
    return &out_.finish;
  case field::content:
    return out_.content ? &*out_.content : &out_.content.emplace();
  case field::refusal:
    return &out_.refusal;
  case field::part_type:
    return &part_type_;
  case field::part_text:
    return &part_text_;
  case field::arguments:
    return out_.arguments ? &*out_.arguments : &out_.arguments.emplace();
  default:
    on_other();
    return nullptr;
  }
}

bool chat_handler::on_string_part(string_view part, std::size_t, error_code&) {
  if (field_ != field::none)
    if (auto* target = text_target())
      target->append(part.data(), part.size());
  return true;
}

bool chat_handler::on_string(string_view part, std::size_t total,
                             error_code& ec) {
  on_string_part(part, total, ec);
  field_ = field::none;
  return true;
}

void chat_handler::on_tokens(std::optional<std::uint64_t> value) {
  if (!value || *value > tokens_max_) {
    out_.usage_is_bad = true;
    return;
  }
  if (field_ == field::prompt_tokens)
    out_.prompt_tokens = value;
  else if (field_ == field::completion_tokens)
    out_.completion_tokens = value;
  else
    out_.cached_tokens = *value;
}

bool chat_handler::on_uint64(std::uint64_t value, string_view, error_code&) {
  switch (field_) {
  case field::prompt_tokens:
  case field::completion_tokens:
  case field::cached_tokens:
    on_tokens(value);
    break;
  case field::error_code:
    out_.error_code = std::to_string(value);
    break;
  default:
    break;
  }
  field_ = field::none;
  return true;
}

bool chat_handler::on_int64(std::int64_t value, string_view text,
                            error_code& ec) {
  if (value >= 0)
    return on_uint64(static_cast<std::uint64_t>(value), text, ec);
  return on_other();
}

bool chat_handler::on_double(double, string_view, error_code&) {
  return on_other();
}

bool chat_handler::on_null(error_code&) {
  // `"prompt_tokens": null` means unknown; `"cached_tokens": null` none.
  field_ = field::none;
  return true;
}

/// A value of a type that its field does not have.
bool chat_handler::on_other() {
  switch (field_) {
  case field::prompt_tokens:
  case field::completion_tokens:
  case field::cached_tokens:
  case field::details:
  case field::usage:
    out_.usage_is_bad = true;
    break;
  default:
    break;
  }
  field_ = field::none;
  return true;
}

bool read_chat(std::string_view body, std::size_t depth_max,
               std::uint64_t tokens_max, chat_fields& out) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<chat_handler> parser{options, out, tokens_max};
  json::error_code ec;
  auto bytes = parser.write_some(false, body.data(), body.size(), ec);
  return !ec && parser.done() && bytes == body.size();
}

} // namespace brigade::net::wire
