// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"
#include "services/agent/frame/spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace faultline::agent {

/// A process, told apart from a later one with the same number.
struct ProcessId
{
    pid_t number = 0;
    std::uint64_t start = 0; ///< ticks since the machine started (/proc/PID/stat)

    auto operator<=>(const ProcessId &) const = default;
};

/// The processes of the target container, oldest first: those whose cgroups name it as the
/// innermost container. Processes of this helper and of other helpers, also of one whose cgroup is
/// nested in the target's, are never among them.
[[nodiscard]] std::vector<ProcessId> targetProcesses(const Target &target);

/// Whether a process of that start is (still) there and not a zombie.
[[nodiscard]] bool isAlive(const ProcessId &process);

/// The process by its number now; nothing if there is none.
[[nodiscard]] std::optional<ProcessId> processOf(pid_t number);

/// The short name of a process (/proc/PID/comm), empty when it is gone.
[[nodiscard]] std::string processName(pid_t number);

/// The state letter of /proc/PID/stat (`T`: stopped by a signal), 0 when it is gone.
[[nodiscard]] char processState(pid_t number);

/// The thread that traces a process (/proc/PID/status); 0: nobody does.
[[nodiscard]] pid_t tracerOf(pid_t process);

/// Foreign when somebody traces one of the processes, named in the text: what needs ptrace can't be
/// done then.
[[nodiscard]] Outcome<> untraced(const std::vector<ProcessId> &processes);

/// Whether the text of /proc/PID/cgroup says that the container is the innermost one.
[[nodiscard]] bool cgroupsNameContainer(std::string_view cgroups, std::string_view container);

/// Fails with BadSpec when the spec lacks the container, CannotHere when this helper doesn't see
/// its processes, Moot when there are none.
[[nodiscard]] Outcome<std::vector<ProcessId>> findTarget(const Target &target);

} // namespace faultline::agent
