// Finds claims: which value a sentence, row or pair gives to what.
#include "brigade/core/extractive/facts.hpp"
#include "brigade/core/extractive/sentence_view.hpp"
#include "brigade/core/extractive/slots.hpp"
#include "brigade/core/extractive/thesaurus.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace brigade::core::extractive {

namespace {

constexpr double subject_weight = 0.6;
constexpr double weak_weight = 0.3;
constexpr double modifier_weight = 0.6;
constexpr double heading_weight = 0.4;
constexpr double title_weight = 0.25;
constexpr double neighbour_weight = 0.4;

/// Longer sentences make no claims of yes and no.
constexpr std::size_t truth_words_max = 24;

class claim_reader {
public:
  claim_reader(const std::vector<document>& docs)
      : docs_(docs), words_(read_vocabulary(docs)) {}

  std::vector<claim> read() {
    auto share = claims_max / std::max<std::size_t>(1, docs_.size());
    for (std::size_t d = 0; d < docs_.size(); ++d) {
      doc_ = &docs_[d];
      before_.clear();
      headings_ = read_headings(*doc_, words_);
      auto limit = claims_.size() + share;
      auto units = std::min(doc_->units.size(), claims_max);
      for (std::size_t u = 0; u < units && claims_.size() < limit; ++u) {
        base_ = {};
        base_.document = d;
        base_.unit = u;
        read_unit(doc_->units[u]);
      }
    }
    return std::move(claims_);
  }

private:
  void read_unit(const unit& u) {
    if (u.kind == unit_kind::question)
      return;
    if (u.kind == unit_kind::row)
      read_row(u);
    else if (auto pair = split_pair(u.text);
             u.kind == unit_kind::pair && !pair.key.empty())
      read_pair(u, pair.key, pair.value);
    else
      read_sentence(u);
  }

  bool is_entity(const token& t, std::string_view text, bool opens) const {
    if (!can_be_name(t, text))
      return false;
    return !opens || words_.names.contains(t.stem)
           || !words_.lower.contains(t.stem);
  }

  static void add(claim& c, const token& t, double weight, bool is_entity,
                  bool inherited) {
    if (!t.is_content() || (t.has(flag_digit) && !t.has(flag_capital)))
      return;
    if (t.has(flag_weak))
      weight *= weak_weight;
    auto same = [&t](auto& known) { return known.meaning == t.meaning; };
    auto i = std::find_if(c.context.begin(), c.context.end(), same);
    if (i == c.context.end()) {
      c.context.push_back(
          {t.meaning, weight, contrast_bits(t.meaning), is_entity, inherited});
    } else if (i->weight < weight) {
      i->weight = weight;
      i->is_inherited = inherited;
    }
  }

  /// Adds the words of the headings above; their names when none are nearer.
  void add_headings(claim& c, const unit& u) {
    auto index = u.section;
    bool needs_names = c.entities.empty();
    for (int n = 0; n < 3; ++n) {
      auto& s = doc_->sections[index];
      auto& note = headings_[index];
      bool is_title = index <= 1 && s.level <= 1;
      for (auto& [t, name] : note.words) {
        add(c, t, is_title ? title_weight : heading_weight, name, true);
        if (name && needs_names)
          c.entities.push_back(t.stem);
      }
      if (c.when.empty() && c.value.kind != value_kind::date)
        c.when = note.dates;
      needs_names &= c.entities.empty();
      if (s.parent == index)
        break;
      index = s.parent;
    }
  }

