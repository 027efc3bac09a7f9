// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/secret_watch.h"
#include "tests/runs/declared_run.h"
#include "tests/support/fault_server.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// Who hears of a run, and what its events alone are good for: real programs, containers and
/// servers.
class tst_run_told : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFailedRunIsToldOnceAndItsCommitIsMarked();
    void theRebuiltBundleEqualsTheOriginal();
    void noSecretIsInTheBundle();
    void aMessageThatCannotBeDeliveredChangesNoVerdict();
    void aKilledRunsStatusIsReconciled();
    void anOwnerIsWarnedOnceBeforeTheSceneExpires();
    void nothingIsLeftBehind();

private:
    [[nodiscard]] QStringList statuses() const;
    void connectTo(DeclaredRun &run, const QUrl &slack) const;

    std::unique_ptr<LabProcess> m_lab;
    std::unique_ptr<DeclaredRun> m_run;
    QString m_sha;
};

namespace {

const QByteArray canary = "canary5150webhook";

/// A workload whose history holds a read of what was overwritten.
const QByteArray staleRead = R"(workload:
  history: {path: history.jsonl}
  command: |
    sleep 2
    cat > "$FAULTLINE_HISTORY" <<END
    {"process":1,"type":"invoke","f":"write","key":"x","value":1}
    {"process":1,"type":"ok","f":"write","key":"x"}
    {"process":1,"type":"invoke","f":"write","key":"x","value":2}
    {"process":1,"type":"ok","f":"write","key":"x"}
    {"process":2,"type":"invoke","f":"read","key":"x"}
    {"process":2,"type":"ok","f":"read","key":"x","value":1}
    END
    echo one; echo two
probes: [{id: up, kind: exec, target: runner, command: ["true"], every: 200ms, timeout: 5s}]
checks: [{id: order, kind: history.linearizable, with: {model: register, timeLimit: 20s}}]
timeout: 3m
commitStatus: upstream
notify: [{slack: alerts, mention: [here]}]
)";

} // namespace

void tst_run_told::connectTo(DeclaredRun &run, const QUrl &slack) const
{
    run.set(QStringLiteral("FAULTLINE_SLACK_WEBHOOK_ALERTS"),
        slack.toString() + QStringLiteral("/services/") + QString::fromLatin1(canary));
    run.set(QStringLiteral("FAULTLINE_UPSTREAM_URL"), m_lab->url().toString());
    run.set(QStringLiteral("FAULTLINE_UPSTREAM_PROJECT"), QStringLiteral("faultline/sample"));
    run.set(QStringLiteral("FAULTLINE_UPSTREAM_SHA"), m_sha);
    run.set(QStringLiteral("FAULTLINE_UPSTREAM_TOKEN"),
        QString::fromLatin1(m_lab->secret(QStringLiteral("gitlab-token"))));
}

/// "name status" of everything that the commit was told.
QStringList tst_run_told::statuses() const
{
    const auto answer = runProgram(QStringLiteral("/bin/bash"),
        { QStringLiteral("-c"),
            QStringLiteral(
                "printf 'header = \"PRIVATE-TOKEN: %s\"\\n' \"$(cat \"$0\")\" | curl -sS -K - "
                "\"$1\""),
            m_lab->stateFolder() + QStringLiteral("/secrets/gitlab-token"),
            m_lab->url().toString()
                + QStringLiteral("/api/v4/projects/1/repository/commits/%1/statuses").arg(m_sha) },
        cleanEnvironment(), std::chrono::seconds(30));
    QStringList out;
    for (const QJsonValue &row : QJsonDocument::fromJson(answer.out).array()) {
        if (row[QStringLiteral("name")].toString().startsWith(QStringLiteral("faultline/")))
            out += row[QStringLiteral("name")].toString() + u' '
                + row[QStringLiteral("status")].toString();
    }
    return out;
}

void tst_run_told::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const auto pushed = m_lab->push(QStringLiteral(FAULTLINE_SOURCE_DIR "/resources/sample-repo"));
    QVERIFY2(pushed.exitCode == 0, pushed.text().constData());
    QVERIFY(m_lab->endPushedPipeline());
    const auto head = runProgram(QStringLiteral("git"),
        { QStringLiteral("-C"),
            m_lab->stateFolder() + QStringLiteral("/repositories/faultline/sample.git"),
            QStringLiteral("rev-parse"), QStringLiteral("HEAD") },
        cleanEnvironment(), std::chrono::seconds(30));
    m_sha = QString::fromLatin1(head.out.trimmed());
    QVERIFY2(m_sha.size() == 40, head.text().constData());
}

void tst_run_told::aFailedRunIsToldOnceAndItsCommitIsMarked()
{
    FaultServer slack;
    slack.answer("/services/" + canary, { plainText("busy", 503), plainText("ok") });
    m_run = std::make_unique<DeclaredRun>(*m_lab);
    m_run->write(staleRead);
    connectTo(*m_run, slack.url());
    const auto outcome = m_run->run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY2(m_run->findingTexts().join(u'\n').contains(
                 QStringLiteral("order: The register \"x\" is not linearizable: the read of 1")),
        outcome.text().constData());
    QCOMPARE(slack.requestCount(), 2); // the first was refused and sent again
    const QByteArray message = slack.requests().last().body;
    for (const char *part : { "small-case: fail", "is not linearizable", "one\\ntwo", "<!here>" })
        QVERIFY2(message.contains(part), message.constData());
    QCOMPARE(m_run->events(QStringLiteral("notify.sent")).size(), 2);
    QCOMPARE(statuses(), QStringList{ QStringLiteral("faultline/small-case failed") });
    QVERIFY2(outcome.out.contains("told commit: pending"), outcome.text().constData());
}

