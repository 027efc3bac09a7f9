// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/host_sockets.h"

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/base64_frame.h"
#include "services/lab/rancher/host_stats.h"
#include "services/lab/store/random_text.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace faultline::lab {

namespace {

constexpr std::chrono::seconds tokenLife(300); ///< facts: Rancher's host access tokens
constexpr std::size_t mostSockets = 256;
constexpr std::size_t mostGrants = 4096;
constexpr std::size_t fullBacklog = 512;
constexpr std::string_view resizeWord = ":resizeTTY:";
constexpr char endOfTransmission = '\x04';
constexpr int statsInterval = 1000; // ms
constexpr int largestTerminal = 10'000;

bool offersBinary(const Request &request)
{
    return request.header("sec-websocket-protocol").find("binary") != std::string_view::npos;
}

} // namespace

HostSockets::HostSockets(Server &server)
    : m_server(server)
    , m_resizes(1)
{
}

HostSockets::~HostSockets()
{
    stop();
}

void HostSockets::dropExpired()
{
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(m_grants, [now](const auto &entry) { return entry.second.expires < now; });
}

std::string HostSockets::grant(HostGrant grant)
{
    dropExpired();
    if (m_grants.size() >= mostGrants)
        m_grants.erase(std::min_element(m_grants.begin(), m_grants.end(),
            [](const auto &a, const auto &b) { return a.second.expires < b.second.expires; }));
    std::string token = randomHex(32);
    m_grants[token] = { std::move(grant), std::chrono::steady_clock::now() + tokenLife };
    return token;
}

Response HostSockets::checkUpgrade(const Request &request)
{
    dropExpired();
    if (m_grants.count(std::string(request.queryValue("token"))) == 0)
        return errorAnswer(errorForStatus(401));
    if (m_open.size() >= mostSockets)
        return errorAnswer(errorForStatus(503));
    Response accepted;
    accepted.status = 101;
    if (offersBinary(request))
        accepted.headers.emplace_back("Sec-WebSocket-Protocol", "binary");
    return accepted;
}

void HostSockets::serve(const Request &request, const Session &session)
{
    const auto kept = m_grants.find(std::string(request.queryValue("token")));
    if (kept == m_grants.end())
        return session->close();
    const bool isBinary = offersBinary(request);
    const std::uint64_t id = m_next++;
    auto open = std::make_shared<Open>();
    m_open[id] = open;
    const auto *exec = std::get_if<ExecGrant>(&kept->second.grant);
    open->engine = exec == nullptr ? nullptr : exec->engine;
    listen(session, open, isBinary, exec != nullptr && exec->options.tty);
    open->thread = std::thread([this, id, open, session, isBinary, grant = kept->second.grant] {
        if (const auto *command = std::get_if<ExecGrant>(&grant))
            runExec(*command, session, *open, isBinary);
        else if (const auto *stats = std::get_if<StatsGrant>(&grant))
            runStats(*stats, session, *open);
        else if (const auto *docker = std::get_if<DockerGrant>(&grant))
            runDocker(*docker, session, *open, isBinary);
        session->close();
        m_server.post([this, id] {
            const auto ended = m_open.find(id);
            if (ended == m_open.end())
                return;
            ended->second->thread.join(); // it has nothing left to do but return
            m_open.erase(ended);
        });
    });
}

void HostSockets::listen(
    const Session &session, const std::shared_ptr<Open> &open, bool isBinary, bool isTty)
{
    WebSocketSession *raw = session.get();
    const auto give = [open, raw](std::string_view bytes) {
        const auto room = open->input.push(bytes);
        if (room == TunnelInput::Room::Full)
            raw->pauseReading(); // a command that reads slowly holds its sender back
        else if (room == TunnelInput::Room::None)
            raw->drop();
    };
    open->input.setOnRoom([weak = std::weak_ptr(session)] {
        if (const auto reader = weak.lock())
            reader->resumeReading();
    });
    session->onText = [this, open, give, isBinary](std::string_view text) {
        // Behind `binary` the proxy hands even a resize on as bytes (facts: rancher.md §5.3).
        if (isBinary)
            return give(text);
        if (text.starts_with(resizeWord))
            return resize(open, text.substr(resizeWord.size()));
        if (const auto bytes = fromBase64(text))
            give(*bytes);
    };
    session->onBinary = [give, isBinary](std::string_view bytes) {
        if (isBinary)
            give(bytes);
    };
    session->onDrained = [open] { open->drained.notify_all(); };
    session->onClosed = [open, isTty] {
        if (isTty)
            (void)open->input.push({ &endOfTransmission, 1 }); // full: the command is ended anyway
        open->input.finish();
        open->drained.notify_all();
    };
}

