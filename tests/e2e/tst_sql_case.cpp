// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/lab_process.h"
#include "tests/e2e/secret_watch.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using std::chrono::minutes;

/// The sample's bank case on a real Galera cluster of three members.
class tst_sql_case : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theSumStaysWhileAMemberIsKilled();
    void moneyThatIsMadeIsAnAnomaly();
    void aPasswordIsSentToTheServerOnly();
    void nothingIsLeftBehind();

private:
    [[nodiscard]] ProgramOutcome run(const QString &bundle, const QStringList &more) const;
    [[nodiscard]] QJsonObject findings(const QString &bundle) const;
    /// The events of a type in a bundle.
    [[nodiscard]] QList<QJsonObject> events(const QString &bundle, const QString &type) const;

    QTemporaryDir m_folder;
    std::unique_ptr<LabProcess> m_lab;
};

namespace {

const QByteArray lonelyCompose = R"(version: '2'
services:
  galera:
    image: faultline/galera:10.11
    environment: {GALERA_NODE: galera, GALERA_NODES: galera, GALERA_DATABASE: bank, GALERA_USER: bank}
    ports: ["3306"]
)";

const QByteArray lonelyCase = R"(apiVersion: faultline/v1
kind: Case
metadata: {name: wrong-password, owner: {team: storage}}
topology:
  compose: compose.yml
  roles: {galera: {service: galera}}
  ready: [{kind: sql, target: "galera:3306", user: bank, statement: SELECT 1, every: 200ms, timeout: 2s}]
probes:
  - {id: stranger, kind: sql, target: "galera:3306/bank", user: bank, password: "env:BANK_PASSWORD", statement: SELECT 1, every: 100ms}
phases: [{name: all, duration: 2s}]
timeout: 5m
checks:
  - {kind: sql.invariant, with: {target: "galera:3306/bank", user: bank, password: "env:BANK_PASSWORD", statement: SELECT 1, expect: "1"}}
)";

