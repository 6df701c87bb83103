#include "brigade/core/run/run_source.hpp"

#include "brigade/core/crew/crew_json.hpp"

#include <utility>

namespace brigade::core {

std::shared_ptr<const run_source> make_run_source(const crew& made_by,
                                                  input_set_ptr inputs) {
  auto source = std::make_shared<run_source>();
  source->crew = crew_to_json(made_by);
  source->inputs = std::move(inputs);
  return source;
}

} // namespace brigade::core
