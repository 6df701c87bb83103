#include "brigade/core/extractive/document.hpp"

#include "brigade/core/extractive/lines.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core::extractive {

namespace {

/// A question heads at most this many units behind it.
constexpr std::size_t answer_units_max = 4;

constexpr std::size_t label_words_max = 4;

/// Longer paragraphs are split here, so that one is never held in full.
constexpr std::size_t paragraph_bytes_max = 65'536;

class reader {
public:
  reader(document& doc, const std::vector<numbered_line>& lines)
      : doc_(doc), lines_(lines) {
    doc_.sections.push_back({});
    is_csv_ = looks_like_csv();
  }

  void read() {
    for (at_ = 0; at_ < lines_.size() && doc_.units.size() < units_max; ++at_) {
      doc_.last_line = lines_[at_].number;
      if (at_ > 0 && lines_[at_].number != lines_[at_ - 1].number + 1)
        end_block();
      auto line = trim(lines_[at_].text);
      bool quoted = false;
      while (line.starts_with('>')) {
        line = trim(line.substr(1));
        quoted = true;
      }
      if (quoted != in_quote_)
        flush();
      in_quote_ = quoted;
      read_line(line);
    }
    flush();
  }

private:
  std::string_view next_line() const {
    return at_ + 1 < lines_.size() ? trim(lines_[at_ + 1].text)
                                   : std::string_view{};
  }

  bool previous_is_blank() const {
    return at_ == 0 || trim(lines_[at_ - 1].text).empty();
  }

  /// Three lines or more with the same number of commas, or a name that says.
  bool looks_like_csv() const {
    if (to_lower(doc_.name).ends_with(".csv"))
      return true;
    std::size_t seen = 0;
    std::size_t commas = 0;
    for (auto& l : lines_) {
      auto line = trim(l.text);
      if (line.empty())
        continue;
      auto n = count_of(line, ',');
      if (n < 2 || line.find(". ") != std::string_view::npos
          || (seen > 0 && n != commas) || line.size() > 40 * (n + 1))
        return false;
      commas = n;
      if (++seen == 8)
        break;
    }
    return seen >= 3;
  }

  void read_line(std::string_view line) {
    if (is_fence(line)) {
      flush();
      in_fence_ = !in_fence_;
    } else if (in_fence_) {
      return;
    } else if (line.empty()) {
      end_block();
    } else if (is_csv_) {
      add_row(line);
    } else if (is_rule(line)) {
      read_rule();
    } else if (is_table_row(line)) {
      flush();
      add_row(line);
    } else if (read_heading(line)) {
      table_header_ = 0;
    } else if (auto size = marker_size(line); size != 0) {
      flush();
      kind_ = unit_kind::item;
      append(trim(line.substr(size)));
    } else if (looks_like_code(lines_[at_].text, line)) {
      flush();
    } else {
      read_prose(line);
    }
  }

  void read_prose(std::string_view line) {
    if (is_lone_pair(line)) {
      flush();
      kind_ = unit_kind::pair;
      append(line);
      flush();
      return;
    }
    if (line.find("   ") != std::string_view::npos) {
      // Columns of plain text: each line is a row of its own.
      flush();
      kind_ = unit_kind::item;
      append(line);
      flush();
      return;
    }
    if (!paragraph_.empty() && is_hard_break(line))
      flush();
    if (paragraph_.empty())
      kind_ = unit_kind::prose;
    append(line);
  }

  /// `key: value` that is not the begin of a wrapped sentence.
  bool is_lone_pair(std::string_view line) const {
    auto pair = split_pair(line);
    if (pair.key.empty())
      return false;
    auto next = next_line();
    bool wraps = !next.empty() && next[0] >= 'a' && next[0] <= 'z'
                 && split_pair(next).key.empty();
    return !wraps && (line.back() != '.' || count_of(line, ' ') < 8);
  }

