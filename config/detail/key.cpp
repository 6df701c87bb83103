#include "brigade/config/detail/key.hpp"

#include "brigade/config/detail/decimal.hpp"
#include "brigade/config/detail/text.hpp"

#include <algorithm>

namespace brigade::config::detail {

namespace {

struct reading {
  const context& ctx;
  const key_doc& key;
  std::string_view path;
  const node& from;

  std::optional<value> fail(const std::string& what) const {
    ctx.faults.fail(from.where, std::string{path} + "." + std::string{key.name}
                                    + " " + what);
    return std::nullopt;
  }

  std::optional<value> wrong_type() const {
    return fail("must be " + type_text(key) + ", not "
                + std::string{to_string(from.kind)});
  }
};

/// A `--set` without quotes is a string to keys that take one.
bool is_text(const node& from) {
  return from.kind == node_kind::text
         || (!from.text.empty() && from.kind != node_kind::array
             && from.kind != node_kind::table);
}

std::string in_range(const key_doc& key) {
  const auto range = range_text(key);
  const auto mark = range.find(" to ");
  return "must be from " + range.substr(0, mark) + " to "
         + range.substr(mark + 4);
}

std::optional<value> read_text(const reading& r, value result) {
  if (!is_text(r.from))
    return r.wrong_type();
  result.text = r.from.text;
  if (r.key.type == key_type::prompt)
    return result;
  // A key is not expanded: it must not be in the file in any form.
  if (r.key.type != key_type::secret) {
    auto expanded = interpolate(r.ctx, r.from.text, r.from.where);
    if (!expanded)
      return std::nullopt;
    result.text = std::move(*expanded);
  }
  if (r.key.type == key_type::text) {
    const auto size = static_cast<std::int64_t>(result.text.size());
    if (trimmed(result.text).empty() && r.key.min > 0)
      return r.fail("must not be empty");
    if (size > r.key.max)
      return r.fail("must not be longer than " + std::to_string(r.key.max)
                    + " bytes");
  }
  return result;
}

std::optional<value> read_choice(const reading& r, value result) {
  auto read = read_text(r, std::move(result));
  if (!read)
    return std::nullopt;
  const auto& choices = r.key.choices;
  if (std::find(choices.begin(), choices.end(), read->text) == choices.end())
    return r.fail("cannot be " + quoted(r.from.text)
                  + suggestion(read->text, {choices.begin(), choices.end()}));
  return read;
}

std::optional<value> read_integer(const reading& r, value result) {
  if (r.from.kind != node_kind::integer)
    return r.wrong_type();
  result.number = r.from.integer;
  if (result.number < r.key.min || result.number > r.key.max)
    return r.fail(in_range(r.key) + ", not " + std::to_string(result.number));
  return result;
}

int digits_of(key_type type) {
  return type == key_type::cost ? 12 : type == key_type::price ? 6 : 3;
}

std::optional<value> read_decimal(const reading& r, value result) {
  std::string text;
  if (r.from.kind == node_kind::text) {
    auto expanded = interpolate(r.ctx, r.from.text, r.from.where);
    if (!expanded)
      return std::nullopt;
    text = std::move(*expanded);
  } else if (r.from.kind != node_kind::integer
             && r.from.kind != node_kind::number) {
    return r.wrong_type();
  }
  const auto read = read_scaled(r.from, text, digits_of(r.key.type));
  if (!read.fault.empty())
    return r.fail(read.fault);
  result.number = read.value;
  if (result.number < r.key.min || result.number > r.key.max)
    return r.fail(in_range(r.key));
  return result;
}

std::optional<value> read_integers(const reading& r, value result) {
  if (r.from.kind != node_kind::array)
    return r.wrong_type();
  for (const auto& item : r.from.items) {
    if (item.kind != node_kind::integer || item.integer < r.key.min
        || item.integer > r.key.max) {
      r.ctx.faults.fail(item.where, std::string{r.path} + "."
                                        + std::string{r.key.name}
                                        + " must hold integers from "
                                        + std::to_string(r.key.min) + " to "
                                        + std::to_string(r.key.max));
      return std::nullopt;
    }
    result.numbers.push_back(static_cast<int>(item.integer));
  }
  return result;
}

std::optional<value> read_texts(const reading& r, value result) {
  if (r.from.kind != node_kind::array)
    return r.wrong_type();
  if (r.from.items.size() > texts_items_max)
    return r.fail("must not hold more than " + std::to_string(texts_items_max)
                  + " strings");
  for (const auto& item : r.from.items) {
    if (item.kind != node_kind::text)
      return r.wrong_type();
    auto text = interpolate(r.ctx, item.text, item.where);
    if (!text)
      return std::nullopt;
    const auto size = static_cast<std::int64_t>(text->size());
    if (size < r.key.min || size > r.key.max)
      return r.fail("must hold strings of " + range_text(r.key));
    result.texts.push_back(std::move(*text));
  }
  return result;
}

std::optional<value> read_tables(const reading& r, value result) {
  if (r.from.kind != node_kind::array)
    return r.wrong_type();
  for (const auto& item : r.from.items)
    if (item.kind != node_kind::table)
      return r.wrong_type();
  return result;
}

} // namespace

std::optional<value> read_value(const context& ctx, const key_doc& key,
                                std::string_view path, const node& from) {
  const reading r{ctx, key, path, from};
  value result;
  result.from = &from;
  result.where = from.where;
  switch (key.type) {
  case key_type::text:
  case key_type::prompt:
  case key_type::secret:
    return read_text(r, std::move(result));
  case key_type::choice:
    return read_choice(r, std::move(result));
  case key_type::boolean:
    if (from.kind != node_kind::boolean)
      return r.wrong_type();
    result.flag = from.flag;
    return result;
  case key_type::integer:
    return read_integer(r, std::move(result));
  case key_type::thousandths:
  case key_type::cost:
  case key_type::price:
    return read_decimal(r, std::move(result));
  case key_type::headers:
  case key_type::json:
    if (from.kind != node_kind::table)
      return r.wrong_type();
    return result;
  case key_type::integers:
    return read_integers(r, std::move(result));
  case key_type::texts:
    return read_texts(r, std::move(result));
  case key_type::tables:
    return read_tables(r, std::move(result));
  }
  return std::nullopt;
}

std::string type_text(const key_doc& key) {
  switch (key.type) {
  case key_type::text:
  case key_type::prompt:
    return "a string";
  case key_type::choice:
    return quoted_list({key.choices.begin(), key.choices.end()});
  case key_type::boolean:
    return "true or false";
  case key_type::integer:
    return "an integer";
  case key_type::thousandths:
  case key_type::cost:
  case key_type::price:
    return "a number or a decimal string";
  case key_type::secret:
    return "\"env:NAME\" or \"file:PATH\"";
  case key_type::headers:
    return "a table of strings";
  case key_type::json:
    return "a table";
  case key_type::integers:
    return "an array of integers";
  case key_type::texts:
    return "an array of strings";
  case key_type::tables:
    return "an array of tables";
  }
  return {};
}

std::string range_text(const key_doc& key) {
  switch (key.type) {
  case key_type::integer:
  case key_type::integers:
    return std::to_string(key.min) + " to " + std::to_string(key.max);
  case key_type::thousandths:
  case key_type::cost:
  case key_type::price:
    return scaled_text(key.min, digits_of(key.type)) + " to "
           + scaled_text(key.max, digits_of(key.type));
  case key_type::text:
  case key_type::texts:
    return std::to_string(key.min) + " to " + std::to_string(key.max)
           + " bytes";
  default:
    return {};
  }
}

void fail_unknown_key(const context& ctx, std::string_view path,
                      const member& found,
                      const std::vector<std::string_view>& known) {
  auto message = "unknown key " + quoted(found.key);
  message += path.empty() ? "" : " in [" + std::string{path} + "]";
  if (ctx.faults.full())
    return ctx.faults.fail(found.where, message);
  if (ctx.sections != nullptr && nearest(found.key, known).empty())
    for (const auto& section : *ctx.sections)
      for (const auto& key : section.keys)
        if (key.name == found.key) {
          ctx.faults.fail(found.where, message + ": it belongs in ["
                                           + std::string{section.path} + "]");
          return;
        }
  ctx.faults.fail(found.where, message + suggestion(found.key, known));
}

} // namespace brigade::config::detail