bool save(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

ProgramOutcome tst_sql_case::run(const QString &bundle, const QStringList &more) const
{
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(
        QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
    return runProgram(ownProgram(QStringLiteral("faultlinectl")),
        QStringList{ QStringLiteral("--workspace"), m_lab->workspaceFile(), QStringLiteral("run"),
            QStringLiteral("galera-bank-transfer"), QStringLiteral("--bundle"),
            m_folder.filePath(bundle) }
            + more,
        environment, minutes(4), QStringLiteral(FAULTLINE_SOURCE_DIR "/resources/sample-repo"));
}

QJsonObject tst_sql_case::findings(const QString &bundle) const
{
    return QJsonDocument::fromJson(
        bytesOf(m_folder.filePath(bundle + QStringLiteral("/findings.json"))))
        .object();
}

QList<QJsonObject> tst_sql_case::events(const QString &bundle, const QString &type) const
{
    QList<QJsonObject> out;
    const QByteArray all = bytesOf(m_folder.filePath(bundle + QStringLiteral("/events.jsonl")));
    for (const QByteArray &line : all.split('\n')) {
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        if (event.value(QStringLiteral("type")).toString() == type)
            out += event;
    }
    return out;
}

void tst_sql_case::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    const auto image = m_lab->docker({ QStringLiteral("image"), QStringLiteral("inspect"),
        QStringLiteral("faultline/galera:10.11") });
    if (image.exitCode != 0)
        QSKIP("there is no image faultline/galera:10.11 (scripts/images cases)");
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_sql_case::theSumStaysWhileAMemberIsKilled()
{
    const QString bundle = QStringLiteral("honest");
    const auto outcome = run(bundle, { QStringLiteral("--set"), QStringLiteral("work=1s") });
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY2(outcome.text().contains("verdict: pass"), outcome.text().constData());
    // Work was done, the member was killed and is back, and every member was asked.
    const QRegularExpressionMatch transfers
        = QRegularExpression(QStringLiteral("(\\d+) transfers,"))
              .match(QString::fromUtf8(outcome.text()));
    QVERIFY2(transfers.captured(1).toInt() > 10, outcome.text().constData());
    QVERIFY2(outcome.text().contains("as the fault wanted"), outcome.text().constData());
    QStringList asked;
    for (const QJsonObject &event : events(bundle, QStringLiteral("sql.answer"))) {
        if (event.value(QStringLiteral("check")).toString() == QLatin1StringView("the-sum-stays"))
            asked += event.value(QStringLiteral("answer")).toString();
    }
    QCOMPARE(asked, QStringList(3, QStringLiteral("1000")));
    int answers = 0;
    for (const QJsonObject &event : events(bundle, QStringLiteral("check")))
        answers += event.value(QStringLiteral("answered")).toInt();
    QVERIFY2(answers > 10, outcome.text().constData()); // it was asked while all this happened, too
    QVERIFY(
        bytesOf(m_folder.filePath(bundle + QStringLiteral("/series/survivor.csv"))).size() > 100);
    // While the victim was down, its probe told why in words.
    bool isTold = false;
    for (const QJsonObject &event : events(bundle, QStringLiteral("probe.second")))
        isTold = isTold || !event.value(QStringLiteral("why")).toString().isEmpty();
    QVERIFY(isTold);
}

void tst_sql_case::moneyThatIsMadeIsAnAnomaly()
{
    const QString bundle = QStringLiteral("dishonest");
    const auto outcome = run(bundle,
        { QStringLiteral("--set"), QStringLiteral("madeMoney=7"), QStringLiteral("--set"),
            QStringLiteral("chaos=2s"), QStringLiteral("--set"), QStringLiteral("work=1s") });
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY2(outcome.text().contains("made 7 out of nothing"), outcome.text().constData());
    QStringList broken;
    int whileItRan = 0;
    for (const QJsonValue &value : findings(bundle).value(QStringLiteral("findings")).toArray()) {
        const QJsonObject finding = value.toObject();
        whileItRan += finding.value(QStringLiteral("check")).toString()
                == QLatin1StringView("the-sum-stays-meanwhile")
            ? 1
            : 0;
        if (finding.value(QStringLiteral("check")).toString() != QLatin1StringView("the-sum-stays"))
            continue;
        QCOMPARE(finding.value(QStringLiteral("kind")).toString(), QStringLiteral("anomaly"));
        QCOMPARE(
            finding.value(QStringLiteral("anomaly")).toString(), QStringLiteral("consistency"));
        broken += finding.value(QStringLiteral("message")).toString();
    }
    QCOMPARE(whileItRan, 1);
    QCOMPARE(broken.size(), 1);
    QVERIFY2(broken.front().contains(QStringLiteral("answered \"1007\", not \"1000\". 0 of 3")),
        qPrintable(broken.front()));

    // The events alone say the same.
    const QByteArray before = bytesOf(m_folder.filePath(bundle + QStringLiteral("/findings.json")));
    QVERIFY(QFile::remove(m_folder.filePath(bundle + QStringLiteral("/findings.json"))));
    const auto rebuilt = m_lab->ctl(
        { QStringLiteral("bundle"), QStringLiteral("rebuild"), m_folder.filePath(bundle) });
    QVERIFY2(rebuilt.exitCode == 0, rebuilt.text().constData());
    QCOMPARE(bytesOf(m_folder.filePath(bundle + QStringLiteral("/findings.json"))), before);
}

/// A wrong password is as secret as a right one, and what the server says of it is told.
void tst_sql_case::aPasswordIsSentToTheServerOnly()
{
    const QByteArray canary = "canary-sql-password-3377";
    const QString repository = m_folder.filePath(QStringLiteral("repository"));
    QVERIFY(QDir().mkpath(repository));
    QVERIFY(save(repository + QStringLiteral("/suites.yaml"), "suites: {}\n"));
    QVERIFY(save(repository + QStringLiteral("/compose.yml"), lonelyCompose));
    QVERIFY(save(repository + QStringLiteral("/case.yaml"), lonelyCase));
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(
        QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
    const auto go = [&](const QString &bundle) {
        return runProgram(ownProgram(QStringLiteral("faultlinectl")),
            { QStringLiteral("--workspace"), m_lab->workspaceFile(), QStringLiteral("run"),
                QStringLiteral("case.yaml"), QStringLiteral("--bundle"),
                m_folder.filePath(bundle) },
            environment, minutes(4), repository);
    };
    const auto without = go(QStringLiteral("without"));
    QVERIFY2(without.exitCode == 64, without.text().constData());
    QVERIFY2(without.err.contains("BANK_PASSWORD is not set"), without.text().constData());

    environment.insert(QStringLiteral("BANK_PASSWORD"), QString::fromLatin1(canary));
    const SecretWatch watch({ canary });
    const auto refused = go(QStringLiteral("refused"));
    QVERIFY2(refused.exitCode == 2, refused.text().constData());
    QVERIFY2(refused.text().contains("Access denied for user 'bank'"), refused.text().constData());
    QVERIFY2(!refused.text().contains(canary), "the log holds the password");
    QCOMPARE(watch.found(), QStringList());
    QCOMPARE(filesWithSecrets(m_folder.path(), { canary }, {}), QStringList());
    QCOMPARE(filesWithSecrets(m_lab->stateFolder(), { canary }, {}), QStringList());
}

void tst_sql_case::nothingIsLeftBehind()
{
    QCOMPARE(m_lab->leftovers(), QStringList());
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_GUILESS_MAIN(tst_sql_case)
#include "tst_sql_case.moc"
