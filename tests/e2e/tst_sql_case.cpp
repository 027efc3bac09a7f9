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
    void theClusterComesBackWhenAllAreKilled();
    void moneyThatIsMadeIsAnAnomaly();
    void nothingIsLeftBehind();

private:
    /// Runs a case of the sample, or of another repository.
    [[nodiscard]] ProgramOutcome run(const QString &name, const QString &bundle,
        const QStringList &set = {},
        const QString &repository = QStringLiteral(FAULTLINE_SOURCE_DIR "/resources/sample-repo"),
        const QByteArray &password = {}) const;
    /// What each server said to the-sum-stays at the end.
    [[nodiscard]] QStringList answers(const QString &bundle) const;
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

/// Its client makes money, and one of its probes has a wrong password.
const QByteArray lonelyCase = R"yaml(apiVersion: faultline/v1
kind: Case
metadata: {name: lonely-bank, owner: {team: storage}}
topology:
  compose: compose.yml
  roles: {galera: {service: galera}}
  ready: [{kind: sql, target: "galera:3306", user: bank, statement: SELECT 1, every: 200ms, timeout: 2s}]
  prepare:
    - {sql: "CREATE TABLE accounts (id INT PRIMARY KEY, balance INT NOT NULL)",
                 where : "galera:3306/bank", user : bank
}
    - {sql: "INSERT INTO accounts SELECT seq, 100 FROM seq_1_to_10", where: "galera:3306/bank", user: bank}
workload: {command: "node HELPERS/bank.js --services galera --port 3306 --user bank --database bank --make-money 7"}
probes:
  - {id: stranger, kind: sql, target: "galera:3306/bank", user: bank, password: "env:BANK_PASSWORD", statement: SELECT 1, every: 100ms}
phases: [{name: all, duration: 4s}]
timeout: 5m
checks:
  - id: the-sum-stays
    kind: sql.invariant
    with: {target: "galera:3306/bank", user: bank, statement: "SELECT SUM(balance) FROM accounts", expect: "1000"}
  - id: the-sum-stays-meanwhile
    kind: sql.invariant
    when: during
    with: {target: "galera:3306/bank", user: bank, statement: "SELECT SUM(balance) FROM accounts", expect: "1000", every: 500ms}
)yaml";

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