  /// Whether the line before was ended on purpose: this line's first word
  /// would have fitted on it.
  bool is_hard_break(std::string_view line) const {
    auto before = trim(lines_[at_ - 1].text);
    auto width = std::max<std::size_t>({before.size(), line.size(), 40});
    auto word = std::min(line.find(' '), line.size());
    return starts_with_capital(line) && !ends_sentence(before)
           && (before.size() + 1 + word) * 100 < width * 75;
  }

  /// A rule below a row makes that row a header; below a line, a heading.
  void read_rule() {
    if (!doc_.units.empty() && paragraph_.empty()
        && doc_.units.back().kind == unit_kind::row
        && doc_.units.back().last_line + 1 == lines_[at_].number) {
      make_header();
      return;
    }
    auto text = paragraph_;
    auto starts = line_starts_;
    if (starts.size() == 1 && text.size() <= bare_heading_bytes_max
        && kind_ == unit_kind::prose) {
      paragraph_.clear();
      line_starts_.clear();
      open_section(text, 2, starts[0].second);
    }
    end_block();
  }

  void make_header() {
    doc_.headers.push_back(split_cells(doc_.units.back().text));
    doc_.units.pop_back();
    table_header_ = static_cast<std::uint32_t>(doc_.headers.size());
  }

  void add_row(std::string_view line) {
    auto first = trim(line);
    while (first.starts_with('|'))
      first = trim(first.substr(1));
    while (first.ends_with('|'))
      first = trim(first.substr(0, first.size() - 1));
    auto text = fold_blanks(first);
    auto shown = clip(text, unit_bytes_max);
    if (shown.empty())
      return;
    bool opens =
        table_header_ == 0
        && (doc_.units.empty() || doc_.units.back().kind != unit_kind::row
            || doc_.units.back().last_line + 1 != lines_[at_].number);
    add_unit(unit_kind::row, shown, lines_[at_].number, lines_[at_].number);
    // Without a rule, a first row without digits above a row is a header.
    if (opens && shown.find_first_of("0123456789") == std::string_view::npos
        && (is_csv_ || is_table_row(next_line())) && !is_rule(next_line()))
      make_header();
  }

  bool read_heading(std::string_view line) {
    std::size_t level = 0;
    while (level < line.size() && level < 7 && line[level] == '#')
      ++level;
    if (level > 0 && level < 7 && level < line.size() && line[level] == ' ') {
      flush();
      auto text = trim(line.substr(level));
      while (text.ends_with('#'))
        text = trim(text.substr(0, text.size() - 1));
      open_section(text, static_cast<std::uint32_t>(level), lines_[at_].number);
      return true;
    }
    if (!is_bare_heading(line))
      return false;
    flush();
    open_section(line, doc_.sections.size() == 1 ? 1 : 2, lines_[at_].number);
    return true;
  }

  /// A short line without a full stop that stands above longer text.
  bool is_bare_heading(std::string_view line) const {
    if (!looks_like_heading(line) || looks_like_code(lines_[at_].text, line))
      return false;
    auto next = next_line();
    if (is_rule(next) && !next.empty())
      return false; // Handled by the rule.
    if (!paragraph_.empty() && kind_ == unit_kind::prose
        && !ends_sentence(paragraph_))
      return false; // The end of a wrapped sentence.
    if (!paragraph_.empty() && lines_[at_].text.starts_with(' '))
      return false; // A wrapped list item.
    if (next.empty())
      return previous_is_blank() && at_ + 2 < lines_.size();
    if (marker_size(next) != 0)
      return true;
    if (lines_[at_].text.starts_with(' '))
      return false;
    return !is_table_row(next) && split_pair(next).key.empty()
           && next.size() > line.size() + line.size() / 3 && next.size() > 50
           && (next[0] < 'a' || next[0] > 'z');
  }

  void open_section(std::string_view heading, std::uint32_t level,
                    std::uint32_t line) {
    auto parent = static_cast<std::uint32_t>(doc_.sections.size() - 1);
    while (parent > 0 && doc_.sections[parent].level >= level)
      parent = doc_.sections[parent].parent;
    doc_.sections.push_back(
        {std::string{clip(fold_blanks(heading), 200)}, level, line, parent});
    question_ = 0;
  }

