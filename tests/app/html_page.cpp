#include "stored_samples.hpp"

#include "brigade/app/html_page.hpp"
#include "brigade/app/html_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::app;
using namespace samples;

namespace {

bool holds(const std::string& page, std::string_view part) {
  return page.find(part) != std::string::npos;
}

/// Every tag is closed in order, and attributes are quoted: what a browser
/// and an XML parser read is the same.
std::string fault_of(const std::string& page) {
  std::vector<std::string> open;
  for (auto at = page.find('<'); at != std::string::npos;
       at = page.find('<', at)) {
    auto end = page.find('>', at);
    if (end == std::string::npos) {
      return "a tag does not end";
    }
    auto tag = page.substr(at + 1, end - at - 1);
    at = end;
    if (tag.starts_with('!') || tag.ends_with('/')) {
      continue;
    }
    auto name = tag.substr(0, tag.find(' '));
    if (!name.starts_with('/')) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name.substr(1)) {
      return name + " closes nothing";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? std::string{} : open.back() + " stays open";
}

} // namespace

BOOST_AUTO_TEST_SUITE(html_pages)

BOOST_AUTO_TEST_CASE(every_page_is_well_formed) {
  for (const auto& run :
       {failed_run(), partial_run(), suspended_run(), resumed_run(),
        rejected_run(), hostile_run(), sample_run{}}) {
    BOOST_TEST(fault_of(html_page(stored(run))) == "");
  }
}

BOOST_AUTO_TEST_CASE(what_models_wrote_stays_text) {
  auto page = html_page(stored(hostile_run()));
  for (const auto* bad :
       {"<script", "<img", "<iframe", "<b ", "<!--", "\x1b"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(!holds(page, bad));
    }
  }
  BOOST_TEST(holds(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  BOOST_TEST(holds(page, "default-src 'none'; style-src 'unsafe-inline'"));
}

BOOST_AUTO_TEST_CASE(a_page_names_nothing_outside_itself) {
  auto page = html_page(stored(failed_run()));
  for (const auto* outside : {"src=", "@import", "url(", "href=\"http"}) {
    BOOST_TEST_CONTEXT(outside) {
      BOOST_TEST(!holds(page, outside));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_page_shows_plan_times_costs_and_both_texts) {
  auto page = html_page(stored(failed_run()));
  for (const auto* part :
       {"<h2 id=\"plan\">", "<h2 id=\"time\">", "<h2 id=\"cost\">",
        "<h2 id=\"calls\">", "edge crit", "id=\"task-t3\" open=\"open\"",
        "timed_out: the model strong", "List the prices", "A: 10, B: 12",
        "brigade show 01JB2K8XQ2M4N6P8R0S2T4V6W8 t3 --calls"}) {
    BOOST_TEST_CONTEXT(part) {
      BOOST_TEST(holds(page, part));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_thousand_subtasks_make_a_page_of_some_megabytes) {
  sample_run run;
  run.submitted().planned(1'000, 10);
  for (int i = 1; i <= 1'000; ++i) {
    run.at(i).started("t" + std::to_string(i));
  }
  auto page = html_page(stored(run));
  BOOST_TEST(page.size() < 4'000'000U);
  BOOST_TEST(fault_of(page) == "");
}

BOOST_AUTO_TEST_CASE(all_markup_is_escaped) {
  BOOST_TEST(html_escaped("<a b=\"c\" d='e'>&")
             == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  BOOST_TEST(html_line("a\n b", 2) == "a\u2026");
}

BOOST_AUTO_TEST_SUITE_END()
