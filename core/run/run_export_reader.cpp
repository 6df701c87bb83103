// Reads a run from its document, which may come from anybody.

#include "brigade/core/crew/crew_fields.hpp"
#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/json/field_reader.hpp"
#include "brigade/core/plan/strict_json.hpp"
#include "brigade/core/run/run_export.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <set>
#include <utility>

namespace brigade::core {

namespace {

namespace json = boost::json;
using namespace json_fields;

/// A run is an object, in which `nested` is an array; the deepest part of a run
/// is its crew, or a plan in an event, which is less deep.
constexpr std::size_t document_depth_max =
    1 + 2 * run_export_nesting_max + crew_json_depth_max;

constexpr std::string_view head_members[] = {"format", "version"};

constexpr std::string_view run_members[] = {"id",        "crew",      "inputs",
                                            "plan_text", "plan_only", "origin",
                                            "events",    "nested"};

class export_reader {
public:
  read_fault fault;

  bool read_document(const json::value& from, run_export& out) {
    const auto* object = from.if_object();
    if (!object)
      return fail("must be an object");
    const auto* format = object->if_contains("format");
    const auto* version = object->if_contains("version");
    if (!format || !format->is_string()
        || std::string_view{format->as_string()} != run_export_format)
      return fail("must be \"" + std::string{run_export_format} + "\"",
                  "format");
    std::uint32_t number = 0;
    if (!version)
      return fail("is missing", "version");
    if (!values_.read(*version, number))
      return fail(values_.fault.message, "version");
    if (number != run_export_version)
      return fail("is " + std::to_string(number) + "; only version "
                      + std::to_string(run_export_version) + " can be read",
                  "version");
    return read_run(*object, true, 0, out);
  }

private:
  bool fail(std::string message) {
    fault = {{}, std::move(message)};
    return false;
  }

  bool fail(std::string message, std::string_view member) {
    fail(std::move(message));
    return within(member);
  }

  bool within(std::string_view member) {
    fault.within(member);
    return false;
  }

  bool within(std::string_view list, std::size_t index) {
    fault.within(index);
    return within(list);
  }

  bool check_members(const json::object& from, bool has_head) {
    std::size_t known = has_head ? std::size(head_members) : 0;
    for (const auto name : run_members) {
      if (!from.contains(name))
        return fail("is missing", name);
      ++known;
    }
    if (from.size() == known)
      return true;
    surplus_finder surplus{from};
    surplus.names.assign(std::begin(run_members), std::end(run_members));
    if (has_head)
      surplus.names.insert(surplus.names.end(), std::begin(head_members),
                           std::end(head_members));
    return fail("has a member that is not known: "
                + quoted_key(surplus.find()));
  }

  bool read_run(const json::object& from, bool has_head, std::size_t nesting,
                run_export& out) {
    if (++runs_ > run_export_runs_max)
      return fail("is one run more than the "
                  + std::to_string(run_export_runs_max)
                  + " that a document may hold");
    if (!check_members(from, has_head) || !read_id(from.at("id"), out)
        || !read_crew(from.at("crew"), out.source)
        || !read_inputs(from.at("inputs"), out.source))
      return false;
    members_reader plain{values_, from};
    plain("plan_text", out.source.plan_text);
    plain("plan_only", out.source.plan_only);
    plain("origin", out.source.origin);
    if (!plain.ok) {
      fault = values_.fault;
      return false;
    }
    return read_events(from.at("events"), out)
           && read_nested(from.at("nested"), nesting, out);
  }

  bool read_id(const json::value& from, run_export& out) {
    const auto* text = from.if_string();
    if (!text || !is_run_id(std::string_view{*text}))
      return fail("must be the id of a run", "id");
    out.id.text = *text;
    return true;
  }

  bool read_crew(const json::value& from, run_source& out) {
    if (from.is_null())
      return true;
    crew read;
    if (!values_.read(from, read)) {
      fault = values_.fault;
      return within("crew");
    }
    out.crew = crew_to_json(read);
    if (!crew_from_json(out.crew))
      return fail("is nested too deep or too large", "crew");
    return true;
  }