ProgramOutcome tst_sql_case::run(const QString &name, const QString &bundle, const QStringList &set,
    const QString &repository, const QByteArray &password) const
{
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(
        QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
    if (!password.isEmpty())
        environment.insert(QStringLiteral("BANK_PASSWORD"), QString::fromLatin1(password));
    QStringList arguments{ QStringLiteral("--workspace"), m_lab->workspaceFile(),
        QStringLiteral("run"), name, QStringLiteral("--bundle"), m_folder.filePath(bundle) };
    for (const QString &value : set)
        arguments += { QStringLiteral("--set"), value };
    return runProgram(
        ownProgram(QStringLiteral("faultlinectl")), arguments, environment, minutes(4), repository);
}

QStringList tst_sql_case::answers(const QString &bundle) const
{
    QStringList out;
    for (const QJsonObject &event : events(bundle, QStringLiteral("sql.answer"))) {
        if (event.value(QStringLiteral("check")).toString() == QLatin1StringView("the-sum-stays"))
            out += event.value(QStringLiteral("answer")).toString();
    }
    return out;
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
    const auto outcome = run(QStringLiteral("galera-bank-transfer"), bundle,
        { QStringLiteral("chaos=6s"), QStringLiteral("work=1s") });
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY2(outcome.text().contains("verdict: pass"), outcome.text().constData());
    // Work was done, the member was killed and is back, and every member was asked.
    const QRegularExpressionMatch transfers
        = QRegularExpression(QStringLiteral("(\\d+) transfers,"))
              .match(QString::fromUtf8(outcome.text()));
    QVERIFY2(transfers.captured(1).toInt() > 10, outcome.text().constData());
    QVERIFY2(outcome.text().contains("as the fault wanted"), outcome.text().constData());
    QCOMPARE(answers(bundle), QStringList(3, QStringLiteral("1000")));
    int meanwhile = 0;
    for (const QJsonObject &event : events(bundle, QStringLiteral("check")))
        meanwhile += event.value(QStringLiteral("answered")).toInt();
    QVERIFY2(meanwhile > 10,
        outcome.text().constData()); // it was asked while all this happened, too
    QVERIFY(
        bytesOf(m_folder.filePath(bundle + QStringLiteral("/series/survivor.csv"))).size() > 100);
    // While the victim was down, its probe told why in words.
    bool isTold = false;
    for (const QJsonObject &event : events(bundle, QStringLiteral("probe.second")))
        isTold = isTold || !event.value(QStringLiteral("why")).toString().isEmpty();
    QVERIFY(isTold);
}

void tst_sql_case::theClusterComesBackWhenAllAreKilled()
{
    const QString bundle = QStringLiteral("blackout");
    const auto outcome = run(QStringLiteral("galera-blackout"), bundle,
        { QStringLiteral("chaos=4s"), QStringLiteral("work=1s") });
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QCOMPARE(outcome.text().count("as the fault wanted"), 3);
    QCOMPARE(answers(bundle), QStringList(3, QStringLiteral("1000")));
}

/// The negative control. A wrong password is as secret as a right one, and what the server says
/// of it is told.
void tst_sql_case::moneyThatIsMadeIsAnAnomaly()
{
    const QByteArray canary = "canary-sql-password-3377";
    const QString repository = m_folder.filePath(QStringLiteral("repository"));
    QVERIFY(QDir().mkpath(repository));
    QVERIFY(save(repository + QStringLiteral("/suites.yaml"), "suites: {}\n"));
    QVERIFY(save(repository + QStringLiteral("/compose.yml"), lonelyCompose));
    QVERIFY(save(repository + QStringLiteral("/case.yaml"),
        QByteArray(lonelyCase)
            .replace("HELPERS", FAULTLINE_SOURCE_DIR "/resources/sample-repo/helpers")));
    const auto without
        = run(QStringLiteral("case.yaml"), QStringLiteral("without"), {}, repository);
    QVERIFY2(without.exitCode == 64, without.text().constData());
    QVERIFY2(without.err.contains("BANK_PASSWORD is not set"), without.text().constData());

    const QString bundle = QStringLiteral("dishonest");
    const SecretWatch watch({ canary });
    const auto outcome = run(QStringLiteral("case.yaml"), bundle, {}, repository, canary);
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY2(outcome.text().contains("made 7 out of nothing"), outcome.text().constData());
    QStringList found;
    for (const QJsonValue &value : findings(bundle).value(QStringLiteral("findings")).toArray()) {
        const QJsonObject finding = value.toObject();
        found += finding.value(QStringLiteral("check")).toString() + u' '
            + finding.value(QStringLiteral("kind")).toString() + u' '
            + finding.value(QStringLiteral("anomaly")).toString();
        QVERIFY2(finding.value(QStringLiteral("message"))
                     .toString()
                     .contains(QStringLiteral("answered \"1007\", not \"1000\". 0 of 1")),
            outcome.text().constData());
    }
    QCOMPARE(found,
        QStringList({ QStringLiteral("the-sum-stays-meanwhile anomaly consistency"),
            QStringLiteral("the-sum-stays anomaly consistency") }));

    QVERIFY2(outcome.text().contains("Access denied for user 'bank'"), outcome.text().constData());
    QVERIFY2(!outcome.text().contains(canary), "the log holds the password");
    QCOMPARE(watch.found(), QStringList());
    QCOMPARE(filesWithSecrets(m_folder.path(), { canary }, {}), QStringList());
    QCOMPARE(filesWithSecrets(m_lab->stateFolder(), { canary }, {}), QStringList());

    // The events alone say the same.
    const QString file = m_folder.filePath(bundle + QStringLiteral("/findings.json"));
    const QByteArray before = bytesOf(file);
    QVERIFY(QFile::remove(file));
    const auto rebuilt = m_lab->ctl(
        { QStringLiteral("bundle"), QStringLiteral("rebuild"), m_folder.filePath(bundle) });
    QVERIFY2(rebuilt.exitCode == 0, rebuilt.text().constData());
    QCOMPARE(bytesOf(file), before);
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
