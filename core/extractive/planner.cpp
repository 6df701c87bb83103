#include "brigade/core/extractive/planner.hpp"

#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/goal.hpp"
#include "brigade/core/extractive/retrieve.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

namespace brigade::core::extractive {

namespace {

namespace json = boost::json;

/// A document belongs to a topic when its best sentence scores this share of
/// the best of all.
constexpr double document_share_min = 0.15;
constexpr double compared_share_min = 0.1;

/// Descriptions that share more of their words are made into one subtask. Below
/// the 0.8 at which a plan is refused.
constexpr double description_similarity_max = 0.75;

constexpr std::size_t headings_max = 3;
constexpr std::size_t names_shown_max = 4;
/// A subtask that needs more parts of a document gets all of it.
constexpr std::size_t parts_max = 6;
constexpr std::size_t shown_bytes_max = 200;
constexpr std::size_t description_bytes_max = 1'800;
constexpr std::size_t overlap_terms_min = 3;

/// What to return and what not to do, in different words, so that subtasks are
/// not alike for these words alone.
constexpr std::string_view manners[] = {
  ". Return up to six sentences word for word, each with its file and line. Do "
  "not add anything that they do not say.",
  ". Quote at most six passages exactly and cite the place of every one. Leave "
  "out opinions and outside knowledge.",
  ". List the best matching statements, six or fewer, unchanged, followed by "
  "name and line number. Never guess or rephrase.",
};

struct task {
  std::string topic;
  std::string description;
  std::vector<std::string> inputs;
  bool is_comparison = false;
};

/// How a worker is chosen: words of its name and description.
constexpr std::string_view extraction_words
  = "research researcher gather collect find extract extractor reader read "
    "retrieve facts source evidence reader search";
constexpr std::string_view comparison_words
  = "compare comparison comparer check checker verify conflict contradiction "
    "analyse analyst analysis interpret review reviewer critic auditor";

std::string quoted(std::string_view text) {
  auto result = "\"" + std::string{clip(text, shown_bytes_max)} + "\"";
  for (std::size_t i = 1; i + 1 < result.size(); ++i)
    if (result[i] == '"')
      result[i] = '\'';
  return result;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0)
      result += i + 1 == parts.size() ? " and " : ", ";
    result += parts[i];
  }
  return result;
}

class planner {
public:
  planner(const std::vector<prompt_block>& blocks, std::size_t bytes_max)
    : bytes_max_(bytes_max), docs_(read_documents(blocks)) {
    for (auto& block : blocks) {
      if (block.tag == "goal")
        goal_ = block.content;
      else if (block.tag == "worker")
        workers_.push_back(&block);
      else if (block.tag == "limits") {
        tasks_max_ = number(block.attribute("tasks_max"), tasks_max_);
        depth_max_ = number(block.attribute("depth_max"), depth_max_);
      } else if (block.tag == "faults") {
        is_repair_ = true;
      }
    }
    parts_ = split_goal(goal_);
  }

  std::string run() {
    bool compares = !is_repair_ && tasks_max_ >= 2 && documents_overlap();
    auto room = tasks_max_ - (compares ? 1u : 0u);
    if (docs_.empty())
      plan_without_documents(room);
    else if (parts_.topics.size() > 1)
      plan_by_topic(room);
    else
      plan_by_document(room);
    drop_similar();
    if (compares && !tasks_.empty())
      add_comparison();
    auto result = write(true);
    while (result.size() > bytes_max_ && tasks_.size() > 1) {
      tasks_.erase(tasks_.end() - (tasks_.back().is_comparison ? 2 : 1));
      result = write(false);
    }
    return result;
  }

private:
  static std::size_t number(std::string_view text, std::size_t otherwise) {
    std::size_t result = 0;
    auto [end, error]
      = std::from_chars(text.data(), text.data() + text.size(), result);
    return error == std::errc{} && result > 0 ? result : otherwise;
  }

  // -- what to do -------------------------------------------------------------

  void plan_without_documents(std::size_t room) {
    auto topics = parts_.topics;
    if (topics.empty())
      topics.push_back(fold_blanks(clip(goal_, topic_bytes_max)));
    merge_last(topics, room);
    for (auto& topic : topics) {
      task t;
      t.description = "Answer " + quoted(topic) + about(topic)
                      + ". Scope: no document was given, so use only the "
                        "context of this subtask. Return what is known and say "
                        "what is missing. Do not invent facts.";
      tasks_.push_back(std::move(t));
    }
  }

