#include "brigade/testkit/trace.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace brigade::testkit {

namespace {

constexpr std::size_t text_bytes_max = 600;

/// The end of a run's id is what tells the runs of a seed apart.
std::string short_id(const std::string& run) {
  constexpr std::size_t digits = 4;
  return run.size() > digits ? run.substr(run.size() - digits) : run;
}

std::string name_of(const scripted_call& call) {
  return "try " + std::to_string(static_cast<std::uint64_t>(call.id) >> 24)
         + "." + std::to_string(static_cast<std::uint64_t>(call.id) & 0xffffff);
}

} // namespace

std::string trace_of_event(const core::run_id& run, const core::event& e) {
  auto text = boost::json::serialize(to_json(e).as_object()["data"]);
  if (text.size() > text_bytes_max)
    text = text.substr(0, text_bytes_max) + "...";
  return "event   " + short_id(run.text) + " #" + std::to_string(e.seq) + " "
         + std::string{core::event_name(e.body)} + " " + text;
}

std::string trace_of_arrival(const served_call& line) {
  const auto& call = line.call;
  return "sent    " + name_of(call) + " " + std::string{to_string(call.role)}
         + (call.task.empty() ? "" : " " + call.task) + " model " + call.model
         + ", " + std::to_string(call.body.size()) + " bytes, at most "
         + std::to_string(call.output_tokens_max) + " tokens";
}

std::string trace_of_end(const served_call& line) {
  return "ended   " + name_of(line.call) + " "
         + std::string{to_string(line.code)} + ", "
         + std::to_string(line.tokens.input_tokens) + " + "
         + std::to_string(line.tokens.output_tokens) + " tokens, billed $"
         + core::to_decimal(line.billed);
}

std::string trace_of_fault(fault f) {
  return "FAULT   " + std::string{to_string(f)};
}

} // namespace brigade::testkit
