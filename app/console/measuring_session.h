// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <memory>

namespace faultline::console {

class Console;
class StallWatch;

/// For benchmarks: notes when the window was painted first and when each page showed its first rows
/// and all of them; then how long the UI thread makes others wait with the tree of stacks closed,
/// open, and sorted by state. Prints one line of JSON and ends.
class MeasuringSession : public QObject
{
    Q_OBJECT

public:
    /// True when the environment asks for it: FAULTLINE_BENCH_SECONDS is the length of each watch
    /// (0: none), FAULTLINE_BENCH_BEGAN the CLOCK_MONOTONIC time in ns at which the process was
    /// started.
    [[nodiscard]] static bool isWanted();

    explicit MeasuringSession(Console &console, QObject *parent = nullptr);
    ~MeasuringSession() override;

Q_SIGNALS:
    void finished(int exitCode);

private:
    void note(const QString &what);
    void check();
    void noteRows();
    void beginWatch();
    void endWatch();
    void print();

    Console &m_console;
    qint64 m_began = 0; // CLOCK_MONOTONIC, ns
    int m_seconds = 0;
    int m_phase = 0;
    qint64 m_changedRows = 0;
    qint64 m_processorBefore = 0; // us
    int m_runRows = 0;
    int m_stackRows = 0;
    QElapsedTimer m_quiet; // since a page got its last row
    QElapsedTimer m_phaseClock;
    QTimer m_poll;
    QJsonObject m_figures;
    std::unique_ptr<StallWatch> m_watch;
};

} // namespace faultline::console