  void plan_by_topic(std::size_t room) {
    auto topics = parts_.topics;
    merge_last(topics, room);
    for (auto& topic : topics) {
      auto hits = search(docs_, query_of(topic));
      auto chosen = relevant(hits);
      if (chosen.empty())
        for (std::size_t d = 0; d < docs_.size(); ++d)
          chosen.push_back(d);
      task t;
      t.inputs = ranges(hits, chosen);
      t.description
        = "Answer " + quoted(topic) + about(topic) + " from " + names(chosen)
          + ". Scope: these documents only" + sections(hits, chosen)
          + keywords(hits, chosen) + manner();
      t.topic = topic;
      tasks_.push_back(std::move(t));
    }
  }

  void plan_by_document(std::size_t room) {
    auto topic = parts_.topics.empty() ? std::string{} : parts_.topics[0];
    auto hits = topic.empty() ? search_overview(docs_)
                              : search(docs_, query_of(topic));
    auto chosen = relevant(hits);
    if (chosen.empty())
      for (std::size_t d = 0; d < docs_.size(); ++d)
        chosen.push_back(d);
    if (topic.empty() && docs_.size() == 1 && room > 1)
      return plan_by_section(room);
    auto groups = std::min(room, chosen.size());
    for (std::size_t g = 0; g < groups; ++g) {
      std::vector<std::size_t> group;
      for (auto i = g * chosen.size() / groups;
           i < (g + 1) * chosen.size() / groups; ++i)
        group.push_back(chosen[i]);
      task t;
      t.inputs = topic.empty() ? ids(group) : ranges(hits, group);
      auto what = topic.empty()
                    ? "Sum up the main points of " + names(group)
                    : "Find what " + names(group) + " says about "
                        + quoted(topic);
      t.description
        = what + sections(hits, group) + keywords(hits, group) + manner();
      tasks_.push_back(std::move(t));
    }
  }

  /// One document and no subject: its sections, in up to four parts.
  void plan_by_section(std::size_t room) {
    auto& doc = docs_[0];
    std::vector<std::string> headings;
    for (auto& s : doc.sections)
      if (!s.heading.empty() && s.level > (doc.sections.size() > 3 ? 1u : 0u))
        headings.push_back(s.heading);
    auto groups = std::min({room, headings.size(), std::size_t{4}});
    if (groups < 2)
      groups = 1;
    for (std::size_t g = 0; g < groups; ++g) {
      std::vector<std::string> part;
      for (auto i = g * headings.size() / groups;
           i < (g + 1) * headings.size() / groups && part.size() < 6; ++i)
        part.push_back(quoted(clip(headings[i], 80)));
      task t;
      t.inputs = {doc.id};
      t.description = "Sum up " + (part.empty() ? "the main points" : joined(part))
                      + " in " + doc.name + manner();
      tasks_.push_back(std::move(t));
    }
  }

  void add_comparison() {
    task t;
    t.is_comparison = true;
    std::vector<std::size_t> all;
    for (std::size_t d = 0; d < docs_.size(); ++d)
      all.push_back(d);
    t.inputs = ids(all);
    t.description
      = "Check " + names(all)
        + " against each other for conflicts: statements about the same thing "
          "that differ in a number, date, name or in yes and no. Scope: the "
          "earlier results and these documents, for the job "
        + quoted(fold_blanks(goal_))
        + ". Return each conflict with both sides, their files and lines, or "
          "say that there is none. Do not decide which side is right.";
    tasks_.push_back(std::move(t));
  }

  std::string manner() const {
    return std::string{manners[tasks_.size() % std::size(manners)]};
  }

  // -- parts of a description -------------------------------------------------

  query query_of(const std::string& topic) const {
    auto q = make_query(topic);
    if (leans_on_subject(topic))
      add_terms(q, parts_.subject, 0.4);
    return q;
  }

  std::string about(const std::string& topic) const {
    bool leans = leans_on_subject(topic) && !parts_.subject.empty()
                 && topic != parts_.topics[0];
    return leans ? " about " + quoted(parts_.subject) : std::string{};
  }

  std::string names(const std::vector<std::size_t>& chosen) const {
    std::vector<std::string> shown;
    for (auto d : chosen) {
      if (shown.size() == names_shown_max) {
        shown.push_back(std::to_string(chosen.size() - names_shown_max)
                        + " more");
        break;
      }
      shown.emplace_back(clip(docs_[d].name, 80));
    }
    return joined(shown);
  }

  std::vector<std::string> ids(const std::vector<std::size_t>& chosen) const {
    std::vector<std::string> result;
    for (auto d : chosen)
      result.push_back(docs_[d].id);
    return result;
  }

