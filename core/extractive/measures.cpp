#include "brigade/core/extractive/measures.hpp"

#include <algorithm>
#include <unordered_map>

namespace brigade::core::extractive {

namespace {

struct measure_row {
  std::string_view words;
  std::string_view dimension;
  double factor;
};

// Sources of the factors: the SI; the international foot and pound of 1959;
// the Julian year of 365.25 days, with twelve equal months.
constexpr measure_row rows[] = {
    {"ms millisecond milliseconds", "#time", 0.001},
    {"s sec secs second seconds", "#time", 1},
    {"min mins minute minutes", "#time", 60},
    {"h hr hrs hour hours", "#time", 3600},
    {"day days", "#time", 86'400},
    {"week weeks", "#time", 604'800},
    {"month months", "#time", 2'629'800},
    {"quarter quarters", "#time", 7'889'400},
    {"year years yr yrs", "#time", 31'557'600},
    {"decade decades", "#time", 315'576'000},
    {"mm millimetre millimetres millimeter millimeters", "#length", 0.001},
    {"cm centimetre centimetres centimeter centimeters", "#length", 0.01},
    {"m metre metres meter meters", "#length", 1},
    {"km kilometre kilometres kilometer kilometers", "#length", 1000},
    {"mile miles mi", "#length", 1609.344},
    {"ft foot feet", "#length", 0.3048},
    {"inch inches", "#length", 0.0254},
    {"g gram grams", "#mass", 0.001},
    {"kg kilogram kilograms kilo kilos", "#mass", 1},
    {"t tonne tonnes ton tons", "#mass", 1000},
    {"lb lbs pound-mass", "#mass", 0.45359237},
    {"ml millilitre millilitres milliliter milliliters", "#volume", 0.001},
    {"l litre litres liter liters", "#volume", 1},
    {"kb kilobyte kilobytes", "#data", 1e3},
    {"mb megabyte megabytes", "#data", 1e6},
    {"gb gigabyte gigabytes", "#data", 1e9},
    {"tb terabyte terabytes", "#data", 1e12},
    {"kib", "#data", 1024},
    {"mib", "#data", 1'048'576},
    {"gib", "#data", 1'073'741'824},
    {"mbps mbit", "#rate", 1e6},
    {"gbps gbit", "#rate", 1e9},
    {"w watt watts", "#power", 1},
    {"kw kilowatt kilowatts", "#power", 1e3},
    {"mw megawatt megawatts", "#power", 1e6},
    {"gw gigawatt gigawatts", "#power", 1e9},
    {"wh", "#energy", 1},
    {"kwh kilowatt-hours", "#energy", 1e3},
    {"mwh megawatt-hours", "#energy", 1e6},
    {"gwh gigawatt-hours", "#energy", 1e9},
    {"mah", "#charge", 1},
    {"hz hertz", "#frequency", 1},
    {"khz kilohertz", "#frequency", 1e3},
    {"mhz megahertz", "#frequency", 1e6},
    {"ghz gigahertz", "#frequency", 1e9},
    {"v volt volts", "#voltage", 1},
    {"kv kilovolt kilovolts", "#voltage", 1e3},
    {"hectare hectares ha", "#area", 10'000},
    {"acre acres", "#area", 4046.8564224},
    {"m2 m\xC2\xB2 sqm", "#area", 1},
    {"km2 km\xC2\xB2", "#area", 1e6},
    {"km/h kph kmh", "#speed", 1},
    {"mph", "#speed", 1.609344},
    {"\xC2\xB0"
     "c \xC2\xB0 celsius degrees degree",
     "#temperature", 1},
    {"\xC2\xB0"
     "f fahrenheit",
     "#fahrenheit", 1},
};

struct number_row {
  std::string_view word;
  int number;
};

constexpr number_row numbers[] = {
    {"two", 2},       {"three", 3},     {"four", 4},     {"five", 5},
    {"six", 6},       {"seven", 7},     {"eight", 8},    {"nine", 9},
    {"ten", 10},      {"eleven", 11},   {"twelve", 12},  {"thirteen", 13},
    {"fourteen", 14}, {"fifteen", 15},  {"sixteen", 16}, {"seventeen", 17},
    {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},  {"thirty", 30},
    {"forty", 40},    {"fifty", 50},    {"sixty", 60},   {"seventy", 70},
    {"eighty", 80},   {"ninety", 90},   {"one", 1},      {"zero", 0},
    {"dozen", 12},
};

std::unordered_map<term, measure> make_measures() {
  std::unordered_map<term, measure> result;
  for (auto& row : rows) {
    std::size_t at = 0;
    while (at < row.words.size()) {
      auto end = std::min(row.words.find(' ', at), row.words.size());
      result.emplace(hash_term(row.words.substr(at, end - at)),
                     measure{hash_term(row.dimension), row.factor});
      at = end + 1;
    }
  }
  return result;
}

} // namespace

std::optional<measure> measure_of(std::string_view word) {
  static const auto measures = make_measures();
  auto i = measures.find(hash_term(word));
  if (i == measures.end())
    return {};
  return i->second;
}

term currency_of(std::string_view word) {
  struct currency {
    std::string_view word;
    std::string_view code;
  };
  static constexpr currency currencies[] = {
      {"$", "usd"},        {"us$", "usd"},
      {"usd", "usd"},      {"dollar", "usd"},
      {"dollars", "usd"},  {"\xE2\x82\xAC", "eur"},
      {"eur", "eur"},      {"euro", "eur"},
      {"euros", "eur"},    {"\xC2\xA3", "gbp"},
      {"gbp", "gbp"},      {"pounds", "gbp"},
      {"\xC2\xA5", "jpy"}, {"jpy", "jpy"},
      {"yen", "jpy"},      {"\xE2\x82\xB9", "inr"},
      {"inr", "inr"},      {"rupees", "inr"},
      {"chf", "chf"},      {"francs", "chf"},
      {"sek", "sek"},      {"nok", "nok"},
      {"dkk", "dkk"},      {"cents", "cent"},
  };
  for (auto& c : currencies)
    if (c.word == word)
      return hash_term(c.code);
  return 0;
}

double scale_of(std::string_view word) {
  if (word == "hundred")
    return 100;
  if (word == "k" || word == "thousand")
    return 1e3;
  if (word == "million" || word == "millions" || word == "mn" || word == "mio")
    return 1e6;
  if (word == "billion" || word == "billions" || word == "bn")
    return 1e9;
  if (word == "trillion" || word == "tn")
    return 1e12;
  return 0;
}

int number_word(std::string_view word) {
  for (auto& row : numbers)
    if (row.word == word)
      return row.number;
  return -1;
}

} // namespace brigade::core::extractive
