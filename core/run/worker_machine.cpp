#include "brigade/core/run/worker_machine.hpp"

#include "brigade/core/model/prompt.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace brigade::core {

namespace {

/// What one byte takes inside a JSON string.
constexpr std::uint32_t json_bytes(unsigned char c) {
  const bool is_short = c == '"' || c == '\\' || (c >= '\b' && c <= '\n')
                        || c == '\f' || c == '\r';
  return is_short ? 2U : c < 0x20 ? 6U : 1U;
}

/// `json_bytes` of every byte.
constexpr auto json_bytes_of = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] =
        static_cast<std::uint8_t>(json_bytes(static_cast<unsigned char>(i)));
  return table;
}();

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

std::uint64_t json_bytes(std::string_view text) {
  std::uint64_t sum = 0;
  for (char c : text)
    sum += json_bytes_of[static_cast<unsigned char>(c)];
  return sum;
}

std::string cut_visibly(std::string_view text, std::uint64_t json_bytes_max) {
  if (json_bytes(text) <= json_bytes_max)
    return std::string{text};
  // Room for the note below with a 20-digit number, line ends escaped.
  constexpr std::uint64_t note_bytes = 64;
  const auto room = json_bytes_max - std::min(json_bytes_max, note_bytes);
  std::uint64_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    used += json_bytes_of[static_cast<unsigned char>(text[end])];
    if (used > room)
      break;
    ++end;
  }
  // Never in the middle of a UTF-8 sequence.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string{text.substr(0, end)} + "\n\n[cut: "
         + std::to_string(text.size() - end) + " bytes left out]";
}

worker_machine::worker_machine(std::string path, model_request request,
                               const limits& bounds, std::int64_t deadline_ms,
                               std::uint64_t result_bytes_max)
    : path_(std::move(path)), request_(std::move(request)), bounds_(bounds),
      deadline_ms_(deadline_ms), result_bytes_max_(result_bytes_max),
      call_(bounds, deadline_ms) {
  // nop
}

work_step worker_machine::start() {
  return ask();
}

work_step worker_machine::ask() const {
  return buy_call{request_, call_key{path_, generation_, 0}};
}

work_step worker_machine::on_wait_over() {
  return ask();
}

work_step worker_machine::on_outcome(const outcome& result, std::int64_t now_ms,
                                     double jitter) {
  auto step = call_.on_outcome(result, now_ms, jitter);
  if (auto* wait = std::get_if<wait_then_ask>(&step))
    return wait_and_buy{wait->delay_ms};
  if (auto* done = std::get_if<call_succeeded>(&step))
    return check(done->reply);
  auto& failed = std::get<call_failed>(step);
  return work_failed{std::move(failed.code), std::move(failed.message)};
}

work_step worker_machine::on_refused(std::string code, std::string message) {
  return work_failed{std::move(code), std::move(message)};
}

work_step worker_machine::check(const model_reply& reply) {
  if (reply.finish == finish_reason::refused)
    return work_failed{"refused", "the model refused: "
                                      + cut_visibly(reply.text.view(), 300)};
  if (is_blank(reply.text.view()))
    return reject("empty_reply", "the reply was empty");
  if (reply.finish == finish_reason::length) {
    const auto note = "\n\n[cut: the model stopped at its output limit of "
                      + std::to_string(request_.output_tokens_max) + " tokens]";
    const auto room =
        result_bytes_max_ - std::min(result_bytes_max_, json_bytes(note));
    return work_done{shared_text{cut_visibly(reply.text.view(), room) + note}};
  }
  if (json_bytes(reply.text.view()) <= result_bytes_max_)
    return work_done{reply.text};
  return work_done{
      shared_text{cut_visibly(reply.text.view(), result_bytes_max_)}};
}

work_step worker_machine::reject(std::string code, std::string reason) {
  if (generation_ >= bounds_.repairs_max)
    return work_failed{std::move(code), reason + ", also after "
                                            + std::to_string(generation_)
                                            + " repairs"};
  ++generation_;
  call_ = call_machine{bounds_, deadline_ms_};
  request_ = worker_repair_request(request_, reason);
  return ask();
}

} // namespace brigade::core