  /// The parts that hold good sentences, of documents that were shown in parts
  /// and in full; else whole documents.
  std::vector<std::string>
  ranges(const std::vector<hit>& hits,
         const std::vector<std::size_t>& chosen) const {
    std::vector<std::string> result;
    for (auto d : chosen) {
      auto& doc = docs_[d];
      std::vector<std::string> parts;
      if (!is_repair_ && doc.parts.size() > 1
          && doc.lines_given == doc.lines_total)
        for (auto& part : doc.parts)
          if (holds_hit(hits, d, part))
            parts.push_back(doc.id + ":" + std::to_string(part.first) + "-"
                            + std::to_string(part.last));
      if (parts.empty() || parts.size() == doc.parts.size()
          || parts.size() > parts_max)
        result.push_back(doc.id);
      else
        result.insert(result.end(), parts.begin(), parts.end());
    }
    return result;
  }

  bool holds_hit(const std::vector<hit>& hits, std::size_t d,
                 const line_range& part) const {
    for (auto& h : hits) {
      if (h.score < hits[0].score * document_share_min)
        return false;
      auto line = docs_[d].units[h.document == d ? h.unit : 0].first_line;
      if (h.document == d && line >= part.first && line <= part.last)
        return true;
    }
    return false;
  }

  /// `, first the sections "A" and "B"`: those of the best sentences.
  std::string sections(const std::vector<hit>& hits,
                       const std::vector<std::size_t>& chosen) const {
    std::vector<std::string> shown;
    for (auto& h : hits) {
      if (h.score < hits[0].score * 0.5 || shown.size() == headings_max)
        break;
      if (std::find(chosen.begin(), chosen.end(), h.document) == chosen.end())
        continue;
      auto& doc = docs_[h.document];
      auto& heading = doc.sections[doc.units[h.unit].section].heading;
      auto text = quoted(clip(heading, 80));
      if (!heading.empty()
          && std::find(shown.begin(), shown.end(), text) == shown.end())
        shown.push_back(std::move(text));
    }
    return shown.empty() ? std::string{}
                         : ", first the sections " + joined(shown);
  }

  /// `, in particular a, b and c`: words that tell the documents apart.
  std::string keywords(const std::vector<hit>& hits,
                       const std::vector<std::size_t>& chosen) const {
    std::vector<std::string> shown;
    std::vector<term> seen;
    std::size_t read = 0;
    for (auto& h : hits) {
      if (std::find(chosen.begin(), chosen.end(), h.document) == chosen.end())
        continue;
      if (++read > 4)
        break;
      auto& text = docs_[h.document].units[h.unit].text;
      for (auto& t : docs_[h.document].units[h.unit].tokens) {
        bool fits = t.is_content() && !t.has(flag_weak) && t.size > 3
                    && t.size < 30
                    && std::find(seen.begin(), seen.end(), t.stem) == seen.end();
        if (!fits || shown.size() == 10)
          continue;
        seen.push_back(t.stem);
        shown.push_back(to_lower(text.substr(t.offset, t.size)));
      }
    }
    return shown.empty() ? std::string{} : ", in particular " + joined(shown);
  }

  std::vector<std::size_t> relevant(const std::vector<hit>& hits) const {
    std::set<std::size_t> found;
    for (auto& h : hits) {
      if (h.score < hits[0].score
                      * (parts_.is_comparison ? compared_share_min
                                              : document_share_min))
        break;
      found.insert(h.document);
    }
    return {found.begin(), found.end()};
  }

  /// The topics beyond `room` join the last one.
  static void merge_last(std::vector<std::string>& topics, std::size_t room) {
    while (topics.size() > std::max<std::size_t>(room, 1)) {
      auto last = std::move(topics.back());
      topics.pop_back();
      topics.back() += ", " + last;
    }
  }

  // -- checks -----------------------------------------------------------------

