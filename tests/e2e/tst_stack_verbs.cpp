// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/lab_process.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace faultline::tests;

namespace {

QStringList words(const char *line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

QJsonObject jsonOf(const ProgramOutcome &outcome)
{
    return QJsonDocument::fromJson(outcome.out).object();
}

} // namespace

/// upgrade, rollback, export, exec, shell and top, as people type them.
class tst_stack_verbs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void execGivesTheOutputAndTheExitCode();
    void execGivesItsInputToTheCommand();
    void execWithoutAShellSaysSo();
    void aShellTakesItsInputFromAPipe();
    void aShellOnATerminalKnowsItsSize();
    void topShowsWhatIsUsed();
    void exportedFilesStartTheSameStack();
    void aServiceIsUpgradedAndRolledBack();
    void aStackIsUpgradedAndFinished();
    void wrongUsesOfUpgradeAreNamed();
    void cleanupTestCase();

private:
    [[nodiscard]] QString compose(const QByteArray &text) const;
    [[nodiscard]] QByteArray dockerIds() const;

    std::unique_ptr<LabProcess> m_lab;
};

void tst_stack_verbs::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const auto started = m_lab->ctl({ QStringLiteral("up"), QStringLiteral("-f"),
        compose("version: '2'\nservices:\n  main:\n    image: faultline/busybox:1\n"
                "    command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; done\"]\n"),
        QStringLiteral("--name"), QStringLiteral("v"), QStringLiteral("--wait"),
        QStringLiteral("--timeout=60s") });
    QVERIFY2(started.exitCode == 0, started.text().constData());
}

void tst_stack_verbs::cleanupTestCase()
{
    m_lab.reset();
}

QString tst_stack_verbs::compose(const QByteArray &text) const
{
    QFile file(m_lab->stateFolder() + QStringLiteral("/verbs-compose.yml"));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    return file.fileName();
}

QByteArray tst_stack_verbs::dockerIds() const
{
    const QJsonArray containers = jsonOf(m_lab->ctl(words("inspect v/main --output json")))
                                      .value(QStringLiteral("containers"))
                                      .toArray();
    QByteArray out;
    for (const QJsonValue &one : containers) {
        if (one.toObject().value(QStringLiteral("state")) == QStringLiteral("running"))
            out += one.toObject().value(QStringLiteral("dockerId")).toString().toLatin1() + ' ';
    }
    return out;
}

void tst_stack_verbs::execGivesTheOutputAndTheExitCode()
{
    const auto good = m_lab->ctl({ QStringLiteral("exec"), QStringLiteral("v/main-1"),
        QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
        QStringLiteral("echo \"out $1\"; echo err >&2"), QStringLiteral("x"),
        QStringLiteral("a  b") });
    QVERIFY2(good.exitCode == 0, good.text().constData());
    QCOMPARE(good.out, QByteArray("out a  b\nerr\n"));
    const auto bad = m_lab->ctl({ QStringLiteral("exec"), QStringLiteral("v/main-1"),
        QStringLiteral("--output=json"), QStringLiteral("--"), QStringLiteral("sh"),
        QStringLiteral("-c"), QStringLiteral("printf 'no newline'; exit 42") });
    QVERIFY2(bad.exitCode == 42, bad.text().constData());
    QCOMPARE(jsonOf(bad).value(QStringLiteral("exitCode")).toInt(), 42);
    QCOMPARE(jsonOf(bad).value(QStringLiteral("output")).toString(), QStringLiteral("no newline"));
    const auto missing = m_lab->ctl(words("exec v/main-1 -- no-such-program"));
    QCOMPARE(missing.exitCode, 127);
    QVERIFY2(missing.out.contains("no-such-program"), missing.text().constData());
    const auto nobody = m_lab->ctl(words("exec v/nobody -- true"));
    QCOMPARE(nobody.exitCode, 14);
}

