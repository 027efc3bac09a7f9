// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/host_check.h"
#include "services/lab/http/http_server.h"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>

namespace faultline::lab {

/// What the connections of one server share. Lab thread only, but for the counter.
struct ConnectionContext
{
    ServerOptions options;
    Router *router = nullptr;
    HostCheck hostCheck;
    boost::asio::io_context *loop = nullptr;
    std::atomic_size_t connections = 0;
    /// How to cut every open connection when the server stops, by a running number.
    std::map<std::uint64_t, std::function<void()>> closers;
    std::uint64_t nextCloser = 1;
};

/// Counts a connection, and keeps the way to cut it, as long as it lives.
class ConnectionMark
{
public:
    ConnectionMark(std::shared_ptr<ConnectionContext> context, std::function<void()> cut)
        : m_context(std::move(context))
        , m_id(m_context->nextCloser++)
    {
        ++m_context->connections;
        m_context->closers.emplace(m_id, std::move(cut));
    }
    ~ConnectionMark()
    {
        --m_context->connections;
        m_context->closers.erase(m_id);
    }
    ConnectionMark(const ConnectionMark &) = delete;
    ConnectionMark &operator=(const ConnectionMark &) = delete;

private:
    std::shared_ptr<ConnectionContext> m_context;
    std::uint64_t m_id;
};

/// Serves HTTP/1.1 on an accepted connection until it ends. Lab thread.
void serveConnection(
    boost::asio::ip::tcp::socket socket, std::shared_ptr<ConnectionContext> context);

} // namespace faultline::lab
