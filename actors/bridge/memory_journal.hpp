/// Where the actors meet the journal's back ends in `store`.
#pragma once

#include "brigade/core/run/journal.hpp"

namespace brigade::actors::bridge {

/// A fresh in-memory journal.
core::journal_ptr make_memory_journal();

} // namespace brigade::actors::bridge
