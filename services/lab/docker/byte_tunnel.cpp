// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/docker/byte_tunnel.h"

#include "services/lab/docker/unix_stream.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace faultline::lab {

namespace {

constexpr std::size_t fullInput = 1U << 20U;
constexpr std::size_t mostInput = 4U << 20U;
constexpr std::size_t mostTaken = 64U << 10U;
constexpr std::size_t pieceSize = 4096; // as Rancher's agent reads
constexpr std::size_t longestHead = 16U << 10U;
constexpr std::chrono::seconds openingPatience(20);

} // namespace

struct TunnelInput::State
{
    State()
        : wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
    }
    ~State() { close(wake); }
    State(const State &) = delete;
    State &operator=(const State &) = delete;

    void ring() const
    {
        const std::uint64_t one = 1;
        // A full counter rings already.
        [[maybe_unused]] const ssize_t written = write(wake, &one, sizeof one);
    }

    int wake;
    mutable std::mutex mutex;
    std::string bytes;
    std::function<void()> onRoom;
    bool isFull = false;
    bool finished = false;
};

TunnelInput::TunnelInput()
    : m_state(std::make_shared<State>())
{
}

TunnelInput::Room TunnelInput::push(std::string_view bytes)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->bytes.size() + bytes.size() > mostInput)
        return Room::None;
    m_state->bytes.append(bytes);
    m_state->ring();
    m_state->isFull = m_state->bytes.size() > fullInput;
    return m_state->isFull ? Room::Full : Room::Enough;
}

void TunnelInput::setOnRoom(std::function<void()> onRoom)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->onRoom = std::move(onRoom);
}

void TunnelInput::finish()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->finished = true;
    m_state->ring();
}

std::string TunnelInput::take()
{
    std::function<void()> tell;
    std::string taken;
    {
        const std::lock_guard lock(m_state->mutex);
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t size = read(m_state->wake, &count, sizeof count);
        taken = m_state->bytes.substr(0, mostTaken);
        m_state->bytes.erase(0, taken.size());
        if (!m_state->bytes.empty() || m_state->finished)
            m_state->ring();
        if (m_state->isFull && m_state->bytes.size() <= fullInput / 2) {
            m_state->isFull = false;
            tell = m_state->onRoom;
        }
    }
    if (tell)
        tell();
    return taken;
}

bool TunnelInput::isFinished() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->finished && m_state->bytes.empty();
}

int TunnelInput::descriptor() const
{
    return m_state->wake;
}

namespace {

std::error_code sendAll(UnixStream &stream, std::string_view bytes)
{
    std::error_code error;
    while (!bytes.empty() && !error)
        bytes.remove_prefix(stream.write(bytes.data(), bytes.size(), error));
    return error;
}

/// Sends what goes without waiting and takes it off `bytes`.
std::error_code sendSome(const UnixStream &stream, std::string &bytes)
{
    const ssize_t count
        = send(stream.descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0)
        bytes.erase(0, static_cast<std::size_t>(count));
    else if (errno != EAGAIN && errno != EINTR)
        return { errno, std::system_category() };
    return {};
}

/// Reads the answer's header; `rest` is what came after it.
std::error_code readHead(UnixStream &stream, std::string &rest)
{
    std::string head;
    std::array<char, pieceSize> piece{};
    std::error_code error;
    for (;;) {
        const std::size_t end = head.find("\r\n\r\n");
        if (end != std::string::npos) {
            const std::size_t space = head.find(' ');
            const long status = std::strtol(head.c_str() + std::min(space, end), nullptr, 10);
            rest = head.substr(end + 4);
            return status == 101 || status == 200 ? std::error_code()
                                                  : std::make_error_code(std::errc::protocol_error);
        }
        const std::size_t count = stream.read(piece.data(), piece.size(), error);
        if (error)
            return error;
        if (count == 0 || head.size() > longestHead)
            return std::make_error_code(std::errc::connection_reset);
        head.append(piece.data(), count);
    }
}

std::error_code carry(UnixStream &stream, TunnelInput input,
    const std::function<bool(std::string_view bytes)> &receive, const Cancellation &cancellation)
{
    std::array<char, pieceSize> piece{};
    std::error_code error;
    std::string unsent; // neither direction waits for the other: a command may answer as it reads
    for (;;) {
        const short wanted = unsent.empty() ? POLLIN : POLLIN | POLLOUT;
        std::array<pollfd, 3> watched{ pollfd{ stream.descriptor(), wanted, 0 },
            pollfd{ cancellation.descriptor(), POLLIN, 0 },
            pollfd{ unsent.empty() ? input.descriptor() : -1, POLLIN, 0 } };
        if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
            return { errno, std::system_category() };
        if (cancellation.isCancelled())
            return std::make_error_code(std::errc::operation_canceled);
        if (watched[2].revents != 0)
            unsent = input.take();
        if (!unsent.empty()) {
            error = sendSome(stream, unsent);
            if (error)
                return error;
        }
        if (unsent.empty() && input.isFinished())
            return {};
        if ((watched[0].revents & ~POLLOUT) != 0) {
            const std::size_t count = stream.read(piece.data(), piece.size(), error);
            if (error || count == 0)
                return error;
            if (!receive({ piece.data(), count }))
                return {};
        }
    }
}

} // namespace

std::error_code carryBytes(const std::string &socketPath, const std::string &opening,
    const TunnelInput &input, const std::function<bool(std::string_view bytes)> &receive,
    const Cancellation &cancellation)
{
    UnixStream stream(cancellation);
    stream.setPatience(openingPatience);
    if (const auto error = stream.connect(socketPath))
        return error;
    std::string rest;
    if (!opening.empty()) {
        if (const auto error = sendAll(stream, opening))
            return error;
        if (const auto error = readHead(stream, rest))
            return error;
    }
    if (!rest.empty() && !receive(rest))
        return {};
    return carry(stream, input, receive, cancellation);
}

} // namespace faultline::lab
