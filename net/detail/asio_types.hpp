/// The types of Asio that client and server use: with a concrete executor,
/// because the polymorphic one costs an allocation now and then.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace brigade::net::detail {

using clock = std::chrono::steady_clock;
using executor_type = boost::asio::io_context::executor_type;
using tcp = boost::asio::ip::tcp;
using socket_type = boost::asio::basic_stream_socket<tcp, executor_type>;
using timer_type =
    boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                      executor_type>;

} // namespace brigade::net::detail
