// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/http_connection.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace faultline::lab {

/// Answers the handshake that `upgrade` asks for, then hands the session to `handler`. Lab thread.
void serveWebSocket(boost::beast::tcp_stream stream,
    boost::beast::http::request<boost::beast::http::string_body> upgrade, Request request,
    Response accepted, SocketHandler handler, std::shared_ptr<ConnectionContext> context);

} // namespace faultline::lab
