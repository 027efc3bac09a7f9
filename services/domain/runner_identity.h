// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::domain {

/// The process that runs a run, told so that another process of the same machine can see whether it
/// still lives, also after its number was given to another one or the machine was started again. It
/// travels as the label `faultline.runner`. Free of Qt.
struct RunnerIdentity
{
    std::string host; ///< the machine's name
    std::string boot; ///< begin of the kernel's boot id
    std::string space; ///< the process namespace: in containers the same number is another process
    std::int64_t process = 0;
    std::int64_t started = 0; ///< clock ticks since the boot

    [[nodiscard]] static RunnerIdentity own();
    /// "host/boot/space/process/started".
    [[nodiscard]] std::string text() const;
    /// Nothing when the text is not of that form.
    [[nodiscard]] static std::optional<RunnerIdentity> parse(std::string_view text);

    friend bool operator==(const RunnerIdentity &, const RunnerIdentity &) = default;
};

enum class RunnerState {
    Lives,
    Gone, ///< killed, ended, or of an earlier boot of this machine
    OutOfSight, ///< of another machine or another process namespace: only an expiry can tell
};
[[nodiscard]] RunnerState stateOf(const RunnerIdentity &runner);

} // namespace faultline::domain
