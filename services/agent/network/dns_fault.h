// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/network/queue_fault.h"

namespace faultline::agent::network {

/// What becomes of the target's DNS questions.
enum class DnsMode { Refuse, Drop, Nxdomain };

/// network.dns: questions over UDP are answered REFUSED or NXDOMAIN in the server's name, or
/// vanish; connections to port 53 vanish in any mode. Also reaches the engine's own DNS server on
/// the loopback interface.
class DnsFault : public QueueFault
{
public:
    DnsFault(const Spec &spec, Selection selection, DnsMode mode);

protected:
    Proof measure() override;

private:
    const DnsMode m_mode;
};

} // namespace faultline::agent::network
