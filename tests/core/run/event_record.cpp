#include "brigade/core/run/event_record.hpp"

#include "event_samples.hpp"

#include "brigade/core/model/digest.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;

namespace {

constexpr std::size_t kinds = std::variant_size_v<core::event_body>;

std::string json_of(const core::event_body& body) {
  return boost::json::serialize(core::to_json(core::event{1, 2, 3, body}));
}

std::optional<core::event_body> again(const core::event_body& body) {
  const auto record = core::to_record(body);
  return core::body_from_record(record.type, record.data, record.text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_record)

BOOST_AUTO_TEST_CASE(every_kind_of_event_is_read_as_it_was_written) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    test::event_sampler random{seed};
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      auto body = random.body(kind);
      // The hash is not stored: it follows from the request.
      if (auto* intent = std::get_if<core::events::call_intended>(&body))
        if (!intent->request.empty())
          intent->request_hash = core::sha256_hex(intent->request.view());
      const auto read = again(body);
      BOOST_TEST_REQUIRE(read.has_value(), "seed " << seed << " kind " << kind);
      BOOST_TEST(read->index() == body.index());
      BOOST_TEST(json_of(*read) == json_of(body), "seed " << seed);
    }
  }
}

BOOST_AUTO_TEST_CASE(texts_hold_any_bytes) {
  std::string bytes;
  for (int c = 0; c < 256; ++c)
    bytes += static_cast<char>(c);
  core::events::call_settled settled;
  settled.reply = core::shared_text{bytes};
  settled.message = bytes;
  settled.request_id = std::string("a\0b", 3);
  const auto read = again(settled);
  BOOST_TEST_REQUIRE(read.has_value());
  const auto& back = std::get<core::events::call_settled>(*read);
  BOOST_TEST((back.reply.str() == bytes));
  BOOST_TEST((back.message == bytes));
  BOOST_TEST((back.request_id == settled.request_id));
  core::events::run_submitted submitted;
  submitted.goal = "\xff\xfe not UTF-8 \x01";
  submitted.inputs.push_back({"i1", "na\xefve.txt", 1, 1, "00"});
  const auto first = again(submitted);
  BOOST_TEST_REQUIRE(first.has_value());
  BOOST_TEST(
      (std::get<core::events::run_submitted>(*first).goal == submitted.goal));
}

BOOST_AUTO_TEST_CASE(the_long_text_stands_beside_the_rest_and_is_not_copied) {
  const core::shared_text text{std::string(10'000, 'x')};
  const core::event_body bodies[] = {
      core::events::task_succeeded{"t1", 1, text},
      core::events::synthesis_succeeded{text},
      core::events::run_finished{core::run_status::succeeded, "", "", text}};
  for (const auto& body : bodies) {
    const auto record = core::to_record(body);
    BOOST_TEST(record.data.size() < 200U);
    BOOST_TEST(&record.text.str() == &text.str());
    BOOST_TEST(core::long_text_of(body) != nullptr);
  }
  BOOST_TEST(core::long_text_of(core::events::run_suspended{"x"}) == nullptr);
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_not_read) {
  const core::shared_text none;
  const auto reads = [&](std::string_view type, std::string_view data,
                         core::shared_text text = {}) {
    return core::body_from_record(type, data, std::move(text)).has_value();
  };
  BOOST_TEST(reads("run.suspended", R"({"reason":"interrupt"})"));
  BOOST_TEST(!reads("run.exploded", "{}"));
  BOOST_TEST(!reads("", "{}"));
  for (const std::string_view bad :
       {"", "{", "[]", "null", "{} {}", R"({"reason":7})", "\"x\"",
        R"({"reason":"a"}x)"})
    BOOST_TEST(!reads("run.suspended", bad), bad);
  // A text where none belongs.
  BOOST_TEST(!reads("run.suspended", "{}", core::shared_text{"x"}));
  const std::string deep(100'000, '[');
  BOOST_TEST(!reads("run.suspended", deep));
  BOOST_TEST(!reads("call.settled", R"({"id":-1})"));
  BOOST_TEST(!reads("call.settled", R"({"charged":"1e99"})"));
}

BOOST_AUTO_TEST_CASE(a_cut_or_changed_record_never_breaks_the_reader) {
  test::event_sampler random{7};
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    const auto record = core::to_record(random.body(kind));
    for (std::size_t i = 0; i < record.data.size(); ++i) {
      static_cast<void>(core::body_from_record(
          record.type, std::string_view{record.data}.substr(0, i),
          record.text));
      auto changed = record.data;
      changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
      static_cast<void>(
          core::body_from_record(record.type, changed, record.text));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
