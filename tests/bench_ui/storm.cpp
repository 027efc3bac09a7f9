// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench_ui/storm.h"

#include "app/console/stall_watch.h"
#include "models/runs_model.h"
#include "models/stack_tree_model.h"
#include "tests/bench_ui/fixtures.h"
#include "tests/bench_ui/goals.h"
#include "views/runs/runs_page.h"
#include "views/stacks/stack_table.h"
#include "views/stacks/stacks_page.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTimer>

#include <cstdio>
#include <functional>
#include <malloc.h>
#include <random>

namespace faultline::bench {

using console::Quantiles;
using console::quantilesOf;
using console::StallWatch;

using domain::State;
using models::StackTreeModel;

namespace {

constexpr int batchMs = 50;
constexpr State states[]
    = { State::Running, State::Stopping, State::Stopped, State::Starting, State::Error };

double mebi(qint64 bytes)
{
    return static_cast<double>(bytes) / 1024.0 / 1024.0;
}

/// Container changes as a feed would send them; the same each time.
class Changes
{
public:
    explicit Changes(QList<domain::Container> containers)
        : m_containers(std::move(containers))
    {
    }
    stacks::StackDelta next(int events)
    {
        stacks::StackDelta delta;
        QHash<qsizetype, bool> seen;
        for (int i = 0; i < events; ++i) {
            const auto at
                = static_cast<qsizetype>(m_random() % static_cast<unsigned>(m_containers.size()));
            m_containers[at].life.state = states[m_random() % 5];
            if (!seen.contains(at))
                m_changed.append(at);
            seen.insert(at, true);
        }
        for (const qsizetype at : std::as_const(m_changed))
            delta.containers.changed.append(m_containers[at]);
        m_changed.clear();
        return delta;
    }
    [[nodiscard]] const QList<domain::Container> &containers() const { return m_containers; }

private:
    QList<domain::Container> m_containers;
    QList<qsizetype> m_changed;
    std::mt19937 m_random{ 42 };
};

struct StormFigures
{
    Quantiles stall;
    Quantiles apply;
    double processor = 0; // of one core
    qint64 residentBefore = 0;
    qint64 residentAfter = 0;
};

StormFigures storm(int seconds, int eventsPerSecond, const std::function<void(int)> &apply)
{
    StormFigures out;
    std::vector<double> applied;
    QElapsedTimer clock;
    qint64 sent = 0;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, [&] {
        const qint64 due = clock.elapsed() * eventsPerSecond / 1000;
        QElapsedTimer one;
        one.start();
        apply(static_cast<int>(due - sent));
        applied.push_back(static_cast<double>(one.nsecsElapsed()) / 1e6);
        sent = due;
    });
    QEventLoop loop;
    QTimer::singleShot(500, &loop, &QEventLoop::quit);
    loop.exec(); // first paints are no part of it
    out.residentBefore = residentBytes();
    const qint64 processorBefore = processorMs();
    StallWatch watch;
    clock.start();
    timer.start(batchMs);
    QTimer::singleShot(seconds * 1000, &loop, &QEventLoop::quit);
    loop.exec();
    timer.stop();
    out.processor = static_cast<double>(processorMs() - processorBefore)
        / static_cast<double>(clock.elapsed());
    out.stall = watch.finish();
    out.apply = quantilesOf(applied);
    out.residentAfter = residentBytes();
    return out;
}

void print(const char *what, const StormFigures &figures)
{
    std::printf("  %-46s stall p50 %.2f p99 %.2f max %.2f ms | apply p50 %.2f max %.2f ms | CPU "
                "%.0f %% | RSS %.1f -> "
                "%.1f MiB\n",
        what, figures.stall.p50, figures.stall.p99, figures.stall.max, figures.apply.p50,
        figures.apply.max, figures.processor * 100, mebi(figures.residentBefore),
        mebi(figures.residentAfter));
    std::fflush(stdout);
}

bool isRight(const StackTreeModel &model, const QList<domain::Container> &containers)
{
    return std::all_of(
        containers.begin(), containers.end(), [&](const domain::Container &container) {
            const QModelIndex at = model.indexOf(container.id);
            return at.siblingAtColumn(StackTreeModel::StateColumn).data().toString()
                == container.life.state.text();
        });
}

} // namespace

