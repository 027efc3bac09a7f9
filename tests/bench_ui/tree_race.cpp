// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench_ui/tree_race.h"

#include "app/console/stall_watch.h"
#include "models/stack_tree_model.h"
#include "tests/bench_ui/fixtures.h"
#include "tests/bench_ui/goals.h"

#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>

#include <cstdio>
#include <ctime>
#include <malloc.h>
#include <memory>

namespace faultline::bench {

using console::quantilesOf;

using models::StackTreeModel;

namespace {

/// Processor time of this thread: other work on the machine is no part of it.
double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <typename Work>
double timed(Work work)
{
    const double before = threadMs();
    work();
    return threadMs() - before;
}

int rowsBelow(const QAbstractItemModel &model, const QModelIndex &parent = {})
{
    int rows = 0;
    for (int i = 0; i < model.rowCount(parent); ++i)
        rows += 1 + rowsBelow(model, model.index(i, 0, parent));
    return rows;
}

QList<QStandardItem *> itemsFor(const QModelIndex &first)
{
    QList<QStandardItem *> items;
    for (int column = 0; column < StackTreeModel::ColumnCount; ++column)
        items.append(new QStandardItem(first.siblingAtColumn(column).data().toString()));
    return items;
}

struct Figures
{
    double build = 0;
    double expand = 0;
    double filterP99 = 0;
    double filterMax = 0;
    double sort = 0;
    qint64 bytes = 0;
    int rows = 0;
    int matches = 0;
};

const QStringList keystrokes{ QStringLiteral("c"), QStringLiteral("ca"), QStringLiteral("cas"),
    QStringLiteral("case-9"), QStringLiteral("case-99"), {}, QStringLiteral("t"),
    QStringLiteral("ti"), QStringLiteral("tikv"), QStringLiteral("tikv-1"),
    QStringLiteral("tikv-16"), {}, QStringLiteral("z"), {}, QStringLiteral("case-7-") };

Figures ours(const stacks::StackDelta &delta)
{
    Figures out;
    malloc_trim(0);
    const qint64 before = heapBytes();
    auto model = std::make_unique<StackTreeModel>([] { return QDateTime(); });
    out.build = timed([&] { model->apply(delta); });
    out.bytes = heapBytes() - before;
    out.rows = rowsBelow(*model);
    auto view = std::make_unique<QTreeView>();
    view->setUniformRowHeights(true);
    view->setModel(model.get());
    view->resize(900, 600);
    out.expand = timed([&] {
        view->expandAll();
        view->grab();
    });
    view.reset();
    std::vector<double> strokes;
    for (const QString &text : keystrokes)
        strokes.push_back(timed([&] { model->setFilter(text); }));
    out.filterP99 = quantilesOf(strokes).p99;
    out.filterMax = quantilesOf(strokes).max;
    out.matches = model->matchCount();
    model->setFilter({});
    out.sort = timed([&] { model->sort(StackTreeModel::NameColumn, Qt::DescendingOrder); });
    return out;
}

Figures theirs(const stacks::StackDelta &delta)
{
    Figures out;
    StackTreeModel texts([] { return QDateTime(); });
    texts.apply(delta);
    malloc_trim(0);
    const qint64 before = heapBytes();
    auto model = std::make_unique<QStandardItemModel>();
    out.build = timed([&] {
        for (int i = 0; i < texts.rowCount(); ++i) {
            const QModelIndex stack = texts.index(i, 0);
            const QList<QStandardItem *> items = itemsFor(stack);
            for (int s = 0; s < texts.rowCount(stack); ++s)
                items.first()->appendRow(itemsFor(texts.index(s, 0, stack)));
            model->appendRow(items);
        }
    });
    out.bytes = heapBytes() - before;
    out.rows = rowsBelow(*model);
    auto view = std::make_unique<QTreeView>();
    view->setUniformRowHeights(true);
    view->setModel(model.get());
    view->resize(900, 600);
    out.expand = timed([&] {
        view->expandAll();
        view->grab();
    });
    view.reset();
    QSortFilterProxyModel proxy;
    proxy.setRecursiveFilteringEnabled(true);
    proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy.setSourceModel(model.get());
    rowsBelow(proxy);
    std::vector<double> strokes;
    for (const QString &text : keystrokes) {
        strokes.push_back(timed([&] {
            proxy.setFilterFixedString(text);
            rowsBelow(proxy); // it maps only what is asked for
        }));
    }
    out.filterP99 = quantilesOf(strokes).p99;
    out.filterMax = quantilesOf(strokes).max;
    proxy.setFilterFixedString(QStringLiteral("case-7-"));
    out.matches = proxy.rowCount();
    out.sort = timed([&] { model->sort(0, Qt::DescendingOrder); });
    return out;
}

void print(const char *what, double own, double peer, const char *unit, const char *goal)
{
    std::printf("  %-28s %10.2f %s   QStandardItemModel %10.2f %s   ratio %.3f   %s\n", what, own,
        unit, peer, unit, peer > 0 ? own / peer : 0.0, goal);
}

} // namespace

bool raceTrees(Goals &goals)
{
    bool isRight = true;
    for (const int stacks : { 100, 1000, 10'000 }) {
        const stacks::StackDelta delta = stackSnapshot(stacks, 20, 0);
        const Figures own = ours(delta);
        const Figures peer = theirs(delta);
        std::printf(
            "P8 stack tree, %d stacks x 20 services, 7 columns (%d rows)\n", stacks, own.rows);
        print("build", own.build, peer.build, "ms ", "goal <= 0.10");
        print("expand all + paint", own.expand, peer.expand, "ms ", "goal <= 0.50");
        print("filter keystroke p99, model", own.filterP99, peer.filterP99, "ms ",
            "goal <= 16 ms at 210k rows");
        print("filter keystroke max, model", own.filterMax, peer.filterMax, "ms ", "");
        print("sort by name, descending", own.sort, peer.sort, "ms ", "");
        constexpr double mebi = 1024.0 * 1024.0;
        print("heap", static_cast<double>(own.bytes) / mebi, static_cast<double>(peer.bytes) / mebi,
            "MiB", "goal <= 0.20");
        std::printf("  bytes a row %lld (values shared with the feed not counted)\n",
            static_cast<long long>(own.bytes / std::max(1, own.rows)));
        if (stacks == 10'000) {
            goals.add(QStringLiteral("P8 build"), own.build / peer.build, 0.10, "x");
            goals.add(QStringLiteral("P8 expand and paint"), own.expand / peer.expand, 0.50, "x");
            goals.add(QStringLiteral("P8 filter keystroke p99"), own.filterP99, 16, "ms");
            goals.add(QStringLiteral("P8 heap"),
                static_cast<double>(own.bytes) / static_cast<double>(peer.bytes), 0.20, "x");
        }
        const bool same = own.rows == stacks * 21 && own.rows == peer.rows && own.matches == 1
            && peer.matches == 1;
        std::printf("  answers: %s (%d rows, %d and %d matches of case-7-)\n",
            same ? "right" : "WRONG", own.rows, own.matches, peer.matches);
        isRight = isRight && same;
    }
    return isRight;
}

} // namespace faultline::bench
