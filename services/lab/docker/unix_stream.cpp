// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/docker/unix_stream.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace faultline::lab {

namespace {

std::error_code systemError()
{
    return { errno, std::system_category() };
}

} // namespace

UnixStream::UnixStream(Cancellation cancellation)
    : m_cancellation(std::move(cancellation))
{
}

UnixStream::~UnixStream()
{
    if (m_socket >= 0)
        close(m_socket);
}

std::error_code UnixStream::connect(const std::string &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return std::make_error_code(std::errc::filename_too_long);
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    m_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (m_socket < 0)
        return systemError();
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return {};
    return systemError();
}

std::error_code UnixStream::wait(short events) const
{
    std::array<pollfd, 2> watched{ pollfd{ m_socket, events, 0 },
        pollfd{ m_cancellation.descriptor(), POLLIN, 0 } };
    const int timeout = m_patience.count() == 0 ? -1 : static_cast<int>(m_patience.count());
    for (;;) {
        const int ready = poll(watched.data(), watched.size(), timeout);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0)
            return systemError();
        if (m_cancellation.isCancelled())
            return std::make_error_code(std::errc::operation_canceled);
        return ready == 0 ? std::make_error_code(std::errc::timed_out) : std::error_code();
    }
}

std::size_t UnixStream::read(char *bytes, std::size_t size, std::error_code &error)
{
    for (;;) {
        error = wait(POLLIN);
        if (error)
            return 0;
        const ssize_t count = recv(m_socket, bytes, size, 0);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EAGAIN && errno != EINTR) {
            error = systemError();
            return 0;
        }
    }
}

std::size_t UnixStream::write(const char *bytes, std::size_t size, std::error_code &error)
{
    for (;;) {
        error = wait(POLLOUT);
        if (error)
            return 0;
        const ssize_t count = send(m_socket, bytes, size, MSG_NOSIGNAL);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EAGAIN && errno != EINTR) {
            error = systemError();
            return 0;
        }
    }
}

} // namespace faultline::lab
