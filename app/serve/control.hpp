/// What other processes of the same user may ask of the daemon's runs: `brigade
/// approve`, `reject` and `cancel`.
#pragma once

#include "brigade/app/control_socket.hpp"
#include "brigade/app/serve/run_service.hpp"
#include "brigade/net/io_thread.hpp"

#include <memory>

namespace brigade::app::serve {

/// Waits for the service's answer at most so long.
inline constexpr int control_answer_ms_max = 4'000;

/// Asks the service on its own thread, in the name of the run's client. The
/// handler must be gone before the thread is.
control_socket::handler control_handler(std::shared_ptr<net::io_thread> io,
                                        std::weak_ptr<run_service> service);

/// What the API's refusal is on the control socket. Pure.
control_answer answer_of(const net::api::refusal& why);

} // namespace brigade::app::serve
