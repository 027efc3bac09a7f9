// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/stack_tree_model.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace faultline;
using domain::ContainerId;
using domain::ServiceId;
using domain::StackId;
using domain::State;
using models::StackTreeModel;

namespace {

const QDateTime noon(QDate(2026, 11, 23), QTime(12, 0), Qt::UTC);

QString text(const char *latin)
{
    return QString::fromLatin1(latin);
}

domain::Lifecycle life(State state)
{
    domain::Lifecycle out;
    out.state = state;
    out.created = noon.addSecs(-300);
    return out;
}

domain::Stack stack(const QString &id, State state = State::Active)
{
    domain::Stack out;
    out.id = StackId(QStringLiteral("1st") + id);
    out.name = QStringLiteral("stack-") + id;
    out.life = life(state);
    return out;
}

domain::Service service(
    const QString &id, const QString &stackId, const char *name, State state = State::Active)
{
    domain::Service out;
    out.id = ServiceId(QStringLiteral("1s") + id);
    out.stackId = StackId(QStringLiteral("1st") + stackId);
    out.name = text(name);
    out.image = QStringLiteral("faultline/etcd:3.4");
    out.scale = 3;
    out.currentScale = 2;
    out.life = life(state);
    return out;
}

domain::Container container(const QString &id, const QString &stackId, const QString &serviceId,
    const char *name, State state = State::Running)
{
    domain::Container out;
    out.id = ContainerId(QStringLiteral("1i") + id);
    if (!stackId.isEmpty())
        out.stackId = StackId(QStringLiteral("1st") + stackId);
    if (!serviceId.isEmpty())
        out.serviceId = ServiceId(QStringLiteral("1s") + serviceId);
    out.hostId = domain::HostId(QStringLiteral("1h1"));
    out.name = text(name);
    out.image = QStringLiteral("faultline/etcd:3.4");
    out.ports = { { {}, 32768, 2379, QStringLiteral("tcp") } };
    out.life = life(state);
    return out;
}

domain::Host host()
{
    domain::Host out;
    out.id = domain::HostId(QStringLiteral("1h1"));
    out.name = QStringLiteral("bj-host-05");
    out.life = life(State::Active);
    return out;
}

stacks::StackDelta snapshot(const QList<domain::Stack> &stackList,
    const QList<domain::Service> &services, const QList<domain::Container> &containers)
{
    stacks::StackDelta delta;
    delta.stacks.isSnapshot = delta.services.isSnapshot = delta.containers.isSnapshot
        = delta.hosts.isSnapshot = true;
    delta.stacks.added = stackList;
    delta.services.added = services;
    delta.containers.added = containers;
    delta.hosts.added = { host() };
    return delta;
}

stacks::StackDelta sample()
{
    return snapshot({ stack(text("10")), stack(text("2"), State::Activating) },
        { service(text("1"), text("2"), "pd"), service(text("2"), text("2"), "tikv") },
        { container(text("1"), text("2"), text("1"), "pd-1"),
            container(text("2"), text("2"), text("2"), "tikv-10"),
            container(text("3"), text("2"), text("2"), "tikv-2", State::Stopped),
            container(text("4"), {}, {}, "helper") });
}

stacks::StackDelta changedContainers(const QList<domain::Container> &containers)
{
    stacks::StackDelta delta;
    delta.containers.changed = containers;
    return delta;
}

QStringList dump(
    const StackTreeModel &model, const QModelIndex &parent = {}, const QString &indent = {})
{
    QStringList out;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        QStringList cells;
        for (int column = 0; column < StackTreeModel::ColumnCount; ++column)
            cells.append(model.index(row, column, parent).data().toString());
        const QModelIndex at = model.index(row, 0, parent);
        cells.append(QString::number(at.data(StackTreeModel::ToneRole).toInt()));
        out.append(indent + cells.join(QLatin1Char('|')));
        out.append(dump(model, at, indent + QStringLiteral("  ")));
    }
    return out;
}

struct World
{
    QMap<QString, domain::Stack> stacks;
    QMap<QString, domain::Service> services;
    QMap<QString, domain::Container> containers;

    [[nodiscard]] stacks::StackDelta all() const
    {
        return snapshot(stacks.values(), services.values(), containers.values());
    }
};

StackTreeModel::Clock fixedClock()
{
    return [] { return noon; };
}

} // namespace

class TestStackTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsStacksServicesAndContainers()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        const QStringList expected{
            QStringLiteral("stack-2|activating|||||5 min|1"),
            QStringLiteral("  pd|active|faultline/etcd:3.4|||2 / 3|5 min|0"),
            QStringLiteral("    pd-1|running|faultline/etcd:3.4|bj-host-05|32768→2379||5 min|0"),
            QStringLiteral("  tikv|active|faultline/etcd:3.4|||2 / 3|5 min|0"),
            QStringLiteral("    tikv-2|stopped|faultline/etcd:3.4|bj-host-05|32768→2379||5 min|4"),
            QStringLiteral("    tikv-10|running|faultline/etcd:3.4|bj-host-05|32768→2379||5 min|0"),
            QStringLiteral("stack-10|active|||||5 min|0"),
            QStringLiteral("Containers without a stack|||||||4"),
            QStringLiteral("  helper|running|faultline/etcd:3.4|bj-host-05|32768→2379||5 min|0"),
        };
        QCOMPARE(dump(model), expected);
    }

    void oneEventChangesOneRow()
    {
        StackTreeModel model(fixedClock());
        model.apply(sample());
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy layouts(&model, &QAbstractItemModel::layoutChanged);
        model.apply(changedContainers(
            { container(text("1"), text("2"), text("1"), "pd-1", State::Stopped) }));
        model.apply(changedContainers(
            { container(text("1"), text("2"), text("1"), "pd-1", State::Stopped) }));
        QCOMPARE(changes.size(), 1);
        QCOMPARE(layouts.size(), 0);
        const auto at = changes.first().first().toModelIndex();
        QCOMPARE(at, model.indexOf(ContainerId(text("1i1"))));
        QCOMPARE(
            at.siblingAtColumn(StackTreeModel::StateColumn).data().toString(), text("stopped"));
    }

    void goneRowsLeaveWithTheirChildren()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        stacks::StackDelta delta;
        delta.stacks.changed = { stack(text("2"), State::Removed) };
        model.apply(delta);
        QCOMPARE(removed.size(), 1);
        QCOMPARE(model.serviceCount(), 0);
        QCOMPARE(model.containerCount(), 1);
        delta = {};
        delta.containers.removed = { ContainerId(text("1i4")) };
        model.apply(delta);
        QCOMPARE(model.rowCount(), 1);
    }

    void childrenThatComeFirstWaitForTheirParents()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(changedContainers({ container(text("1"), text("2"), text("1"), "pd-1") }));
        QCOMPARE(model.rowCount(), 0);
        stacks::StackDelta delta;
        delta.services.added = { service(text("1"), text("2"), "pd") };
        model.apply(delta);
        QCOMPARE(model.rowCount(), 0);
        delta = {};
        delta.stacks.added = { stack(text("2")) };
        model.apply(delta);
        QVERIFY(model.indexOf(ContainerId(text("1i1"))).isValid());
    }

    void aContainerMayFindItsServiceLater()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        model.apply(changedContainers({ container(text("4"), text("2"), text("1"), "helper") }));
        QCOMPARE(model.indexOf(ContainerId(text("1i4"))).parent(),
            model.indexOf(ServiceId(text("1s1"))));
        QCOMPARE(model.rowCount(), 2);
    }

    void anotherDataSetResetsAndOverlapDoesNot()
    {
        StackTreeModel model(fixedClock());
        model.apply(sample());
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply(snapshot({ stack(text("2")) }, {}, {}));
        QCOMPARE(resets.size(), 0);
        QCOMPARE(model.rowCount(), 1);
        model.apply(snapshot({ stack(text("77")) }, {}, {}));
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.rowCount(), 1);
    }

    void theFilterKeepsAncestorsAndDescendants()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        const QPersistentModelIndex kept = model.indexOf(ContainerId(text("1i2")));
        model.setFilter(text("TIKV-1"));
        QCOMPARE(model.matchCount(), 1);
        QCOMPARE(dump(model).size(), 3);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data().toString(), text("tikv-10"));
        model.setFilter(text("pd"));
        QVERIFY(!kept.isValid());
        model.setFilter(text("stack-2"));
        QCOMPARE(dump(model).size(), 6);
        model.setFilter(text("stopped"));
        QCOMPARE(dump(model).size(), 3);
        model.setFilter({});
        QCOMPARE(dump(model).size(), 9);
    }

    void aRowThatComesToMatchAppears()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        model.setFilter(text("stopped"));
        model.apply(changedContainers(
            { container(text("1"), text("2"), text("1"), "pd-1", State::Stopped) }));
        QCOMPARE(dump(model).size(), 5);
        model.apply(changedContainers({ container(text("3"), text("2"), text("2"), "tikv-2") }));
        QCOMPARE(dump(model).size(), 3);
        stacks::StackDelta delta;
        delta.stacks.added = { stack(text("3"), State::Stopped), stack(text("4")) };
        model.apply(delta);
        QCOMPARE(dump(model).size(), 4);
    }

    void movesInTheSortOrderComeTogetherAndLater()
    {
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        model.sort(StackTreeModel::StateColumn, Qt::AscendingOrder);
        QCOMPARE(model.index(0, 0).data().toString(), text("stack-10"));
        QSignalSpy layouts(&model, &QAbstractItemModel::layoutChanged);
        stacks::StackDelta delta;
        delta.stacks.changed = { stack(text("10"), State::Error), stack(text("2")) };
        model.apply(delta);
        QCOMPARE(layouts.size(), 0);
        QTRY_COMPARE(layouts.size(), 1);
        QCOMPARE(model.index(0, 0).data().toString(), text("stack-2"));
    }

    void scenesAreRecognisedByTheirLabel()
    {
        StackTreeModel model(fixedClock());
        stacks::StackDelta delta = sample();
        delta.containers.added[1].labels.insert(text("faultline.scene"), text("x"));
        model.apply(delta);
        QVERIFY(model.hasLabel(StackId(text("1st2")), text("faultline.scene")));
        QVERIFY(!model.hasLabel(StackId(text("1st10")), text("faultline.scene")));
    }

    void randomDeltasEndAtTheSameRowsAsOneSnapshot_data()
    {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("column");
        for (unsigned seed = 1; seed <= 6; ++seed) {
            QTest::addRow("seed %u", seed) << seed << QString() << int(StackTreeModel::NameColumn);
            QTest::addRow("seed %u filtered", seed)
                << seed << text("error") << int(StackTreeModel::NameColumn);
            QTest::addRow("seed %u filtered by name", seed)
                << seed << text("1") << int(StackTreeModel::NameColumn);
            QTest::addRow("seed %u sorted by image", seed)
                << seed << QString() << int(StackTreeModel::ImageColumn);
        }
    }
    void randomDeltasEndAtTheSameRowsAsOneSnapshot()
    {
        QFETCH(unsigned, seed);
        QFETCH(QString, filter);
        QFETCH(int, column);
        std::mt19937 random(seed);
        World world;
        StackTreeModel model(fixedClock());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(world.all());
        model.setFilter(filter);
        model.sort(column, Qt::AscendingOrder);
        for (int step = 0; step < 150; ++step) {
            model.apply(step % 31 == 30 ? world.all() : randomStep(world, random));
            StackTreeModel fresh(fixedClock());
            fresh.sort(column, Qt::AscendingOrder);
            fresh.apply(world.all());
            fresh.setFilter(filter);
            QCOMPARE(dump(model), dump(fresh));
            QCOMPARE(model.matchCount(), fresh.matchCount());
        }
    }