void tst_run_told::theRebuiltBundleEqualsTheOriginal()
{
    QVERIFY(m_run);
    const QTemporaryDir again;
    const auto rebuilt = m_run->ctl({ QStringLiteral("bundle"), QStringLiteral("rebuild"),
        m_run->bundle(), QStringLiteral("--into"), again.path() });
    QVERIFY2(rebuilt.exitCode == 0, rebuilt.text().constData());
    for (const char *name : { "findings.json", "junit.xml", "series/up.csv" }) {
        QFile made(again.filePath(QLatin1StringView(name)));
        QVERIFY2(made.open(QIODevice::ReadOnly), name);
        const QByteArray original = m_run->file(QLatin1StringView(name));
        QVERIFY2(original.size() > 50, name);
        QCOMPARE(made.readAll(), original);
    }
}

void tst_run_told::noSecretIsInTheBundle()
{
    QVERIFY(m_run);
    const QList<QByteArray> secrets{ canary, m_lab->secret(QStringLiteral("gitlab-token")) };
    QCOMPARE(filesWithSecrets(m_run->folder(), secrets, {}), QStringList());
}

void tst_run_told::aMessageThatCannotBeDeliveredChangesNoVerdict()
{
    FaultServer slack;
    const QUrl address = slack.url();
    slack.stop();
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exit 0\"}\ntimeout: 3m\nnotify: [{slack: alerts, events: "
              "[end]}]\n");
    connectTo(run, address);
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QCOMPARE(run.events(QStringLiteral("notify.failed")).size(), 1);
    QVERIFY2(outcome.out.contains("could not tell slack"), outcome.text().constData());
    QVERIFY(!outcome.text().contains(canary));
    QCOMPARE(filesWithSecrets(run.folder(), { canary }, {}), QStringList());
}

void tst_run_told::aKilledRunsStatusIsReconciled()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exec sleep 600\"}\nphases: [{name: work, duration: "
              "100s}]\ntimeout: 5m\ncommitStatus: upstream\n");
    connectTo(run, m_lab->url());
    // A context of its own: a commit's status can't go back from failed to pending.
    QFile file(run.folder() + QStringLiteral("/case.yaml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll().replace("small-case", "killed-case");
    file.close();
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    file.close();
    const auto process = run.startUntil("phase work");
    QVERIFY(process);
    QVERIFY(statuses().contains(QStringLiteral("faultline/killed-case pending")));
    const QStringList reconcile{ QStringLiteral("--output=json"), QStringLiteral("status"),
        QStringLiteral("reconcile"), run.bundle() };
    const auto what = [&] {
        const auto outcome = run.ctl(reconcile);
        return QJsonDocument::fromJson(
            outcome.out)[QStringLiteral("bundles")][0][QStringLiteral("what")]
            .toString();
    };
    QCOMPARE(what(), QStringLiteral("runnerLives"));
    process->kill();
    QVERIFY(process->waitForFinished(30'000));
    QVERIFY(statuses().contains(QStringLiteral("faultline/killed-case pending")));
    QCOMPARE(what(), QStringLiteral("told"));
    QVERIFY(statuses().contains(QStringLiteral("faultline/killed-case failed")));
    QCOMPARE(what(), QStringLiteral("nothingToDo"));
    const auto reaped = run.ctl({ QStringLiteral("scene"), QStringLiteral("reap") });
    QVERIFY2(reaped.exitCode == 0, reaped.text().constData());
    QCOMPARE(run.containers(), QStringList());
}

void tst_run_told::anOwnerIsWarnedOnceBeforeTheSceneExpires()
{
    FaultServer slack;
    slack.answer("/services/" + canary, { plainText("ok") });
    DeclaredRun run(*m_lab);
    // The warning is due as soon as the scene is there.
    run.write("workload: {command: \"exit 1\"}\ntimeout: 3m\n"
              "retention: {fail: {keep: true, ttl: 1h, warnBefore: 3599s}}\n"
              "notify: [{slack: alerts, events: [aborted], mention: [U012AB3CD]}]\n");
    connectTo(run, slack.url());
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QCOMPARE(slack.requestCount(), 0);
    const auto reap = [&] {
        const auto out = run.ctl(
            { QStringLiteral("--output=json"), QStringLiteral("scene"), QStringLiteral("reap") });
        if (out.exitCode != 0)
            qWarning("%s", out.text().constData());
        return QJsonDocument::fromJson(out.out)[QStringLiteral("actions")].toArray();
    };
    QJsonArray actions;
    const auto hasActed = [&] { // asked once more after it was true: the macro does that
        if (actions.isEmpty())
            actions = reap();
        return !actions.isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasActed(), 20'000);
    QCOMPARE(actions[0][QStringLiteral("what")].toString(), QStringLiteral("warnOwner"));
    QVERIFY(actions[0][QStringLiteral("done")].toBool());
    QCOMPARE(slack.requestCount(), 1);
    const QByteArray message = slack.requests().last().body;
    const QString stack = actions[0][QStringLiteral("stack")].toString();
    QVERIFY2(message.contains("<@U012AB3CD>") && message.contains("scene extend " + stack.toUtf8()),
        message.constData());
    QCOMPARE(reap(), QJsonArray());
    QCOMPARE(slack.requestCount(), 1);
    const auto released = run.ctl({ QStringLiteral("scene"), QStringLiteral("release"), stack });
    QVERIFY2(released.exitCode == 0, released.text().constData());
}

void tst_run_told::nothingIsLeftBehind()
{
    m_run.reset();
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->leftovers(), QStringList(), 10'000);
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_GUILESS_MAIN(tst_run_told)
#include "tst_run_told.moc"
