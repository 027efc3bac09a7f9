// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/control.h"

#include "services/agent/frame/boot_clock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace faultline::agent {
namespace {

constexpr std::size_t maxClients = 32;
constexpr std::size_t maxOrder = 4096;
constexpr BootClock::duration longestLingering = std::chrono::seconds(5);

bool addressOf(const std::string &path, sockaddr_un &address)
{
    address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return false;
    path.copy(address.sun_path, path.size());
    return true;
}

bool readable(int descriptor)
{
    pollfd wait{ descriptor, POLLIN, 0 };
    return ::poll(&wait, 1, 0) == 1;
}

} // namespace

std::string controlPath()
{
    const char *const given = std::getenv("FAULTLINE_AGENT_SOCKET");
    return given && *given ? given : "/run/faultline-agent.sock";
}

Descriptor connectControl()
{
    sockaddr_un address{};
    Descriptor stream(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!addressOf(controlPath(), address)
        || ::connect(stream.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address)
            != 0)
        return {};
    return stream;
}

Outcome<Control> Control::listen()
{
    if (connectControl())
        return refused(Refusal::Foreign,
            "Another fault is held in this helper: a helper carries one fault, stop that one "
            "first");
    Control control;
    control.m_path = controlPath();
    sockaddr_un address{};
    control.m_listener
        = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const bool fits = addressOf(control.m_path, address);
    // Left by an agent that was killed.
    ::unlink(control.m_path.c_str());
    const mode_t mask = ::umask(0077);
    const bool bound = fits
        && ::bind(control.m_listener.get(), reinterpret_cast<const sockaddr *>(&address),
               sizeof address)
            == 0
        && ::listen(control.m_listener.get(), 16) == 0;
    const int error = errno;
    ::umask(mask);
    if (!bound)
        return refused(Refusal::Internal,
            "No control socket at " + control.m_path + ": "
                + (fits ? std::strerror(error) : "the path is too long"));
    return control;
}

void Control::add(Descriptor in, bool mustStay)
{
    Client client;
    client.id = m_next++;
    client.stream = std::move(in);
    client.socket = false;
    client.renewed = mustStay;
    m_clients.push_back(std::move(client));
}

void Control::wants(std::vector<pollfd> &polls) const
{
    if (m_listener)
        polls.push_back({ m_listener.get(), POLLIN, 0 });
    for (const Client &client : m_clients)
        polls.push_back({ client.stream.get(), POLLIN, 0 });
}

void Control::accept()
{
    while (m_listener) {
        Descriptor stream(
            ::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!stream)
            return;
        if (m_clients.size() >= maxClients)
            continue;
        Client client;
        client.id = m_next++;
        client.stream = std::move(stream);
        m_clients.push_back(std::move(client));
    }
}

void Control::lines(Client &client, std::vector<Event> &events)
{
    for (std::size_t end = client.buffer.find('\n'); end != std::string::npos;
         end = client.buffer.find('\n')) {
        Event event;
        event.client = client.id;
        event.order = readOrder(std::string_view(client.buffer).substr(0, end));
        client.lingers = client.lingers || (event.order && event.order->lingers);
        client.renewed = client.renewed || (event.order && event.order->verb == Order::Verb::Renew);
        client.buffer.erase(0, end + 1);
        events.push_back(std::move(event));
    }
}

void Control::read(Client &client, std::vector<Event> &events)
{
    std::array<char, 4096> piece{};
    const ssize_t got = ::read(client.stream.get(), piece.data(), piece.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0) {
        client.buffer.append(piece.data(), static_cast<std::size_t>(got));
        lines(client, events);
    }
    if (got <= 0 || client.buffer.size() > maxOrder) {
        client.stream.close();
        if (client.renewed && !m_held)
            events.push_back({ client.id, true, Order{} });
    }
}

std::vector<Control::Event> Control::take()
{
    std::vector<Event> events;
    accept();
    for (Client &client : m_clients)
        if (client.stream && readable(client.stream.get()))
            read(client, events);
    std::erase_if(m_clients, [](const Client &client) { return !client.stream; });
    return events;
}

void Control::send(Client &client, const std::string &line)
{
    if (!client.socket || !client.stream)
        return;
    const ssize_t sent
        = ::send(client.stream.get(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    // A controller that doesn't read its answers is a lost one; its stream's end is seen at the
    // next reading.
    if (sent != static_cast<ssize_t>(line.size()))
        ::shutdown(client.stream.get(), SHUT_RDWR);
}

bool Control::answer(std::size_t client, const std::string &line)
{
    for (Client &one : m_clients)
        if (one.id == client) {
            send(one, line);
            return one.socket;
        }
    return true;
}

void Control::tellAll(const std::string &line)
{
    for (Client &one : m_clients)
        send(one, line);
}

void Control::hold()
{
    m_held = true;
}

void Control::waitForLingering()
{
    const BootClock::time_point deadline = BootClock::now() + longestLingering;
    while (std::ranges::any_of(m_clients, &Client::lingers) && BootClock::now() < deadline) {
        std::vector<pollfd> polls;
        wants(polls);
        ::poll(polls.data(), polls.size(), 100);
        (void)take();
        // The engine has to hear of their end before it hears of the container's.
        if (std::ranges::none_of(m_clients, &Client::lingers))
            ::poll(nullptr, 0, 500);
    }
}

void Control::close()
{
    waitForLingering();
    m_clients.clear();
    if (m_listener)
        ::unlink(m_path.c_str());
    m_listener.close();
}

} // namespace faultline::agent
