// Values and the many ways to write them.
#include "world.hpp"

#include <array>

namespace world {

namespace {

constexpr std::array<std::string_view, 12> months{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

constexpr std::array<std::string_view, 10> first_names{
    "Maria", "Tom",  "Ines",  "Paul", "Aiko",
    "Lena",  "Omar", "Greta", "Ivan", "Noor"};
constexpr std::array<std::string_view, 10> last_names{
    "Keller", "Reed",   "Castro", "Lindgren", "Tanaka",
    "Brandt", "Haddad", "Novak",  "Petrov",   "Oduya"};
constexpr std::array<std::string_view, 10> places{
    "Oslo",  "Bremen", "Porto",  "Ghent",  "Turku",
    "Leeds", "Graz",   "Nantes", "Gdansk", "Cork"};
constexpr std::array<std::string_view, 21> number_words{
    "zero",     "one",      "two",      "three",   "four",    "five",
    "six",      "seven",    "eight",    "nine",    "ten",     "eleven",
    "twelve",   "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen", "twenty"};

std::string digits(std::int64_t n) {
  return std::to_string(n);
}

std::string grouped(std::int64_t n) {
  auto text = digits(n);
  for (auto i = static_cast<std::int64_t>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

/// `n` tenths: `4.5` or `4`.
std::string tenths(std::int64_t n) {
  return n % 10 == 0 ? digits(n / 10) : digits(n / 10) + "." + digits(n % 10);
}

std::string two(std::int64_t n) {
  return (n < 10 ? "0" : "") + digits(n);
}

std::string write_date(std::int64_t n, dice& d) {
  auto year = n / 10'000;
  auto month = n / 100 % 100;
  auto day = n % 100;
  std::string name{months[static_cast<std::size_t>(month - 1)]};
  switch (d.below(4)) {
  case 0:
    return digits(year) + "-" + two(month) + "-" + two(day);
  case 1:
    return name + " " + digits(day) + ", " + digits(year);
  case 2:
    return digits(day) + " " + name.substr(0, 3) + " " + digits(year);
  default:
    return digits(day) + " " + name + " " + digits(year);
  }
}

std::int64_t number_for(form kind, dice& d) {
  auto n = [&d](std::int64_t low, std::size_t steps, std::int64_t step) {
    return low + static_cast<std::int64_t>(d.below(steps)) * step;
  };
  switch (kind) {
  case form::people:
    return n(40, 90, 35);
  case form::year:
    return n(1880, 130, 1);
  case form::money:
    return n(12, 180, 3); // Tenths of a million.
  case form::price:
    return n(4, 40, 1);
  case form::length:
    return n(400, 60, 100); // Metres.
  case form::date:
    return n(1990, 34, 1) * 10'000 + n(1, 12, 1) * 100 + n(13, 15, 1);
  case form::mass:
    return n(500, 60, 250); // Grams.
  case form::percent:
    return n(51, 48, 1);
  case form::years_long:
    return n(1, 9, 1);
  case form::hours:
    return n(3, 40, 1);
  case form::gigabytes:
    return n(1, 30, 1) * 8;
  case form::days:
    return n(2, 26, 1);
  case form::rooms:
    return n(3, 60, 1);
  case form::clock:
    return n(6, 6, 1) * 60 + n(0, 4, 15);
  case form::yes_no:
    return n(0, 2, 1);
  default:
    return n(0, 100, 1);
  }
}

} // namespace

std::size_t dice::below(std::size_t count) {
  // SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom
  // number generators", 2014.
  auto z = (state_ += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return static_cast<std::size_t>((z ^ (z >> 31)) % count);
}

planted_value make_value(form kind, dice& d) {
  planted_value result;
  result.kind = kind;
  result.number = number_for(kind, d);
  if (kind == form::person)
    result.text = std::string{d.pick(first_names)} + " "
                  + std::string{d.pick(last_names)};
  if (kind == form::place)
    result.text = std::string{d.pick(places)};
  return result;
}

planted_value other_value(const planted_value& v, dice& d) {
  auto result = v;
  if (v.kind == form::yes_no) {
    result.number = 1 - v.number;
    return result;
  }
  auto last_name = [](const std::string& s) {
    return s.substr(s.rfind(' ') + 1);
  };
  for (int i = 0; i < 1'000; ++i) {
    result = make_value(v.kind, d);
    bool differs = v.text.empty() ? result.number != v.number
                                  : last_name(result.text) != last_name(v.text);
    if (differs)
      return result;
  }
  return result;
}

std::string write_value(const planted_value& v, dice& d) {
  auto n = v.number;
  switch (v.kind) {
  case form::people:
    return n >= 1000 && d.chance(60) ? grouped(n) : digits(n);
  case form::money:
    switch (d.below(4)) {
    case 0:
      return "$" + grouped(n * 100'000);
    case 1:
      return "$" + tenths(n) + " million";
    case 2:
      return "$" + tenths(n) + "m";
    default:
      return "USD " + tenths(n) + " million";
    }
  case form::price:
    return d.chance(50) ? "$" + digits(n)
                        : (d.chance(50) ? digits(n) + " dollars"
                                        : "$" + digits(n) + ".00");
  case form::person:
  case form::place:
    return v.text;
  case form::length:
    return d.chance(50) ? digits(n) + " m"
                        : (d.chance(50) ? grouped(n) + " metres"
                                        : tenths(n / 100) + " km");
  case form::date:
    return write_date(n, d);
  case form::mass:
    return n % 100 == 0 && d.chance(60) ? tenths(n / 100) + " kg"
                                        : grouped(n) + " g";
  case form::percent:
    return digits(n) + (d.chance(50) ? "%" : " percent");
  case form::years_long:
    return d.chance(50) ? digits(n) + (n == 1 ? " year" : " years")
                        : digits(n * 12) + " months";
  case form::hours:
    return digits(n) + " hours";
  case form::gigabytes:
    return d.chance(50) ? digits(n) + " GB" : digits(n) + " gigabytes";
  case form::days:
    return n % 7 == 0 && d.chance(60)
               ? digits(n / 7) + (n == 7 ? " week" : " weeks")
               : digits(n) + " days";
  case form::rooms:
    return n <= 20 && d.chance(50)
               ? std::string{number_words[static_cast<std::size_t>(n)]}
               : digits(n);
  case form::clock:
    if (d.chance(50))
      return digits(n / 60) + ":" + two(n % 60);
    return n % 60 == 0 ? digits(n / 60) + " am"
                       : digits(n / 60) + ":" + two(n % 60) + " am";
  default:
    return digits(n);
  }
}

} // namespace world
