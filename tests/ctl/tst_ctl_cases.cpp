// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cases/case_text.h"
#include "tests/ctl/command_run.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

class tst_ctl_cases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aSoundCaseGivesZero();
    void anErrorGivesOneAndItsPlace();
    void aWarningCountsWhenStrict();
    void parametersCanBeSet();
    void scriptsGetJson();
    void codeHostsGetSarif();
    void gitLabGetsItsOwnReport();
    void aFolderThatIsNotThereIsSaid();
    void casesAreListedWithTheirState();
    void casesOfOneSuiteAreListed();
    void aPlanIsTheSameForItsSeed();
    void aCaseWithErrorsIsNotPlanned();
    void aFileOfSeveralCasesNeedsAName();

private:
    void write(const std::string &text);
    [[nodiscard]] Outcome run(const QStringList &arguments);

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

void tst_ctl_cases::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(QStringLiteral("case.yaml"));
    write(goodCase());
}

void tst_ctl_cases::write(const std::string &text)
{
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text.data(), qint64(text.size())), qint64(text.size()));
}

Outcome tst_ctl_cases::run(const QStringList &arguments)
{
    FakeConnections connections;
    return runCommand(connections, arguments);
}

void tst_ctl_cases::aSoundCaseGivesZero()
{
    const Outcome outcome = run({ QStringLiteral("lint"), m_folder->path() });
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.out, QString());
    QVERIFY2(outcome.err.contains(QStringLiteral("1 cases in 1 files: 0 errors, 0 warnings")),
        qPrintable(outcome.err));
}

void tst_ctl_cases::anErrorGivesOneAndItsPlace()
{
    write(changedCase("timeout: 10m", "timout: 10m"));
    const Outcome outcome = run({ QStringLiteral("lint"), m_file });
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.out.contains(m_file + QStringLiteral(":30:1: error: the case has no key")),
        qPrintable(outcome.out));
}

void tst_ctl_cases::aWarningCountsWhenStrict()
{
    write(changedCase("{every: 30s,", "{every: 30s, for: 5s,"));
    QCOMPARE(run({ QStringLiteral("lint"), m_file }).exitCode, 0);
    QCOMPARE(run({ QStringLiteral("lint"), QStringLiteral("--strict"), m_file }).exitCode, 1);
}

void tst_ctl_cases::parametersCanBeSet()
{
    const auto with = [&](const char *value) {
        return run({ QStringLiteral("lint"), m_file,
            QStringLiteral("--set=chaos=") + QLatin1String(value) });
    };
    QCOMPARE(with("2m").exitCode, 0);
    const Outcome late = with("10m");
    QCOMPARE(late.exitCode, 1);
    QVERIFY2(late.out.contains(QStringLiteral("phases-exceed-timeout")), qPrintable(late.out));
}

void tst_ctl_cases::scriptsGetJson()
{
    write(changedCase("scale: 3", "scale: 2"));
    const Outcome outcome = run(
        { QStringLiteral("lint"), m_file, QStringLiteral("--output"), QStringLiteral("json") });
    QCOMPARE(outcome.exitCode, 1);
    const QJsonObject json = outcome.json();
    QCOMPARE(json.value(QStringLiteral("errors")).toInt(), 1);
    const QJsonObject item = json.value(QStringLiteral("diagnostics")).toArray().at(0).toObject();
    QCOMPARE(item.value(QStringLiteral("line")).toInt(), 37);
    QCOMPARE(item.value(QStringLiteral("rule")).toString(), QStringLiteral("target-unsatisfiable"));
}

void tst_ctl_cases::codeHostsGetSarif()
{
    write(changedCase("scale: 3", "scale: 2"));
    const Outcome outcome = run(
        { QStringLiteral("lint"), m_file, QStringLiteral("--format"), QStringLiteral("sarif") });
    const QJsonObject json = outcome.json();
    QCOMPARE(json.value(QStringLiteral("version")).toString(), QStringLiteral("2.1.0"));
    const QJsonObject first = json.value(QStringLiteral("runs"))
                                  .toArray()
                                  .at(0)
                                  .toObject()
                                  .value(QStringLiteral("results"))
                                  .toArray()
                                  .at(0)
                                  .toObject();
    QCOMPARE(first.value(QStringLiteral("level")).toString(), QStringLiteral("error"));
    QCOMPARE(
        first.value(QStringLiteral("ruleId")).toString(), QStringLiteral("target-unsatisfiable"));
}

