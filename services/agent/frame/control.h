// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/descriptor.h"
#include "services/agent/frame/order.h"

#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace faultline::agent {

/// Where the agent listens inside its helper container; `FAULTLINE_AGENT_SOCKET` in the environment
/// says otherwise.
[[nodiscard]] std::string controlPath();

/// A connection to the agent that lives here, if one does.
[[nodiscard]] Descriptor connectControl();

/// The agent's end of its control streams: the unix socket and, when asked for, standard input.
class Control
{
public:
    /// One thing that a stream brought.
    struct Event
    {
        std::size_t client = 0;
        bool lost = false; ///< the stream closed and its controller had renewed: its fault must go
        Outcome<Order> order = Order{};
    };

    /// Listens at `controlPath()`. Fails with Foreign when another agent answers there.
    [[nodiscard]] static Outcome<Control> listen();
    /// Listens on nothing yet.
    Control() = default;

    /// Takes a stream as a client that is only read. `mustStay`: its end ends the fault though it
    /// never renewed.
    void add(Descriptor in, bool mustStay);

    /// Appends what must be polled.
    void wants(std::vector<pollfd> &polls) const;
    /// Takes what has come, without waiting.
    [[nodiscard]] std::vector<Event> take();
    /// False when that stream has no way back: standard input, whose answers belong on standard
    /// output.
    [[nodiscard]] bool answer(std::size_t client, const std::string &line);
    void tellAll(const std::string &line);
    /// From now on no stream's end matters.
    void hold();
    /// Waits, a few seconds at most, until those who asked for it have gone: a helper container
    /// ends with its agent, and with it whoever is still verifying in it. Then removes the socket's
    /// file and closes everything.
    void close();

private:
    void waitForLingering();

    struct Client
    {
        std::size_t id = 0;
        Descriptor stream;
        bool socket = true;
        bool renewed = false;
        bool lingers = false;
        std::string buffer;
    };

    void accept();
    void read(Client &client, std::vector<Event> &events);
    void lines(Client &client, std::vector<Event> &events);
    static void send(Client &client, const std::string &line);

    Descriptor m_listener;
    std::string m_path;
    std::vector<Client> m_clients;
    std::size_t m_next = 0;
    bool m_held = false;
};

} // namespace faultline::agent
