#include "brigade/actors/bridge/memory_journal.hpp"

#include "brigade/store/memory.hpp"

namespace brigade::actors::bridge {

core::journal_ptr make_memory_journal() {
  return std::make_shared<store::memory_journal>();
}

} // namespace brigade::actors::bridge