void HostSockets::resize(const std::shared_ptr<Open> &open, std::string_view size)
{
    const std::string text(size);
    const std::size_t comma = text.find(',');
    const long columns = std::strtol(text.c_str(), nullptr, 10);
    const long rows
        = comma == std::string::npos ? 0 : std::strtol(text.c_str() + comma + 1, nullptr, 10);
    if (columns < 1 || rows < 1 || columns > largestTerminal || rows > largestTerminal)
        return;
    m_resizes.run([this, open, columns, rows] {
        std::string execId;
        {
            const std::lock_guard lock(open->mutex);
            execId = open->execId;
        }
        // A resize that comes too early or too late changes nothing that is seen.
        if (!execId.empty())
            (void)open->engine->resizeExec(
                execId, static_cast<int>(columns), static_cast<int>(rows));
    });
}

bool HostSockets::send(const Session &session, Open &open, std::string_view bytes, bool isBinary)
{
    if (isBinary)
        session->sendBinary(std::string(bytes));
    else
        session->sendText(toBase64(bytes));
    std::unique_lock lock(open.mutex);
    // A slow reader holds Docker back; the wait is bounded because the wake-up takes no lock.
    while (session->backlog() > fullBacklog && !open.cancellation.isCancelled()
        && !open.input.isFinished())
        open.drained.wait_for(lock, std::chrono::milliseconds(100));
    return !open.cancellation.isCancelled();
}

void HostSockets::runExec(const ExecGrant &grant, const Session &session, Open &open, bool isBinary)
{
    const auto exec = grant.engine->createExec(grant.dockerId, grant.options);
    if (!exec)
        return; // the socket just closes, as Rancher's does
    {
        const std::lock_guard lock(open.mutex);
        open.execId = *exec;
    }
    (void)carryBytes(
        grant.engine->socketPath(), Engine::execStart(*exec, grant.options.tty), open.input,
        [&](std::string_view bytes) { return send(session, open, bytes, isBinary); },
        open.cancellation);
}

void HostSockets::runDocker(
    const DockerGrant &grant, const Session &session, Open &open, bool isBinary)
{
    (void)carryBytes(
        grant.engine->socketPath(), {}, open.input,
        [&](std::string_view bytes) { return send(session, open, bytes, isBinary); },
        open.cancellation);
}

void HostSockets::runStats(const StatsGrant &grant, const Session &session, Open &open)
{
    for (;;) {
        Json frame = Json::array();
        for (const StatsGrant::Source &source : grant.sources) {
            if (source.engine == nullptr) {
                frame.push_back(hostStats(source.label));
                continue;
            }
            const auto sample = source.engine->stats(source.dockerId);
            if (!sample && grant.sources.size() == 1)
                return;
            if (sample && !objectOf(*sample, "memory_stats").empty())
                frame.push_back(containerStats(source.label, *sample));
        }
        if (frame.empty())
            return; // what was asked for does not run any more
        if (session->backlog() <= fullBacklog)
            session->sendText(dumped(frame));
        std::array<pollfd, 2> watched{ pollfd{ open.cancellation.descriptor(), POLLIN, 0 },
            pollfd{ open.input.descriptor(), POLLIN, 0 } };
        if (poll(watched.data(), watched.size(), statsInterval) < 0 && errno != EINTR)
            return;
        (void)open.input.take(); // clients say nothing here
        if (open.cancellation.isCancelled() || open.input.isFinished())
            return;
    }
}

void HostSockets::stop()
{
    m_resizes.stop();
    for (const auto &[id, open] : m_open) {
        open->cancellation.cancel();
        open->drained.notify_all();
    }
    for (const auto &[id, open] : m_open) {
        if (open->thread.joinable())
            open->thread.join();
    }
    m_open.clear();
}

} // namespace faultline::lab
