#include "brigade/app/resume_setup.hpp"

#include "brigade/app/config_messages.hpp"
#include "brigade/app/crew_source.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/inputs.hpp"
#include "brigade/app/run_origin.hpp"
#include "brigade/app/run_setup.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/crew/crew_changes.hpp"
#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/model/digest.hpp"

#include <memory>
#include <utility>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

resume_fault crew_fault(const config::loaded& loaded, const std::string& path) {
  resume_fault out;
  out.exit_code = only_keys_missing(loaded) ? exit_provider : exit_config;
  out.lines = {only_keys_missing(loaded) ? "brigade: a key is missing:"
                                         : "brigade: the crew cannot be used:"};
  for (auto& message : config_messages(loaded)) {
    out.lines.push_back("  " + std::move(message));
  }
  if (!path.empty()) {
    out.lines.push_back("  another crew file is named with --config FILE");
  }
  return out;
}

/// The documents as they are now: the file where there is one that differs,
/// else as they are kept.
core::input_set_ptr documents_now(const core::run_source& source,
                                  const core::run_state& past,
                                  const run_origin& origin,
                                  const core::limits& bounds, lines& changes) {
  auto out = std::make_shared<core::input_set>();
  const auto& kept = *source.inputs;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto& document = kept[i];
    auto text = document.text();
    if (i < origin.inputs.size()) {
      auto read = read_file(origin.inputs[i], bounds.input_bytes_max);
      if (auto* now = std::get_if<std::string>(&read)) {
        strip_byte_order_mark(*now);
        text = std::move(*now);
      }
    }
    // As the last life knew it.
    const auto known =
        i < past.inputs.size() ? past.inputs[i].sha256 : core::sha256_hex(text);
    if (core::sha256_hex(text) != known) {
      changes.push_back("document " + document.id() + " ("
                        + terminal_line(document.name())
                        + "): " + display_bytes(document.text().size()) + " -> "
                        + display_bytes(text.size()));
    }
    out->emplace_back(document.id(), document.name(), std::move(text));
  }
  return out;
}

resume_fault changed_fault(const core::run_id& run, const lines& changes) {
  resume_fault out;
  out.exit_code = exit_config;
  out.lines.push_back("brigade: run " + run.text
                      + " was made from something else:");
  for (const auto& change : changes) {
    out.lines.push_back("  " + terminal_line(change));
  }
  out.lines.emplace_back("what is finished is kept; what is not is worked on "
                         "as it is now with:");
  out.lines.push_back("  brigade resume " + run.text + " --accept-changes");
  return out;
}

} // namespace

std::variant<resume_setup, resume_fault>
prepare_resume(const resume_options& options, const core::run_id& run,
               const core::run_source& source, const core::run_state& past) {
  auto origin = parse_run_origin(source.origin).value_or(run_origin{});
  if (!options.config.empty()) {
    origin.config = options.config;
  }
  origin.sets.insert(origin.sets.end(), options.sets.begin(),
                     options.sets.end());
  auto loaded = load_crew(origin.config, origin.sets, true);
  if (!loaded.value) {
    return crew_fault(loaded, origin.config);
  }
  resume_setup out;
  auto crew = std::make_shared<const core::crew>(loaded.value->crew);
  const auto crew_text = core::crew_to_json(*crew);
  lines changes;
  if (past.crew_hash != core::sha256_hex(crew_text)) {
    changes = core::crew_changes(source.crew, crew_text);
    if (changes.empty()) {
      changes.emplace_back("the crew is the first one again, not the one that "
                           "was accepted last");
    }
  }
  auto inputs = documents_now(source, past, origin, crew->limits, changes);
  out.changed = !changes.empty();
  if (out.changed && !options.accept_changes) {
    return changed_fault(run, changes);
  }
  for (const auto& change : changes) {
    out.notes.push_back("accepted: " + change);
  }
  out.order.id = run;
  out.order.goal = past.goal;
  out.order.inputs = inputs;
  out.order.crew = crew;
  out.order.ceiling = options.cost_max.value_or(past.ceiling);
  out.order.plan_text = source.plan_text;
  out.order.plan_only = source.plan_only;
  out.order.source = std::make_shared<const core::run_source>(core::run_source{
      crew_text, inputs, source.plan_text, source.plan_only, source.origin});
  out.context = {crew, hints_of(*loaded.value), origin.config, {}};
  out.crew = std::move(*loaded.value);
  return out;
}

} // namespace brigade::app
