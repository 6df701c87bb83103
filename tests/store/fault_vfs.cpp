#include "fault_vfs.hpp"

#include <mutex>
#include <new>
#include <sqlite3.h>
#include <stdexcept>

namespace brigade::test {

struct fault_vfs::state {
  std::mutex mutex;
  file_fault armed;
  bool is_armed = false;
  bool fired = false;
  std::uint32_t seen = 0;
  sqlite3_vfs* base = nullptr;
  sqlite3_vfs wrapper{};

  /// What the operation must answer, or `SQLITE_OK`.
  int next(file_operation operation) {
    std::lock_guard guard{mutex};
    if (!is_armed || operation != armed.operation)
      return SQLITE_OK;
    ++seen;
    if (seen != armed.nth && !(armed.lasting && seen > armed.nth))
      return SQLITE_OK;
    fired = true;
    return armed.code;
  }
};

namespace {

/// The layer's own file follows behind it.
struct wrapped_file {
  sqlite3_file head;
  fault_vfs::state* owner;

  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

wrapped_file& self(sqlite3_file* file) {
  return *reinterpret_cast<wrapped_file*>(file);
}

sqlite3_file* inner(sqlite3_file* file) {
  return self(file).inner();
}

template <class What>
int unless_failing(sqlite3_file* file, file_operation operation, What what) {
  const auto fault = self(file).owner->next(operation);
  return fault != SQLITE_OK ? fault : what(inner(file));
}

const sqlite3_io_methods methods{
    2,
    [](sqlite3_file* f) { return inner(f)->pMethods->xClose(inner(f)); },
    [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
      return inner(f)->pMethods->xRead(inner(f), to, size, at);
    },
    [](sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
      return unless_failing(f, file_operation::write, [=](sqlite3_file* i) {
        return i->pMethods->xWrite(i, from, size, at);
      });
    },
    [](sqlite3_file* f, sqlite3_int64 size) {
      return unless_failing(f, file_operation::truncate, [=](sqlite3_file* i) {
        return i->pMethods->xTruncate(i, size);
      });
    },
    [](sqlite3_file* f, int flags) {
      return unless_failing(f, file_operation::sync, [=](sqlite3_file* i) {
        return i->pMethods->xSync(i, flags);
      });
    },
    [](sqlite3_file* f, sqlite3_int64* size) {
      return inner(f)->pMethods->xFileSize(inner(f), size);
    },
    [](sqlite3_file* f, int level) {
      return unless_failing(f, file_operation::lock, [=](sqlite3_file* i) {
        return i->pMethods->xLock(i, level);
      });
    },
    [](sqlite3_file* f, int level) {
      return inner(f)->pMethods->xUnlock(inner(f), level);
    },
    [](sqlite3_file* f, int* out) {
      return inner(f)->pMethods->xCheckReservedLock(inner(f), out);
    },
    [](sqlite3_file* f, int what, void* with) {
      return inner(f)->pMethods->xFileControl(inner(f), what, with);
    },
    [](sqlite3_file* f) { return inner(f)->pMethods->xSectorSize(inner(f)); },
    [](sqlite3_file* f) {
      return inner(f)->pMethods->xDeviceCharacteristics(inner(f));
    },
    [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return inner(f)->pMethods->xShmMap(inner(f), page, size, extend, out);
    },
    [](sqlite3_file* f, int offset, int count, int flags) {
      // A lock is always given back.
      if ((flags & SQLITE_SHM_UNLOCK) != 0)
        return inner(f)->pMethods->xShmLock(inner(f), offset, count, flags);
      return unless_failing(f, file_operation::lock, [=](sqlite3_file* i) {
        return i->pMethods->xShmLock(i, offset, count, flags);
      });
    },
    [](sqlite3_file* f) { inner(f)->pMethods->xShmBarrier(inner(f)); },
    [](sqlite3_file* f, int remove) {
      return inner(f)->pMethods->xShmUnmap(inner(f), remove);
    },
    nullptr,
    nullptr};

int open_file(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file,
              int flags, int* out_flags) {
  auto& owner = *static_cast<fault_vfs::state*>(vfs->pAppData);
  auto& made = *new (file) wrapped_file{{nullptr}, &owner};
  const auto fault = owner.next(file_operation::open);
  if (fault != SQLITE_OK)
    return fault;
  const auto code =
      owner.base->xOpen(owner.base, path, made.inner(), flags, out_flags);
  // Without methods SQLite does not close it.
  if (made.inner()->pMethods != nullptr)
    made.head.pMethods = &methods;
  return code;
}

} // namespace

fault_vfs::fault_vfs() : state_(std::make_unique<state>()) {
  state_->base = ::sqlite3_vfs_find(nullptr);
  if (state_->base == nullptr)
    throw std::runtime_error("SQLite has no file layer");
  // The other functions do not look at the layer that they are called for.
  state_->wrapper = *state_->base;
  state_->wrapper.pNext = nullptr;
  state_->wrapper.zName = name;
  state_->wrapper.szOsFile += static_cast<int>(sizeof(wrapped_file));
  state_->wrapper.pAppData = state_.get();
  state_->wrapper.xOpen = open_file;
  ::sqlite3_vfs_register(&state_->wrapper, 0);
}

fault_vfs::~fault_vfs() {
  ::sqlite3_vfs_unregister(&state_->wrapper);
}

void fault_vfs::arm(const file_fault& fault) {
  std::lock_guard guard{state_->mutex};
  state_->armed = fault;
  state_->is_armed = true;
  state_->fired = false;
  state_->seen = 0;
}

bool fault_vfs::clear() {
  std::lock_guard guard{state_->mutex};
  state_->is_armed = false;
  return state_->fired;
}

} // namespace brigade::test
