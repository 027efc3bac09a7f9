// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "services/lab/http/http_connection.h"

#include "services/lab/http/url_parts.h"
#include "services/lab/http/web_socket_connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <limits>
#include <optional>

namespace faultline::lab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

bool isParseError(const beast::error_code &error)
{
    return error.category() == http::make_error_code(http::error::bad_method).category();
}

class HttpConnection : public std::enable_shared_from_this<HttpConnection>
{
public:
    HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<ConnectionContext> context);

    void begin(std::chrono::milliseconds patience);

private:
    void readHeader();
    void headerArrived(beast::error_code error);
    void route();
    void upgrade();
    void continueBody();
    void readBody();
    void bodyArrived();
    void fillRequest();
    void dispatch(const Handler *handler);
    void refuse(int status);
    void answer(Response response);
    template <typename Message>
    void write(Message message);
    void written(beast::error_code error, bool closeAfter);
    void close();

    std::shared_ptr<ConnectionContext> m_context;
    beast::tcp_stream m_stream;
    beast::flat_buffer m_buffer;
    std::optional<http::request_parser<http::string_body>> m_parser;
    Request m_request;
    Router::Match m_match;
    bool m_head = false;
    bool m_keepAlive = false;
    std::optional<ConnectionMark> m_mark;
};

HttpConnection::HttpConnection(
    boost::asio::ip::tcp::socket socket, std::shared_ptr<ConnectionContext> context)
    : m_context(std::move(context))
    , m_stream(std::move(socket))
{
}

void HttpConnection::begin(std::chrono::milliseconds patience)
{
    if (!m_mark)
        m_mark.emplace(m_context, [this] { m_stream.socket().close(); });
    m_parser.emplace();
    m_parser->header_limit(static_cast<std::uint32_t>(m_context->options.headerLimit));
    // Not boost::none: Beast 1.74 then refuses every Content-Length while it reads the header.
    m_parser->body_limit(std::numeric_limits<std::uint64_t>::max());
    m_request = {};
    m_match = {};
    if (m_buffer.size() > 0) {
        readHeader();
        return;
    }
    m_stream.expires_after(patience);
    m_stream.async_read_some(m_buffer.prepare(4096),
        [self = shared_from_this()](beast::error_code error, std::size_t size) {
            if (error)
                return self->close();
            self->m_buffer.commit(size);
            self->readHeader();
        });
}

void HttpConnection::readHeader()
{
    m_stream.expires_after(m_context->options.headerTimeout);
    http::async_read_header(m_stream, m_buffer, *m_parser,
        [self = shared_from_this()](
            beast::error_code error, std::size_t) { self->headerArrived(error); });
}

void HttpConnection::headerArrived(beast::error_code error)
{
    if (error == http::error::header_limit)
        return refuse(431);
    if (error && (error == http::error::end_of_stream || !isParseError(error)))
        return close();
    if (error)
        return refuse(400);
    fillRequest();
    m_head = m_request.method == "HEAD";
    m_keepAlive = m_parser->get().keep_alive();
    if (!fillTarget(m_request,
            std::string_view(m_parser->get().target().data(), m_parser->get().target().size())))
        return refuse(400);
    if (!m_context->hostCheck.acceptsHost(m_request.header("host"))
        || !m_context->hostCheck.acceptsOrigin(m_request.header("origin")))
        return refuse(403);
    m_request.origin = m_context->hostCheck.origin(m_request);
    m_match = m_context->router->find(m_request);
    route();
}

