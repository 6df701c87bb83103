/// What the documents hold on a topic, and the words that say so in a plan.
#pragma once

#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/goal.hpp"
#include "brigade/core/extractive/retrieve.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// The text in quotes, with quotes inside made single; clipped.
std::string quoted(std::string_view text);

/// `a, b and c`.
std::string joined(const std::vector<std::string>& parts);

/// Documents are named by their indices. Keeps references to its arguments.
class survey {
public:
  using indices = std::vector<std::size_t>;

  survey(const std::vector<document>& docs, const goal_parts& parts)
      : docs_(docs), parts_(parts) {}

  query query_of(const std::string& topic) const;

  /// ` about "routing"` for a topic that speaks of `it`; else empty.
  std::string about(const std::string& topic) const;

  /// The documents with a good hit, in order.
  indices relevant(const std::vector<hit>& hits) const;

  std::string names(const indices& chosen) const;

  std::vector<std::string> ids(const indices& chosen) const;

  /// The parts that hold good sentences, of documents that were shown in parts
  /// and in full; else whole documents.
  std::vector<std::string> ranges(const std::vector<hit>& hits,
                                  const indices& chosen) const;

  /// `, first the sections "A" and "B"`: those of the best sentences.
  std::string sections(const std::vector<hit>& hits,
                       const indices& chosen) const;

  /// `, in particular a, b and c`: words that tell topics and documents apart.
  std::string keywords(const std::vector<hit>& hits,
                       const indices& chosen) const;

  /// Whether two documents share enough words to disagree about something.
  bool documents_overlap() const;

private:
  bool holds_hit(const std::vector<hit>& hits, std::size_t d,
                 const line_range& part) const;

  const std::vector<document>& docs_;
  const goal_parts& parts_;
};

} // namespace brigade::core::extractive
