/// Random runs for tests of their document.
#pragma once

#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/run/run_export.hpp"

#include "../crew/crew_samples.hpp"
#include "event_samples.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace brigade::test {

class export_sampler {
public:
  explicit export_sampler(std::uint64_t seed)
      : random_(seed), events_(seed + 1), crews_(seed + 2) {
    // nop
  }

  core::run_export next(std::size_t nesting = 2) {
    core::run_export run;
    run.id = core::make_run_id(1'700'000'000'000, {++runs_});
    if (random_() % 4 != 0)
      run.source.crew = core::crew_to_json(crews_.next(1));
    auto inputs = std::make_shared<core::input_set>();
    for (auto count = random_() % 3; count > 0; --count)
      inputs->emplace_back("doc" + std::to_string(inputs->size() + 1),
                           "a \"name\"\xFF", "line\n\xC3\xA9\tline");
    run.source.inputs = std::move(inputs);
    if (random_() % 2 == 0)
      run.source.plan_text = "{\"tasks\": []}";
    run.source.plan_only = random_() % 2 == 0;
    run.source.origin = random_() % 2 == 0 ? "" : R"({"config":"c.toml"})";
    for (auto count = random_() % 6; count > 0; --count) {
      run.events.push_back(events_.next());
      run.events.back().seq = run.events.size();
    }
    if (nesting > 0)
      for (auto count = random_() % 3; count > 0; --count)
        run.nested.push_back(next(nesting - 1));
    return run;
  }

private:
  std::mt19937_64 random_;
  event_sampler events_;
  crew_sampler crews_;
  std::uint8_t runs_ = 0;
};

} // namespace brigade::test
