#include "brigade/app/run_mailbox.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <poll.h>
#include <thread>

using namespace brigade;
using namespace brigade::app;

namespace {

bool readable(const run_mailbox& box) {
  pollfd entry{box.fd(), POLLIN, 0};
  return ::poll(&entry, 1, 0) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_mailbox_)

BOOST_AUTO_TEST_CASE(it_is_readable_exactly_while_it_holds_something) {
  run_mailbox box;
  BOOST_TEST(!readable(box));
  box.put(std::make_shared<const core::event>());
  box.put(std::make_shared<const core::event>());
  BOOST_TEST(readable(box));
  BOOST_TEST(box.take().events.size() == 2U);
  BOOST_TEST(!readable(box));
  box.put(run_end{run_refused{"full"}});
  BOOST_TEST(readable(box));
  BOOST_TEST(box.take().end.has_value());
  BOOST_TEST(!readable(box));
  BOOST_TEST(!box.take().end.has_value());
}

BOOST_AUTO_TEST_CASE(events_of_many_threads_all_arrive) {
  run_mailbox box;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&box] {
      for (int i = 0; i < 500; ++i) {
        box.put(std::make_shared<const core::event>());
      }
    });
  }
  std::size_t count = 0;
  while (count < 2000) {
    count += box.take().events.size();
  }
  for (auto& thread : threads) {
    thread.join();
  }
  BOOST_TEST(count == 2000U);
  BOOST_TEST(!readable(box));
}

BOOST_AUTO_TEST_SUITE_END()