  static std::vector<term> content_terms(const document& doc) {
    std::vector<term> result;
    for (auto& u : doc.units)
      for (auto& t : u.tokens)
        if (t.is_content() && !t.has(flag_weak))
          result.push_back(t.meaning);
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  /// Whether two documents share enough words to disagree about something.
  bool documents_overlap() const {
    std::vector<std::vector<term>> words;
    for (auto& doc : docs_)
      words.push_back(content_terms(doc));
    for (std::size_t a = 0; a < words.size(); ++a)
      for (std::size_t b = a + 1; b < words.size(); ++b) {
        std::vector<term> both;
        std::set_intersection(words[a].begin(), words[a].end(),
                              words[b].begin(), words[b].end(),
                              std::back_inserter(both));
        auto shared = both.size();
        if (shared >= overlap_terms_min)
          return true;
      }
    return false;
  }

  void drop_similar() {
    std::vector<task> kept;
    for (auto& t : tasks_) {
      auto clipped = std::string{clip(t.description, description_bytes_max)};
      t.description = std::move(clipped);
      auto same = std::find_if(kept.begin(), kept.end(), [&t](const task& k) {
        return word_similarity(k.description, t.description)
               > description_similarity_max;
      });
      if (same == kept.end()) {
        kept.push_back(std::move(t));
        continue;
      }
      auto at = same->description.find('"', same->description.find('"') + 1);
      if (!t.topic.empty() && at != std::string::npos)
        same->description.insert(at + 1, " and " + quoted(t.topic));
      for (auto& input : t.inputs)
        if (std::find(same->inputs.begin(), same->inputs.end(), input)
            == same->inputs.end())
          same->inputs.push_back(input);
    }
    tasks_ = std::move(kept);
  }

  /// Jaccard over all words, as plans are checked.
  static double word_similarity(std::string_view a, std::string_view b) {
    auto words = [](std::string_view text) {
      std::set<std::string> result;
      for (auto& t : tokenize(text))
        result.insert(to_lower(text.substr(t.offset, t.size)));
      return result;
    };
    auto x = words(a);
    auto y = words(b);
    std::size_t shared = 0;
    for (auto& w : x)
      shared += y.contains(w);
    auto all = x.size() + y.size() - shared;
    return all == 0 ? 1.0
                    : static_cast<double>(shared) / static_cast<double>(all);
  }

  // -- output -----------------------------------------------------------------

  std::string worker_for(const task& t) const {
    if (workers_.empty())
      return "worker";
    std::set<term> kind;
    for (auto& w :
         tokenize(t.is_comparison ? comparison_words : extraction_words))
      kind.insert(w.stem);
    std::set<term> subject;
    for (auto& w : tokenize(t.description))
      if (w.is_content() && !w.has(flag_weak))
        subject.insert(w.stem);
    const prompt_block* best = workers_.front();
    double best_score = -1;
    for (auto* worker : workers_) {
      auto text = std::string{worker->attribute("name")} + " "
                  + std::string{clip(worker->content, 2'000)};
      double score = 0;
      std::set<term> seen;
      for (auto& w : tokenize(text))
        if (seen.insert(w.stem).second)
          score += kind.contains(w.stem) ? 1.0
                   : subject.contains(w.stem) ? 0.3 : 0.0;
      if (score > best_score) {
        best_score = score;
        best = worker;
      }
    }
    return std::string{best->attribute("name")};
  }

  std::string analysis() const {
    if (docs_.empty())
      return "No document was given; the goal has "
             + std::to_string(std::max<std::size_t>(1, parts_.topics.size()))
             + " part(s).";
    auto by_topic = parts_.topics.size() > 1;
    return "The goal has " + std::to_string(parts_.topics.size())
           + " topic(s) and " + std::to_string(docs_.size())
           + " document(s): one subtask per "
           + (by_topic ? "topic" : docs_.size() > 1 ? "document" : "part")
           + (!tasks_.empty() && tasks_.back().is_comparison
                ? ", then a check for conflicts."
                : ".");
  }

  std::string write(bool full) const {
    json::array tasks;
    json::array earlier;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      auto& t = tasks_[i];
      json::object o;
      auto id = "t" + std::to_string(i + 1);
      o["id"] = id;
      o["worker"] = worker_for(t);
      o["description"] = t.description;
      bool depends = t.is_comparison && depth_max_ >= 2;
      o["depends_on"] = depends ? earlier : json::array{};
      o["inputs"] = json::array(t.inputs.begin(), t.inputs.end());
      o["context"]
        = full ? "The whole job: " + fold_blanks(clip(goal_, 300)) : "";
      o["expected_output"]
        = t.is_comparison
            ? "One bullet per conflict; below it one per side with [file:line]"
            : "Markdown bullets: - sentence [file:line]";
      earlier.emplace_back(id);
      tasks.push_back(std::move(o));
    }
    json::object plan;
    plan["analysis"] = analysis();
    plan["answer"] = nullptr;
    plan["tasks"] = std::move(tasks);
    return json::serialize(plan);
  }

  std::size_t bytes_max_;
  std::vector<document> docs_;
  std::string goal_;
  goal_parts parts_;
  std::vector<const prompt_block*> workers_;
  std::size_t tasks_max_ = 8;
  std::size_t depth_max_ = 4;
  bool is_repair_ = false;
  std::vector<task> tasks_;
};

} // namespace

std::string make_plan(const std::vector<prompt_block>& blocks,
                      std::size_t bytes_max) {
  return planner{blocks, bytes_max}.run();
}

} // namespace brigade::core::extractive
