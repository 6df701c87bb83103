/// Deadlines of many things under one timer: a binary heap that knows where
/// each entry stands, so that an entry whose thing has ended leaves at once.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace brigade::net::detail {

/// `T` has the members `deadline` (ordered) and `heap_index` (std::size_t,
/// initially `not_in_heap`). The heap does not own its entries.
template <class T>
class deadline_heap {
public:
  static constexpr auto not_in_heap = static_cast<std::size_t>(-1);

  bool empty() const { return entries_.empty(); }

  std::size_t size() const { return entries_.size(); }

  /// The entry with the earliest deadline.
  T& top() { return *entries_.front(); }

  void push(T& entry) {
    entries_.push_back(&entry);
    entry.heap_index = entries_.size() - 1;
    rise(entry.heap_index);
  }

  /// Does nothing for an entry that is not in the heap.
  void erase(T& entry) {
    auto at = entry.heap_index;
    if (at == not_in_heap)
      return;
    auto last = entries_.size() - 1;
    if (at != last) {
      swap(at, last);
      entries_.pop_back();
      rise(at);
      sink(at);
    } else {
      entries_.pop_back();
    }
    entry.heap_index = not_in_heap;
  }

private:
  bool before(std::size_t lhs, std::size_t rhs) const {
    return entries_[lhs]->deadline < entries_[rhs]->deadline;
  }

  void swap(std::size_t lhs, std::size_t rhs) {
    std::swap(entries_[lhs], entries_[rhs]);
    entries_[lhs]->heap_index = lhs;
    entries_[rhs]->heap_index = rhs;
  }

  void rise(std::size_t at) {
    while (at > 0 && before(at, (at - 1) / 2)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  void sink(std::size_t at) {
    for (;;) {
      auto child = 2 * at + 1;
      if (child >= entries_.size())
        return;
      if (child + 1 < entries_.size() && before(child + 1, child))
        ++child;
      if (!before(child, at))
        return;
      swap(at, child);
      at = child;
    }
  }

  std::vector<T*> entries_;
};

} // namespace brigade::net::detail
