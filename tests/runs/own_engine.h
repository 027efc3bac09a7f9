// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/e2e/program_run.h"

#include <QTemporaryDir>

namespace faultline::tests {

/// A Docker Engine of a test's own, which may be killed. Ended and removed by the destructor.
class OwnEngine
{
public:
    OwnEngine();
    ~OwnEngine();
    OwnEngine(const OwnEngine &) = delete;
    OwnEngine &operator=(const OwnEngine &) = delete;

    /// Starts it, also again after signal(); false with why().
    [[nodiscard]] bool start();
    /// To the daemon. SIGKILL leaves its containers running; at SIGTERM it ends them first.
    [[nodiscard]] bool signal(int number);
    /// Copies an image from another engine.
    [[nodiscard]] bool copyImage(const QString &fromHost, const QString &image);
    [[nodiscard]] QString host() const { return m_host; }
    [[nodiscard]] QString why() const { return m_why; }

private:
    [[nodiscard]] ProgramOutcome script(const QStringList &arguments) const;

    QTemporaryDir m_folder;
    QString m_host;
    QString m_why;
};

} // namespace faultline::tests
