// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/health_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <sstream>

namespace faultline::lab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t longestStatusLine = 512;

class Socket
{
public:
    explicit Socket(Clock::time_point deadline)
        : m_deadline(deadline)
        , m_descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
    {
    }
    ~Socket()
    {
        if (m_descriptor >= 0)
            close(m_descriptor);
    }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    bool connectTo(const sockaddr_in &address) const
    {
        if (connect(m_descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address)
            == 0)
            return true;
        if (errno != EINPROGRESS || !wait(POLLOUT))
            return false;
        int error = 0;
        socklen_t size = sizeof error;
        return getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
    }

    bool sendAll(std::string_view text) const
    {
        while (!text.empty()) {
            const ssize_t count = send(m_descriptor, text.data(), text.size(), MSG_NOSIGNAL);
            if (count > 0)
                text.remove_prefix(static_cast<std::size_t>(count));
            else if (errno != EAGAIN || !wait(POLLOUT))
                return false;
        }
        return true;
    }

    /// The first line of what comes, or as much of it as came in time.
    std::string firstLine() const
    {
        std::string line;
        std::array<char, 256> piece{};
        while (line.find('\n') == std::string::npos && line.size() < longestStatusLine
            && wait(POLLIN)) {
            const ssize_t count = recv(m_descriptor, piece.data(), piece.size(), 0);
            if (count <= 0)
                break;
            line.append(piece.data(), static_cast<std::size_t>(count));
        }
        return line.substr(0, line.find('\n'));
    }

private:
    bool wait(short events) const
    {
        const auto left
            = std::chrono::duration_cast<std::chrono::milliseconds>(m_deadline - Clock::now());
        pollfd watched{ m_descriptor, events, 0 };
        return left.count() > 0 && poll(&watched, 1, static_cast<int>(left.count())) > 0;
    }

    Clock::time_point m_deadline;
    int m_descriptor;
};

std::string unquoted(std::string word)
{
    word.erase(std::remove(word.begin(), word.end(), '"'), word.end());
    return word;
}

} // namespace

void readRequestLine(const std::string &line, HealthProbe &probe)
{
    std::istringstream words(line);
    std::string method;
    std::string path;
    std::string version;
    words >> method >> path >> version;
    probe.method = unquoted(method);
    probe.path = path.empty() ? "/" : unquoted(path);
    probe.version = version.empty() ? "HTTP/1.0" : unquoted(version);
}

bool isAnswering(const HealthProbe &probe)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(probe.port);
    if (inet_pton(AF_INET, probe.address.c_str(), &address.sin_addr) != 1)
        return false;
    const Socket socket(Clock::now() + probe.timeout);
    if (!socket.connectTo(address))
        return false;
    if (probe.method.empty())
        return true;
    const std::string request = probe.method + " " + probe.path + " " + probe.version
        + "\r\nHost: " + probe.address + "\r\nConnection: close\r\n\r\n";
    if (!socket.sendAll(request))
        return false;
    const std::string line = socket.firstLine();
    const std::size_t space = line.find(' ');
    if (!line.starts_with("HTTP/") || space == std::string::npos)
        return false;
    const long status = std::strtol(line.c_str() + space, nullptr, 10);
    return status >= 200 && status < 400;
}

} // namespace faultline::lab
