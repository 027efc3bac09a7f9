// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/sample_push.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using console::SamplePush;

namespace {

constexpr int limit = 60'000;

QByteArray git(const QString &repository, const QStringList &arguments)
{
    QProcess process;
    process.start(
        QStringLiteral("git"), QStringList{ QStringLiteral("--git-dir"), repository } + arguments);
    process.waitForFinished(limit);
    return process.readAllStandardOutput().trimmed();
}

} // namespace

class TestSamplePush : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void anEmptyLabGetsTheSampleCases();
    void aLabWithABranchIsLeftAlone();
    void aFolderWithoutALabIsAClearFailure();

private:
    void push(bool expected);
    [[nodiscard]] QString repository() const
    {
        return m_state->filePath(QStringLiteral("repositories/faultline/sample.git"));
    }

    std::unique_ptr<QTemporaryDir> m_state;
    QProcess m_lab;
};

void TestSamplePush::init()
{
    m_state = std::make_unique<QTemporaryDir>();
    m_lab.start(QStringLiteral(FAULTLINE_BIN_DIR "/faultline-lab"),
        { QStringLiteral("serve"), QStringLiteral("--state"), m_state->path(),
            QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0") });
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_state->filePath(QStringLiteral("lab.json"))), limit);
}

void TestSamplePush::cleanup()
{
    m_lab.terminate();
    if (!m_lab.waitForFinished(20'000))
        m_lab.kill();
    m_lab.waitForFinished(5'000);
}

void TestSamplePush::push(bool expected)
{
    SamplePush push(m_state->path());
    QSignalSpy finished(&push, &SamplePush::finished);
    QSignalSpy failed(&push, &SamplePush::failed);
    push.start();
    QTRY_VERIFY_WITH_TIMEOUT(finished.count() + failed.count() == 1, limit);
    if (!failed.isEmpty())
        qWarning("%s", qPrintable(failed.first().first().value<domain::Error>().text()));
    QCOMPARE(finished.count(), 1);
    QCOMPARE(finished.first().first().toBool(), expected);
}

void TestSamplePush::anEmptyLabGetsTheSampleCases()
{
    push(true);
    const QByteArray files = git(
        repository(), { QStringLiteral("ls-tree"), QStringLiteral("-r"), QStringLiteral("main") });
    for (const char *name : { ".gitlab-ci.yml", "suites.yaml", "compose/docker-compose.yml" })
        QVERIFY2(files.contains(QByteArray("\t") + name), files.constData());
    for (const QByteArray &line : files.split('\n')) {
        if (line.endsWith("helpers/run-case"))
            QVERIFY2(line.startsWith("100755"), line.constData()); // jobs run it
    }
}

void TestSamplePush::aLabWithABranchIsLeftAlone()
{
    push(true);
    const QByteArray before = git(repository(),
        { QStringLiteral("for-each-ref"), QStringLiteral("--format=%(objectname) %(refname)") });
    push(false);
    QCOMPARE(git(repository(),
                 { QStringLiteral("for-each-ref"),
                     QStringLiteral("--format=%(objectname) %(refname)") }),
        before);
}

void TestSamplePush::aFolderWithoutALabIsAClearFailure()
{
    const QTemporaryDir empty;
    SamplePush push(empty.path());
    QSignalSpy failed(&push, &SamplePush::failed);
    push.start();
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, limit);
    const auto error = failed.first().first().value<domain::Error>();
    QVERIFY2(error.message.contains(QStringLiteral("lab.json")), qPrintable(error.message));
}

QTEST_GUILESS_MAIN(TestSamplePush)
#include "tst_sample_push.moc"
