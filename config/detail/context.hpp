/// What reading a file needs at every step: where faults go, the
/// environment and the files.
#pragma once

#include "brigade/config/crew_file.hpp"
#include "brigade/config/detail/node.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::config::detail {

/// Collects faults and warnings and gives them out in the order of the file.
class fault_sink {
public:
  explicit fault_sink(std::string file_name) {
    sources_.push_back(std::move(file_name));
  }

  /// Registers a `--set`; returns the `source` of its places.
  std::uint32_t add_source(std::string label);

  void fail(place where, std::string message,
            fault_kind kind = fault_kind::config);
  void warn(place where, std::string message);

  bool any() const { return !faults_.empty(); }

  /// Whether further faults are counted only: their text is not worth making.
  bool full() const { return faults_.size() >= faults_max; }

  std::vector<config_fault> take_faults() { return take(faults_); }
  std::vector<config_fault> take_warnings() { return take(warnings_); }

private:
  struct entry {
    place where;
    std::string message;
    fault_kind kind;
  };

  std::vector<config_fault> take(std::vector<entry>& entries) const;

  std::vector<std::string> sources_;
  std::vector<entry> faults_;
  std::vector<entry> warnings_;
};

struct section_doc;

/// Lives as long as one load.
struct context {
  fault_sink& faults;
  const load_options& options;
  /// The file's folder, where relative paths start.
  std::string folder;
  /// The tables of the kind of file that is read: where a key that stands in
  /// the wrong one belongs. May be null.
  const std::vector<section_doc>* sections = nullptr;

  std::optional<std::string> environment(std::string_view name) const;
  file_text read_file(const std::string& path,
                      std::uint64_t bytes_max = file_bytes_max) const;
  /// `path` as seen from the crew file's folder.
  std::string resolve(std::string_view path) const;
};

/// Whether `name` can be an environment variable: `[A-Za-z_][A-Za-z0-9_]*`.
bool is_variable_name(std::string_view name);

/// Replaces `${NAME}`, `${NAME:-default}` (used when the variable is unset or
/// empty) and `$$`. Any other `$` stays. Nothing after a fault, which is
/// reported at `where`. What a variable holds is not expanded again.
std::optional<std::string> interpolate(const context& ctx,
                                       std::string_view text, place where);

/// Parses a file's text and applies each `--set`. Without `root` after a fault,
/// which is reported.
document read_document(context& ctx, std::string_view text);

/// Applies `KEY=VALUE` settings to the document, later ones last.
void apply_sets(context& ctx, node& root);

} // namespace brigade::config::detail