  void end_block() {
    flush();
    table_header_ = is_csv_ ? table_header_ : 0;
  }

  void append(std::string_view line) {
    if (paragraph_.size() > paragraph_bytes_max)
      flush();
    if (!paragraph_.empty())
      paragraph_ += ' ';
    line_starts_.emplace_back(paragraph_.size(), lines_[at_].number);
    paragraph_ += fold_blanks(line);
  }

  /// Turns the paragraph into units.
  void flush() {
    auto text = std::exchange(paragraph_, {});
    auto starts = std::exchange(line_starts_, {});
    if (text.empty())
      return;
    std::size_t row = 0;
    auto spans = split_sentences(text);
    join_label(text, spans);
    for (auto& span : spans) {
      while (row + 1 < starts.size() && starts[row + 1].first <= span.first)
        ++row;
      auto last = row;
      while (last + 1 < starts.size() && starts[last + 1].first < span.last)
        ++last;
      auto sentence = trim(
          std::string_view{text}.substr(span.first, span.last - span.first));
      bool is_pair = spans.size() == 1 && kind_ == unit_kind::item
                     && !split_pair(sentence).key.empty();
      add_unit(is_pair ? unit_kind::pair : kind_, sentence, starts[row].second,
               starts[last].second);
    }
  }

  /// A few words in front of a paragraph, such as `Vague subtasks.`, are a
  /// label of what follows and say nothing alone.
  static void join_label(std::string_view text, std::vector<text_span>& spans) {
    if (spans.size() < 2)
      return;
    auto label = text.substr(spans[0].first, spans[0].last - spans[0].first);
    auto tokens = tokenize(label, 8);
    bool is_label = label.ends_with('.') && tokens.size() <= label_words_max
                    && spans[1].last - spans[0].first < unit_bytes_max / 2
                    && label.find_first_of("0123456789,") == std::string::npos;
    for (std::size_t i = 1; i < tokens.size() && is_label; ++i)
      is_label = !tokens[i].has(flag_capital);
    if (!is_label)
      return;
    spans[1].first = spans[0].first;
    spans.erase(spans.begin());
  }

  void add_unit(unit_kind kind, std::string_view text, std::uint32_t first,
                std::uint32_t last) {
    if (text.empty() || doc_.units.size() >= units_max)
      return;
    unit u;
    u.kind = text.ends_with('?') && kind != unit_kind::row ? unit_kind::question
                                                           : kind;
    u.text = std::string{text};
    u.tokens = tokenize(u.text, unit_tokens_max);
    u.first_line = first;
    u.last_line = last;
    u.section = static_cast<std::uint32_t>(doc_.sections.size() - 1);
    u.header = kind == unit_kind::row ? table_header_ : 0;
    if (question_ != 0 && doc_.units.size() - question_ >= answer_units_max)
      question_ = 0;
    if (u.kind != unit_kind::question)
      u.question = question_;
    doc_.units.push_back(std::move(u));
    if (doc_.units.back().kind == unit_kind::question)
      question_ = static_cast<std::uint32_t>(doc_.units.size());
  }

  document& doc_;
  const std::vector<numbered_line>& lines_;
  std::size_t at_ = 0;
  bool is_csv_ = false;
  bool in_fence_ = false;
  bool in_quote_ = false;
  std::uint32_t table_header_ = 0;
  std::uint32_t question_ = 0;
  unit_kind kind_ = unit_kind::prose;
  std::string paragraph_;
  /// Where each line begins in the paragraph, and its number.
  std::vector<std::pair<std::size_t, std::uint32_t>> line_starts_;
};

} // namespace

document read_document(std::string_view id, std::string_view name,
                       const std::vector<numbered_line>& lines) {
  document result;
  result.id = std::string{id};
  result.name = std::string{name};
  reader{result, lines}.read();
  return result;
}

} // namespace brigade::core::extractive
