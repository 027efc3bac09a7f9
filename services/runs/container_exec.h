// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

namespace faultline::runs {

/// How a command inside a container ended.
struct ExecEnd
{
    int exitCode = 0;
    QByteArray output; ///< both streams, at most 64 KiB
};

/// Runs a command inside a container through the backend's terminals, on the service thread. Needs
/// a shell at /bin/sh there: no server tells an exit code, so that the shell has to. Errors:
/// Invalid when the backend has no terminals; Server when the command's end was not told (its
/// container ended). Cancelling closes the terminal; the command may go on.
[[nodiscard]] net::Call execute(stacks::StackBackend &backend, const domain::ContainerId &container,
    const QStringList &words, domain::Done<ExecEnd> done);

/// Reads what such a shell printed; nothing while its last line is not there.
[[nodiscard]] std::optional<ExecEnd> parseExecOutput(const QByteArray &output);

} // namespace faultline::runs
