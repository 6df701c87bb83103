#include "brigade/core/run/event_record.hpp"

#include "brigade/core/json/field_reader.hpp"
#include "brigade/core/json/text_writer.hpp"
#include "brigade/core/model/digest.hpp"
#include "brigade/core/run/event_fields.hpp"

#include <utility>

namespace brigade::core {

namespace {

namespace json = boost::json;
using namespace json_fields;

// -- the text beside it -------------------------------------------------------

/// The long text of a body, or null.
const shared_text* text_of(const auto&) {
  return nullptr;
}

// clang-format off
const shared_text* text_of(const events::plan_proposed& e) { return &e.text; }
const shared_text* text_of(const events::call_intended& e) { return &e.request; }
const shared_text* text_of(const events::call_settled& e) { return &e.reply; }
const shared_text* text_of(const events::task_succeeded& e) { return &e.result; }
const shared_text* text_of(const events::synthesis_succeeded& e) { return &e.answer; }
const shared_text* text_of(const events::run_ending& e) { return &e.answer; }
const shared_text* text_of(const events::run_finished& e) { return &e.answer; }
// clang-format on

/// Writes a body but its long text, and what follows from that.
template <class Body>
struct body_writer {
  members_writer<Body, written::changed> inner;
  const shared_text* text;

  template <class M>
  void operator()(std::string_view name, const M& member) {
    if constexpr (std::is_same_v<M, shared_text>) {
      if (&member == text) {
        ++inner.next;
        return;
      }
    }
    if constexpr (std::is_same_v<Body, events::call_intended>) {
      if (name == "request_hash" && !text->empty()) {
        ++inner.next;
        return;
      }
    }
    inner(name, member);
  }
};

template <std::size_t I = 0>
bool read_body(std::string_view type, const json::value& data,
               shared_text& text, event_body& out) {
  if constexpr (I == std::variant_size_v<event_body>) {
    return false;
  } else {
    using body_type = std::variant_alternative_t<I, event_body>;
    if (type != body_type::name)
      return read_body<I + 1>(type, data, text, out);
    auto& body = out.emplace<I>();
    if (!reader{.lenient = true}.read(data, body))
      return false;
    const auto* place = text_of(std::as_const(body));
    if (place == nullptr)
      return text.empty();
    const_cast<shared_text&>(*place) = std::move(text);
    if constexpr (std::is_same_v<body_type, events::call_intended>)
      if (!body.request.empty())
        body.request_hash = sha256_hex(body.request.view());
    return true;
  }
}

} // namespace

const shared_text* long_text_of(const event_body& body) {
  return std::visit([](const auto& e) { return text_of(e); }, body);
}

event_record to_record(const event_body& body) {
  event_record result;
  result.type = event_name(body);
  std::visit(
      [&result]<class Body>(const Body& e) {
        const auto* text = text_of(e);
        if (text != nullptr)
          result.text = *text;
        result.data += '{';
        body_writer<Body> writer{{result.data}, text};
        fields<Body>::visit(writer, e);
        result.data += '}';
      },
      body);
  return result;
}

std::optional<event_body> body_from_record(std::string_view type,
                                           std::string_view data,
                                           shared_text text) {
  boost::system::error_code fault;
  // Names of files and messages of servers hold what they hold.
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  const auto json = json::parse(data, fault, {}, options);
  event_body body;
  if (fault || !read_body(type, json, text, body))
    return std::nullopt;
  return body;
}

} // namespace brigade::core
