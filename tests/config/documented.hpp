/// Holds a document's tables of keys against the real ones.
/// BRIGADE_UPDATE_DOCS=1 writes them anew.
#pragma once

#include "brigade/config/detail/key.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::test {

inline const std::string docs = BRIGADE_SOURCE_DIR "/docs/";

inline std::string read(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline bool updating() {
  return std::getenv("BRIGADE_UPDATE_DOCS") != nullptr;
}

/// The Markdown table of one section's keys.
inline std::string table_of(const detail::section_doc& section) {
  std::string out = "| key | takes | default | meaning |\n|---|---|---|---|\n";
  for (const auto& key : section.keys) {
    auto takes = detail::type_text(key);
    if (const auto range = detail::range_text(key); !range.empty())
      takes += ", " + range;
    const auto fallback = key.required ? std::string{"required"}
                          : key.fallback.empty()
                              ? std::string{"-"}
                              : "`" + std::string{key.fallback} + "`";
    out += "| `" + std::string{key.name} + "` | " + takes + " | " + fallback
           + " | " + std::string{key.description} + " |\n";
  }
  return out;
}

/// The text with the table behind each `<!-- keys: SECTION -->` made new.
inline std::string
with_tables(std::string text,
            const std::vector<detail::section_doc>& sections) {
  for (const auto& section : sections) {
    const auto begin_mark =
        "<!-- keys: " + std::string{section.path} + " -->\n";
    const std::string end_mark = "<!-- end -->";
    auto begin = text.find(begin_mark);
    BOOST_TEST_REQUIRE(begin != std::string::npos, begin_mark);
    begin += begin_mark.size();
    const auto end = text.find(end_mark, begin);
    BOOST_TEST_REQUIRE(end != std::string::npos);
    text.replace(begin, end - begin, table_of(section));
  }
  return text;
}

/// The file of this name in docs/ holds exactly `wanted`.
inline void check_document(const std::string& name, const std::string& wanted) {
  if (updating())
    std::ofstream{docs + name} << wanted;
  BOOST_TEST((read(docs + name) == wanted),
             "run this test with BRIGADE_UPDATE_DOCS=1");
}

/// `key = default` lines of a section's keys that have one.
inline std::string
written_defaults(const std::vector<detail::section_doc>& sections,
                 std::string_view path) {
  std::string out;
  for (const auto& section : sections)
    if (section.path == path)
      for (const auto& key : section.keys)
        if (!key.fallback.empty())
          out +=
              std::string{key.name} + " = " + std::string{key.fallback} + "\n";
  return out;
}

} // namespace brigade::config::test
