// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/docker/byte_tunnel.h"

#include "services/lab/docker/unix_stream.h"

#include <poll.h>
#include <sys/eventfd.h>
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
    bool finished = false;
};

TunnelInput::TunnelInput()
    : m_state(std::make_shared<State>())
{
}

bool TunnelInput::push(std::string_view bytes)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->bytes.size() + bytes.size() > fullInput)
        return false;
    m_state->bytes.append(bytes);
    m_state->ring();
    return true;
}

void TunnelInput::finish()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->finished = true;
    m_state->ring();
}

std::string TunnelInput::take()
{
    const std::lock_guard lock(m_state->mutex);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = read(m_state->wake, &count, sizeof count);
    return std::exchange(m_state->bytes, {});
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
    for (;;) {
        std::array<pollfd, 3> watched{ pollfd{ stream.descriptor(), POLLIN, 0 },
            pollfd{ input.descriptor(), POLLIN, 0 },
            pollfd{ cancellation.descriptor(), POLLIN, 0 } };
        if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
            return { errno, std::system_category() };
        if (cancellation.isCancelled())
            return std::make_error_code(std::errc::operation_canceled);
        if (watched[1].revents != 0) {
            error = sendAll(stream, input.take());
            if (error)
                return error;
            if (input.isFinished())
                return {};
        }
        if (watched[0].revents != 0) {
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
