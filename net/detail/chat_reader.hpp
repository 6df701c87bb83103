/// Picks the members of a chat completion that mean something to us out of
/// its JSON text, without building a document: a hostile reply of nested
/// arrays costs no memory, and a key given twice is seen.
#pragma once

#include <boost/json/basic_parser_impl.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::net::wire {

/// What was found. Texts are decoded, not yet masked.
struct chat_fields {
  bool is_object = false;
  bool has_error = false;
  std::string error_message;
  std::string error_type;
  std::string error_code;
  bool has_choice = false;
  std::string finish;
  std::optional<std::string> content;
  std::string refusal;
  std::optional<std::string> arguments;
  bool has_usage = false;
  /// A token count that is no integer or out of range.
  bool usage_is_bad = false;
  std::optional<std::uint64_t> prompt_tokens;
  std::optional<std::uint64_t> completion_tokens;
  std::uint64_t cached_tokens = 0;
};

/// Reads `body`; false when it is not one whole JSON text that nests at most
/// `depth_max` deep, is not UTF-8, or gives one of our keys twice.
bool read_chat(std::string_view body, std::size_t depth_max,
               std::uint64_t tokens_max, chat_fields& out);

/// The handler of `boost::json::basic_parser`. It keeps the place of each open
/// object or array and the field that the next value belongs to.
class chat_handler {
public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  chat_handler(chat_fields& out, std::uint64_t tokens_max)
      : out_(out), tokens_max_(tokens_max) {
    // nop
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec);
  bool on_object_end(std::size_t, error_code&);
  bool on_array_begin(error_code& ec);
  bool on_array_end(std::size_t, error_code&);
  bool on_key_part(string_view part, std::size_t, error_code&);
  bool on_key(string_view part, std::size_t, error_code& ec);
  bool on_string_part(string_view part, std::size_t, error_code&);
  bool on_string(string_view part, std::size_t, error_code&);
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code&);
  bool on_uint64(std::uint64_t value, string_view, error_code&);
  bool on_double(double, string_view, error_code&);
  bool on_bool(bool, error_code&) { return on_other(); }
  bool on_null(error_code&);
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

private:
  enum class place : std::uint8_t {
    elsewhere,
    root,
    error,
    choices,
    choice,
    message,
    parts,
    part,
    tool_calls,
    tool_call,
    function,
    usage,
    details,
  };

  enum class field : std::uint8_t {
    none,
    error,
    choices,
    usage,
    error_message,
    error_type,
    error_code,
    finish,
    message,
    content,
    refusal,
    tool_calls,
    part_type,
    part_text,
    function,
    arguments,
    prompt_tokens,
    completion_tokens,
    details,
    cached_tokens,
  };

  /// Deeper than the parser ever goes.
  static constexpr std::size_t places_max = 64;
  /// Longer than any key that we know.
  static constexpr std::size_t key_bytes_max = 32;

  place here() const {
    return depth_ == 0 ? place::elsewhere : at_[depth_ - 1];
  }
  field next_field(std::string_view key) const;
  place child_object();
  place child_array();
  bool enter(place p, error_code& ec);
  void leave();
  std::string* text_target();
  void on_tokens(std::optional<std::uint64_t> value);
  bool on_other();

  chat_fields& out_;
  std::uint64_t tokens_max_;
  std::array<place, places_max> at_{};
  std::size_t depth_ = 0;
  field field_ = field::none;
  /// Fields given so far, one bit each.
  std::uint32_t seen_ = 0;
  bool choice_taken_ = false;
  bool tool_taken_ = false;
  std::array<char, key_bytes_max> key_{};
  std::size_t key_bytes_ = 0;
  std::string part_type_;
  std::string part_text_;
};

} // namespace brigade::net::wire
