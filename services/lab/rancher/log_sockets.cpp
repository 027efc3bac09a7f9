// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/log_sockets.h"

#include "services/lab/rancher/utf8_text.h"
#include "services/lab/store/random_text.h"

#include <array>

namespace faultline::lab {

namespace {

constexpr std::chrono::seconds tokenLife(300); ///< facts: Rancher's host access tokens
constexpr std::size_t mostStreams = 256;
constexpr std::size_t fullBacklog = 512;
constexpr std::size_t longestLine = 64U << 10U;

/// Cuts what Docker sends into lines, per stream, and hands each on as a frame.
class LineCutter
{
public:
    explicit LineCutter(std::function<bool(std::string frame)> send)
        : m_send(std::move(send))
    {
    }

    bool take(LogStream stream, std::string_view bytes)
    {
        std::string &line = m_lines.at(static_cast<std::size_t>(stream));
        while (!bytes.empty()) {
            const std::size_t newline = bytes.find('\n');
            const std::size_t size = newline == std::string_view::npos ? bytes.size() : newline + 1;
            line.append(bytes.substr(0, size));
            bytes.remove_prefix(size);
            if ((newline != std::string_view::npos || line.size() > longestLine) && !flush(stream))
                return false;
        }
        return true;
    }

    void finish()
    {
        for (const LogStream stream :
            { LogStream::Combined, LogStream::Stdout, LogStream::Stderr }) {
            if (!m_lines.at(static_cast<std::size_t>(stream)).empty() && !flush(stream))
                return;
        }
    }

private:
    bool flush(LogStream stream)
    {
        static constexpr std::array<const char *, 3> prefixes{ "00 ", "01 ", "02 " };
        const auto index = static_cast<std::size_t>(stream);
        std::string frame = prefixes.at(index) + validUtf8(m_lines.at(index));
        m_lines.at(index).clear();
        return m_send(std::move(frame));
    }

    std::function<bool(std::string frame)> m_send;
    std::array<std::string, 3> m_lines;
};

} // namespace

LogSockets::LogSockets(Server &server)
    : m_server(server)
{
}

LogSockets::~LogSockets()
{
    stop();
}

std::string LogSockets::grant(LogRequest request)
{
    dropExpired();
    std::string token = randomHex(32);
    m_grants[token] = { std::move(request), std::chrono::steady_clock::now() + tokenLife };
    return token;
}

void LogSockets::dropExpired()
{
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(m_grants, [now](const auto &entry) { return entry.second.expires < now; });
}

bool LogSockets::isGranted(const std::string &token)
{
    dropExpired();
    return m_grants.count(token) != 0 && m_streams.size() < mostStreams;
}

void LogSockets::serve(const std::string &token, const std::shared_ptr<WebSocketSession> &session)
{
    const auto grant = m_grants.find(token);
    if (grant == m_grants.end())
        return session->close();
    const std::uint64_t id = m_nextStream++;
    auto stream = std::make_shared<Stream>();
    m_streams[id] = stream;
    session->onClosed = [stream] {
        stream->cancellation.cancel();
        stream->drained.notify_all();
    };
    session->onDrained = [stream] { stream->drained.notify_all(); };
    stream->thread = std::thread([this, id, stream, session, request = grant->second.request] {
        follow(request, session, *stream);
        session->close();
        m_server.post([this, id] {
            const auto ended = m_streams.find(id);
            if (ended == m_streams.end())
                return;
            ended->second->thread.join(); // it has nothing left to do but return
            m_streams.erase(ended);
        });
    });
}

void LogSockets::follow(
    const LogRequest &request, const std::shared_ptr<WebSocketSession> &session, Stream &stream)
{
    LineCutter cutter([&session, &stream](std::string frame) {
        session->sendText(std::move(frame));
        std::unique_lock lock(stream.mutex);
        // A reader slower than the log holds Docker back; the wait is bounded because the wake-up
        // takes no lock.
        while (session->backlog() > fullBacklog && !stream.cancellation.isCancelled())
            stream.drained.wait_for(lock, std::chrono::milliseconds(100));
        return !stream.cancellation.isCancelled();
    });
    const auto read = request.engine->logs(
        request.dockerId, request.options,
        [&cutter](
            LogStream channel, std::string_view bytes) { return cutter.take(channel, bytes); },
        stream.cancellation);
    cutter.finish();
    if (!read)
        session->sendText("02 " + validUtf8(read.error().message) + "\n");
}

void LogSockets::stop()
{
    for (const auto &[id, stream] : m_streams) {
        stream->cancellation.cancel();
        stream->drained.notify_all();
    }
    for (const auto &[id, stream] : m_streams) {
        if (stream->thread.joinable())
            stream->thread.join();
    }
    m_streams.clear();
}

} // namespace faultline::lab
