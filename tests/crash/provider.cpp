#include "provider.hpp"

#include <boost/json.hpp>

#include <array>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <sys/eventfd.h>
#include <unistd.h>

namespace brigade::crash {

namespace {

namespace json = boost::json;

/// FNV-1a, finished so that its low bits are good too.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (unsigned char c : text)
    hash = (hash ^ c) * 0x100000001b3;
  hash ^= hash >> 31;
  hash *= 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 29);
}

std::string plan_of(std::uint64_t seed) {
  constexpr std::array<std::string_view, 7> topics{
      "list prices of the northern harbours",
      "fuel that old ferries burn in winter",
      "crew rosters and how many sailors they need",
      "insurance claims after the great storm",
      "electric drives offered by shipyards abroad",
      "subsidies which parliament granted last spring",
      "complaints that passengers sent by letter"};
  std::mt19937_64 random{seed};
  const auto count = 3 + random() % (topics.size() - 2);
  json::array tasks;
  for (std::size_t i = 0; i < count; ++i) {
    json::array before;
    for (std::size_t j = 0; j < i; ++j)
      if (random() % 3 == 0)
        before.emplace_back("t" + std::to_string(j + 1));
    tasks.push_back(json::object{
        {"id", "t" + std::to_string(i + 1)},
        {"worker", "researcher"},
        {"depends_on", std::move(before)},
        {"inputs", json::array{}},
        {"description", "Find out the " + std::string{topics[i]} + "."},
        {"context", ""},
        {"expected_output", ""}});
  }
  return json::serialize(json::object{{"analysis", "Several parts."},
                                      {"answer", nullptr},
                                      {"tasks", std::move(tasks)}});
}

raw_answer reply(const std::string& text, std::uint64_t input,
                 std::uint64_t output) {
  const json::value body = {
      {"id", "chatcmpl-1"},
      {"object", "chat.completion"},
      {"choices",
       json::array{json::object{
           {"index", 0},
           {"finish_reason", "stop"},
           {"message", {{"role", "assistant"}, {"content", text}}}}}},
      {"usage", {{"prompt_tokens", input}, {"completion_tokens", output}}}};
  return http_answer(200, json::serialize(body));
}

} // namespace

provider::provider(std::uint64_t seed, std::uint32_t delay_ms_max)
    : seed_(seed), delay_ms_max_(delay_ms_max), plan_(plan_of(seed)),
      news_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (news_ < 0)
    throw std::runtime_error("eventfd");
  server_ = std::make_unique<chat_server>(
      [this](std::string_view body) { return answer(body); });
}

provider::~provider() {
  // Its threads write to `news_` until they have ended.
  server_.reset();
  ::close(news_);
}

void provider::take_news() {
  std::uint64_t count = 0;
  [[maybe_unused]] auto got = ::read(news_, &count, sizeof count);
}

std::vector<receipt> provider::receipts() const {
  std::lock_guard guard{mutex_};
  return books_;
}

std::size_t provider::requests() const {
  std::lock_guard guard{mutex_};
  return books_.size();
}

void provider::reset() {
  std::lock_guard guard{mutex_};
  books_.clear();
}

raw_answer provider::answer(std::string_view body) {
  const auto hash = hash_of(body, 0);
  const auto input = 10 + hash % 40;
  const auto output = 1 + (hash >> 8) % 15;
  {
    std::lock_guard guard{mutex_};
    books_.push_back(
        {std::string{body},
         static_cast<std::int64_t>(input) * input_pico_per_token
             + static_cast<std::int64_t>(output) * output_pico_per_token});
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] auto told = ::write(news_, &one, sizeof one);
  if (delay_ms_max_ > 0)
    ::poll(nullptr, 0,
           static_cast<int>(hash_of(body, seed_) % (delay_ms_max_ + 1)));
  if (body.find("json_schema") != std::string_view::npos)
    return reply(plan_, input, output);
  return reply("Finding " + std::to_string(hash) + ".", input, output);
}

std::string crew_text(const std::string& base_url, const std::string& limits) {
  return "[limits]\nbackoff_base_ms = 1\nbackoff_max_ms = 2\ntries_max = 10\n"
         "calls_per_task_max = 40\ntasks_max = 8\ndepth_max = 8\n"
         + limits + "\n[providers.local]\nkind = \"openai\"\nbase_url = \""
         + base_url
         + "\"\napi_key = \"env:BRIGADE_TEST_KEY\"\n"
           "[models.fast]\nprovider = \"local\"\nname = \"m\"\n"
           "output_tokens_max = 64\n"
           "input_usd_per_mtok = 0.75\noutput_usd_per_mtok = 4.5\n"
           "[planner]\nmodel = \"fast\"\n"
           "[workers.researcher]\nmodel = \"fast\"\n"
           "description = \"Gathers facts and sources\"\n"
           "prompt = \"Work on the subtask.\"\n"
           "[synthesizer]\nmodel = \"fast\"\nprompt = \"Join the results.\"\n";
}

} // namespace brigade::crash
