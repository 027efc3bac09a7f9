// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcessEnvironment>
#include <QStringList>

#include <chrono>

namespace faultline::tests {

struct ProgramOutcome
{
    int exitCode = -1; ///< -1 when it could not start, crashed or had to be killed at the deadline
    QByteArray out;
    QByteArray err;
    std::chrono::milliseconds took{ 0 };

    /// Everything, for failure messages.
    [[nodiscard]] QByteArray text() const;
};

/// Runs a program to its end, at most `limit`; its standard input is empty.
[[nodiscard]] ProgramOutcome runProgram(const QString &program, const QStringList &arguments,
    const QProcessEnvironment &environment, std::chrono::milliseconds limit,
    const QString &folder = {});

/// A program of this build, e.g. "faultlinectl".
[[nodiscard]] QString ownProgram(const QString &name);

/// The environment of this process without what could lead a program to another server (CI_*,
/// FAULTLINE_*, RANCHER_*, proxies).
[[nodiscard]] QProcessEnvironment cleanEnvironment();

} // namespace faultline::tests
