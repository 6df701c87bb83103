/// Random crews.
#pragma once

#include "scenario.hpp"

#include "brigade/core/crew/crew.hpp"

namespace brigade::sim {

/// A crew of its own models; adds their price lists and plan sizes to `to`.
core::crew_ptr make_crew(scenario& to, testkit::seeded& draws,
                         std::optional<std::uint32_t> tasks);

} // namespace brigade::sim
