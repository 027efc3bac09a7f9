// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "services/lab/http/web_socket_connection.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace faultline::lab {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

constexpr std::size_t maxMessageFromClient = 1U << 20U;

struct Frame
{
    bool text = true;
    std::string bytes;
};

class WebSocketConnection : public WebSocketSession,
                            public std::enable_shared_from_this<WebSocketConnection>
{
public:
    using Upgrade = beast::http::request<beast::http::string_body>;

    WebSocketConnection(beast::tcp_stream stream, std::shared_ptr<ConnectionContext> context)
        : m_context(std::move(context))
        , m_stream(std::move(stream))
    {
    }

    void accept(Upgrade upgrade, Request request, Response accepted, SocketHandler handler);

    void sendText(std::string text) override { send({ true, std::move(text) }); }
    void sendBinary(std::string bytes) override { send({ false, std::move(bytes) }); }
    std::size_t backlog() const override { return m_frames; }
    void pauseReading() override;
    void resumeReading() override;
    void close() override;
    void drop() override;

private:
    void onLoop(std::function<void()> work);
    void send(Frame frame);
    void enqueue(Frame frame);
    void writeNext();
    void read();
    void received();
    void setIdleTimeout(std::chrono::steady_clock::duration timeout);
    void closeNow();
    void cut();
    void ended();

    std::shared_ptr<ConnectionContext> m_context;
    websocket::stream<beast::tcp_stream> m_stream;
    beast::flat_buffer m_buffer;
    std::deque<Frame> m_queue;
    std::size_t m_queuedBytes = 0;
    std::atomic_size_t m_frames = 0;
    std::optional<ConnectionMark> m_mark;
    bool m_writing = false;
    bool m_reading = false;
    bool m_paused = false;
    bool m_closing = false;
    bool m_ended = false;
};

void WebSocketConnection::accept(
    Upgrade upgrade, Request request, Response accepted, SocketHandler handler)
{
    m_mark.emplace(m_context, [this] { cut(); });
    beast::get_lowest_layer(m_stream).expires_never();
    setIdleTimeout(m_context->options.idleTimeout);
    m_stream.read_message_max(maxMessageFromClient);
    m_stream.set_option(websocket::stream_base::decorator(
        [headers = std::move(accepted.headers)](websocket::response_type &response) {
            for (const auto &[name, value] : headers)
                response.set(name, value);
        }));
    auto kept = std::make_shared<Upgrade>(std::move(upgrade));
    m_stream.async_accept(*kept,
        [self = shared_from_this(), kept, request = std::move(request),
            handler = std::move(handler)](beast::error_code error) {
            if (error)
                return self->ended();
            handler(request, self);
            self->read();
            self->writeNext();
        });
}

void WebSocketConnection::setIdleTimeout(std::chrono::steady_clock::duration timeout)
{
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = m_context->options.headerTimeout;
    timeouts.idle_timeout = timeout;
    timeouts.keep_alive_pings = true;
    m_stream.set_option(timeouts);
}

void WebSocketConnection::onLoop(std::function<void()> work)
{
    if (m_context->loop->get_executor().running_in_this_thread())
        work();
    else
        boost::asio::post(*m_context->loop, std::move(work));
}

void WebSocketConnection::send(Frame frame)
{
    ++m_frames;
    onLoop([self = shared_from_this(), frame = std::move(frame)]() mutable {
        self->enqueue(std::move(frame));
    });
}

void WebSocketConnection::enqueue(Frame frame)
{
    if (m_ended || m_closing) {
        --m_frames;
        return;
    }
    m_queuedBytes += frame.bytes.size();
    m_queue.push_back(std::move(frame));
    const ServerOptions &options = m_context->options;
    if (m_queue.size() > options.socketFrames || m_queuedBytes > options.socketBytes)
        return cut();
    writeNext();
}

void WebSocketConnection::writeNext()
{
    if (m_writing || m_ended || !m_stream.is_open())
        return;
    if (m_queue.empty()) {
        if (m_closing)
            closeNow();
        return;
    }
    m_writing = true;
    m_stream.text(m_queue.front().text);
    m_stream.async_write(boost::asio::buffer(m_queue.front().bytes),
        [self = shared_from_this()](beast::error_code error, std::size_t) {
            self->m_writing = false;
            --self->m_frames;
            self->m_queuedBytes -= self->m_queue.front().bytes.size();
            self->m_queue.pop_front();
            if (error)
                return self->ended();
            if (self->m_queue.empty() && !self->m_ended && self->onDrained)
                self->onDrained();
            self->writeNext();
        });
}

void WebSocketConnection::read()
{
    if (m_reading || m_paused || m_ended)
        return;
    m_reading = true;
    m_stream.async_read(
        m_buffer, [self = shared_from_this()](beast::error_code error, std::size_t) {
            self->m_reading = false;
            if (error)
                return self->ended();
            self->received();
            self->read();
        });
}

void WebSocketConnection::pauseReading()
{
    onLoop([self = shared_from_this()] {
        self->m_paused = true;
        // Nobody reads the answers to pings meanwhile.
        self->setIdleTimeout(websocket::stream_base::none());
    });
}

void WebSocketConnection::resumeReading()
{
    onLoop([self = shared_from_this()] {
        if (!std::exchange(self->m_paused, false))
            return;
        self->setIdleTimeout(self->m_context->options.idleTimeout);
        self->read();
    });
}

void WebSocketConnection::received()
{
    const auto bytes = m_buffer.cdata();
    const std::string_view message(static_cast<const char *>(bytes.data()), bytes.size());
    if (m_stream.got_text()) {
        if (onText)
            onText(message);
    } else if (onBinary) {
        onBinary(message);
    }
    m_buffer.consume(m_buffer.size());
}

void WebSocketConnection::close()
{
    onLoop([self = shared_from_this()] {
        if (self->m_closing || self->m_ended)
            return;
        self->m_closing = true;
        self->writeNext();
    });
}

void WebSocketConnection::closeNow()
{
    m_writing = true;
    m_stream.async_close(websocket::close_code::normal,
        [self = shared_from_this()](beast::error_code) { self->ended(); });
}

void WebSocketConnection::drop()
{
    onLoop([self = shared_from_this()] { self->cut(); });
}

void WebSocketConnection::cut()
{
    beast::error_code ignored; // cutting a socket that is already gone changes nothing
    beast::get_lowest_layer(m_stream).socket().close(ignored);
    boost::asio::post(*m_context->loop, [self = shared_from_this()] { self->ended(); });
}

void WebSocketConnection::ended()
{
    if (m_ended)
        return;
    m_ended = true;
    const auto closed = std::exchange(onClosed, nullptr);
    onText = nullptr;
    onBinary = nullptr;
    onDrained = nullptr;
    if (closed)
        closed();
    m_mark.reset();
}

} // namespace

void serveWebSocket(beast::tcp_stream stream,
    beast::http::request<beast::http::string_body> upgrade, Request request, Response accepted,
    SocketHandler handler, std::shared_ptr<ConnectionContext> context)
{
    auto connection = std::make_shared<WebSocketConnection>(std::move(stream), std::move(context));
    connection->accept(
        std::move(upgrade), std::move(request), std::move(accepted), std::move(handler));
}

} // namespace faultline::lab
