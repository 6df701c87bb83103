#include "brigade/actors/journal.hpp"

#include <caf/system_messages.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace brigade::actors {

namespace {

using self_ptr = journal_actor::stateful_pointer<journal_state>;

constexpr std::size_t events_per_read_max = 256;

bool is_terminal(const core::event& e) {
  return std::holds_alternative<core::events::run_finished>(e.body);
}

/// Sends what the subscriber has not seen; true once it saw the terminal event.
bool feed(self_ptr self, const core::run_id& run,
          journal_state::subscription& to) {
  for (;;) {
    const auto news =
        self->state.port->read(run, to.after, events_per_read_max);
    if (news.empty())
      return false;
    for (const auto& e : news) {
      to.after = e->seq;
      self->send(to.subscriber, run_event{run, e});
      if (is_terminal(*e))
        return true;
    }
  }
}

void count(self_ptr self) {
  std::size_t sum = 0;
  for (const auto& [run, list] : self->state.subscribers)
    sum += list.size();
  self->state.port->subscriptions = static_cast<std::uint32_t>(sum);
}

/// Whether `subscriber` waits for any run.
bool is_waiting(self_ptr self, const subscriber_actor& subscriber) {
  for (const auto& [run, list] : self->state.subscribers)
    for (const auto& entry : list)
      if (entry.subscriber == subscriber)
        return true;
  return false;
}

/// A subscriber is monitored once, as long as it waits for any run.
void watch_no_more(self_ptr self, const subscriber_actor& subscriber) {
  if (!is_waiting(self, subscriber))
    self->demonitor(subscriber.address());
}

void drop(self_ptr self, const core::run_id& run) {
  auto node = self->state.subscribers.extract(run);
  if (node.empty())
    return;
  for (const auto& entry : node.mapped())
    watch_no_more(self, entry.subscriber);
  count(self);
}

/// A subscription that comes twice is a no-op (rule H3).
bool is_subscribed(self_ptr self, const subscribe& message) {
  auto i = self->state.subscribers.find(message.run);
  return i != self->state.subscribers.end()
         && std::any_of(i->second.begin(), i->second.end(),
                        [&message](const auto& entry) {
                          return entry.subscriber == message.subscriber;
                        });
}

} // namespace

core::append_result watched_journal::append(const core::run_id& run,
                                            std::vector<core::event> events) {
  auto result = inner_->append(run, std::move(events));
  if (result.status == core::append_status::durable) {
    grew(run);
  } else if (result.status == core::append_status::pending) {
    const std::lock_guard guard{mutex_};
    under_way_.insert_or_assign(result.ticket, run);
  }
  return result;
}

void watched_journal::when_durable(std::uint64_t ticket, durable_fn then) {
  core::run_id run;
  {
    const std::lock_guard guard{mutex_};
    if (auto node = under_way_.extract(ticket); !node.empty())
      run = std::move(node.mapped());
  }
  // The back end may outlive this wrapper, with the append still under way.
  inner_->when_durable(ticket,
                       [weak = weak_from_this(), run = std::move(run),
                        then = std::move(then)](core::append_status status) {
                         then(status);
                         const auto self = weak.lock();
                         if (self && status == core::append_status::durable)
                           self->grew(run);
                       });
}

std::vector<core::event_ptr>
watched_journal::read(const core::run_id& run, std::uint64_t after,
                      std::size_t events_max) const {
  return inner_->read(run, after, events_max);
}

void watched_journal::begin(const core::run_id& run,
                            core::run_source_ptr source) {
  inner_->begin(run, std::move(source));
}

bool watched_journal::may_hold(const core::run_id& run) const {
  return inner_->may_hold(run);
}

void watched_journal::release(const core::run_id& run) {
  // Subscribers that have not read its end read it where it is kept.
  inner_->release(run);
}

void watched_journal::forget(const core::run_id& run) {
  if (subscriptions == 0)
    inner_->forget(run);
  else
    // Its subscribers read the end first.
    caf::anon_send(watcher_, forget_log{run});
}

void watched_journal::grew(const core::run_id& run) const {
  if (subscriptions != 0)
    caf::anon_send(watcher_, log_grew{run});
}

journal_actor::behavior_type journal(self_ptr self,
                                     std::shared_ptr<watched_journal> port) {
  guard(self);
  self->state.port = std::move(port);
  self->set_down_handler([self](const caf::down_msg& message) {
    auto& all = self->state.subscribers;
    for (auto i = all.begin(); i != all.end();) {
      std::erase_if(i->second, [&message](const auto& entry) {
        return entry.subscriber.address() == message.source;
      });
      i = i->second.empty() ? all.erase(i) : std::next(i);
    }
    count(self);
  });
  return {
      [self](subscribe& message) {
        if (is_subscribed(self, message))
          return;
        if (!is_waiting(self, message.subscriber))
          self->monitor(message.subscriber);
        auto& list = self->state.subscribers[message.run];
        list.push_back({std::move(message.subscriber), message.after});
        // Counted before the first read, so that nothing falls in between.
        count(self);
        if (feed(self, message.run, list.back())) {
          const auto ended = list.back().subscriber;
          list.pop_back();
          watch_no_more(self, ended);
          if (list.empty())
            self->state.subscribers.erase(message.run);
          count(self);
        }
      },
      [self](const log_grew& message) {
        auto i = self->state.subscribers.find(message.run);
        if (i == self->state.subscribers.end())
          return;
        bool ended = false;
        for (auto& entry : i->second)
          ended = feed(self, message.run, entry) || ended;
        if (ended)
          drop(self, message.run);
      },
      [self](const forget_log& message) {
        auto i = self->state.subscribers.find(message.run);
        if (i != self->state.subscribers.end())
          for (auto& entry : i->second)
            feed(self, message.run, entry);
        drop(self, message.run);
        self->state.port->forget(message.run);
      },
  };
}

} // namespace brigade::actors
