// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_load.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace faultline::bench {

namespace {

using Clock = std::chrono::steady_clock;

// One whole answer from the front of what was received; empty when the connection ends.
std::string takeAnswer(int connection, std::string &received)
{
    std::vector<char> buffer(1U << 16U);
    for (;;) {
        const std::size_t head = received.find("\r\n\r\n");
        if (head != std::string::npos) {
            const char *length = strcasestr(received.c_str(), "content-length:");
            const std::size_t size = length && length < received.data() + head
                ? static_cast<std::size_t>(std::atoll(length + 15))
                : 0;
            if (received.size() >= head + 4 + size) {
                std::string answer = received.substr(0, head + 4 + size);
                received.erase(0, head + 4 + size);
                return answer;
            }
        }
        const ssize_t got = recv(connection, buffer.data(), buffer.size(), 0);
        if (got <= 0)
            return {};
        received.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

bool sendAll(int connection, const std::string &text)
{
    return send(connection, text.data(), text.size(), MSG_NOSIGNAL)
        == static_cast<ssize_t>(text.size());
}

struct Samples
{
    std::mutex mutex;
    std::vector<double> milliseconds;
    std::int64_t bytes = 0;
    std::string error;
};

void serveOne(int port, int number, Clock::time_point end,
    const std::function<std::string(int, int)> &request, Samples &samples)
{
    const int connection = connectTo(port);
    std::vector<double> own;
    std::int64_t bytes = 0;
    std::string received;
    std::string error = connection < 0 ? "no connection" : "";
    for (int n = 0; error.empty() && Clock::now() < end; ++n) {
        const auto before = Clock::now();
        const std::string answer = sendAll(connection, request(number, n))
            ? takeAnswer(connection, received)
            : std::string();
        if (answer.size() < 10 || answer[9] != '2')
            error = answer.empty() ? "the connection ended" : answer.substr(0, 60);
        own.push_back(std::chrono::duration<double, std::milli>(Clock::now() - before).count());
        bytes += static_cast<std::int64_t>(answer.size());
    }
    if (connection >= 0)
        close(connection);
    const std::lock_guard lock(samples.mutex);
    samples.milliseconds.insert(samples.milliseconds.end(), own.begin(), own.end());
    samples.bytes += bytes;
    if (samples.error.empty())
        samples.error = error;
}

} // namespace

int connectTo(int port)
{
    const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(connection, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0)
        return connection;
    close(connection);
    return -1;
}

Load run(int port, int connections, std::chrono::milliseconds duration,
    const std::function<std::string(int connection, int n)> &request)
{
    Samples samples;
    const auto begin = Clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < connections; ++i)
        threads.emplace_back([&, i] { serveOne(port, i, begin + duration, request, samples); });
    for (std::thread &thread : threads)
        thread.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    Load load;
    load.error = samples.error;
    load.bytes = samples.bytes;
    std::vector<double> &all = samples.milliseconds;
    if (all.empty())
        return load;
    std::sort(all.begin(), all.end());
    load.perSecond = static_cast<double>(all.size()) / seconds;
    load.medianMs = all[all.size() / 2];
    load.p99Ms = all[all.size() * 99 / 100];
    return load;
}

std::string ask(int port, const std::string &request)
{
    const int connection = connectTo(port);
    if (connection < 0)
        return {};
    std::string received;
    std::string answer
        = sendAll(connection, request) ? takeAnswer(connection, received) : std::string();
    close(connection);
    return answer;
}

} // namespace faultline::bench
