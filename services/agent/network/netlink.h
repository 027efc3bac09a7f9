// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/descriptor.h"
#include "services/agent/frame/outcome.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::agent::network {

/// Messages of the kernel's netfilter (linux/netfilter/nfnetlink.h), one behind the other: what
/// libmnl would do, of which Debian ships no static library.
class NetlinkMessages
{
public:
    /// Begins a message: `type` with its subsystem in the upper byte, `resource` in host order.
    void begin(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource,
        std::uint32_t sequence = 0);
    void bytes(std::uint16_t attribute, std::span<const std::uint8_t> value);
    /// With the NUL at its end.
    void text(std::uint16_t attribute, const std::string &value);
    /// In network order.
    void number(std::uint16_t attribute, std::uint32_t value);
    [[nodiscard]] std::size_t beginNest(std::uint16_t attribute);
    void endNest(std::size_t nest);
    /// Sets the length of the message that was begun last.
    void end();

    [[nodiscard]] std::span<const std::uint8_t> all() const { return m_bytes; }
    [[nodiscard]] bool empty() const { return m_bytes.empty(); }
    void clear() { m_bytes.clear(); }

private:
    void pad();

    std::vector<std::uint8_t> m_bytes;
    std::size_t m_begin = 0;
};

/// A socket to the kernel's netfilter in this network namespace.
class NetlinkSocket
{
public:
    NetlinkSocket();
    [[nodiscard]] int get() const { return m_socket.get(); }
    /// Gives 0 or the errno.
    int send(std::span<const std::uint8_t> bytes) const;
    /// Sends and reads acknowledgements until that of `lastSequence`; the errno of the first that
    /// failed, 0 when none did.
    int request(std::span<const std::uint8_t> bytes, std::uint32_t lastSequence) const;

private:
    Descriptor m_socket;
};

} // namespace faultline::agent::network
