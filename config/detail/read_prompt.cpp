#include "brigade/config/detail/build.hpp"
#include "brigade/config/detail/text.hpp"

#include "brigade/core/model/prompt_template.hpp"
#include "brigade/core/run/input.hpp"

namespace brigade::config::detail {

namespace {

std::optional<std::string> read_prompt_file(const context& ctx,
                                            const role_draft& role) {
  const auto& from = *role.prompt_file;
  const auto path = ctx.resolve(from.text);
  auto read = ctx.read_file(path);
  if (read.text && !core::is_text(*read.text))
    read = {std::nullopt, "is not UTF-8 text"};
  if (read.text && trimmed(*read.text).empty())
    read = {std::nullopt, "is empty"};
  // Shown as it was typed: what a variable holds is nobody's business.
  if (!read.text)
    ctx.faults.fail(from.where, role.path + ".prompt_file "
                                    + quoted(ctx.resolve(from.from->text)) + " "
                                    + read.error);
  return std::move(read.text);
}

} // namespace

std::optional<std::string>
read_prompt(const context& ctx, const role_draft& role,
            const std::vector<std::string_view>& names) {
  if (role.prompt && role.prompt_file) {
    ctx.faults.fail(role.prompt_file->where,
                    role.path + " has both prompt and prompt_file: keep one");
    return std::nullopt;
  }
  std::optional<std::string> text;
  place where;
  if (role.prompt) {
    text = role.prompt->text;
    where = role.prompt->where;
    if (trimmed(*text).empty()) {
      ctx.faults.fail(where, role.path + ".prompt is empty");
      return std::nullopt;
    }
  } else if (role.prompt_file) {
    text = read_prompt_file(ctx, role);
    where = role.prompt_file->where;
  }
  if (text)
    for (const auto& name : core::unknown_template_names(*text, names))
      ctx.faults.warn(where, role.path + " holds {{" + printable(name)
                                 + "}}, which stays as it is"
                                 + suggestion(name, names));
  return text;
}

} // namespace brigade::config::detail
