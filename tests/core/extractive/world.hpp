/// Generated documents with planted facts and planted conflicts, seeded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace world {

/// Wordings that begin with `!` are used from this seed on only: they were
/// never looked at while the engine was tuned.
inline constexpr std::uint32_t held_out_seed_min = 1'000;

/// The same numbers on every machine, unlike the standard's distributions.
class dice {
public:
  explicit dice(std::uint32_t seed) : state_(seed * 2654435761u + 12345u) {}
  /// 0 to `count` - 1.
  std::size_t below(std::size_t count);
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class List>
  auto& pick(const List& list) {
    return list[below(list.size())];
  }

private:
  std::uint64_t state_;
};

enum class form : std::uint8_t {
  people,
  year,
  money,
  price,
  person,
  place,
  length,
  date,
  mass,
  percent,
  years_long,
  hours,
  gigabytes,
  days,
  rooms,
  clock,
  yes_no,
};

/// A kind of fact.
struct attribute {
  form values;
  /// Names of keys and columns.
  std::vector<std::string_view> keys;
  /// Sentences with {E} and {V}.
  std::vector<std::string_view> wordings;
  /// For `yes_no`: the negative sentences.
  std::vector<std::string_view> denials;
  /// How a goal asks for it, with {E}.
  std::string_view question;
};

const std::vector<attribute>& attributes();

/// A value that can be written in several ways.
struct planted_value {
  form kind = form::people;
  std::int64_t number = 0;
  std::string text;
};

planted_value make_value(form kind, dice& d);
/// A different value of the same form.
planted_value other_value(const planted_value& v, dice& d);
std::string write_value(const planted_value& v, dice& d);

/// Where a value was written.
struct place {
  std::string document;
  std::uint32_t line = 0;
  /// As written.
  std::string shown;
};

struct fact {
  std::string entity;
  std::size_t attribute = 0;
  /// One or two; two with different values are a planted conflict.
  std::vector<place> places;
  bool is_conflict = false;
};

struct generated {
  struct text {
    std::string name;
    std::string body;
  };
  std::vector<text> documents;
  std::vector<fact> facts;
  std::string goal;
  /// Indices of the facts that the goal asks for.
  std::vector<std::size_t> asked;
};

generated make_world(std::uint32_t seed);

} // namespace world