bool runStorms(const views::Theme &theme, int seconds, Goals &goals)
{
    const stacks::StackDelta snapshot = stackSnapshot(200, 3, 3);
    const ci::CiDelta jobs = jobSnapshot(5000);
    malloc_trim(0);
    const qint64 resident = residentBytes();
    QElapsedTimer clock;
    clock.start();
    session::Session session{ session::Session::Factories{} };
    models::RunsModel runs;
    StackTreeModel stacks;
    views::RunsPage runsPage(theme, runs, session, {});
    views::StacksPage stacksPage(theme, stacks, session);
    for (QWidget *page :
        { static_cast<QWidget *>(&runsPage), static_cast<QWidget *>(&stacksPage) }) {
        page->resize(1060, 820);
        page->show();
    }
    runs.apply(jobs);
    runs.applyStacks(snapshot);
    stacks.apply(snapshot);
    runsPage.grab();
    stacksPage.grab();
    std::printf("first live data: 200 x 3 x 3 stacks and 5,000 jobs, both pages painted: %.1f ms, "
                "+%.1f MiB (goal for "
                "the whole window < 1500 ms)\n",
        static_cast<double>(clock.nsecsElapsed()) / 1e6, mebi(residentBytes() - resident));

    std::printf(
        "storm: 1,000 container events a second for %d s, batches of 50 ms, both pages shown "
        "(goal: p99 < 8 ms, max < 33 ms)\n",
        seconds);
    Changes changes(snapshot.containers.added);
    const auto apply = [&](int events) {
        const stacks::StackDelta delta = changes.next(events);
        stacks.apply(delta);
        runs.applyStacks(delta);
    };
    const auto watch = [&](const char *what) {
        const StormFigures figures = storm(seconds, 1000, apply);
        print(what, figures);
        const QString name = QStringLiteral("storm %1: ").arg(QLatin1StringView(what));
        goals.add(name + QStringLiteral("p99"), figures.stall.p99, 8, "ms");
        goals.add(name + QStringLiteral("max"), figures.stall.max, 33, "ms");
    };
    print("idle", storm(3, 0, [](int) {}));
    watch("by name, closed");
    stacksPage.table()->expandAll();
    watch("by name, all 2,600 rows open");
    stacksPage.table()->sortByColumn(StackTreeModel::StateColumn, Qt::DescendingOrder);
    watch("by state, all open");
    stacks.setFilter(QStringLiteral("stop"));
    stacksPage.table()->expandAll();
    print("by state, filtered by state", storm(seconds, 1000, apply));
    stacks.setFilter({});
    const bool right = isRight(stacks, changes.containers());
    std::printf("  answers: %s\n", right ? "right" : "WRONG");
    return right;
}

bool raceChanges(const views::Theme &theme, int seconds, Goals &goals)
{
    std::printf("P9: 10,000 container rows, sorted by state and filtered, all open, 1,000 events a "
                "second for %d s "
                "(goal: no stall > 16 ms, p99 <= 4 ms, CPU <= 0.35x)\n",
        seconds);
    const stacks::StackDelta snapshot = stackSnapshot(100, 10, 10);
    StormFigures own;
    bool right = false;
    {
        session::Session session{ session::Session::Factories{} };
        StackTreeModel model;
        views::StacksPage page(theme, model, session);
        page.resize(1060, 820);
        page.show();
        model.apply(snapshot);
        model.setFilter(QStringLiteral("case"));
        page.table()->expandAll();
        page.table()->sortByColumn(StackTreeModel::StateColumn, Qt::AscendingOrder);
        Changes changes(snapshot.containers.added);
        own = storm(seconds, 1000, [&](int events) { model.apply(changes.next(events)); });
        print("ours", own);
        right = isRight(model, changes.containers());
        Changes fast(snapshot.containers.added);
        const StormFigures flood
            = storm(10, 10'000, [&](int events) { model.apply(fast.next(events)); });
        print("ours at 10,000 events a second", flood);
        goals.add(QStringLiteral("P9 stall p99 at 10,000 a second"), flood.stall.p99, 16, "ms");
    }
    QStandardItemModel source(0, 3);
    QHash<domain::ContainerId, QStandardItem *> items;
    for (const domain::Container &container : snapshot.containers.added) {
        auto *state = new QStandardItem(container.life.state.text());
        source.appendRow(
            { new QStandardItem(container.name), state, new QStandardItem(container.image) });
        items.insert(container.id, state);
    }
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(&source);
    proxy.setFilterFixedString(QStringLiteral("-"));
    proxy.sort(1);
    QTreeView view;
    view.setUniformRowHeights(true);
    view.setModel(&proxy);
    view.resize(1060, 820);
    view.show();
    Changes changes(snapshot.containers.added);
    const StormFigures peer = storm(seconds, 1000, [&](int events) {
        for (const domain::Container &container : changes.next(events).containers.changed)
            items.value(container.id)->setText(container.life.state.text());
    });
    print("QSortFilterProxyModel, one change per event", peer);
    goals.add(QStringLiteral("P9 longest stall"), own.stall.max, 16, "ms");
    goals.add(QStringLiteral("P9 stall p99"), own.stall.p99, 4, "ms");
    goals.add(QStringLiteral("P9 processor / QSortFilterProxyModel"),
        own.processor / std::max(peer.processor, 1e-6), 0.35, "x");
    std::printf("  CPU ratio %.2f   answers: %s\n",
        peer.processor > 0 ? own.processor / peer.processor : 0.0, right ? "right" : "WRONG");
    return right;
}

} // namespace faultline::bench