  void finish(claim c, const unit& u) {
    add_headings(c, u);
    auto by_meaning = [](auto& a, auto& b) { return a.meaning < b.meaning; };
    std::sort(c.context.begin(), c.context.end(), by_meaning);
    for (auto* list : {&c.entities, &c.labels}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    claims_.push_back(std::move(c));
  }

  // -- sentences --------------------------------------------------------------

  /// Whether the word stands inside one of the values.
  static bool in_values(const sentence_view& s, const token& t) {
    return std::any_of(s.values.begin(), s.values.end(), [&t](auto& v) {
      return t.offset >= v.first && t.offset < v.last;
    });
  }

  /// Fills in context and names around the bytes `first` to `last`.
  void add_context(claim& c, const sentence_view& s, std::size_t first,
                   std::size_t last, bool whole) {
    std::vector<term> near;
    std::vector<term> subject;
    auto head = s.bounds.empty() ? s.text.size() : s.bounds.front();
    for (std::size_t i = 0; i < s.tokens.size(); ++i) {
      auto& t = s.tokens[i];
      if ((t.offset >= first && t.offset < last) || in_values(s, t))
        continue;
      bool name = is_entity(t, s.text, i == 0);
      auto crossed = whole
                         ? 0
                         : bounds_between(s, t.offset,
                                          t.offset < first ? first : last - 1);
      double weight = crossed == 0 ? 1.0 : crossed == 1 ? 0.5 : 0.2;
      if (t.offset < head)
        weight = std::max(weight, subject_weight);
      add(c, t, weight, name, false);
      if (name && crossed == 0)
        near.push_back(t.stem);
      else if (name && t.offset < head)
        subject.push_back(t.stem);
    }
    c.entities = near.empty() ? subject : near;
    if (c.entities.empty() && refers_back(s))
      c.entities = before_;
  }

  /// Whether an event's word (`founded`, `opens`) calls for this date.
  static bool is_event(const sentence_view& s, const value& date) {
    std::size_t seen = 0;
    for (auto i = s.tokens.size(); i-- > 0 && seen < 4;) {
      auto& t = s.tokens[i];
      if (t.offset >= date.first)
        continue;
      if (bounds_between(s, t.offset, date.first) > 0)
        return false;
      if (slot_of(t.meaning) == slot_kind::event)
        return true;
      ++seen;
    }
    return false;
  }

  void add_when(claim& c, const sentence_view& s) const {
    if (c.value.kind == value_kind::date)
      return;
    for (auto& v : s.values) {
      if (v.kind != value_kind::date || v.day != 0 || is_event(s, v))
        continue;
      auto at = v.first < c.value.first ? v.last : v.first;
      if (bounds_between(s, at, c.value.first) <= 1)
        c.when.push_back(v);
    }
  }

  /// `a staff of 75` counts staff.
  static void add_noun_before(value& v, const sentence_view& s) {
    if (v.kind != value_kind::count || !v.nouns.empty()
        || !s.text.substr(0, v.first).ends_with(" of "))
      return;
    for (auto& t : s.tokens)
      if (t.offset + t.size + 4 == v.first && t.is_content())
        v.nouns.push_back(t.meaning);
  }

  void read_sentence(const unit& u) {
    auto s = view_of(u);
    bool has_amount =
        std::any_of(s.values.begin(), s.values.end(),
                    [](auto& v) { return v.kind != value_kind::date; });
    for (auto& v : s.values) {
      if (v.kind == value_kind::date && has_amount && !is_event(s, v))
        continue;
      auto c = base_;
      c.value = v;
      add_noun_before(c.value, s);
      add_context(c, s, v.first, v.last, false);
      add_when(c, s);
      finish(std::move(c), u);
    }
    for (auto& slot : find_slots(u.text, s.tokens)) {
      auto c = base_;
      c.value = slot.value;
      add_context(c, s, slot.value.first, slot.value.last, false);
      finish(std::move(c), u);
    }
    if (s.tokens.size() <= truth_words_max && s.tokens.size() >= 3) {
      auto c = base_;
      auto p = polarity_of(u.text, s.tokens);
      c.value.kind = value_kind::truth;
      c.value.low = c.value.high = p.is_positive ? 1 : 0;
      c.value.shown = p.is_positive ? "yes" : "no";
      add_context(c, s, u.text.size(), u.text.size() + 1, true);
      std::erase_if(c.context, [&p](auto& t) {
        return std::find(p.carriers.begin(), p.carriers.end(), t.meaning)
               != p.carriers.end();
      });
      finish(std::move(c), u);
    }
    remember_names(s);
  }

  void remember_names(const sentence_view& s) {
    std::vector<term> names;
    auto head = s.bounds.empty() ? s.text.size() : s.bounds.front();
    for (std::size_t i = 0; i < s.tokens.size(); ++i)
      if (s.tokens[i].offset < head && is_entity(s.tokens[i], s.text, i == 0))
        names.push_back(s.tokens[i].stem);
    if (!names.empty())
      before_ = std::move(names);
  }

  // -- pairs and rows ---------------------------------------------------------

  /// Adds a label's words to the context, and as names when they are.
  void add_label(claim& c, std::string_view text, double weight,
                 bool is_label) {
    auto tokens = tokenize(text, 24);
    // `Shipping weight` is a weight first, `Opening date` an opening.
    const token* head = nullptr;
    for (auto& t : tokens)
      if (t.is_content() && !t.has(flag_weak))
        head = &t;
    for (auto& t : tokens) {
      bool name = can_be_name(t, text) && words_.names.contains(t.stem);
      bool is_head = &t == head || !is_label;
      add(c, t, is_head ? weight : weight * modifier_weight, name, false);
      if (name && is_label)
        c.entities.push_back(t.stem);
      if (is_label && t.is_content())
        c.labels.push_back(t.meaning);
    }
  }

  /// The claims of a cell or of a pair's value.
  void add_cell(const claim& about, std::string_view text,
                std::string_view unit_hint, const unit& u) {
    auto values = find_values(with_unit(text, unit_hint));
    if (values.size() > 3)
      return;
    for (auto& v : values) {
      auto c = about;
      c.value = v;
      c.value.shown = std::string{clip(text, 60)};
      bool bare_year = v.kind == value_kind::date && v.month == 0;
      if (bare_year && !calls_for_date(c)) {
        c.value.kind = value_kind::count;
        c.value.low = c.value.high = v.year;
      }
      if (c.value.kind == value_kind::count && v.nouns.empty())
        for (auto& t : c.context)
          if (!t.is_entity)
            c.value.nouns.push_back(t.meaning);
      finish(std::move(c), u);
    }
    auto tokens = tokenize(text, 16);
    if (!values.empty() || tokens.empty() || tokens.size() > 6)
      return;
    auto c = about;
    c.value.shown = std::string{clip(text, 60)};
    c.value.low = c.value.high = truth_of(text);
    c.value.kind = c.value.low >= 0 ? value_kind::truth : value_kind::text;
    if (c.value.kind == value_kind::text)
      read_text_value(c, tokens);
    finish(std::move(c), u);
  }

  /// Whether `Founded` or `Date` is among the words around a number.
  static bool calls_for_date(const claim& c) {
    return std::any_of(c.context.begin(), c.context.end(), [](auto& t) {
      return slot_of(t.meaning) == slot_kind::event;
    });
  }

  /// A text behind a key: a name when the key is a slot for names.
  static void read_text_value(claim& c, const std::vector<token>& tokens) {
    for (auto& t : tokens)
      if (t.is_content())
        c.value.words.push_back(t.stem);
    for (auto label : c.labels) {
      auto slot = slot_of(label);
      if (slot == slot_kind::none || slot == slot_kind::event)
        continue;
      c.value.unit = label;
      if (slot != slot_kind::phrase)
        c.value.kind = value_kind::name;
    }
  }

  /// `12` under `Length (km)` is `12 km`; under `Price ($)` it is `$12`.
  static std::string with_unit(std::string_view text, std::string_view hint) {
    auto open = hint.find('(');
    auto close = hint.find(')', open == std::string_view::npos ? 0 : open);
    std::string result{text};
    if (open == std::string_view::npos || close == std::string_view::npos)
      return result;
    bool bare =
        text.find_first_not_of("0123456789., ") == std::string_view::npos;
    auto inner = hint.substr(open + 1, close - open - 1);
    if (!bare || inner.empty() || inner.size() > 16)
      return result;
    auto probe = find_values("1 " + std::string{inner});
    if (inner.front() == '$' || static_cast<unsigned char>(inner[0]) > 0x80)
      return std::string{inner} + result;
    return probe.empty() ? result : result + " " + std::string{inner};
  }

  void read_pair(const unit& u, std::string_view key, std::string_view text) {
    auto c = base_;
    add_label(c, key, 1.0, true);
    for (auto& v : find_values(key))
      if (v.kind == value_kind::date)
        c.when.push_back(v);
    add_cell(c, text, key, u);
  }

  void read_row(const unit& u) {
    auto cells = split_cells(u.text);
    if (cells.size() < 2)
      return read_sentence(u);
    const std::vector<std::string>* header =
        u.header != 0 ? &doc_->headers[u.header - 1] : nullptr;
    for (std::size_t i = 1; i < cells.size(); ++i) {
      auto c = base_;
      add_label(c, cells[0], 1.0, true);
      for (auto& v : find_values(cells[0]))
        if (v.kind == value_kind::date)
          c.when.push_back(v);
      // Other cells that are words tell rows apart too.
      for (std::size_t n = 1; n < cells.size(); ++n)
        if (n != i && find_values(cells[n]).empty())
          add_label(c, cells[n], neighbour_weight, false);
      std::string_view column;
      if (header != nullptr && i < header->size()) {
        column = (*header)[i];
        add_label(c, column, 1.0, false);
        for (auto& v : find_values(column))
          if (v.kind == value_kind::date)
            c.when.push_back(v);
      }
      add_cell(c, cells[i],
               column.find('(') != std::string_view::npos
                   ? column
                   : std::string_view{cells[0]},
               u);
    }
  }

  const std::vector<document>& docs_;
  vocabulary words_;
  std::vector<claim> claims_;
  const document* doc_ = nullptr;
  claim base_;
  /// Of the document's sections.
  std::vector<heading_note> headings_;
  /// The names that the sentence before is about.
  std::vector<term> before_;
};

} // namespace

std::vector<claim> find_claims(const std::vector<document>& docs) {
  return claim_reader{docs}.read();
}

} // namespace brigade::core::extractive
