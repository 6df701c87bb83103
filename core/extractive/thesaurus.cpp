#include "brigade/core/extractive/thesaurus.hpp"

#include <array>
#include <cstddef>
#include <unordered_map>

namespace brigade::core::extractive {

namespace {

/// Words of one meaning; the first one names the concept.
struct group {
  std::string_view words;
  slot_kind slot = slot_kind::none;
};

constexpr group groups[] = {
    // -- money
    // ------------------------------------------------------------------
    {"cost price pricing fee charge priced expensive cheap tariff rate pay "
     "paid "
     "payable billed expense spend spent"},
    {"revenue sales turnover takings"},
    {"profit earnings surplus margin"},
    {"budget funding funds grant allocation"},
    {"salary wage pay-packet compensation"},
    {"discount rebate reduction"},
    {"penalty fine"},
    {"deposit downpayment"},
    {"investment invest invested raised funding-round"},
    {"tax vat levy"},
    {"ticket admission entry entrance fare"},
    // -- people and organisations
    // -----------------------------------------------
    {"staff employee employ workforce headcount personnel worker colleague "
     "crew "
     "payroll"},
    {"customer client subscriber buyer shopper"},
    {"user seat licence-holder"},
    {"member membership"},
    {"population inhabitant resident"},
    {"visitor guest attendee attendance participant audience"},
    {"student pupil enrolment enrollment"},
    {"volunteer helper"},
    {"office branch site outlet"},
    {"warehouse depot"},
    {"vehicle truck lorry van"},
    // -- names
    // ------------------------------------------------------------------
    {"lead led leader head headed chief ceo boss director president manager "
     "manage managed chair chaired chairman run helm",
     slot_kind::person},
    {"founder", slot_kind::person},
    {"author write wrote written writer", slot_kind::person},
    {"design designed designer architect", slot_kind::person},
    {"own owner owned parent belong", slot_kind::person},
    {"supply supplier supplied vendor provider manufacturer manufacture "
     "manufactured maker",
     slot_kind::person},
    {"contact spokesperson", slot_kind::person},
    {"audit auditor audited", slot_kind::person},
    {"sponsor sponsored", slot_kind::person},
    {"operate operator operated", slot_kind::person},
    {"maintain maintainer maintained maintenance", slot_kind::person},
    {"locate located location headquarters headquartered hq based base "
     "situated "
     "address seated",
     slot_kind::place},
    {"language", slot_kind::phrase},
    {"license licence licensed", slot_kind::phrase},
    {"colour color", slot_kind::phrase},
    {"status state", slot_kind::phrase},
    {"material", slot_kind::phrase},
    {"currency", slot_kind::phrase},
    {"protocol", slot_kind::phrase},
    {"database", slot_kind::phrase},
    {"region", slot_kind::phrase},
    {"format", slot_kind::phrase},
    // -- events
    // -----------------------------------------------------------------
    {"found founded founding establish established establishment inception "
     "incorporated foundation set-up origin",
     slot_kind::event},
    {"open opened opening inaugurate inaugurated doors", slot_kind::event},
    {"launch launched release released rollout go-live debut introduced",
     slot_kind::event},
    {"build built construct constructed construction erect erected",
     slot_kind::event},
    {"complete completed completion finish finished", slot_kind::event},
    {"deadline due expire expiry expires expiration", slot_kind::event},
    {"begin began start started commence commenced kickoff kick-off",
     slot_kind::event},
    {"end ended ending close closing closure", slot_kind::event},
    {"acquire acquired acquisition bought purchase purchased takeover",
     slot_kind::event},
    {"sign signed signature", slot_kind::event},
    {"elect elected election", slot_kind::event},
    {"update updated revise revised revision amended", slot_kind::event},
    {"year date since born", slot_kind::event},
    // -- measures
    // ---------------------------------------------------------------
    {"long length stretch stretches span"},
    {"high height tall elevation altitude"},
    {"wide width breadth"},
    {"deep depth"},
    {"weigh weight mass heavy"},
    {"area size surface cover covers footprint"},
    {"distance far"},
    {"speed fast velocity"},
    {"capacity hold holds accommodate accommodates room fit fits store stores "
     "storage"},
    {"produce production output yield manufactures generates generate"},
    {"temperature degree"},
    {"power wattage"},
    {"energy electricity"},
    {"consume consumption usage draw draws"},
    {"memory ram"},
    {"battery runtime autonomy"},
    {"latency delay lag response"},
    {"throughput bandwidth"},
    {"duration last lasts take takes period term lifetime life"},
    {"warranty guarantee guaranteed"},
    {"retention retain retained keep kept"},
    {"delivery deliver delivered shipping shipment dispatch arrive"},
    {"refund return reimburse reimbursement"},
    {"notice cancellation cancel"},
    {"holiday vacation leave"},
    {"share portion proportion fraction percentage percent"},
    {"growth grow grew grown increase increased rise rose rising gain"},
    {"decline decrease decreased fall fell drop dropped shrink"},
    {"satisfaction satisfied approval happy"},
    {"error failure fail failed fault defect"},
    {"availability uptime available"},
    {"accuracy accurate precision"},
    {"unemployment jobless"},
    {"version"},
    {"rank ranking"},
    {"rating score grade"},
    {"limit cap maximum ceiling most"},
    {"age old"},
    {"frequency often"},
    // -- what people ask for
    // ----------------------------------------------------
    {"risk danger hazard drawback disadvantage limitation weakness pitfall "
     "downside mistake con threat problem"},
    {"benefit advantage strength pro merit upside"},
    {"example instance case illustration"},
    {"definition define meaning mean"},
    {"difference differ compare comparison contrast versus vs different"},
    {"step procedure process workflow stage"},
    {"recommendation recommend advice suggestion suggest"},
    {"reason cause why because"},
    {"requirement require required requires need mandatory must compulsory"},
    {"feature function capability"},
    {"support supports supported compatible"},
    {"allow allowed permit permitted may"},
    {"include included includes contain contains comprise"},
    {"use uses used using appropriate suited suitable choose reach apply"},
    {"tradeoff trade-off compromise"},
    {"synthesis synthesise synthesize merge combine"},
    {"goal aim objective purpose"},
    {"result outcome finding"},
    {"method approach technique"},
};

/// Words that exclude each other: statements about two of them differ without
/// a conflict. A word stands in one set only.
constexpr std::string_view contrasts[] = {
    "adult child children senior junior",
    "minimum maximum average median min max mean peak typical least",
    "north south east west northern southern eastern western",
    "indoor outdoor",
    "summer winter spring autumn",
    "morning afternoon evening night",
    "weekday weekend monday tuesday wednesday thursday friday saturday sunday",
    "gross net",
    "first second third fourth fifth last previous next",
    "internal external",
    "input output",
    "upload download",
    "upper lower",
    "left right",
    "front rear",
    "inner outer",
    "read write",
    "import export domestic international",
    "male female men women",
    "basic standard premium enterprise",
    "small medium large",
    "revenue profit cost loss budget",
    "planned actual forecast target estimated",
    "single double",
    "annual monthly weekly daily hourly quarterly",
    "full part",
    "online offline",
    "start end",
    "arrival departure",
    "long high wide deep",
    "growth decline",
};

constexpr std::string_view stop_words =
    "a an the this that these those and or but nor so yet if then else than as "
    "of in on at by for from to into onto with without within about over under "
    "between among through during before after above below up down out off "
    "again further once here there when where why how what which who whom "
    "whose is am are was were be been being have has had having do does did "
    "doing will would shall should can could might must may not no i me my we "
    "us our you your he him his she her it its they them their itself "
    "themselves himself herself one ones all any both each few more most other "
    "some such only own same too very just also per via because while until "
    "against s t don't doesn't didn't isn't aren't wasn't won't can't cannot "
    "couldn't it's that's there's what's let let's etc eg ie";

/// Words of instructions and filler: they count little in a search.
constexpr std::string_view weak_words =
    "please list find tell show give explain describe summary summarise "
    "summarize summarised overview report answer question document documents "
    "file text extract sentence passage quote cite citation source objective "
    "scope return state say says said write identify analyse analyze research "
    "note according currently total overall roughly approximately around "
    "nearly almost today now new make made get given know known "
    "thing way information detail details fact facts number figure amount "
    "value main key important relevant following several many much "
    "company firm organisation organization stands stand exactly compare "
    "comparison conflict conflicts contradict contradiction disagree "
    "mode work works year date time times come came reach reached stood "
    "inconsistent across check look read topic section point ignore "
    "instructions instruction produce create provide";

/// Words that may turn a statement around; `slots.cpp` looks closer.
constexpr std::string_view negations =
    "not no never without cannot none lacks isn't aren't doesn't don't won't "
    "can't didn't wasn't neither unsupported hasn't unable excludes prohibited "
    "forbidden closed optional disabled unavailable voluntary prohibits";

using table = std::unordered_map<term, word_entry>;

template <class Fn>
void for_each_word(std::string_view words, Fn&& fn) {
  std::size_t at = 0;
  while (at < words.size()) {
    auto end = words.find(' ', at);
    if (end == std::string_view::npos)
      end = words.size();
    if (end > at)
      fn(words.substr(at, end - at));
    at = end + 1;
  }
}

table make_table() {
  table result;
  for (auto& g : groups) {
    term meaning = 0;
    for_each_word(g.words, [&](std::string_view word) {
      auto key = hash_term(stem(word));
      if (meaning == 0)
        meaning = hash_term("=") ^ key;
      auto& entry = result[key];
      if (entry.meaning != 0)
        return; // The first group wins.
      entry.meaning = meaning;
      entry.slot = g.slot;
    });
  }
  std::uint8_t set = 0;
  for (auto words : contrasts) {
    ++set;
    for_each_word(words, [&](std::string_view word) {
      auto key = hash_term(stem(word));
      auto meaning = result[key].meaning;
      // A whole group takes part, under its concept.
      auto& entry = result[meaning != 0 ? meaning : key];
      if (entry.contrast == 0)
        entry.contrast = set;
    });
  }
  for_each_word(stop_words, [&](std::string_view word) {
    result[hash_term(stem(word))].stop = true;
  });
  for_each_word(negations, [&](std::string_view word) {
    result[hash_term(stem(word))].negates = true;
  });
  for_each_word(weak_words, [&](std::string_view word) {
    result[hash_term(stem(word))].weak = true;
  });
  return result;
}

const table& words() {
  static const table result = make_table();
  return result;
}

std::unordered_map<term, slot_kind> make_slots() {
  std::unordered_map<term, slot_kind> result;
  for (auto& [key, entry] : words())
    if (entry.slot != slot_kind::none)
      result.emplace(entry.meaning, entry.slot);
  return result;
}

} // namespace

word_entry look_up(term stem) {
  auto i = words().find(stem);
  return i == words().end() ? word_entry{} : i->second;
}

slot_kind slot_of(term meaning) {
  static const auto slots = make_slots();
  auto i = slots.find(meaning);
  return i == slots.end() ? slot_kind::none : i->second;
}

term related_to(term meaning) {
  static const auto meaning_of = [](std::string_view word) {
    return look_up(stem_term(word)).meaning;
  };
  static const term risk = meaning_of("risk");
  static const term failure = meaning_of("failure");
  return meaning == risk ? failure : 0;
}

std::uint64_t contrast_bits(term meaning) {
  auto set = look_up(meaning).contrast;
  return set == 0 ? 0 : std::uint64_t{1} << (set % 64);
}

} // namespace brigade::core::extractive
