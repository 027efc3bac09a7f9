// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/http_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace faultline::lab {

namespace {

constexpr int patienceMilliseconds = 60'000;
constexpr std::size_t largestReply = 512U << 20U;

tl::unexpected<std::string> failure(std::string what)
{
    return tl::unexpected(std::move(what));
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

template <typename Number>
bool parseNumber(std::string_view text, Number &out, int base = 10)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    return error == std::errc() && end != text.data();
}

bool fillHead(std::string_view head, HttpReply &reply)
{
    const std::size_t firstEnd = head.find("\r\n");
    const std::string_view statusLine = head.substr(0, firstEnd);
    if (!statusLine.starts_with("HTTP/1.") || statusLine.size() < 12
        || !parseNumber(statusLine.substr(9, 3), reply.status))
        return false;
    for (std::size_t at = firstEnd; at != std::string_view::npos && at + 2 < head.size();) {
        const std::size_t start = at + 2;
        at = head.find("\r\n", start);
        const std::string_view line = head.substr(start, at - start);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos)
            reply.headers.emplace_back(
                lowered(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return true;
}

} // namespace

std::string_view HttpReply::header(std::string_view name) const
{
    const auto found = std::find_if(headers.begin(), headers.end(),
        [name](const auto &header) { return header.first == name; });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

HttpClient::HttpClient(const std::string &url, const StopSignal &stop)
    : m_stop(stop)
{
    const std::size_t start = url.find("://");
    std::string authority = url.substr(start == std::string::npos ? 0 : start + 3);
    authority.resize(std::min(authority.size(), authority.find('/')));
    const std::size_t colon = authority.rfind(':');
    m_host = authority.substr(0, colon);
    m_port = colon == std::string::npos ? "80" : authority.substr(colon + 1);
}

HttpClient::~HttpClient()
{
    disconnect();
}

tl::expected<HttpReply, std::string> HttpClient::send(
    std::string_view method, std::string_view path, const Headers &headers, std::string_view body)
{
    std::string head = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: "
        + m_host + ":" + m_port + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    for (const auto &[name, value] : headers)
        head += name + ": " + value + "\r\n";
    head += "\r\n";
    const bool kept = m_socket >= 0;
    auto reply = exchange(head, body);
    // The server may have closed a connection that rested; a request that got no byte of an answer
    // is sent again.
    if (!reply && kept && m_received.empty() && !m_stop.isRaised())
        reply = exchange(head, body);
    return reply;
}

tl::expected<HttpReply, std::string> HttpClient::exchange(
    std::string_view head, std::string_view body)
{
    m_received.clear();
    Done done = connectOnce();
    if (done)
        done = write(head);
    if (done)
        done = write(body);
    if (!done) {
        disconnect();
        return tl::unexpected(done.error());
    }
    auto reply = readReply();
    if (!reply || lowered(reply->header("connection")) == "close")
        disconnect();
    return reply;
}

HttpClient::Done HttpClient::connectOnce()
{
    if (m_socket >= 0)
        return {};
    sockaddr_in address{};
    std::uint16_t port = 0;
    const std::string host = m_host == "localhost" ? "127.0.0.1" : m_host;
    if (!parseNumber(m_port, port) || inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        return failure(
            "the lab's address " + m_host + ":" + m_port + " is not an IPv4 address and a port");
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    m_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (m_socket < 0)
        return failure(std::string("no socket: ") + std::strerror(errno));
    const int on = 1;
    setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return {};
    int error = errno;
    if (error == EINPROGRESS) {
        if (!m_stop.waitFor(m_socket, POLLOUT, patienceMilliseconds))
            return failure("the lab did not answer");
        socklen_t size = sizeof error;
        getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    return error == 0 ? Done() : failure(std::string("can't connect: ") + std::strerror(error));
}

HttpClient::Done HttpClient::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return failure(std::string("sending failed: ") + std::strerror(errno));
        if (!m_stop.waitFor(m_socket, POLLOUT, patienceMilliseconds))
            return failure("the lab takes no more data");
    }
    return {};
}

HttpClient::Done HttpClient::readMore()
{
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t got = recv(m_socket, buffer.data(), buffer.size(), 0);
        if (got > 0) {
            if (m_received.size() + static_cast<std::size_t>(got) > largestReply)
                return failure("the answer is too large");
            m_received.append(buffer.data(), static_cast<std::size_t>(got));
            return {};
        }
        if (got == 0)
            return failure("the connection was closed");
        if (errno != EAGAIN && errno != EINTR)
            return failure(std::string("receiving failed: ") + std::strerror(errno));
        if (!m_stop.waitFor(m_socket, POLLIN, patienceMilliseconds))
            return failure("no answer came");
    }
}

tl::expected<HttpReply, std::string> HttpClient::readReply()
{
    for (;;) {
        std::size_t end = 0;
        while ((end = m_received.find("\r\n\r\n")) == std::string::npos)
            if (Done done = readMore(); !done)
                return tl::unexpected(done.error());
        HttpReply reply;
        if (!fillHead(std::string_view(m_received).substr(0, end + 2), reply))
            return failure("the answer is not HTTP");
        m_received.erase(0, end + 4);
        if (reply.status == 100)
            continue;
        if (Done done = readBody(reply); !done)
            return tl::unexpected(done.error());
        return reply;
    }
}

HttpClient::Done HttpClient::readBody(HttpReply &reply)
{
    if (reply.status == 204 || reply.status == 304)
        return {};
    if (lowered(reply.header("transfer-encoding")) == "chunked")
        return readChunks(reply.body);
    std::size_t size = 0;
    if (const auto text = reply.header("content-length"); !text.empty() && !parseNumber(text, size))
        return failure("the answer has no valid length");
    if (size > largestReply)
        return failure("the answer is too large");
    while (m_received.size() < size)
        if (Done done = readMore(); !done)
            return done;
    reply.body = m_received.substr(0, size);
    m_received.erase(0, size);
    return {};
}

HttpClient::Done HttpClient::readChunks(std::string &body)
{
    for (;;) {
        std::size_t lineEnd = 0;
        while ((lineEnd = m_received.find("\r\n")) == std::string::npos)
            if (Done done = readMore(); !done)
                return done;
        std::size_t size = 0;
        if (!parseNumber(std::string_view(m_received).substr(0, lineEnd), size, 16)
            || size > largestReply)
            return failure("the answer has a broken chunk");
        while (m_received.size() < lineEnd + 2 + size + 2)
            if (Done done = readMore(); !done)
                return done;
        body.append(m_received, lineEnd + 2, size);
        m_received.erase(0, lineEnd + 2 + size + 2);
        if (size == 0)
            return {};
        if (body.size() > largestReply)
            return failure("the answer is too large");
    }
}

void HttpClient::disconnect()
{
    if (m_socket >= 0)
        close(m_socket);
    m_socket = -1;
}

} // namespace faultline::lab
