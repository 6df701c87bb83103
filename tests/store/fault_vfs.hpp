/// SQLite's file layer with faults: the n-th write, fsync and so on fails.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace brigade::test {

enum class file_operation : std::uint8_t {
  open,
  write,
  sync,
  truncate,
  /// Of the file, and of the index of the write-ahead log.
  lock,
};

struct file_fault {
  file_operation operation = file_operation::write;
  /// The how-manyth operation of this kind from now on fails: 1, 2, 3 ...
  std::uint32_t nth = 1;
  /// What SQLite is told: `SQLITE_FULL`.
  int code = 0;
  /// All that follow fail too, until `clear`.
  bool lasting = false;
};

/// Registered under `name` as long as it lives: longer than all files that were
/// opened through it. Wraps SQLite's default layer.
class fault_vfs {
public:
  fault_vfs();
  ~fault_vfs();

  fault_vfs(const fault_vfs&) = delete;
  fault_vfs& operator=(const fault_vfs&) = delete;

  static constexpr const char* name = "brigade-faults";

  void arm(const file_fault& fault);

  /// Nothing fails any more. Whether anything did since `arm`.
  bool clear();

  struct state;

private:
  std::unique_ptr<state> state_;
};

} // namespace brigade::test
