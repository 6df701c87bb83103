// What runs are made from: their crews and documents.

#include "brigade/core/model/digest.hpp"
#include "brigade/store/detail/log.hpp"

#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace brigade::store::detail {

namespace {

namespace json = boost::json;

fault damaged(const run_row& run, const std::string& path,
              const std::string& what) {
  return {fault_code::corrupt, path + ": what run " + run.summary.id.text
                                   + " is made from " + what
                                   + "; the file was damaged or changed"};
}

std::string text_in(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string{*text} : std::string{};
}

} // namespace

std::string source_text(const core::run_source& source) {
  json::array inputs;
  if (source.inputs)
    for (const auto& document : *source.inputs)
      inputs.push_back({{"id", document.id()},
                        {"name", document.name()},
                        {"sha256", core::sha256_hex(document.text())}});
  json::object out{{"crew", core::sha256_hex(source.crew)},
                   {"inputs", std::move(inputs)},
                   {"plan_only", source.plan_only},
                   {"origin", source.origin}};
  if (source.plan_text)
    out.emplace("plan", *source.plan_text);
  return json::serialize(out);
}

void write_source(SQLite::Database& db, std::int64_t run,
                  const core::run_source& source, const std::string& text) {
  SQLite::Statement insert{db, "INSERT INTO sources(run, data) VALUES(?, ?)"};
  insert.bind(1, run);
  insert.bindNoCopy(2, text);
  insert.exec();
  SQLite::Statement find{db, "SELECT 1 FROM documents WHERE sha256 = ?"};
  SQLite::Statement keep{db,
                         "INSERT INTO documents(sha256, text) VALUES(?, ?)"};
  const auto keep_once = [&](const std::string& content) {
    const auto hash = core::sha256_hex(content);
    find.reset();
    find.bindNoCopy(1, hash);
    if (find.executeStep())
      return;
    keep.reset();
    keep.bindNoCopy(1, hash);
    keep.bindNoCopy(2, content);
    keep.exec();
  };
  keep_once(source.crew);
  if (source.inputs)
    for (const auto& document : *source.inputs)
      keep_once(document.text());
}

std::string read_source_text(SQLite::Database& db, std::int64_t run) {
  SQLite::Statement select{db, "SELECT data FROM sources WHERE run = ?"};
  select.bind(1, run);
  return select.executeStep() ? select.getColumn(0).getString() : std::string{};
}

result<core::run_source> read_source(SQLite::Database& db, const run_row& run,
                                     const std::string& path) {
  boost::system::error_code failed;
  const auto text = read_source_text(db, run.id);
  if (text.empty())
    return damaged(run, path, "is missing");
  // Names of files hold what they hold.
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  const auto parsed = json::parse(text, failed, {}, options);
  const auto* from = failed ? nullptr : parsed.if_object();
  if (from == nullptr)
    return damaged(run, path, "cannot be read");
  core::run_source source;
  SQLite::Statement find{db, "SELECT text FROM documents WHERE sha256 = ?"};
  // Crews are kept as documents are: many runs have the same.
  const auto content_of =
      [&find](const std::string& hash) -> std::optional<std::string> {
    find.reset();
    find.bind(1, hash);
    if (!find.executeStep())
      return std::nullopt;
    auto content = find.getColumn(0).getString();
    if (core::sha256_hex(content) != hash)
      return std::nullopt;
    return content;
  };
  auto crew = content_of(text_in(*from, "crew"));
  if (!crew)
    return damaged(run, path, "lacks its crew, or holds a changed one");
  source.crew = std::move(*crew);
  source.origin = text_in(*from, "origin");
  if (from->contains("plan"))
    source.plan_text = text_in(*from, "plan");
  const auto* plan_only = from->if_contains("plan_only");
  source.plan_only = plan_only && plan_only->is_bool() && plan_only->get_bool();
  auto inputs = std::make_shared<core::input_set>();
  const auto* list = from->if_contains("inputs");
  if (list != nullptr && list->is_array())
    for (const auto& item : list->get_array()) {
      const auto* document = item.if_object();
      if (document == nullptr)
        return damaged(run, path, "cannot be read");
      const auto name = text_in(*document, "name");
      auto content = content_of(text_in(*document, "sha256"));
      if (!content)
        return damaged(run, path,
                       "lacks its document " + name
                           + ", or holds a changed one");
      inputs->emplace_back(text_in(*document, "id"), name, std::move(*content));
    }
  source.inputs = std::move(inputs);
  return source;
}

} // namespace brigade::store::detail
