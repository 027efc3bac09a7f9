// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/lab_rate.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace faultline::bench {

namespace {

constexpr auto duration = std::chrono::seconds(3);

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

/// One answer of 200 with a Content-Length; false for anything else.
bool readAnswer(int connection, std::string &received)
{
    char buffer[16384];
    for (;;) {
        const std::size_t head = received.find("\r\n\r\n");
        if (head != std::string::npos) {
            const char *length = strcasestr(received.c_str(), "content-length:");
            if (received.compare(9, 3, "200") != 0 || !length)
                return false;
            const std::size_t whole = head + 4 + static_cast<std::size_t>(std::atol(length + 15));
            if (received.size() >= whole) {
                received.erase(0, whole);
                return true;
            }
        }
        const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
        if (count <= 0)
            return false;
        received.append(buffer, static_cast<std::size_t>(count));
    }
}

void ask(
    int port, const std::string &request, std::atomic<long> &answers, std::atomic<bool> &isWrong)
{
    const int connection = connectTo(port);
    const auto end = std::chrono::steady_clock::now() + duration;
    std::string received;
    while (connection >= 0 && std::chrono::steady_clock::now() < end) {
        const bool isSent = send(connection, request.data(), request.size(), MSG_NOSIGNAL)
            == ssize_t(request.size());
        if (!isSent || !readAnswer(connection, received)) {
            isWrong = true;
            break;
        }
        ++answers;
    }
    if (connection < 0)
        isWrong = true;
    else
        close(connection);
}

} // namespace

void labRateRow(const std::string &url, const std::string &tokenFile)
{
    const int port = std::atoi(url.substr(url.rfind(':') + 1).c_str());
    std::string token;
    std::ifstream(tokenFile) >> token;
    const std::string request = "GET /api/v4/version HTTP/1.1\r\nHost: 127.0.0.1:"
        + std::to_string(port) + "\r\nPRIVATE-TOKEN: " + token + "\r\n\r\n";
    for (const int connections : { 1, 8 }) {
        std::atomic<long> answers = 0;
        std::atomic<bool> isWrong = false;
        std::vector<std::thread> threads;
        for (int i = 0; i < connections; ++i)
            threads.emplace_back([&] { ask(port, request, answers, isWrong); });
        for (std::thread &thread : threads)
            thread.join();
        std::printf("Lab: GET /api/v4/version on %d kept connections: %s%.0f answers a second\n",
            connections, isWrong ? "WRONG ANSWER, " : "",
            double(answers) / std::chrono::duration<double>(duration).count());
    }
    std::fflush(stdout);
}

} // namespace faultline::bench
