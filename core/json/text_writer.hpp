/// Writes JSON text by lists of fields, without a tree of values.
///
/// INTERNAL: included by the sources that write a JSON form.
#pragma once

#include "brigade/core/json/fields.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::json_fields {

/// Which members of a structure are written.
enum class written : std::uint8_t {
  all,
  /// Those that differ from their defaults.
  changed,
};

template <written Which>
struct text_writer {
  std::string& out;

  void write(const std::string& x) { write(std::string_view{x}); }

  void write(std::string_view x) {
    const auto is_plain = [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    };
    if (!std::all_of(x.begin(), x.end(), is_plain)) {
      out += boost::json::serialize(boost::json::string{x});
      return;
    }
    out += '"';
    out += x;
    out += '"';
  }

  void write(const text_holder auto& x) { write(x.view()); }

  void write(bool x) { out += x ? "true" : "false"; }

  void write(integer auto x) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), x).ptr;
    out.append(digits, end);
  }

  void write(number_name auto x) {
    write(static_cast<std::underlying_type_t<decltype(x)>>(x));
  }

  template <has_text_form T>
  void write(const T& x) {
    const auto text = text_form<T>::to(x);
    write(std::string_view{text});
  }

  template <class T>
  void write(const std::optional<T>& x) {
    if (x)
      write(*x);
    else
      out += "null";
  }

  template <class T>
  void write(const std::shared_ptr<const T>& x) {
    if (x)
      write(*x);
    else
      out += "null";
  }

  template <class T>
  void write(const std::vector<T>& xs) {
    out += '[';
    for (const auto& x : xs) {
      if (out.back() != '[')
        out += ',';
      write(x);
    }
    out += ']';
  }

  template <structure T>
  void write(const T& x);
};

/// What the members of a default `T` look like, in order.
template <class T>
const std::vector<std::string>& defaults_of() {
  static const auto all = [] {
    std::vector<std::string> texts;
    const auto collect = [&texts](std::string_view, const auto& member) {
      text_writer<written::changed>{texts.emplace_back()}.write(member);
    };
    const T standard{};
    fields<T>::visit(collect, standard);
    return texts;
  }();
  return all;
}

inline void begin_member(std::string& out, std::string_view name) {
  if (out.back() != '{')
    out += ',';
  out += '"';
  out += name;
  out += "\":";
}

/// Writes the members of a structure.
template <class T, written Which>
struct members_writer {
  std::string& out;

  template <class M>
  void operator()(std::string_view name, const M& member) {
    begin_member(out, name);
    text_writer<Which>{out}.write(member);
  }
};

/// Takes back those that say nothing.
template <class T>
struct members_writer<T, written::changed> {
  std::string& out;
  const std::vector<std::string>& defaults = defaults_of<T>();
  std::size_t next = 0;

  template <class M>
  void operator()(std::string_view name, const M& member) {
    const auto begin = out.size();
    begin_member(out, name);
    const auto value = out.size();
    text_writer<written::changed>{out}.write(member);
    if (std::string_view{out}.substr(value) == defaults[next++])
      out.resize(begin);
  }
};

template <written Which>
template <structure T>
void text_writer<Which>::write(const T& x) {
  out += '{';
  members_writer<T, Which> inner{out};
  fields<T>::visit(inner, x);
  out += '}';
}

} // namespace brigade::core::json_fields
