// A planner's reply from anywhere. Whatever it says, it is either a plan that
// keeps to the rules and survives its own JSON form, or it has faults that
// are fit for a repair prompt.
#include "brigade/core/plan/plan_check.hpp"
#include "brigade/core/plan/schedule.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace core = brigade::core;

namespace {

void require(bool condition) {
  if (!condition)
    std::abort();
}

const core::input_set& inputs() {
  static const core::input_set documents{
      {"doc1", "prices.md", "one\ntwo\nthree\n"}, {"doc2", "notes.md", "one"}};
  return documents;
}

core::plan_rules rules(bool direct_answer) {
  core::plan_rules r;
  r.workers = {"researcher", "analyst"};
  r.inputs = &inputs();
  r.direct_answer = direct_answer;
  return r;
}

void check_value(const core::plan& p, const core::plan_rules& r) {
  require(p.tasks.size() <= r.tasks_max);
  const auto again =
      core::check_plan(boost::json::serialize(core::to_json(p)), r);
  require(again.value.has_value() && *again.value == p);
  core::schedule schedule(p, {});
  for (std::size_t round = 0; round <= p.tasks.size(); ++round)
    for (auto task : schedule.start_ready())
      schedule.succeeded(task);
  require(schedule.all_terminal());
}

void check_fault(const core::plan_fault& fault) {
  require(!fault.code.empty() && !fault.message.empty());
  require(fault.pointer.empty() || fault.pointer.front() == '/');
  require(std::none_of(fault.message.begin(), fault.message.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  }));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto r = rules(size % 2 == 0);
  const auto checked = core::check_plan(text, r);
  require(checked.value.has_value() == checked.faults.empty());
  require(checked.faults.size() <= core::plan_faults_max + 64);
  if (checked.value)
    check_value(*checked.value, r);
  for (const auto& fault : checked.faults)
    check_fault(fault);
  return 0;
}
