#include "world.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace world {

namespace {

constexpr std::array<std::string_view, 12> entity_names{
    "Northwind Tools", "Harbour Mill", "Alder Works",  "Kestrel Labs",
    "Sunfield",        "Morava Glass", "Tidewater",    "Blackpine Foundry",
    "Orchid Systems",  "Granite Lane", "Veldt Motors", "Juniper"};

constexpr std::array<std::string_view, 10> fillers{
    "The valley is known for its long winters and its short trains.",
    "Most of what follows was told by people who were there.",
    "The road along the river was closed for repairs in 2011.",
    "Page 3 of the guide shows a map of the area.",
    "Nobody we spoke to could remember a quieter season.",
    "The museum next door keeps 40 old photographs of the market.",
    "Further reading is listed at the end of this text.",
    "A bus runs every 20 minutes between the station and the old bridge.",
    "The weather station recorded 31 days of rain.",
    "Local schools use the story in their lessons."};

constexpr std::array<std::string_view, 4> notes_a{
    "This note was written on 2 May 2023.", "Figures are from the first visit.",
    "The text has 4 chapters.", "Compiled by the local history group."};
constexpr std::array<std::string_view, 4> notes_b{
    "Last changed on 17 June 2024.", "Some of this was told by phone.",
    "It is a collection of 9 interviews.", "Printed in Utrecht."};

/// Sentences for the first and for the second document that sound alike and
/// are both true: other years, other things, other cases.
struct trap {
  std::string_view a;
  std::string_view b;
};

constexpr std::array<trap, 12> traps{{
    {"In 2019, {E} planted 120 trees.", "In 2022, {E} planted 300 trees."},
    {"{E} trains 12 apprentices.", "{E} has 7 interns in the summer."},
    {"An adult pass for the baths of {E} costs $14.",
     "A child pass for the baths of {E} costs $6."},
    {"The north gate of {E} closes at 18:00.",
     "The south gate of {E} closes at 20:30."},
    {"The minimum order at {E} is 20 crates.",
     "The maximum order at {E} is 400 crates."},
    {"The first kiln of {E} weighs 900 kg.",
     "The second kiln of {E} weighs 1,400 kg."},
    {"{E} spent $2.1 million on a new roof.",
     "{E} spent $350,000 on a new truck."},
    {"The archive of {E} holds about 2,000 letters.",
     "The archive of {E} holds 2,043 letters."},
    {"More than 50 clubs use the hall of {E}.",
     "The hall of {E} is used by 64 clubs."},
    {"The canteen of {E} is open on weekdays.",
     "The canteen of {E} is not open on Sundays."},
    {"The fence around {E} took 3 weeks.",
     "The wall around {E} took 5 months."},
    {"Exports of {E} rose by 4% in 2021.",
     "Exports of {E} rose by 9% in 2020."},
}};

std::string filled(std::string_view wording, std::string_view entity,
                   std::string_view value) {
  std::string result{wording.starts_with('!') ? wording.substr(1) : wording};
  for (auto [mark, text] : {std::pair{std::string_view{"{E}"}, entity},
                            std::pair{std::string_view{"{V}"}, value}})
    if (auto at = result.find(mark); at != std::string::npos)
      result.replace(at, 3, text);
  if (result[0] >= 'a' && result[0] <= 'z')
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return result;
}

enum class shape : std::uint8_t {
  prose,
  wrapped,
  bullet,
  quote,
  bold_pair,
  pair_lines,
  table,
  json_lines,
  count,
};

/// The fact of a cell that states none.
constexpr std::size_t unplaced = static_cast<std::size_t>(-1);

/// A fact that a document is to state.
struct statement {
  std::size_t fact = 0;
  std::string key;
  std::string sentence;
  std::string shown;
  shape how = shape::prose;
};

/// Writes one document and notes the lines of its facts.
class writer {
public:
  writer(generated& out, std::string name, dice& d)
      : out_(out), name_(std::move(name)), d_(d) {}

  void line(std::string_view text) {
    body_ += text;
    body_ += '\n';
    ++number_;
  }

  void note(const statement& s, std::uint32_t line_number) {
    if (s.fact == unplaced)
      return;
    out_.facts[s.fact].places.push_back({name_, line_number, s.shown});
  }

  void stated(const statement& s, std::string_view text) {
    line(text);
    note(s, number_);
  }