void tst_ctl_cases::gitLabGetsItsOwnReport()
{
    // Two findings of the same words must have fingerprints of their own: GitLab drops twins.
    write(changedCase("{signal: KILL}", "{signals: KILL}") + "---\n"
        + changedCase("{signal: KILL}", "{signals: KILL}"));
    const Outcome outcome = run({ QStringLiteral("lint"), m_file, QStringLiteral("--format"),
        QStringLiteral("code-quality") });
    const QJsonArray array = QJsonDocument::fromJson(outcome.out.toUtf8()).array();
    QCOMPARE(array.size(), 2);
    const QJsonObject first = array.at(0).toObject();
    QCOMPARE(first.value(QStringLiteral("severity")).toString(), QStringLiteral("major"));
    QCOMPARE(first.value(QStringLiteral("location"))
                 .toObject()
                 .value(QStringLiteral("lines"))
                 .toObject()
                 .value(QStringLiteral("begin"))
                 .toInt(),
        32);
    QVERIFY(first.value(QStringLiteral("fingerprint"))
        != array.at(1).toObject().value(QStringLiteral("fingerprint")));
}

void tst_ctl_cases::aFolderThatIsNotThereIsSaid()
{
    const Outcome outcome
        = run({ QStringLiteral("lint"), m_folder->filePath(QStringLiteral("gone")) });
    QCOMPARE(outcome.exitCode, 14);
    QVERIFY2(outcome.err.contains(QStringLiteral("gone")), qPrintable(outcome.err));
}

void tst_ctl_cases::casesAreListedWithTheirState()
{
    const QStringList list{ QStringLiteral("cases"), QStringLiteral("list"), m_folder->path() };
    const Outcome sound = run(list);
    QCOMPARE(sound.exitCode, 0);
    QVERIFY2(sound.out.contains(QStringLiteral("leader-kill")), qPrintable(sound.out));
    QVERIFY2(sound.out.contains(QStringLiteral("sound")), qPrintable(sound.out));
    QVERIFY2(sound.out.contains(QStringLiteral("1m30s")), qPrintable(sound.out));
    write(changedCase("scale: 3", "scale: 2"));
    QVERIFY(run(list).out.contains(QStringLiteral("has errors")));
}

void tst_ctl_cases::casesOfOneSuiteAreListed()
{
    write(changedCase("severity: blocker", "suites: [nightly]"));
    const auto count = [&](const char *suite) {
        return run(
            { QStringLiteral("cases"), QStringLiteral("list"), m_file, QStringLiteral("--suite"),
                QLatin1String(suite), QStringLiteral("-o"), QStringLiteral("json") })
            .json()
            .value(QStringLiteral("cases"))
            .toArray()
            .size();
    };
    QCOMPARE(count("nightly"), 1);
    QCOMPARE(count("weekly"), 0);
}

void tst_ctl_cases::aPlanIsTheSameForItsSeed()
{
    const auto plan = [&](const char *seed) {
        return run({ QStringLiteral("chaos"), QStringLiteral("plan"), m_folder->path(),
            QStringLiteral("--seed"), QLatin1String(seed), QStringLiteral("--output=json") });
    };
    const Outcome first = plan("18446744073709551615");
    QCOMPARE(first.exitCode, 0);
    QCOMPARE(first.json().value(QStringLiteral("seed")).toString(),
        QStringLiteral("18446744073709551615"));
    QVERIFY(first.json().value(QStringLiteral("faults")).toArray().size() >= 2);
    QCOMPARE(plan("18446744073709551615").out, first.out);
    QVERIFY(plan("2").out != first.out);
    const Outcome table = run({ QStringLiteral("chaos"), QStringLiteral("plan"), m_file,
        QStringLiteral("--seed"), QStringLiteral("1") });
    QVERIFY2(table.out.contains(QStringLiteral("leader of etcd")), qPrintable(table.out));
    QVERIFY2(table.err.contains(QStringLiteral("seed 1:")), qPrintable(table.err));
}

void tst_ctl_cases::aCaseWithErrorsIsNotPlanned()
{
    write(changedCase("scale: 3", "scale: 2"));
    const Outcome outcome = run({ QStringLiteral("chaos"), QStringLiteral("plan"), m_file });
    QCOMPARE(outcome.exitCode, 64);
    QVERIFY2(outcome.err.contains(QStringLiteral("target-unsatisfiable")), qPrintable(outcome.err));
}

void tst_ctl_cases::aFileOfSeveralCasesNeedsAName()
{
    write(goodCase() + "---\n" + changedCase("name: leader-kill", "name: other"));
    const Outcome outcome = run({ QStringLiteral("chaos"), QStringLiteral("plan"), m_file });
    QCOMPARE(outcome.exitCode, 15);
    QVERIFY2(outcome.err.contains(QStringLiteral("leader-kill, other")), qPrintable(outcome.err));
}

QTEST_GUILESS_MAIN(tst_ctl_cases)
#include "tst_ctl_cases.moc"
