// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/target_folder.h"

#include "services/agent/process/target_processes.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace faultline::agent {

Outcome<int> openTargetFolder(const Target &target, const std::string &path)
{
    const auto processes = findTarget(target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    const std::string root = "/proc/" + std::to_string(processes->front().number) + "/root";
    const int top = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        return refused(Refusal::CannotHere,
            std::string("The target's files can't be reached: ") + std::strerror(errno)
                + ". The helper needs CAP_SYS_PTRACE.");
    open_how how{};
    how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    const int folder
        = static_cast<int>(::syscall(SYS_openat2, top, path.c_str(), &how, sizeof how));
    const std::string reason = std::strerror(errno);
    ::close(top);
    if (folder < 0)
        return refused(Refusal::CannotHere,
            "The target's folder " + path + " can't be opened: " + reason + '.');
    return folder;
}

} // namespace faultline::agent
