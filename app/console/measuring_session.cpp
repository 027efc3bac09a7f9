// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/measuring_session.h"

#include "app/console/console.h"
#include "app/console/open_workspace.h"
#include "app/console/stall_watch.h"
#include "views/stacks/stack_table.h"

#include <QFile>
#include <QJsonDocument>
#include <QTextStream>

#include <array>
#include <ctime>
#include <sys/resource.h>
#include <unistd.h>

namespace faultline::console {

namespace {

constexpr int quietMs = 1500; // without a new row: all are there
constexpr int deadlineMs = 60'000;
constexpr int settleMs = 500;
constexpr std::array phases{ "closed", "open", "sortedByState" };

qint64 monotonicNs()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

qint64 processorUs()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000LL + usage.ru_utime.tv_usec
        + usage.ru_stime.tv_usec;
}

double residentMiB()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const qint64 pages = file.readAll().split(' ').value(1).toLongLong();
    return static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / 1024.0 / 1024.0;
}

} // namespace

bool MeasuringSession::isWanted()
{
    return qEnvironmentVariableIsSet("FAULTLINE_BENCH_SECONDS");
}

MeasuringSession::MeasuringSession(Console &console, QObject *parent)
    : QObject(parent)
    , m_console(console)
    , m_began(qEnvironmentVariable("FAULTLINE_BENCH_BEGAN").toLongLong())
    , m_seconds(qEnvironmentVariableIntValue("FAULTLINE_BENCH_SECONDS"))
{
    if (m_began == 0)
        m_began = monotonicNs();
    connect(&console.window(), &views::MainWindow::firstPainted, this,
        [this] { note(QStringLiteral("firstPaintMs")); });
    connect(&console, &Console::failed, this, [this](const domain::Error &error) {
        QTextStream(stderr) << error.text() << Qt::endl;
        Q_EMIT finished(1);
    });
    m_poll.setInterval(2);
    connect(&m_poll, &QTimer::timeout, this, &MeasuringSession::check);
    m_poll.start();
    m_quiet.start();
}

MeasuringSession::~MeasuringSession() = default;

void MeasuringSession::note(const QString &what)
{
    m_figures.insert(what, static_cast<double>(monotonicNs() - m_began) / 1e6);
}

/// A page counts when its rows were painted.
void MeasuringSession::check()
{
    const OpenWorkspace *workspace = m_console.workspace();
    const QString firstRuns = QStringLiteral("firstRunsMs");
    const QString firstStacks = QStringLiteral("firstStacksMs");
    if (workspace && workspace->hasRuns() && !m_figures.contains(firstRuns)) {
        m_console.window().showPage(QStringLiteral("runs"));
        m_console.window().repaint();
        note(firstRuns);
    }
    if (workspace && workspace->hasStacks() && !m_figures.contains(firstStacks)) {
        m_console.window().showPage(QStringLiteral("stacks"));
        m_console.window().repaint();
        note(firstStacks);
    }
    if (workspace)
        noteRows();
    const bool isComplete = m_figures.contains(firstRuns) && m_figures.contains(firstStacks)
        && m_quiet.hasExpired(quietMs);
    if (!isComplete && (monotonicNs() - m_began) / 1'000'000 < deadlineMs)
        return;
    m_poll.stop();
    if (isComplete && m_seconds > 0)
        beginWatch();
    else
        print();
}

void MeasuringSession::noteRows()
{
    const OpenWorkspace &workspace = *m_console.workspace();
    const int runs = workspace.jobCount();
    const models::StackTreeModel &stacks = workspace.stacks();
    const int rows = stacks.stackCount() + stacks.serviceCount() + stacks.containerCount();
    if (runs != m_runRows) {
        note(QStringLiteral("allRunsMs"));
        m_quiet.start();
    }
    if (rows != m_stackRows) {
        note(QStringLiteral("allStacksMs"));
        m_quiet.start();
    }
    m_runRows = runs;
    m_stackRows = rows;
}

void MeasuringSession::beginWatch()
{
    auto *table = m_console.window().findChild<views::StackTable *>();
    m_console.window().showPage(QStringLiteral("stacks"));
    if (m_phase == 0) {
        m_figures.insert(QStringLiteral("residentBeforeMiB"), residentMiB());
        table->setCurrentIndex(table->model()->index(0, 0)); // its facts are shown beside
        connect(table->model(), &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &first, const QModelIndex &last) {
                m_changedRows += last.row() - first.row() + 1;
            });
    } else if (m_phase == 1) {
        table->expandAll();
    } else {
        table->sortByColumn(models::StackTreeModel::StateColumn, Qt::DescendingOrder);
    }
    QTimer::singleShot(settleMs, this, [this] {
        m_changedRows = 0;
        m_processorBefore = processorUs();
        m_phaseClock.start();
        m_watch = std::make_unique<StallWatch>();
        QTimer::singleShot(m_seconds * 1000, this, &MeasuringSession::endWatch);
    });
}

void MeasuringSession::endWatch()
{
    const double elapsed = static_cast<double>(m_phaseClock.nsecsElapsed());
    const Quantiles stall = m_watch->finish();
    const double processor = static_cast<double>(processorUs() - m_processorBefore) * 1e3 / elapsed;
    m_figures.insert(QLatin1StringView(phases.at(static_cast<size_t>(m_phase))),
        QJsonObject{ { QStringLiteral("p50"), stall.p50 }, { QStringLiteral("p99"), stall.p99 },
            { QStringLiteral("max"), stall.max },
            { QStringLiteral("probes"), static_cast<qint64>(stall.count) },
            { QStringLiteral("changedRowsPerSecond"),
                static_cast<double>(m_changedRows) * 1e9 / elapsed },
            { QStringLiteral("processor"), processor },
            { QStringLiteral("residentMiB"), residentMiB() } });
    if (++m_phase < static_cast<int>(phases.size()))
        beginWatch();
    else
        print();
}

void MeasuringSession::print()
{
    m_figures.insert(QStringLiteral("runs"), m_runRows);
    m_figures.insert(QStringLiteral("stackRows"), m_stackRows);
    QTextStream(stdout) << QJsonDocument(m_figures).toJson(QJsonDocument::Compact) << Qt::endl;
    Q_EMIT finished(0);
}

} // namespace faultline::console
