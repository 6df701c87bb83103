// Writes a run as one document; run_export_reader.cpp reads it.

#include "brigade/core/run/run_export.hpp"

#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/json/text_writer.hpp"
#include "brigade/core/plan/strict_json.hpp"

#include <boost/json.hpp>

namespace brigade::core {

namespace {

using namespace json_fields;

using writer = text_writer<written::all>;

void write_inputs(std::string& out, const input_set_ptr& inputs) {
  out += '[';
  if (inputs)
    for (const auto& document : *inputs) {
      out += out.back() == '[' ? "{\"id\":" : ",{\"id\":";
      writer{out}.write(document.id());
      out += ",\"name\":";
      writer{out}.write(document.name());
      out += ",\"text\":";
      writer{out}.write(document.text());
      out += '}';
    }
  out += ']';
}

void write_crew(std::string& out, std::string_view crew) {
  const auto json = read_json(crew, {}, {crew_json_depth_max, true});
  if (json.value && json.value->is_object())
    out += boost::json::serialize(*json.value);
  else
    out += "null";
}

/// The members of a run, without the braces.
void write_members(std::string& out, const run_export& run) {
  out += "\"id\":";
  writer{out}.write(run.id.text);
  out += ",\"crew\":";
  write_crew(out, run.source.crew);
  out += ",\"inputs\":";
  write_inputs(out, run.source.inputs);
  out += ",\"plan_text\":";
  writer{out}.write(run.source.plan_text);
  out += ",\"plan_only\":";
  writer{out}.write(run.source.plan_only);
  out += ",\"origin\":";
  writer{out}.write(run.source.origin);
  out += ",\"events\":[";
  for (const auto& e : run.events) {
    if (out.back() != '[')
      out += ',';
    out += boost::json::serialize(to_json(e));
  }
  out += "],\"nested\":[";
  for (const auto& below : run.nested) {
    out += out.back() == '[' ? "{" : ",{";
    write_members(out, below);
    out += '}';
  }
  out += ']';
}

} // namespace

std::string to_json(const run_export& run) {
  std::string out{"{\"format\":\""};
  out += run_export_format;
  out += "\",\"version\":" + std::to_string(run_export_version) + ",";
  write_members(out, run);
  out += '}';
  return out;
}

} // namespace brigade::core
