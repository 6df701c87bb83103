// Goal: the built-in model finds what was planted in generated documents.
// Method: write documents from a seed, run planner, workers and synthesizer,
// and look for the planted lines and values in the report.
#include "pipeline.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>

using namespace brigade::core;

namespace {

struct tally {
  std::size_t planted = 0;
  std::size_t found = 0;
  std::size_t reported = 0;
  std::size_t false_alarms = 0;
  std::size_t asked = 0;
  std::size_t answered = 0;

  double found_share() const { return share(found, planted); }
  double false_share() const { return share(false_alarms, reported); }
  double answered_share() const { return share(answered, asked); }

  static double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0
                      : static_cast<double>(part) / static_cast<double>(whole);
  }
};

input_set to_inputs(const world::generated& w) {
  input_set result;
  for (auto& d : w.documents)
    result.emplace_back("doc" + std::to_string(result.size() + 1), d.name,
                        d.body);
  return result;
}

bool cites(const std::vector<pipeline::cited>& list, const world::place& p) {
  return std::any_of(list.begin(), list.end(), [&p](auto& c) {
    return c.name == p.document && c.first <= p.line && p.line <= c.last;
  });
}

/// Headlines are `subject: value or value; subject: value or value`.
std::vector<std::string> parts_of(const std::string& headline) {
  std::vector<std::string> result;
  std::size_t first = 0;
  for (;;) {
    auto at = headline.find("; ", first);
    result.push_back(headline.substr(first, at - first));
    if (at == std::string::npos)
      return result;
    first = at + 2;
  }
}

/// The parts that name the fact's two values, in a conflict of its two lines.
bool names_fact(const pipeline::conflict& c, const std::string& part,
                const world::fact& f) {
  if (!f.is_conflict)
    return false;
  for (auto& p : f.places)
    if (!cites(c.sides, p) || part.find(p.shown) == std::string::npos)
      return false;
  return true;
}

void count(tally& t, std::uint32_t seed, bool verbose) {
  auto w = world::make_world(seed);
  auto inputs = to_inputs(w);
  auto result = pipeline::run(w.goal, inputs);
  BOOST_TEST(
      result.faults.empty(),
      "seed " << seed << ": "
              << (result.faults.empty()
                      ? ""
                      : result.faults[0].code + result.faults[0].message));
  auto told = pipeline::conflicts(result.report);
  for (auto& f : w.facts) {
    if (!f.is_conflict)
      continue;
    ++t.planted;
    bool found = std::any_of(told.begin(), told.end(), [&f](auto& c) {
      auto parts = parts_of(c.headline);
      return std::any_of(parts.begin(), parts.end(),
                         [&](auto& part) { return names_fact(c, part, f); });
    });
    t.found += found;
    if (!found && verbose)
      std::cerr << seed << " missed " << f.entity << " "
                << world::attributes()[f.attribute].question << ": "
                << f.places[0].line << " " << f.places[0].shown << " / "
                << f.places[1].line << " " << f.places[1].shown << "\n";
  }
  for (auto& c : told)
    for (auto& part : parts_of(c.headline)) {
      ++t.reported;
      bool is_real = std::any_of(w.facts.begin(), w.facts.end(), [&](auto& f) {
        return names_fact(c, part, f);
      });
      t.false_alarms += !is_real;
      if (!is_real && verbose)
        std::cerr << seed << " false " << part << "\n    "
                  << (c.sides.empty() ? "" : c.sides.front().sentence)
                  << "\n    "
                  << (c.sides.empty() ? "" : c.sides.back().sentence) << "\n";
    }
  auto cited = pipeline::citations(result.report);
  for (auto& c : cited)
    BOOST_TEST(pipeline::is_true(c, inputs), "seed " << seed << ": " << c.name
                                                     << ":" << c.first << " "
                                                     << c.sentence);
  auto sentences = pipeline::sentences(result.report);
  std::sort(sentences.begin(), sentences.end());
  BOOST_TEST((std::adjacent_find(sentences.begin(), sentences.end())
              == sentences.end()),
             "seed " << seed << " repeats a sentence");
  for (auto i : w.asked) {
    ++t.asked;
    bool found = std::any_of(w.facts[i].places.begin(), w.facts[i].places.end(),
                             [&](auto& p) { return cites(cited, p); });
    t.answered += found;
    if (!found && verbose)
      std::cerr << seed << " unanswered "
                << world::attributes()[w.facts[i].attribute].question << " "
                << w.facts[i].entity << " line " << w.facts[i].places[0].line
                << "\n";
  }
}

tally run_seeds(std::uint32_t first, std::uint32_t last) {
  tally result;
  bool verbose = std::getenv("BRIGADE_TEST_VERBOSE") != nullptr;
  for (auto seed = first; seed <= last; ++seed)
    count(result, seed, verbose);
  BOOST_TEST_MESSAGE(
      "seeds " << first << " to " << last << ": found " << result.found
               << " of " << result.planted << " conflicts, "
               << result.false_alarms << " false of " << result.reported
               << ", answered " << result.answered << " of " << result.asked);
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(finds_planted_conflicts_and_facts) {
  auto t = run_seeds(1, 60);
  BOOST_TEST(t.planted > 300u);
  BOOST_TEST(t.found_share() >= 0.8);
  BOOST_TEST(t.false_share() <= 0.1);
  BOOST_TEST(t.answered_share() >= 0.8);
}

BOOST_AUTO_TEST_CASE(finds_them_in_wordings_it_was_not_tuned_on) {
  auto t = run_seeds(world::held_out_seed_min, world::held_out_seed_min + 59);
  BOOST_TEST(t.planted > 300u);
  BOOST_TEST(t.found_share() >= 0.8);
  BOOST_TEST(t.false_share() <= 0.1);
  BOOST_TEST(t.answered_share() >= 0.8);
}
