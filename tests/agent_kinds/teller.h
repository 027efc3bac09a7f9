// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

/// How far the clock functions of a program are from true time, in milliseconds.
struct SeenShift
{
    double clockGettime = 0;
    double gettimeofday = 0;
    double time = 0; ///< of whole seconds: -1000 to 0 when it is right
    double raw = 0; ///< the system call itself, that no patch reaches
    quint64 readings = 0; ///< by the program's other threads so far
};

/// A running clock_teller (tests/agent_kinds/clock_teller.cpp), here or in a container. What it
/// says is measured against the monotonic clock, which is the same in all containers, so it doesn't
/// matter how long a line was on its way.
class Teller
{
public:
    ~Teller();

    /// `command`: the whole command line of the teller.
    [[nodiscard]] bool start(const QStringList &command);

    /// The next line that is told after now. Nothing when none comes within a few seconds.
    [[nodiscard]] std::optional<SeenShift> next();

    /// Whether a teller of HTTP dates sees this shift, in milliseconds, within the tolerance. A
    /// busy machine makes it see a second's flip late, and a jump between two flips looks like one:
    /// one good flip of several is enough. `seen`: the last one.
    [[nodiscard]] bool seesDate(double wanted, double tolerance, double *seen = nullptr);

    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }

    /// Where a teller's program is; `isStatic`: linked without shared libraries.
    [[nodiscard]] static QString program(bool isStatic);

private:
    [[nodiscard]] std::optional<double> nextDate();
    [[nodiscard]] std::optional<QList<qint64>> nextLine(int numbers);

    QProcess m_process;
};
