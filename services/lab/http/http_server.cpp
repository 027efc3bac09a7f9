// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "services/lab/http/http_server.h"

#include "services/lab/http/http_connection.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <thread>

namespace faultline::lab {

using boost::asio::ip::tcp;
using boost::system::error_code;

struct Timer::State : std::enable_shared_from_this<Timer::State>
{
    boost::asio::steady_timer timer;
    std::chrono::milliseconds interval{ 0 }; ///< 0: once
    std::function<void()> work;
    bool running = true;

    explicit State(boost::asio::io_context &loop)
        : timer(loop)
    {
    }

    void wait(std::chrono::milliseconds delay)
    {
        timer.expires_after(delay);
        timer.async_wait([self = shared_from_this()](error_code error) {
            if (error || !self->running)
                return;
            if (self->interval.count() > 0)
                self->wait(self->interval);
            else
                self->running = false;
            const auto now = self->work; // it may destroy its own Timer
            now();
        });
    }
};

Timer::Timer() = default;
Timer::Timer(std::shared_ptr<State> state)
    : m_state(std::move(state))
{
}
Timer::~Timer()
{
    cancel();
}
Timer::Timer(Timer &&) noexcept = default;

Timer &Timer::operator=(Timer &&other) noexcept
{
    if (this != &other) {
        cancel();
        m_state = std::move(other.m_state);
    }
    return *this;
}

void Timer::cancel()
{
    if (!m_state)
        return;
    m_state->running = false;
    m_state->timer.cancel();
    m_state->work = nullptr;
    m_state.reset();
}

bool Timer::isRunning() const
{
    return m_state && m_state->running;
}

struct Server::Private
{
    boost::asio::io_context loop{ 1 };
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keepRunning{
        loop.get_executor()
    };
    std::shared_ptr<ConnectionContext> context = std::make_shared<ConnectionContext>();
    tcp::acceptor acceptor{ loop };
    boost::asio::steady_timer acceptAgain{ loop };
    std::thread thread;
    std::uint16_t port = 0;

    void accept();
};

void Server::Private::accept()
{
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
        if (error == boost::asio::error::operation_aborted)
            return;
        if (error) { // out of file descriptors: wait for some to be freed
            acceptAgain.expires_after(std::chrono::milliseconds(100));
            acceptAgain.async_wait([this](error_code aborted) {
                if (!aborted)
                    accept();
            });
            return;
        }
        if (context->connections < context->options.maxConnections) {
            error_code ignored; // without the option answers only come later
            socket.set_option(tcp::no_delay(true), ignored);
            serveConnection(std::move(socket), context);
        }
        accept();
    });
}

Server::Server(ServerOptions options, Router &router)
    : d(std::make_unique<Private>())
{
    d->context->options = std::move(options);
    d->context->router = &router;
    d->context->loop = &d->loop;
}

Server::~Server()
{
    stop();
}

tl::expected<std::uint16_t, std::string> Server::listen()
{
    const ServerOptions &options = d->context->options;
    error_code error;
    std::string text = options.address == "localhost" ? "127.0.0.1" : options.address;
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    const auto address = boost::asio::ip::make_address(text, error);
    if (error)
        return tl::make_unexpected("\"" + options.address + "\" is not an IP address.");
    if (!address.is_loopback() && !options.allowOtherAddresses) {
        return tl::make_unexpected(
            "The lab runs what it is sent, so it listens on loopback only; \"" + options.address
            + "\" is another address, and must be allowed expressly.");
    }
    const tcp::endpoint endpoint(address, options.port);
    d->acceptor.open(endpoint.protocol(), error);
    if (!error)
        d->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        d->acceptor.bind(endpoint, error);
    if (!error)
        d->acceptor.listen(1024, error);
    if (error) {
        error_code ignored; // what counts is the first error
        d->acceptor.close(ignored);
        return tl::make_unexpected("Can't listen on " + options.address + ":"
            + std::to_string(options.port) + ": " + error.message() + ".");
    }
    d->port = d->acceptor.local_endpoint().port();
    std::vector<std::string> names = options.hostNames;
    if (!address.is_loopback() && !address.is_unspecified())
        names.push_back(address.is_v6() ? "[" + text + "]" : text);
    d->context->hostCheck = HostCheck(std::move(names), d->port);
    return d->port;
}

void Server::start()
{
    d->accept();
    d->thread = std::thread([this] { d->loop.run(); });
}

void Server::stop()
{
    if (!d->thread.joinable())
        return;
    post([this] {
        error_code ignored; // closing twice is fine
        d->acceptor.close(ignored);
        const auto closers = d->context->closers;
        for (const auto &[id, cut] : closers)
            cut();
        d->keepRunning.reset();
        d->loop.stop();
    });
    d->thread.join();
}

std::uint16_t Server::port() const
{
    return d->port;
}

std::string Server::url() const
{
    std::string host = d->context->options.address;
    if (host == "0.0.0.0" || host == "::" || host == "localhost")
        host = "127.0.0.1";
    if (host.find(':') != std::string::npos && host.front() != '[')
        host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(d->port);
}

void Server::post(std::function<void()> work)
{
    boost::asio::post(d->loop, std::move(work));
}

bool Server::isLabThread() const
{
    return d->loop.get_executor().running_in_this_thread();
}

Timer Server::after(std::chrono::milliseconds delay, std::function<void()> work)
{
    auto state = std::make_shared<Timer::State>(d->loop);
    state->work = std::move(work);
    state->wait(delay);
    return Timer(std::move(state));
}

Timer Server::every(std::chrono::milliseconds interval, std::function<void()> work)
{
    auto state = std::make_shared<Timer::State>(d->loop);
    state->work = std::move(work);
    state->interval = interval;
    state->wait(interval);
    return Timer(std::move(state));
}

std::size_t Server::connectionCount() const
{
    return d->context->connections;
}

} // namespace faultline::lab