void HttpConnection::fillRequest()
{
    const auto &message = m_parser->get();
    m_request.method = std::string(message.method_string());
    for (const auto &field : message) {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
            [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        m_request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
}

void HttpConnection::route()
{
    if (auto refusal = m_context->router->refusal(m_request)) {
        m_keepAlive = m_keepAlive && m_parser->is_done() && m_request.header("upgrade").empty();
        return answer(std::move(*refusal));
    }
    if (beast::websocket::is_upgrade(m_parser->get()) && m_match.socketHandler != nullptr)
        return upgrade();
    const std::size_t limit
        = m_match.bodyLimit == 0 ? m_context->options.bodyLimit : m_match.bodyLimit;
    if (m_parser->content_length().value_or(0) > limit)
        return refuse(413);
    m_parser->body_limit(limit);
    continueBody();
}

void HttpConnection::continueBody()
{
    if (m_request.header("expect") != "100-continue" || m_parser->is_done())
        return readBody();
    static constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";
    m_stream.expires_after(m_context->options.idleTimeout);
    boost::asio::async_write(m_stream, boost::asio::buffer(goOn.data(), goOn.size()),
        [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error)
                return self->close();
            self->readBody();
        });
}

void HttpConnection::readBody()
{
    if (m_parser->is_done())
        return bodyArrived();
    m_stream.expires_after(m_context->options.idleTimeout);
    http::async_read_some(m_stream, m_buffer, *m_parser,
        [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error == http::error::body_limit)
                return self->refuse(413);
            if (error)
                return self->close();
            self->readBody();
        });
}

void HttpConnection::bodyArrived()
{
    m_request.body = std::move(m_parser->get().body());
    if (m_match.handler == nullptr) {
        const bool pathKnown = m_match.pathKnown;
        return answer(m_context->router->errorResponse(m_request, pathKnown ? 405 : 404));
    }
    dispatch(m_match.handler);
}

void HttpConnection::dispatch(const Handler *handler)
{
    m_stream.expires_never();
    auto self = shared_from_this();
    boost::asio::io_context *loop = m_context->loop;
    const Responder responder([self, loop](Response response) {
        boost::asio::post(*loop, [self, response = std::move(response)]() mutable {
            self->answer(std::move(response));
        });
    });
    const Request request = std::move(m_request);
    (*handler)(request, responder);
}

void HttpConnection::upgrade()
{
    Response decision = (*m_match.upgradeCheck)(m_request);
    if (decision.status != 101) {
        m_keepAlive = false; // a client that wanted a WebSocket has no other use for the connection
        return answer(std::move(decision));
    }
    m_mark.reset();
    serveWebSocket(std::move(m_stream), m_parser->release(), std::move(m_request),
        std::move(decision), *m_match.socketHandler, m_context);
}

void HttpConnection::refuse(int status)
{
    m_keepAlive = false;
    answer(m_context->router->errorResponse(m_request, status));
}

void HttpConnection::answer(Response response)
{
    const auto status = static_cast<unsigned>(response.status);
    const bool bodyless = status < 200 || status == 204 || status == 304;
    const auto fill = [this, &response, status](auto &message) {
        message.version(m_parser->get().version() == 10 ? 10 : 11);
        message.result(status);
        message.set(http::field::server, "faultline-lab");
        for (const auto &[name, value] : response.headers)
            message.insert(name, value);
        message.keep_alive(m_keepAlive);
    };
    if (bodyless || m_head) {
        http::response<http::empty_body> message;
        fill(message);
        if (!bodyless) {
            message.set(http::field::content_type, response.contentType);
            message.content_length(response.body.size());
        }
        return write(std::move(message));
    }
    http::response<http::string_body> message;
    fill(message);
    message.set(http::field::content_type, response.contentType);
    message.body() = std::move(response.body);
    message.prepare_payload();
    write(std::move(message));
}

template <typename Message>
void HttpConnection::write(Message message)
{
    m_stream.expires_after(m_context->options.idleTimeout);
    auto kept = std::make_shared<Message>(std::move(message));
    const bool closeAfter = !m_keepAlive;
    http::async_write(m_stream, *kept,
        [self = shared_from_this(), kept, closeAfter](
            beast::error_code error, std::size_t) { self->written(error, closeAfter); });
}

void HttpConnection::written(beast::error_code error, bool closeAfter)
{
    if (error || closeAfter)
        return close();
    begin(m_context->options.idleTimeout);
}

void HttpConnection::close()
{
    beast::error_code ignored; // the peer may be gone already; either way the socket ends here
    m_stream.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    m_stream.socket().close(ignored);
}

} // namespace

void serveConnection(
    boost::asio::ip::tcp::socket socket, std::shared_ptr<ConnectionContext> context)
{
    const auto patience = context->options.headerTimeout;
    std::make_shared<HttpConnection>(std::move(socket), std::move(context))->begin(patience);
}

} // namespace faultline::lab
