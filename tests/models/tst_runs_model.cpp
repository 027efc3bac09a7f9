// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runs_filter.h"
#include "models/runs_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace faultline;
using domain::CiStatus;
using models::RunRow;
using models::RunsFilter;
using models::RunsModel;
using models::Verdict;

namespace {

const QDateTime noon(QDate(2026, 11, 23), QTime(12, 0), Qt::UTC);

domain::Pipeline pipeline(qint64 id, CiStatus status = CiStatus::Running)
{
    domain::Pipeline out;
    out.id = domain::PipelineId(id);
    out.number = id + 100;
    out.ref = QStringLiteral("master");
    out.sha = QStringLiteral("4f2c1ab0123456789");
    out.source = QStringLiteral("trigger");
    out.status = status;
    return out;
}

domain::Job job(qint64 id, qint64 pipelineId, const char *name, const char *stage, CiStatus status)
{
    domain::Job out;
    out.id = domain::JobId(id);
    out.pipelineId = domain::PipelineId(pipelineId);
    out.name = QString::fromLatin1(name);
    out.stage = QString::fromLatin1(stage);
    out.ref = QStringLiteral("master");
    out.sha = QStringLiteral("4f2c1ab0123456789");
    out.userName = QStringLiteral("Ann");
    out.status = status;
    if (status == CiStatus::Failed)
        out.failureReason = QStringLiteral("script_failure");
    if (status != CiStatus::Created && status != CiStatus::Pending)
        out.startedAt = noon;
    if (domain::isComplete(status))
        out.finishedAt = noon.addSecs(100);
    return out;
}

ci::CiDelta snapshot(const QList<domain::Pipeline> &pipelines, const QList<domain::Job> &jobs)
{
    ci::CiDelta delta;
    delta.pipelines.isSnapshot = true;
    delta.jobs.isSnapshot = true;
    delta.pipelines.added = pipelines;
    delta.jobs.added = jobs;
    return delta;
}

ci::CiDelta changedJobs(const QList<domain::Job> &jobs)
{
    ci::CiDelta delta;
    delta.jobs.changed = jobs;
    return delta;
}

QString line(const RunRow &row)
{
    QStringList dots;
    for (const models::StageDot &dot : row.stages)
        dots.append(dot.name + QLatin1Char('=') + models::verdictWord(dot.verdict));
    const QString name = row.kind == RunRow::Kind::Pipeline
        ? QStringLiteral("#%1").arg(row.pipelineNumber)
        : row.name;
    return QStringLiteral("%1|%2|%3@%4|%5|%6")
        .arg(
            name, row.verdictText, row.ref, row.shortSha, dots.join(QLatin1Char(' ')), row.trigger);
}

QStringList dump(
    const QAbstractItemModel &model, const QModelIndex &parent = {}, const QString &indent = {})
{
    QStringList out;
    for (int i = 0; i < model.rowCount(parent); ++i) {
        const QModelIndex at = model.index(i, 0, parent);
        out.append(indent + line(at.data(RunsModel::RunRowRole).value<RunRow>()));
        out.append(dump(model, at, indent + QStringLiteral("  ")));
    }
    return out;
}

ci::CiDelta sample()
{
    return snapshot({ pipeline(1, CiStatus::Success), pipeline(2) },
        { job(10, 1, "oltp", "test", CiStatus::Success),
            job(11, 1, "publish", "release", CiStatus::Success),
            job(20, 2, "kv-crud", "test", CiStatus::Failed),
            job(21, 2, "shutdown", "test", CiStatus::Running),
            job(22, 2, "publish", "release", CiStatus::Created) });
}

} // namespace

class TestRunsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsPipelinesNewestFirstOverTheirJobs()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply(sample());
        const QStringList expected{
            QStringLiteral("#102|running|master@4f2c1ab0|test=running release=queued|trigger"),
            QStringLiteral("  kv-crud|fail|master@4f2c1ab0|test=fail release=queued|trigger · Ann"),
            QStringLiteral(
                "  shutdown|running|master@4f2c1ab0|test=running release=queued|trigger · Ann"),
            QStringLiteral(
                "  publish|queued|master@4f2c1ab0|test=running release=queued|trigger · Ann"),
            QStringLiteral("#101|pass|master@4f2c1ab0|test=pass release=pass|trigger"),
            QStringLiteral("  oltp|pass|master@4f2c1ab0|test=pass release=pass|trigger · Ann"),
            QStringLiteral("  publish|pass|master@4f2c1ab0|test=pass release=pass|trigger · Ann"),
        };
        QCOMPARE(dump(model), expected);
        QCOMPARE(resets.size(), 0);
    }

    void aChangeThatChangesNothingIsSilent()
    {
        RunsModel model;
        model.apply(sample());
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.apply(changedJobs({ job(21, 2, "shutdown", "test", CiStatus::Running) }));
        model.apply(sample());
        QCOMPARE(changes.size(), 0);
    }

    void oneChangedJobChangesItsRowOnly()
    {
        RunsModel model;
        model.apply(sample());
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        domain::Job changed = job(21, 2, "shutdown", "test", CiStatus::Running);
        changed.runnerName = QStringLiteral("shell-1");
        model.apply(changedJobs({ changed }));
        QCOMPARE(changes.size(), 1);
        const auto at = changes.first().first().toModelIndex();
        QCOMPARE(at.row(), 1);
        QCOMPARE(at.parent().row(), 0);
        QCOMPARE(inserts.size(), 0);
        QCOMPARE(model.row(model.indexOf(domain::JobId(21))).runnerName, QStringLiteral("shell-1"));
    }

    void anotherDataSetResets()
    {
        RunsModel model;
        model.apply(sample());
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply(
            snapshot({ pipeline(900) }, { job(9000, 900, "other", "test", CiStatus::Running) }));
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.jobCount(), 1);
    }

    void aSnapshotRemovesWhatVanished()
    {
        RunsModel model;
        model.apply(sample());
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply(
            snapshot({ pipeline(2) }, { job(21, 2, "shutdown", "test", CiStatus::Running) }));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.rowCount(model.index(0, 0)), 1);
        QCOMPARE(resets.size(), 0);
        QVERIFY(model.job(domain::JobId(20)) == nullptr);
    }

    void jobsMayComeBeforeTheirPipeline()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(changedJobs({ job(30, 3, "early", "test", CiStatus::Running) }));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.row(model.index(0, 0)).pipelineNumber, 0);
        ci::CiDelta delta;
        delta.pipelines.added = { pipeline(3) };
        model.apply(delta);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.row(model.index(0, 0)).pipelineNumber, 103);
    }

    void aRetriedJobIsSupersededAndNotCounted()
    {
        RunsModel model;
        model.apply(sample());
        model.apply(changedJobs({ job(23, 2, "kv-crud", "test", CiStatus::Success) }));
        QVERIFY(model.row(model.indexOf(domain::JobId(20))).isSuperseded);
        QVERIFY(!model.row(model.indexOf(domain::JobId(23))).isSuperseded);
        QCOMPARE(model.counts()[static_cast<std::size_t>(Verdict::Fail)], 0);
    }

    void failuresOfTheMachineryAreNotTheCases()
    {
        RunsModel model;
        domain::Job broken = job(40, 4, "sync", "test", CiStatus::Failed);
        broken.failureReason = QStringLiteral("image_pull_failure");
        model.apply(snapshot({ pipeline(4) }, { broken }));
        const RunRow row = model.row(model.indexOf(domain::JobId(40)));
        QCOMPARE(row.verdict, Verdict::Infrastructure);
        QCOMPARE(row.failure, QStringLiteral("image pull failed"));
    }

    void anUnknownStatusIsShownByItsNameAndNeverAPass()
    {
        RunsModel model;
        domain::Job odd = job(50, 5, "odd", "test", CiStatus::Running);
        odd.status = domain::OpenEnum<CiStatus>::fromText(QStringLiteral("hibernating"));
        model.apply(snapshot({ pipeline(5) }, { odd }));
        const RunRow row = model.row(model.indexOf(domain::JobId(50)));
        QCOMPARE(row.verdict, Verdict::Unknown);
        QCOMPARE(row.verdictText, QStringLiteral("hibernating"));
    }

    void expectedTimeComesFromTheNewestPass()
    {
        RunsModel model;
        model.apply(snapshot({ pipeline(1), pipeline(2) },
            { job(10, 1, "kv", "test", CiStatus::Success),
                job(20, 2, "kv", "test", CiStatus::Running) }));
        const RunRow row = model.row(model.indexOf(domain::JobId(20)));
        QCOMPARE(row.expectedMs, 100'000);
        QCOMPARE(row.progress(noon.addSecs(25)), 0.25);
        QCOMPARE(row.progress(noon.addSecs(900)), 0.99);
        model.setProgress(domain::JobId(20), 0.5);
        QCOMPARE(model.row(model.indexOf(domain::JobId(20))).progress(noon.addSecs(25)), 0.5);
    }

    void aContainersLabelJoinsStackAndJob()
    {
        RunsModel model;
        model.apply(sample());
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        stacks::StackDelta delta;
        domain::Stack stack;
        stack.id = domain::StackId(QStringLiteral("1st5"));
        stack.name = QStringLiteral("kv-crud-20261123");
        domain::Container container;
        container.id = domain::ContainerId(QStringLiteral("1i7"));
        container.stackId = stack.id;
        container.labels.insert(QStringLiteral("faultline.job"), QStringLiteral("20"));
        delta.stacks.added = { stack };
        delta.containers.added = { container };
        model.applyStacks(delta);
        QCOMPARE(model.row(model.indexOf(domain::JobId(20))).stackName, stack.name);
        QCOMPARE(model.jobOfStack(stack.id), domain::JobId(20));
        QCOMPARE(changes.size(), 1);
        stacks::StackDelta gone;
        gone.stacks.removed = { stack.id };
        model.applyStacks(gone);
        QVERIFY(model.row(model.indexOf(domain::JobId(20))).stackName.isEmpty());
    }

    void theFilterFollowsVerdictsAndWords()
    {
        RunsModel model;
        RunsFilter filter;
        filter.setSourceModel(&model);
        const QAbstractItemModelTester tester(
            &filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.apply(sample());
        filter.setVerdicts({ Verdict::Running });
        QCOMPARE(filter.rowCount(), 1);
        QCOMPARE(filter.rowCount(filter.index(0, 0)), 1);
        model.apply(changedJobs({ job(21, 2, "shutdown", "test", CiStatus::Failed) }));
        QCOMPARE(filter.rowCount(), 0);
        model.apply(changedJobs({ job(10, 1, "oltp", "test", CiStatus::Running) }));
        QCOMPARE(filter.rowCount(), 1);
        filter.setVerdicts({});
        filter.setText(QStringLiteral("#102 KV"));
        QCOMPARE(filter.rowCount(), 1);
        QCOMPARE(filter.rowCount(filter.index(0, 0)), 1);
        filter.setText(QStringLiteral("nothing like it"));
        QCOMPARE(filter.rowCount(), 0);
        filter.setText({});
        QCOMPARE(filter.rowCount(), 2);
    }

    void randomDeltasEndAtTheSameRowsAsOneSnapshot_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void randomDeltasEndAtTheSameRowsAsOneSnapshot()
    {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        const auto pick = [&random](int limit) {
            return static_cast<int>(random() % static_cast<unsigned>(limit));
        };
        constexpr CiStatus statuses[]
            = { CiStatus::Created, CiStatus::Running, CiStatus::Success, CiStatus::Failed };
        constexpr const char *names[] = { "kv", "bank", "clock" };
        RunsModel model;
        RunsFilter filter;
        filter.setVerdicts({ Verdict::Running, Verdict::Fail });
        filter.setSourceModel(&model);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const QAbstractItemModelTester filterTester(
            &filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QMap<qint64, domain::Pipeline> pipelines;
        QMap<qint64, domain::Job> jobs;
        for (int step = 0; step < 120; ++step) {
            ci::CiDelta delta;
            for (int i = pick(4); i >= 0; --i) {
                const qint64 id = 1 + pick(9);
                if (pick(6) == 0) {
                    if (pipelines.remove(id) > 0)
                        delta.pipelines.removed.append(domain::PipelineId(id));
                    for (auto entry = jobs.begin(); entry != jobs.end();) {
                        const bool gone = entry->pipelineId.value() == id;
                        if (gone)
                            delta.jobs.removed.append(domain::JobId(entry.key()));
                        entry = gone ? jobs.erase(entry) : std::next(entry);
                    }
                    delta.jobs.changed.removeIf(
                        [&](const domain::Job &job) { return job.pipelineId.value() == id; });
                    delta.pipelines.changed.removeIf(
                        [&](const domain::Pipeline &p) { return p.id.value() == id; });
                    continue;
                }
                delta.pipelines.removed.removeAll(domain::PipelineId(id));
                pipelines[id] = pipeline(id, statuses[pick(4)]);
                delta.pipelines.changed.append(pipelines[id]);
                const qint64 jobId = id * 100 + pick(8);
                if (pick(5) == 0 && jobs.contains(jobId)) {
                    jobs.remove(jobId);
                    delta.jobs.changed.removeIf(
                        [&](const domain::Job &job) { return job.id.value() == jobId; });
                    delta.jobs.removed.append(domain::JobId(jobId));
                } else {
                    delta.jobs.removed.removeAll(domain::JobId(jobId));
                    jobs[jobId] = job(jobId, id, names[jobId % 3],
                        jobId % 2 == 0 ? "test" : "release", statuses[pick(4)]);
                    delta.jobs.changed.append(jobs[jobId]);
                }
            }
            if (step % 17 == 16) {
                delta = snapshot(pipelines.values(), jobs.values());
            }
            model.apply(delta);
            RunsModel fresh;
            fresh.apply(snapshot(pipelines.values(), jobs.values()));
            QCOMPARE(dump(model), dump(fresh));
            RunsFilter freshFilter;
            freshFilter.setVerdicts({ Verdict::Running, Verdict::Fail });
            freshFilter.setSourceModel(&fresh);
            QCOMPARE(dump(filter), dump(freshFilter));
        }
    }
};

QTEST_GUILESS_MAIN(TestRunsModel)
#include "tst_runs_model.moc"