  /// Several sentences as one paragraph of short lines.
  void wrapped(const std::vector<statement>& list) {
    constexpr std::size_t width = 66;
    std::string current;
    auto put = [&](std::string_view sentence, const statement* s) {
      bool first = true;
      for (std::size_t at = 0; at < sentence.size();) {
        auto end = std::min(sentence.find(' ', at), sentence.size());
        auto word = sentence.substr(at, end - at);
        if (!current.empty() && current.size() + 1 + word.size() > width) {
          line(current);
          current.clear();
        }
        current += (current.empty() ? "" : " ") + std::string{word};
        if (first && s != nullptr)
          note(*s, number_ + 1);
        first = false;
        at = end + 1;
      }
    };
    for (auto& s : list) {
      put(s.sentence, &s);
      if (d_.chance(60))
        put(d_.pick(fillers), nullptr);
    }
    if (!current.empty())
      line(current);
  }

  void entity(const std::string& name, const std::vector<statement>& all) {
    auto of = [&all](shape how) {
      std::vector<statement> result;
      for (auto& s : all)
        if (s.how == how)
          result.push_back(s);
      return result;
    };
    line("## " + name);
    line("");
    for (auto& s : of(shape::prose)) {
      auto text = s.sentence;
      if (d_.chance(40))
        text += " " + std::string{d_.pick(fillers)};
      stated(s, text);
      line("");
    }
    if (auto list = of(shape::wrapped); !list.empty()) {
      wrapped(list);
      line("");
    }
    for (auto& s : of(shape::quote)) {
      stated(s, "> " + s.sentence);
      line("");
    }
    for (auto& s : of(shape::bullet))
      stated(s, "- " + s.sentence);
    for (auto& s : of(shape::bold_pair))
      stated(s, "- **" + s.key + ":** " + s.shown);
    if (d_.chance(50)) {
      line("");
      line(d_.pick(fillers));
    }
    line("");
    for (auto& s : of(shape::pair_lines))
      stated(s, s.key + ": " + s.shown);
    line("");
    if (auto list = of(shape::table); !list.empty()) {
      line("| Item | Value |");
      line("|---|---|");
      for (auto& s : list)
        stated(s, "| " + s.key + " | " + s.shown + " |");
      line("");
    }
    for (auto& s : of(shape::json_lines))
      stated(s, "\"" + s.key + "\": \"" + s.shown + "\",");
    line("");
  }

  /// One row for each firm.
  void overview(const std::vector<std::string>& columns,
                const std::vector<std::vector<statement>>& rows,
                const std::vector<std::string>& names) {
    line("## Overview");
    line("");
    std::string head = "| Firm |";
    std::string rule = "|---|";
    for (auto& c : columns) {
      head += " " + c + " |";
      rule += "---|";
    }
    line(head);
    line(rule);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto text = "| " + names[i] + " |";
      for (auto& s : rows[i])
        text += " " + s.shown + " |";
      line(text);
      for (auto& s : rows[i])
        note(s, number_);
    }
    line("");
  }

  void finish() { out_.documents.push_back({name_, body_}); }

private:
  generated& out_;
  std::string name_;
  dice& d_;
  std::string body_;
  std::uint32_t number_ = 0;
};

template <class List>
std::string_view pick_wording(const List& list, dice& d, bool held_out) {
  for (int i = 0; i < 200; ++i) {
    auto wording = d.pick(list);
    if (held_out || !wording.starts_with('!'))
      return wording;
  }
  return list[0];
}

statement state(std::size_t index, const fact& f, const planted_value& v,
                dice& d, bool held_out) {
  auto& a = attributes()[f.attribute];
  statement result;
  result.fact = index;
  result.how =
      static_cast<shape>(d.below(static_cast<std::size_t>(shape::count)));
  result.key = std::string{pick_wording(a.keys, d, held_out)};
  result.shown = write_value(v, d);
  if (v.kind == form::yes_no) {
    result.sentence = filled(
        pick_wording(v.number != 0 ? a.wordings : a.denials, d, held_out),
        f.entity, {});
    result.shown = v.number != 0 ? "yes" : "no";
  } else {
    result.sentence =
        filled(pick_wording(a.wordings, d, held_out), f.entity, result.shown);
  }
  return result;
}

/// A goal that asks for some facts.
std::string ask(const std::vector<fact>& facts,
                const std::vector<std::size_t>& asked) {
  std::string result;
  for (auto i : asked) {
    auto question =
        filled(attributes()[facts[i].attribute].question, facts[i].entity, {});
    if (!result.empty()) {
      result += " and ";
      question[0] = static_cast<char>(question[0] - 'A' + 'a');
    }
    result += question;
  }
  return result + "?";
}

