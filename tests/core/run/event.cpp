// Names of events and of the status of runs.

#include "brigade/core/run/event.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace brigade::core;

namespace {

template <std::size_t... I>
std::set<std::string_view> all_names(std::index_sequence<I...>) {
  return {event_name(std::variant_alternative_t<I, event_body>{})...};
}

} // namespace

BOOST_AUTO_TEST_SUITE(events_of_a_run)

BOOST_AUTO_TEST_CASE(every_event_has_a_name_of_its_own) {
  constexpr auto count = std::variant_size_v<event_body>;
  const auto names = all_names(std::make_index_sequence<count>{});
  BOOST_TEST(names.size() == count);
  for (auto name : names)
    BOOST_TEST(name.find('.') != std::string_view::npos, name);
  BOOST_TEST(event_name(events::call_in_doubt{}) == "call.in_doubt");
}

BOOST_AUTO_TEST_CASE(the_status_of_a_run_survives_its_text_form) {
  for (auto status :
       {run_status::running, run_status::succeeded, run_status::partial,
        run_status::failed, run_status::cancelled, run_status::suspended})
    BOOST_TEST((parse_run_status(to_string(status)) == status));
  BOOST_TEST(to_string(run_status::partial) == "partial");
  BOOST_TEST(!parse_run_status("done").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