private:
    static stacks::StackDelta randomStep(World &world, std::mt19937 &random)
    {
        constexpr State states[] = { State::Active, State::Running, State::Error, State::Stopped };
        const auto pick = [&random](int limit) {
            return static_cast<int>(random() % static_cast<unsigned>(limit));
        };
        const World before = world;
        for (int i = pick(6); i >= 0; --i) {
            const QString stackId = QString::number(pick(6));
            const QString serviceId = stackId + QString::number(pick(3));
            const QString id = serviceId + QString::number(pick(4));
            switch (pick(8)) {
            case 0:
                world.stacks.remove(stackId);
                world.services.removeIf(
                    [&](const auto &entry) { return entry.key().startsWith(stackId); });
                world.containers.removeIf(
                    [&](const auto &entry) { return entry.key().startsWith(stackId); });
                break;
            case 1:
                world.services.remove(serviceId);
                world.containers.removeIf(
                    [&](const auto &entry) { return entry.key().startsWith(serviceId); });
                break;
            case 2:
                world.containers.remove(id);
                break;
            default:
                world.stacks[stackId] = stack(stackId, states[pick(4)]);
                if (!world.services.contains(serviceId) || pick(3) == 0)
                    world.services[serviceId] = service(serviceId, stackId, "svc", states[pick(4)]);
                world.containers[id] = container(id, stackId, serviceId, "box", states[pick(4)]);
                world.containers[id].name += QLatin1Char('-') + id;
            }
        }
        return difference(before, world);
    }

    static stacks::StackDelta difference(const World &before, const World &after)
    {
        stacks::StackDelta delta;
        compare(before.stacks, after.stacks, delta.stacks);
        compare(before.services, after.services, delta.services);
        compare(before.containers, after.containers, delta.containers);
        return delta;
    }

    template <typename Map, typename Batch>
    static void compare(const Map &before, const Map &after, Batch &batch)
    {
        for (auto entry = after.cbegin(); entry != after.cend(); ++entry) {
            if (!before.contains(entry.key()))
                batch.added.append(*entry);
            else if (!(before.value(entry.key()) == *entry))
                batch.changed.append(*entry);
        }
        for (auto entry = before.cbegin(); entry != before.cend(); ++entry) {
            if (!after.contains(entry.key()))
                batch.removed.append(entry->id);
        }
    }
};

QTEST_GUILESS_MAIN(TestStackTreeModel)
#include "tst_stack_tree_model.moc"
