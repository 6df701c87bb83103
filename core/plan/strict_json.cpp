#include "brigade/core/plan/strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <vector>

namespace brigade::core {

namespace {

namespace json = boost::json;

/// Up to this many keys are compared with each other; more are sorted.
constexpr std::size_t compared_keys_max = 16;

/// Builds the value and remembers the keys of each open object.
class strict_handler {
public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit strict_handler(json::storage_ptr storage) {
    stack_.reset(std::move(storage));
  }

  json::value release() { return stack_.release(); }

  const std::string& duplicate() const { return duplicate_; }

  bool has_duplicate() const { return has_duplicate_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }

  bool on_object_end(std::size_t count, json::error_code& error) {
    if (!keys_are_unique(count)) {
      error = json::error::syntax;
      return false;
    }
    keys_.resize(keys_.size() - count);
    if (keys_.empty())
      key_bytes_.clear();
    stack_.push_object(count);
    return true;
  }

  bool on_array_begin(json::error_code&) { return true; }

  bool on_array_end(std::size_t count, json::error_code&) {
    stack_.push_array(count);
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_bytes_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
  }

  bool on_key(json::string_view part, std::size_t total, json::error_code&) {
    key_bytes_.append(part.data(), part.size());
    keys_.push_back({key_bytes_.size() - total, total});
    stack_.push_key(part);
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }

  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_string(part);
    return true;
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }

  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    stack_.push_int64(number);
    return true;
  }

  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    stack_.push_uint64(number);
    return true;
  }

  bool on_double(double number, json::string_view, json::error_code&) {
    stack_.push_double(number);
    return true;
  }

  bool on_bool(bool value, json::error_code&) {
    stack_.push_bool(value);
    return true;
  }

  bool on_null(json::error_code&) {
    stack_.push_null();
    return true;
  }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

private:
  struct key_place {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  std::string_view text_of(key_place key) const {
    return std::string_view{key_bytes_}.substr(key.begin, key.size);
  }

  /// Looks at the last `count` keys, those of the object that ends.
  bool keys_are_unique(std::size_t count) {
    auto begin = keys_.end() - static_cast<std::ptrdiff_t>(count);
    auto equal = [this](key_place lhs, key_place rhs) {
      return text_of(lhs) == text_of(rhs);
    };
    auto found = keys_.end();
    if (count <= compared_keys_max) {
      for (auto i = begin; i != keys_.end() && found == keys_.end(); ++i)
        if (std::any_of(begin, i, [&](key_place x) { return equal(x, *i); }))
          found = i;
    } else {
      std::sort(begin, keys_.end(), [this](key_place lhs, key_place rhs) {
        return text_of(lhs) < text_of(rhs);
      });
      found = std::adjacent_find(begin, keys_.end(), equal);
    }
    if (found == keys_.end())
      return true;
    has_duplicate_ = true;
    duplicate_ = text_of(*found);
    return false;
  }

  json::value_stack stack_;
  /// The keys of all open objects, the innermost object's last.
  std::vector<key_place> keys_;
  std::string key_bytes_;
  std::string duplicate_;
  bool has_duplicate_ = false;
};

json_error error_of(const json::error_code& error, bool has_duplicate) {
  if (!error)
    return json_error::none;
  if (has_duplicate)
    return json_error::duplicate_key;
  if (error == json::error::incomplete)
    return json_error::incomplete;
  if (error == json::error::too_deep)
    return json_error::too_deep;
  return json_error::syntax;
}

} // namespace

json_reading read_json_prefix(std::string_view text,
                              boost::json::storage_ptr storage,
                              const json_rules& rules) {
  json::parse_options options;
  options.max_depth = rules.depth_max;
  options.allow_invalid_utf8 = rules.allow_invalid_utf8;
  json::basic_parser<strict_handler> parser(options, std::move(storage));
  json::error_code error;
  json_reading reading;
  reading.end = parser.write_some(false, text.data(), text.size(), error);
  reading.error = error_of(error, parser.handler().has_duplicate());
  if (reading.error == json_error::none)
    reading.value.emplace(parser.handler().release());
  reading.key = parser.handler().duplicate();
  return reading;
}

json_reading read_json(std::string_view text, boost::json::storage_ptr storage,
                       const json_rules& rules) {
  auto reading = read_json_prefix(text, std::move(storage), rules);
  if (reading.value && reading.end < text.size()) {
    reading.value.reset();
    reading.error = json_error::syntax;
  }
  return reading;
}

} // namespace brigade::core
