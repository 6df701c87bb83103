// The text of /metrics, read by a strict reader; with promtool, if it is there,
// by hand: brigade's /metrics | promtool check metrics.
#include "brigade/app/prometheus_metrics.hpp"

#include "prometheus_text.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

using brigade::app::prometheus_metrics;
using brigade::app::series_max;
using brigade::app::server_counter;
using brigade::app::server_gauge;
using brigade::app::test::prometheus_text;
using brigade::core::metric;

namespace {

void add(prometheus_metrics& to, metric id,
         std::initializer_list<std::string_view> labels, double amount = 1) {
  to.add(id, {labels.begin(), labels.size()}, amount);
}

void observe(prometheus_metrics& to, metric id,
             std::initializer_list<std::string_view> labels, double value) {
  to.observe(id, {labels.begin(), labels.size()}, value);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_counted_stands_in_the_text) {
  prometheus_metrics metrics{"1.2.3", "abc"};
  add(metrics, metric::runs_finished, {"c", "failed", "deadline"});
  add(metrics, metric::runs_finished, {"c", "failed", "deadline"}, 2);
  add(metrics, metric::runs_finished, {"c", "succeeded", "none"});
  add(metrics, metric::workers_busy, {}, 3);
  add(metrics, metric::workers_busy, {}, -1);
  observe(metrics, metric::run_duration, {"c", "failed"}, 0.1);
  observe(metrics, metric::run_duration, {"c", "failed"}, 7);
  observe(metrics, metric::run_duration, {"c", "failed"}, 99'999);
  metrics.request_answered("/api/v1/runs/{run}", 200, 0.002);
  metrics.request_answered("", 404, 0.001);
  metrics.set(server_gauge::queue_depth, 5);
  metrics.set(server_counter::journal_writes, 1'000'000'000'001);
  const prometheus_text text{metrics.text()};
  BOOST_TEST(
      text.value("brigade_runs_total",
                 {{"crew", "c"}, {"status", "failed"}, {"reason", "deadline"}})
      == 3);
  BOOST_TEST(text.series_of("brigade_runs_total") == 2u);
  BOOST_TEST(text.type_of("brigade_runs_total") == "counter");
  BOOST_TEST(text.value("brigade_workers_busy") == 2);
  BOOST_TEST(text.type_of("brigade_workers_busy") == "gauge");
  const auto bucket = [&](const std::string& le) {
    return text.value("brigade_run_duration_seconds_bucket",
                      {{"crew", "c"}, {"status", "failed"}, {"le", le}});
  };
  BOOST_TEST(bucket("0.1") == 1);
  BOOST_TEST(bucket("5") == 1);
  BOOST_TEST(bucket("10") == 2);
  BOOST_TEST(bucket("3600") == 2);
  BOOST_TEST(bucket("+Inf") == 3);
  BOOST_TEST(text.value("brigade_http_requests_total",
                        {{"route", "/api/v1/runs/{run}"}, {"code", "200"}})
             == 1);
  BOOST_TEST(text.value("brigade_http_requests_total",
                        {{"route", "none"}, {"code", "404"}})
             == 1);
  BOOST_TEST(text.value("brigade_queue_depth") == 5);
  BOOST_TEST(text.value("brigade_journal_writes_total") == 1'000'000'000'001);
  BOOST_TEST(text.value("brigade_build_info",
                        {{"version", "1.2.3"}, {"revision", "abc"}})
             == 1);
}

BOOST_AUTO_TEST_CASE(what_has_no_labels_is_there_from_the_start) {
  prometheus_metrics metrics{"v", ""};
  const prometheus_text text{metrics.text()};
  for (const auto& info : brigade::core::metric_infos()) {
    const std::string name{info.name};
    if (!info.labels.empty())
      BOOST_TEST(text.type_of(name) == "");
    else if (info.kind == brigade::core::metric_kind::histogram)
      BOOST_TEST(text.value(name + "_count") == 0);
    else
      BOOST_TEST(text.value(name) == 0);
  }
  BOOST_TEST(text.value("brigade_runs_active") == 0);
}

BOOST_AUTO_TEST_CASE(the_process_tells_of_itself) {
  prometheus_metrics metrics{"v", ""};
  const prometheus_text text{metrics.text()};
  BOOST_TEST(text.value("process_cpu_seconds_total") > 0);
  BOOST_TEST(text.value("process_resident_memory_bytes") > 100'000);
  BOOST_TEST(text.value("process_open_fds") >= 3);
  BOOST_TEST(text.value("process_max_fds") >= text.value("process_open_fds"));
  BOOST_TEST(text.value("process_threads") >= 1);
  // After 2020, before the next century.
  BOOST_TEST(text.value("process_start_time_seconds") > 1'577'836'800);
  BOOST_TEST(text.value("process_start_time_seconds") < 4'102'444'800);
}

BOOST_AUTO_TEST_CASE(labels_are_escaped_and_clean) {
  prometheus_metrics metrics{"v", ""};
  add(metrics, metric::budget_breaches, {"a\\b\"c"});
  add(metrics, metric::budget_breaches, {"x\ny\x1b[1m"});
  add(metrics, metric::budget_breaches, {"\xff"});
  add(metrics, metric::budget_breaches, {std::string(500, 'm')});
  const prometheus_text text{metrics.text()};
  const auto has = [&](const std::string& model) {
    return text.has("brigade_budget_breaches_total", {{"model", model}});
  };
  BOOST_TEST(has("a\\b\"c"));
  BOOST_TEST(has("x y\xef\xbf\xbd[1m"));
  BOOST_TEST(has("\xef\xbf\xbd"));
  BOOST_TEST(has(std::string(128, 'm')));
}

BOOST_AUTO_TEST_CASE(values_that_look_the_same_when_clean_are_one_series) {
  prometheus_metrics metrics{"v", ""};
  add(metrics, metric::budget_breaches, {"a b"});
  add(metrics, metric::budget_breaches, {"a\tb"});
  const prometheus_text text{metrics.text()};
  BOOST_TEST(text.value("brigade_budget_breaches_total", {{"model", "a b"}})
             == 2);
}

BOOST_AUTO_TEST_CASE(labels_cannot_make_series_without_end) {
  prometheus_metrics metrics{"v", ""};
  for (std::size_t i = 0; i < 2 * series_max; ++i)
    add(metrics, metric::budget_breaches, {"m" + std::to_string(i)});
  const prometheus_text text{metrics.text()};
  BOOST_TEST(text.series_of("brigade_budget_breaches_total") == series_max + 1);
  BOOST_TEST(text.value("brigade_budget_breaches_total", {{"model", "other"}})
             == series_max);
}

BOOST_AUTO_TEST_CASE(gauges_can_be_read_when_the_text_is_made) {
  prometheus_metrics metrics{"v", ""};
  double depth = 0;
  metrics.before_text([&] { metrics.set(server_gauge::queue_depth, ++depth); });
  BOOST_TEST(prometheus_text{metrics.text()}.value("brigade_queue_depth") == 1);
  BOOST_TEST(prometheus_text{metrics.text()}.value("brigade_queue_depth") == 2);
}

BOOST_AUTO_TEST_CASE(the_documentation_has_every_metric) {
  prometheus_metrics metrics{"v", ""};
  for (const auto& info : brigade::core::metric_infos()) {
    const std::vector<std::string_view> values(info.labels.size(), "x");
    if (info.kind == brigade::core::metric_kind::histogram)
      metrics.observe(info.id, values, 1);
    else
      metrics.add(info.id, values, 1);
  }
  metrics.request_answered("x", 200, 1);
  std::string wanted = "| metric | labels | what it counts |\n|---|---|---|\n";
  std::istringstream lines{metrics.text()};
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      const auto end = line.find(' ', 7);
      name = line.substr(7, end - 7);
      wanted += "| `" + name + "` | LABELS | " + line.substr(end + 1) + " |\n";
    } else if (const auto at = wanted.rfind("LABELS");
               at != std::string::npos && !line.starts_with('#')) {
      std::string labels;
      for (auto from = line.find('{'); from != std::string::npos;
           from = line.find(',', from + 1))
        if (const auto label =
                line.substr(from + 1, line.find('=', from) - from - 1);
            label != "le")
          labels += (labels.empty() ? "" : ", ") + label;
      wanted.replace(at, 6, labels);
    }
  }
  const std::string path = BRIGADE_SOURCE_DIR "/docs/metrics.md";
  std::ifstream in{path};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const std::string mark = "<!-- metrics -->\n";
  const auto begin = text.find(mark) + mark.size();
  const auto was = text;
  text.replace(begin, text.find("<!-- end -->") - begin, wanted);
  if (std::getenv("BRIGADE_UPDATE_DOCS") != nullptr)
    std::ofstream{path} << text;
  else
    BOOST_TEST((was == text), "run this test with BRIGADE_UPDATE_DOCS=1");
}

BOOST_AUTO_TEST_CASE(threads_count_together) {
  prometheus_metrics metrics{"v", ""};
  constexpr int each = 2'000;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&metrics] {
      for (int i = 0; i < each; ++i) {
        add(metrics, metric::task_failures, {"c" + std::to_string(i % 50)});
        observe(metrics, metric::plan_tasks, {"c"}, 3);
        // Read elsewhere: Boost.Test knows one thread.
        if (i % 500 == 0)
          metrics.text();
      }
    });
  threads.clear();
  const prometheus_text text{metrics.text()};
  BOOST_TEST(text.value("brigade_task_failures_total", {{"code", "c7"}})
             == 4 * each / 50);
  BOOST_TEST(text.value("brigade_plan_tasks_count", {{"crew", "c"}})
             == 4 * each);
}
