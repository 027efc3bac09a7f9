// SPDX-License-Identifier: GPL-3.0-or-later
// Packaged GitLab clients do against the lab what they do against GitLab.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>

#include "lab_fixture.h"

using namespace faultline::lab;

class TestThirdPartyClients : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pythonGitlabFindsAllItAsksFor();
    void gitbeakerFindsAllItAsksFor();

private:
    QStringList arguments(const QString &script) const;

    LabFixture m_lab;
};

namespace {

struct Outcome
{
    int code = -1;
    QByteArray output;
};

Outcome run(const QString &program, const QStringList &arguments, const QString &folder = {})
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(program, arguments);
    if (!process.waitForStarted())
        return { -1, process.errorString().toUtf8() };
    process.closeWriteChannel();
    if (!process.waitForFinished(120'000)) {
        process.kill();
        process.waitForFinished();
        return { -1, process.readAll() + "\ntook longer than two minutes" };
    }
    return { process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
        process.readAll() };
}

// The packages of package-lock.json, with their integrity checked by npm; empty: they can't be had.
QString installedModules()
{
    const QString folder = QStringLiteral(FAULTLINE_THIRDPARTY_DIR);
    QDir().mkpath(folder);
    for (const QString &name :
        { QStringLiteral("package.json"), QStringLiteral("package-lock.json") }) {
        const QString target = folder + QLatin1Char('/') + name;
        const QString source = QStringLiteral(FAULTLINE_TEST_SOURCE_DIR "/") + name;
        QFile::remove(target);
        if (!QFile::copy(source, target))
            return {};
    }
    const Outcome installed = run(QStringLiteral("npm"),
        { QStringLiteral("ci"), QStringLiteral("--ignore-scripts"), QStringLiteral("--no-audit"),
            QStringLiteral("--no-fund") },
        folder);
    if (installed.code != 0)
        qWarning("%s", installed.output.constData());
    return installed.code == 0 ? folder : QString();
}

} // namespace

QStringList TestThirdPartyClients::arguments(const QString &script) const
{
    return { script, QString::fromStdString(m_lab.url()), QStringLiteral("glpat-test"),
        QStringLiteral("glptt-test") };
}

void TestThirdPartyClients::initTestCase()
{
    m_lab.start();
    QVERIFY(m_lab.push(R"(
stages: [build, test]
make:
  stage: build
  script: [mkdir -p out, echo made > out/file.txt]
  artifacts: {paths: [out/]}
soak:
  stage: test
  script: [echo "soaking $BOARD"]
  parallel: {matrix: [{BOARD: [a, b]}]}
hand: {stage: test, script: [echo by hand], when: manual}
)"));
    QTRY_COMPARE_WITH_TIMEOUT(m_lab.pipelineStatus(1), std::string("success"), 60'000);
}

void TestThirdPartyClients::pythonGitlabFindsAllItAsksFor()
{
    // Debian's own interpreter: another one does not see Debian's packages.
    const QString python = QStringLiteral("/usr/bin/python3");
    if (run(python, { QStringLiteral("-c"), QStringLiteral("import gitlab") }).code != 0)
        QSKIP("python3-gitlab is not installed: scripts/dependencies installs it");
    const Outcome outcome
        = run(python, arguments(QStringLiteral(FAULTLINE_TEST_SOURCE_DIR "/python_gitlab.py")));
    QVERIFY2(outcome.code == 0, outcome.output.constData());
    QVERIFY(outcome.output.contains("all is as python-gitlab expects it"));
}

void TestThirdPartyClients::gitbeakerFindsAllItAsksFor()
{
    const QString modules = installedModules();
    if (modules.isEmpty())
        QSKIP("@gitbeaker/rest can't be installed: npm does not reach its registry");
    const QString script = modules + QStringLiteral("/gitbeaker.mjs"); // beside node_modules
    QFile::remove(script);
    QVERIFY(QFile::copy(QStringLiteral(FAULTLINE_TEST_SOURCE_DIR "/gitbeaker.mjs"), script));
    const Outcome outcome = run(QStringLiteral("node"), arguments(script));
    QVERIFY2(outcome.code == 0, outcome.output.constData());
    QVERIFY(outcome.output.contains("all is as gitbeaker expects it"));
}

QTEST_GUILESS_MAIN(TestThirdPartyClients)
#include "tst_thirdparty_clients.moc"