void tst_stack_verbs::execGivesItsInputToTheCommand()
{
    const auto fed = [&](const QByteArray &input, const QStringList &command) {
        QProcess program;
        program.start(ownProgram(QStringLiteral("faultlinectl")),
            QStringList{ QStringLiteral("--workspace"), m_lab->workspaceFile(),
                QStringLiteral("exec"), QStringLiteral("-i"), QStringLiteral("v/main-1"),
                QStringLiteral("--") }
                + command);
        program.write(input);
        program.closeWriteChannel();
        return program.waitForFinished(60'000)
            ? std::pair(program.exitCode(), program.readAllStandardOutput())
            : std::pair(-1, QByteArray("did not end"));
    };
    // More than the socket's and the pipe's buffers hold, and all of it comes back as it is read.
    QByteArray large;
    for (int line = 0; large.size() < (6 << 20); ++line)
        large += QByteArray::number(line) + " \xc3\xa4 and a null \0\n";
    const auto echoed = fed(large, words("cat"));
    QCOMPARE(echoed.first, 0);
    QVERIFY(echoed.second == large);
    const auto counted = fed(large,
        { QStringLiteral("sh"), QStringLiteral("-c"),
            QStringLiteral("sleep 1; busybox wc -c; exit 3") });
    QCOMPARE(counted.second.trimmed(), QByteArray::number(large.size()));
    QCOMPARE(counted.first, 3);
    QCOMPARE(fed("not read\n", words("true")).first, 0);
    QCOMPARE(fed({}, words("cat")), std::pair(0, QByteArray()));
}

void tst_stack_verbs::execWithoutAShellSaysSo()
{
    const auto gone = m_lab->ctl(words("exec v/main-1 -- mv /bin/sh /bin/hidden"));
    QVERIFY2(gone.exitCode == 0, gone.text().constData());
    const auto asked = m_lab->ctl(words("exec v/main-1 -- true"));
    QCOMPARE(asked.exitCode, 17);
    QVERIFY2(asked.err.contains("/bin/sh"), asked.text().constData());
    // Back again, through the engine: the client can't without a shell.
    const QString id = QString::fromLatin1(dockerIds().trimmed());
    const auto back = m_lab->docker({ QStringLiteral("exec"), id, QStringLiteral("busybox"),
        QStringLiteral("mv"), QStringLiteral("/bin/hidden"), QStringLiteral("/bin/sh") });
    QVERIFY2(back.exitCode == 0, back.text().constData());
}

void tst_stack_verbs::aShellTakesItsInputFromAPipe()
{
    QProcess shell;
    shell.start(ownProgram(QStringLiteral("faultlinectl")),
        { QStringLiteral("--workspace"), m_lab->workspaceFile(), QStringLiteral("shell"),
            QStringLiteral("v/main-1") });
    shell.write("echo sum-$((40+2))\nexit\n");
    shell.closeWriteChannel();
    QVERIFY(shell.waitForFinished(60'000));
    const QByteArray out = shell.readAllStandardOutput();
    QVERIFY2(out.contains("sum-42"), out.constData());
    QCOMPARE(shell.exitCode(), 0);
}

void tst_stack_verbs::aShellOnATerminalKnowsItsSize()
{
    // util-linux's script gives it a terminal, whose size the outer shell sets.
    const QString line
        = QStringLiteral("stty cols 97 rows 31; exec '%1' --workspace '%2' shell v/main-1")
              .arg(ownProgram(QStringLiteral("faultlinectl")), m_lab->workspaceFile());
    QProcess terminal;
    terminal.start(
        QStringLiteral("script"), { QStringLiteral("-qec"), line, QStringLiteral("/dev/null") });
    QVERIFY(terminal.waitForStarted());
    QByteArray out;
    const auto asksUntil = [&](const QByteArray &wanted) {
        terminal.write("busybox stty size\r");
        return QTest::qWaitFor(
            [&] {
                out += terminal.readAllStandardOutput();
                return out.contains(wanted);
            },
            2'000);
    };
    bool isSeen = false;
    for (int tries = 0; tries < 30 && !isSeen; ++tries)
        isSeen = asksUntil("31 97");
    QVERIFY2(isSeen, out.constData());
    terminal.write("\x03"
                   "exit\r"); // Ctrl-C is the container's, not ours
    QTRY_COMPARE_WITH_TIMEOUT(terminal.state(), QProcess::NotRunning, 30'000);
    QCOMPARE(terminal.exitCode(), 0);
}

void tst_stack_verbs::topShowsWhatIsUsed()
{
    const auto table = m_lab->ctl(words("top v"));
    QVERIFY2(table.exitCode == 0 && table.out.contains("v-main-1") && table.out.contains(" %"),
        table.text().constData());
    const auto json = jsonOf(m_lab->ctl(words("top v/main/main-1 --output json")));
    const QJsonObject usage = json.value(QStringLiteral("usage")).toArray().at(0).toObject();
    QVERIFY(usage.value(QStringLiteral("cpuPercent")).isDouble());
    QVERIFY(usage.value(QStringLiteral("memory")).toInteger() > 0);
    const auto hosts = m_lab->ctl(words("top --hosts --output json"));
    QCOMPARE(jsonOf(hosts).value(QStringLiteral("usage")).toArray().size(), 1);
}

void tst_stack_verbs::exportedFilesStartTheSameStack()
{
    const QString folder = m_lab->stateFolder() + QStringLiteral("/exported");
    const auto exported = m_lab->ctl(
        { QStringLiteral("export"), QStringLiteral("v"), QStringLiteral("--into"), folder });
    QVERIFY2(exported.exitCode == 0, exported.text().constData());
    const auto again = m_lab->ctl(
        { QStringLiteral("export"), QStringLiteral("v"), QStringLiteral("--into"), folder });
    QCOMPARE(again.exitCode, 19); // never over a file that is there
    const auto copy = m_lab->ctl({ QStringLiteral("up"), QStringLiteral("-f"),
        folder + QStringLiteral("/docker-compose.yml"), QStringLiteral("--rancher-file"),
        folder + QStringLiteral("/rancher-compose.yml"), QStringLiteral("--name"),
        QStringLiteral("v-copy"), QStringLiteral("--wait"), QStringLiteral("--timeout=60s") });
    QVERIFY2(copy.exitCode == 0, copy.text().constData());
    QCOMPARE(m_lab->ctl(words("rm v-copy --wait")).exitCode, 0);
    QVERIFY(m_lab->ctl(words("export v")).out.contains("faultline/busybox:1"));
}

void tst_stack_verbs::aServiceIsUpgradedAndRolledBack()
{
    const QByteArray before = dockerIds();
    const auto upgraded
        = m_lab->ctl(words("upgrade v/main --same --start-first --interval 1s --wait"));
    QVERIFY2(upgraded.exitCode == 0, upgraded.text().constData());
    QVERIFY(dockerIds() != before);
    const auto back = m_lab->ctl(words("rollback v/main --wait"));
    QVERIFY2(back.exitCode == 0, back.text().constData());
    QCOMPARE(dockerIds(), before);
    QCOMPARE(m_lab->ctl(words("rollback v/main")).exitCode, 15);

    const auto missing
        = m_lab->ctl(words("upgrade v/main --image faultline/no-such:9 --wait --timeout 60s"));
    QCOMPARE(missing.exitCode, 17);
    QVERIFY2(missing.err.contains("no-such"), missing.text().constData());
    const auto canceled = m_lab->ctl(words("upgrade v/main --cancel"));
    QVERIFY2(canceled.exitCode == 0, canceled.text().constData());
    QCOMPARE(m_lab->ctl(words("upgrade v/main --cancel")).exitCode, 15); // none is under way
    QCOMPARE(m_lab->ctl(words("rollback v/main --wait")).exitCode, 0);
    QCOMPARE(dockerIds(), before);
}

void tst_stack_verbs::aStackIsUpgradedAndFinished()
{
    const QByteArray before = dockerIds();
    const QString file
        = compose("version: '2'\nservices:\n  main:\n    image: faultline/busybox:1\n    "
                  "environment: {SHAPE: \"${SHAPE}\"}\n"
                  "    command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; done\"]\n");
    const auto upgraded
        = m_lab->ctl({ QStringLiteral("upgrade"), QStringLiteral("v"), QStringLiteral("-f"), file,
            QStringLiteral("--env=SHAPE=round"), QStringLiteral("--wait") });
    QVERIFY2(upgraded.exitCode == 0, upgraded.text().constData());
    QVERIFY(dockerIds() != before);
    const auto finished = m_lab->ctl(words("upgrade v --finish --output json"));
    QVERIFY2(finished.exitCode == 0, finished.text().constData());
    QCOMPARE(jsonOf(finished).value(QStringLiteral("state")).toString(), QStringLiteral("active"));
    const auto shape
        = m_lab->ctl({ QStringLiteral("exec"), QStringLiteral("v/main-1"), QStringLiteral("--"),
            QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo $SHAPE") });
    QCOMPARE(shape.out, QByteArray("round\n"));
    QCOMPARE(m_lab->ctl(words("rollback v")).exitCode, 15);
}

void tst_stack_verbs::wrongUsesOfUpgradeAreNamed()
{
    QCOMPARE(m_lab->ctl(words("upgrade v")).exitCode, 64);
    QCOMPARE(m_lab->ctl(words("upgrade v --image x")).exitCode, 64);
    QCOMPARE(m_lab->ctl(words("upgrade v/main")).exitCode, 64);
    QCOMPARE(m_lab->ctl(words("upgrade v/main/main-1 --same")).exitCode, 64);
    QCOMPARE(m_lab->ctl(words("upgrade v --finish")).exitCode, 15);
    QCOMPARE(m_lab->ctl(words("upgrade v --finish --cancel")).exitCode, 64);
}

QTEST_GUILESS_MAIN(tst_stack_verbs)
#include "tst_stack_verbs.moc"
