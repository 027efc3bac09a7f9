// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/relay.h"

#include "services/agent/frame/arguments.h"
#include "services/agent/frame/boot_clock.h"
#include "services/agent/frame/control.h"

#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace faultline::agent {
namespace {

/// Moves what is there; false at the end of the stream.
bool move(int from, int to)
{
    std::array<char, 4096> piece{};
    const ssize_t got = ::read(from, piece.data(), piece.size());
    ssize_t sent = 0;
    while (got > 0 && sent < got) {
        const ssize_t one = ::write(to, piece.data() + sent, static_cast<std::size_t>(got - sent));
        if (one <= 0)
            return false;
        sent += one;
    }
    return got > 0;
}

/// Whether a whole line among those tells the last state of a fault; takes the lines away.
bool saysItsEnd(std::string &said)
{
    for (std::size_t end = said.find('\n'); end != std::string::npos; end = said.find('\n')) {
        const nlohmann::json line = parseBounded(std::string_view(said).substr(0, end));
        said.erase(0, end + 1);
        const std::string state = line.is_object() ? line.value("state", "") : "";
        if (state == "out" || state == "moot" || state == "leaked" || state == "did not bite"
            || state == "refused")
            return true;
    }
    return false;
}

} // namespace

int relayControl()
{
    const Descriptor agent = connectControl();
    if (!agent)
        return static_cast<int>(Refusal::Moot);
    for (;;) {
        std::array<pollfd, 2> waits{ pollfd{ STDIN_FILENO, POLLIN, 0 },
            pollfd{ agent.get(), POLLIN, 0 } };
        if (::poll(waits.data(), waits.size(), -1) < 0)
            continue;
        if (waits[1].revents != 0 && !move(agent.get(), STDOUT_FILENO))
            return 0;
        if (waits[0].revents != 0 && !move(STDIN_FILENO, agent.get())) {
            // The controller is gone; what the agent still says on its way out may be of use to a
            // log.
            ::shutdown(agent.get(), SHUT_WR);
            while (move(agent.get(), STDOUT_FILENO)) { }
            return 0;
        }
    }
}

LivingAgent stopLivingAgent(int seconds)
{
    LivingAgent agent;
    agent.stream = connectControl();
    if (!agent.stream)
        return agent;
    constexpr std::string_view stop = "{\"stop\":\"linger\"}\n";
    ::send(agent.stream.get(), stop.data(), stop.size(), MSG_NOSIGNAL);
    const BootClock::time_point deadline = BootClock::now() + std::chrono::seconds(seconds);
    std::string said;
    std::array<char, 4096> piece{};
    while (BootClock::now() < deadline) {
        pollfd wait{ agent.stream.get(), POLLIN, 0 };
        if (::poll(&wait, 1, 100) != 1)
            continue;
        const ssize_t got = ::read(agent.stream.get(), piece.data(), piece.size());
        if (got <= 0)
            return agent;
        said.append(piece.data(), static_cast<std::size_t>(got));
        if (saysItsEnd(said))
            return agent;
    }
    agent.ended = false;
    return agent;
}

} // namespace faultline::agent