using statements = std::vector<std::vector<statement>>;

/// Six attributes of each entity, stated in one document or in both.
void state_facts(generated& result, const std::vector<std::string>& entities,
                 statements& in_a, statements& in_b, dice& d, bool held_out) {
  for (std::size_t e = 0; e < entities.size(); ++e) {
    std::set<std::size_t> chosen;
    while (chosen.size() < 6)
      chosen.insert(d.below(attributes().size()));
    for (auto a : chosen) {
      auto index = result.facts.size();
      result.facts.push_back({entities[e], a, {}, false});
      auto v = make_value(attributes()[a].values, d);
      auto fate = d.below(100);
      // 30 % in conflict, 30 % said twice, the rest in one document only.
      if (fate < 80)
        in_a[e].push_back(state(index, result.facts[index], v, d, held_out));
      result.facts[index].is_conflict = fate < 30;
      if (fate < 30)
        in_b[e].push_back(
            state(index, result.facts[index], other_value(v, d), d, held_out));
      else if (fate < 60 || fate >= 80)
        in_b[e].push_back(state(index, result.facts[index], v, d, held_out));
    }
  }
}

/// A table of two attributes that nothing else states, for the second
/// document; the first one states some of them otherwise.
std::vector<std::string> state_rows(generated& result,
                                    const std::vector<std::string>& entities,
                                    statements& in_a, statements& rows, dice& d,
                                    bool held_out) {
  std::vector<std::string> columns;
  for (std::size_t a : {std::size_t{0}, std::size_t{5}}) {
    if (rows.empty())
      break;
    columns.emplace_back(pick_wording(attributes()[a].keys, d, held_out));
    for (std::size_t e = 0; e < entities.size(); ++e) {
      auto same = [&](const fact& f) {
        return f.entity == entities[e] && f.attribute == a;
      };
      auto known = std::find_if(result.facts.begin(), result.facts.end(), same);
      auto v = make_value(attributes()[a].values, d);
      if (known != result.facts.end()) {
        // Stated elsewhere: an empty cell.
        rows[e].push_back({unplaced, {}, {}, "-", shape::prose});
        continue;
      }
      auto index = result.facts.size();
      bool in_conflict = d.chance(50);
      result.facts.push_back({entities[e], a, {}, in_conflict});
      in_a[e].push_back(state(index, result.facts[index], v, d, held_out));
      rows[e].push_back(state(index, result.facts[index],
                              in_conflict ? other_value(v, d) : v, d,
                              held_out));
    }
  }
  return columns;
}

} // namespace

generated make_world(std::uint32_t seed) {
  dice d{seed};
  bool held_out = seed >= held_out_seed_min;
  generated result;
  std::vector<std::string> entities;
  auto first = d.below(entity_names.size());
  auto entity_count = 2 + d.below(3);
  for (std::size_t i = 0; i < entity_count; ++i)
    entities.emplace_back(entity_names[(first + i) % entity_names.size()]);
  statements in_a(entity_count);
  statements in_b(entity_count);
  state_facts(result, entities, in_a, in_b, d, held_out);
  // In every second world.
  statements rows(d.chance(50) ? entity_count : 0);
  const auto columns = state_rows(result, entities, in_a, rows, d, held_out);
  std::vector<std::size_t> traps_of(entity_count);
  for (auto& t : traps_of)
    t = d.below(traps.size());
  for (bool is_a : {true, false}) {
    writer w{result, is_a ? "report.md" : "notes.md", d};
    w.line(is_a ? "# Firms of the valley" : "# Notes on a journey");
    w.line("");
    w.line(is_a ? d.pick(notes_a) : d.pick(notes_b));
    w.line("");
    for (std::size_t n = 0; n < entity_count; ++n) {
      auto e = is_a ? n : entity_count - 1 - n;
      auto& list = is_a ? in_a[e] : in_b[e];
      if (!list.empty())
        w.entity(entities[e], list);
      auto& t = traps[traps_of[e]];
      w.line(filled(is_a ? t.a : t.b, entities[e], {}));
      w.line("");
    }
    if (!is_a && !rows.empty())
      w.overview(columns, rows, entities);
    w.finish();
  }
  while (result.asked.size() < 2) {
    auto i = d.below(result.facts.size());
    if (!result.facts[i].places.empty()
        && std::find(result.asked.begin(), result.asked.end(), i)
               == result.asked.end())
      result.asked.push_back(i);
  }
  result.goal = ask(result.facts, result.asked);
  return result;
}

} // namespace world