  bool read_inputs(const json::value& from, run_source& out) {
    const auto* list = from.if_array();
    if (!list)
      return fail("must be an array", "inputs");
    if (list->size() > run_export_inputs_max)
      return fail("holds more than " + std::to_string(run_export_inputs_max)
                      + " documents",
                  "inputs");
    auto documents = std::make_shared<input_set>();
    documents->reserve(list->size());
    std::set<std::string, std::less<>> ids;
    for (std::size_t i = 0; i < list->size(); ++i)
      if (!read_input((*list)[i], ids, *documents))
        return within("inputs", i);
    out.inputs = std::move(documents);
    return true;
  }

  bool read_input(const json::value& from,
                  std::set<std::string, std::less<>>& ids, input_set& out) {
    const auto* object = from.if_object();
    if (!object)
      return fail("must be an object");
    std::string id;
    std::string name;
    std::string text;
    members_reader members{values_, *object};
    members("id", id);
    members("name", name);
    members("text", text);
    if (!members.ok) {
      fault = values_.fault;
      return false;
    }
    if (object->size() != members.fields_read)
      return fail("has members other than id, name and text");
    const auto range = parse_input_range(id);
    if (!range || range->first != 0)
      return fail("must be the name of a document, such as doc1", "id");
    if (!ids.insert(id).second)
      return fail("stands twice", "id");
    if (!is_text(text))
      return fail("is not UTF-8 text without NUL", "text");
    out.emplace_back(std::move(id), std::move(name), std::move(text));
    return true;
  }

  bool read_events(const json::value& from, run_export& out) {
    const auto* list = from.if_array();
    if (!list)
      return fail("must be an array", "events");
    out.events.reserve(list->size());
    for (const auto& item : *list) {
      auto e = event_from_json(item, &fault);
      if (!e)
        return within("events", out.events.size());
      if (e->seq != out.events.size() + 1) {
        fail("must be " + std::to_string(out.events.size() + 1), "seq");
        return within("events", out.events.size());
      }
      out.events.push_back(std::move(*e));
    }
    return true;
  }

  bool read_nested(const json::value& from, std::size_t nesting,
                   run_export& out) {
    const auto* list = from.if_array();
    if (!list)
      return fail("must be an array", "nested");
    if (!list->empty() && nesting == run_export_nesting_max)
      return fail("holds runs that are nested too deep", "nested");
    std::set<std::string> ids;
    for (const auto& item : *list) {
      const auto* object = item.if_object();
      const auto index = out.nested.size();
      auto& below = out.nested.emplace_back();
      const bool read = object ? read_run(*object, false, nesting + 1, below)
                               : fail("must be an object");
      if (!read)
        return within("nested", index);
      if (!ids.insert(below.id.text).second) {
        fail("stands twice", "id");
        return within("nested", index);
      }
    }
    return true;
  }

  reader values_;
  std::size_t runs_ = 0;
};

read_fault fault_of(const json_reading& reading) {
  const auto at = " at byte " + std::to_string(reading.end);
  switch (reading.error) {
  case json_error::incomplete:
    return {{}, "ends in the middle: it was cut off"};
  case json_error::too_deep:
    return {{}, "is nested too deep" + at};
  case json_error::duplicate_key:
    return {{}, "holds the key " + quoted_key(reading.key) + " twice" + at};
  default:
    return {{}, "is not JSON" + at};
  }
}

} // namespace

run_export_reading run_export_from_json(std::string_view text) {
  run_export_reading result;
  if (text.size() > run_export_bytes_max) {
    result.fault.message =
        "is larger than " + std::to_string(run_export_bytes_max) + " bytes";
    return result;
  }
  const auto json =
      read_json(text, json::make_shared_resource<json::monotonic_resource>(),
                {document_depth_max, true});
  if (!json.value) {
    result.fault = fault_of(json);
    return result;
  }
  export_reader reader;
  if (!reader.read_document(*json.value, result.value.emplace())) {
    result.value.reset();
    result.fault = std::move(reader.fault);
  }
  return result;
}

} // namespace brigade::core
