#include "brigade/testkit/process_doors.hpp"

namespace brigade::testkit {

namespace {

/// Of a try's number; above them stands that of its run in its process.
constexpr std::uint64_t call_id_bits = 24;

} // namespace

core::append_result journal_door::append(const core::run_id& run,
                                         std::vector<core::event> events) {
  if (!life_->alive)
    return {core::append_status::failed, 0};
  return inner_->append(run, std::move(events));
}

void journal_door::when_durable(std::uint64_t ticket, durable_fn then) {
  if (life_->alive)
    inner_->when_durable(ticket, std::move(then));
}

std::vector<core::event_ptr> journal_door::read(const core::run_id& run,
                                                std::uint64_t after,
                                                std::size_t events_max) const {
  return inner_->read(run, after, events_max);
}

void journal_door::begin(const core::run_id& run, core::run_source_ptr source) {
  if (life_->alive)
    inner_->begin(run, std::move(source));
}

void journal_door::forget(const core::run_id& run) {
  if (life_->alive)
    inner_->forget(run);
}

void journal_door::release(const core::run_id& run) {
  if (life_->alive)
    inner_->release(run);
}

std::string provider_door::encode(const core::model_request& request) const {
  return life_->alive ? inner_->encode(request) : std::string{};
}

void provider_door::send(core::try_id id, const core::prepared_call& call,
                         std::chrono::milliseconds time_limit, done_fn done) {
  if (life_->alive)
    inner_->send(outside(id), call, time_limit, std::move(done));
}

void provider_door::cancel(core::try_id id) {
  if (life_->alive)
    inner_->cancel(outside(id));
}

core::try_id provider_door::outside(core::try_id id) const {
  return core::try_id{static_cast<std::uint64_t>(id)
                      + (life_->serials_before << call_id_bits)};
}

} // namespace brigade::testkit
