#include "brigade/core/extractive/planner.hpp"

#include "brigade/core/extractive/assign.hpp"
#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/goal.hpp"
#include "brigade/core/extractive/retrieve.hpp"
#include "brigade/core/extractive/survey.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace brigade::core::extractive {

namespace {

namespace json = boost::json;

/// Descriptions that share more of their words are made into one subtask. Below
/// the 0.8 at which a plan is refused.
constexpr double description_similarity_max = 0.75;

constexpr std::size_t description_bytes_max = 1'800;

/// What to return and what not to do, in different words, so that subtasks are
/// not alike for these words alone.
constexpr std::string_view manners[] = {
    ". Return up to six sentences word for word, each with its file and line. "
    "Do "
    "not add anything that they do not say.",
    ". Quote at most six passages exactly and cite the place of every one. "
    "Leave "
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
    bool compares =
        !is_repair_ && tasks_max_ >= 2 && survey_.documents_overlap();
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
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), result);
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
      t.description = "Answer " + quoted(topic) + survey_.about(topic)
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
      auto hits = search(docs_, survey_.query_of(topic));
      auto chosen = survey_.relevant(hits);
      if (chosen.empty())
        for (std::size_t d = 0; d < docs_.size(); ++d)
          chosen.push_back(d);
      task t;
      t.inputs = inputs_of(hits, chosen);
      t.description = "Answer " + quoted(topic) + survey_.about(topic)
                      + " from " + survey_.names(chosen)
                      + ". Scope: these documents only"
                      + survey_.sections(hits, chosen)
                      + survey_.keywords(hits, chosen) + manner();
      t.topic = topic;
      tasks_.push_back(std::move(t));
    }
  }

  void plan_by_document(std::size_t room) {
    auto topic = parts_.topics.empty() ? std::string{} : parts_.topics[0];
    auto hits = topic.empty() ? search_overview(docs_)
                              : search(docs_, survey_.query_of(topic));
    auto chosen = survey_.relevant(hits);
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
      t.inputs = topic.empty() ? survey_.ids(group) : inputs_of(hits, group);
      auto what = topic.empty()
                      ? "Sum up the main points of " + survey_.names(group)
                      : "Find what " + survey_.names(group) + " says about "
                            + quoted(topic);
      t.description = what + survey_.sections(hits, group)
                      + survey_.keywords(hits, group) + manner();
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
      t.description = "Sum up "
                      + (part.empty() ? "the main points" : joined(part))
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
    t.inputs = survey_.ids(all);
    t.description =
        "Check " + survey_.names(all)
        + " against each other for conflicts: statements about the same thing "
          "that differ in a number, date, name or in yes and no. Scope: the "
          "earlier results and these documents, for the job "
        + quoted(fold_blanks(goal_))
        + ". Return each conflict with both sides, their files and lines, or "
          "say that there is none. Do not decide which side is right.";
    tasks_.push_back(std::move(t));
  }

  /// On a repair whole documents, which no check can refuse.
  std::vector<std::string> inputs_of(const std::vector<hit>& hits,
                                     const survey::indices& chosen) const {
    return is_repair_ ? survey_.ids(chosen) : survey_.ranges(hits, chosen);
  }

  std::string manner() const {
    return std::string{manners[tasks_.size() % std::size(manners)]};
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

  // -- output -----------------------------------------------------------------

  std::string analysis() const {
    if (docs_.empty())
      return "No document was given; the goal has "
             + std::to_string(std::max<std::size_t>(1, parts_.topics.size()))
             + " part(s).";
    auto by_topic = parts_.topics.size() > 1;
    return "The goal has " + std::to_string(parts_.topics.size())
           + " topic(s) and " + std::to_string(docs_.size())
           + " document(s): one subtask per "
           + (by_topic           ? "topic"
              : docs_.size() > 1 ? "document"
                                 : "part")
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
      o["worker"] = choose_worker(workers_, t.description, t.is_comparison);
      o["description"] = t.description;
      bool depends = t.is_comparison && depth_max_ >= 2;
      o["depends_on"] = depends ? earlier : json::array{};
      o["inputs"] = json::array(t.inputs.begin(), t.inputs.end());
      o["context"] =
          full ? "The whole job: " + fold_blanks(clip(goal_, 300)) : "";
      o["expected_output"] = t.is_comparison
                                 ? "One bullet per conflict; below it one per "
                                   "side with [file:line]"
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
  survey survey_{docs_, parts_};
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
