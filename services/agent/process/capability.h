// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::agent {

/// The capabilities that kinds ask for; values as in <linux/capability.h>.
enum class Capability { Kill = 5, SysPtrace = 19, SysAdmin = 21 };

/// Whether this process has it in force (CapEff of /proc/self/status).
[[nodiscard]] bool hasCapability(Capability capability);

} // namespace faultline::agent
