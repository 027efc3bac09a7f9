// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/server_url.h"
#include "services/settings/workspace.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::settings;

namespace {

const QByteArray goodFile = R"(apiVersion: faultline/v1
kind: Workspace
name: lab
colour: "#1f6feb"
gitlab:
  url: http://127.0.0.1:7480/
  project: faultline/sample
  token: file:secrets/gitlab-token
  triggerToken: env:TRIGGER
rancher:
  url: http://127.0.0.1:7480/v2-beta/projects/1a5
  accessKey: env:KEY
  secretKey: keychain:lab/secret
  caFile: ca.pem
)";

void writeFile(const QString &path, const QByteArray &content, QFile::Permissions permissions)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QVERIFY(file.setPermissions(permissions));
}

constexpr QFile::Permissions ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

} // namespace

class TestWorkspace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFingerprintIsReadForItsServerAndFromTheFileOnly()
    {
        const QByteArray print = QByteArray("ab:").repeated(31) + "CD";
        const auto with = [](const QByteArray &scheme, const QByteArray &value) {
            return parseWorkspace("apiVersion: faultline/v1\nkind: Workspace\nname: x\n"
                                  "gitlab: {url: \""
                    + scheme + "://h\", project: p, token: env:T, trustedFingerprint: \"" + value
                    + "\"}\nrancher: {url: \"https://r\"}\n",
                QStringLiteral("w.yaml"));
        };
        const auto good = with("https", print);
        QVERIFY2(good, qPrintable(good ? QString() : good.error().text()));
        QCOMPARE(good->gitlab->trustedFingerprint, QString::fromLatin1(print));
        QVERIFY(good->rancher->trustedFingerprint.isEmpty());
        for (const QByteArray &bad :
            { QByteArray("*"), print.left(30), print + ":00", QByteArray("any") })
            QVERIFY2(!with("https", bad), bad.constData());
        QVERIFY(!with("http", print));

        for (const char *name : { "FAULTLINE_GITLAB_TRUSTED_FINGERPRINT",
                 "FAULTLINE_RANCHER_TRUSTED_FINGERPRINT", "FAULTLINE_TRUSTED_FINGERPRINT" })
            qputenv(name, print);
        qputenv("FAULTLINE_GITLAB_URL", "https://h");
        qputenv("FAULTLINE_RANCHER_URL", "https://r");
        const Workspace fromEnvironment = workspaceFromEnvironment();
        for (const char *name :
            { "FAULTLINE_GITLAB_TRUSTED_FINGERPRINT", "FAULTLINE_RANCHER_TRUSTED_FINGERPRINT",
                "FAULTLINE_TRUSTED_FINGERPRINT", "FAULTLINE_GITLAB_URL", "FAULTLINE_RANCHER_URL" })
            qunsetenv(name);
        QVERIFY(fromEnvironment.gitlab && fromEnvironment.rancher);
        QVERIFY(fromEnvironment.gitlab->trustedFingerprint.isEmpty());
        QVERIFY(fromEnvironment.rancher->trustedFingerprint.isEmpty());
    }

    void everyKeyIsRead()
    {
        const auto workspace = parseWorkspace(goodFile, QStringLiteral("w.yaml"));
        QVERIFY2(workspace, qPrintable(workspace ? QString() : workspace.error().text()));
        QCOMPARE(workspace->name, QStringLiteral("lab"));
        QCOMPARE(workspace->colour, QStringLiteral("#1f6feb"));
        QCOMPARE(workspace->gitlab->url, QUrl(QStringLiteral("http://127.0.0.1:7480")));
        QCOMPARE(workspace->gitlab->project, QStringLiteral("faultline/sample"));
        QCOMPARE(workspace->gitlab->token.text, QStringLiteral("file:secrets/gitlab-token"));
        QCOMPARE(workspace->rancher->url, QUrl(QStringLiteral("http://127.0.0.1:7480")));
        QCOMPARE(workspace->rancher->project, QStringLiteral("1a5"));
    }

    void mistakesNameTheirPlaceAndTheNearestKey_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("words");
        const QByteArray head = "apiVersion: faultline/v1\nkind: Workspace\nname: a\n";
        const auto row = [](const char *name, const QByteArray &yaml, const char *where,
                             const char *words) {
            QTest::newRow(name) << yaml << QString::fromLatin1(where) << QString::fromLatin1(words);
        };
        row("misspelt key", head + "gitlab:\n  url: http://h\n  projct: a/b\n  token: env:T\n",
            "w.yaml:6:3", "`project`");
        row("misspelt section", head + "racher:\n  url: http://h\n", "w.yaml:4:1", "`rancher`");
        row("twice", head + "gitlab: {url: http://h, project: a, token: env:A, token: env:B}\n",
            "w.yaml:4:51", "twice");
        row("no project", head + "gitlab:\n  url: http://h\n  token: env:T\n", "w.yaml:5:3",
            "`project`");
        row("bad url", head + "gitlab:\n  url: host\n  project: a\n  token: env:T\n", "w.yaml:5:8",
            "http://");
        row("url with a password", head + "rancher:\n  url: http://u:p@h\n", "w.yaml:5:8",
            "password");
        row("secret inside", head + "gitlab: {url: http://h, project: a, token: glpat-abc}\n",
            "w.yaml:4:44", "env:NAME");
        row("wrong kind", "apiVersion: faultline/v1\nkind: Case\nname: a\n", "w.yaml:2:7",
            "Workspace");
        row("no server", head, "w.yaml:1:1", "`gitlab`");
        row("not yaml", head + "gitlab: [", "w.yaml:4:1", "YAML");
        row("a list", "- a\n", "w.yaml:1:1", "key: value");
        row("one key of two", head + "rancher: {url: http://h, accessKey: env:A}\n", "w.yaml:4:10",
            "both");
        row("colour", head + "colour: blue\nrancher: {url: http://h}\n", "w.yaml:4:9", "colour");
    }

    void mistakesNameTheirPlaceAndTheNearestKey()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, where);
        QFETCH(QString, words);
        const auto workspace = parseWorkspace(yaml, QStringLiteral("w.yaml"));
        QVERIFY(!workspace);
        QCOMPARE(workspace.error().kind, domain::ErrorKind::Invalid);
        QVERIFY2(workspace.error().message.contains(words), qPrintable(workspace.error().text()));
        QCOMPARE(workspace.error().where, where);
        QVERIFY(!workspace.error().text().contains(QStringLiteral("glpat")));
    }

    void aHostileFileEndsInAnError()
    {
        QByteArray deep = "name: ";
        deep += QByteArray(20'000, '[');
        QVERIFY(!parseWorkspace(deep, QStringLiteral("w")));
        QVERIFY(!parseWorkspace(QByteArray(300'000, 'a'), QStringLiteral("w")));
        QVERIFY(!parseWorkspace(QByteArray("\0\xff\xfe", 3), QStringLiteral("w")));
        QVERIFY(!parseWorkspace({}, QStringLiteral("w")));
    }

    void aMissingFileIsNotFound()
    {
        const auto workspace = readWorkspace(QStringLiteral("/nonexistent/w.yaml"));
        QVERIFY(!workspace);
        QCOMPARE(workspace.error().kind, domain::ErrorKind::NotFound);
    }

    void secretsAreFoundBesideTheFileAndInTheEnvironment()
    {
        QTemporaryDir folder;
        Workspace workspace;
        workspace.file = folder.filePath(QStringLiteral("w.yaml"));
        workspace.gitlab.emplace();
        workspace.gitlab->token.text = QStringLiteral("file:token");
        workspace.gitlab->triggerToken.text = QStringLiteral("env:FAULTLINE_TEST_TRIGGER");
        writeFile(folder.filePath(QStringLiteral("token")), "glpat-1\n", ownerOnly);
        qputenv("FAULTLINE_TEST_TRIGGER", "glptt-2");
        const auto secrets = resolveSecrets(workspace);
        qunsetenv("FAULTLINE_TEST_TRIGGER");
        QVERIFY2(secrets, qPrintable(secrets ? QString() : secrets.error().text()));
        QCOMPARE(secrets->gitlabToken, QByteArray("glpat-1"));
        QCOMPARE(secrets->triggerToken, QByteArray("glptt-2"));
    }

    void aSecretThatOthersMayReadIsRefused()
    {
        QTemporaryDir folder;
        Workspace workspace;
        workspace.gitlab.emplace();
        workspace.gitlab->token.text
            = QStringLiteral("file:") + folder.filePath(QStringLiteral("token"));
        writeFile(
            folder.filePath(QStringLiteral("token")), "glpat-1\n", ownerOnly | QFile::ReadGroup);
        const auto secrets = resolveSecrets(workspace);
        QVERIFY(!secrets);
        QVERIFY(secrets.error().message.contains(QStringLiteral("chmod 600")));
        QVERIFY(!secrets.error().text().contains(QStringLiteral("glpat")));
    }

    void aSecretWithALineEndInsideIsRefused()
    {
        Workspace workspace;
        workspace.gitlab.emplace();
        workspace.gitlab->token.text = QStringLiteral("env:FAULTLINE_TEST_TOKEN");
        qputenv("FAULTLINE_TEST_TOKEN", "a\r\nX-Evil: 1");
        const auto secrets = resolveSecrets(workspace);
        qunsetenv("FAULTLINE_TEST_TOKEN");
        QVERIFY(!secrets);
        QCOMPARE(secrets.error().kind, domain::ErrorKind::Invalid);
    }

    void aCiJobsEnvironmentIsAWorkspace()
    {
        qputenv("CI_SERVER_URL", "http://127.0.0.1:1");
        qputenv("CI_PROJECT_PATH", "a/b");
        qputenv("RANCHER_URL", "http://127.0.0.1:1/v2-beta");
        qputenv("RANCHER_ACCESS_KEY", "key");
        qputenv("RANCHER_SECRET_KEY", "secret");
        qputenv("RANCHER_ENVIRONMENT", "1a5");
        const Workspace workspace = workspaceFromEnvironment();
        const auto secrets = resolveSecrets(workspace);
        for (const char *name : { "CI_SERVER_URL", "CI_PROJECT_PATH", "RANCHER_URL",
                 "RANCHER_ACCESS_KEY", "RANCHER_SECRET_KEY", "RANCHER_ENVIRONMENT" })
            qunsetenv(name);
        QCOMPARE(workspace.gitlab->project, QStringLiteral("a/b"));
        QCOMPARE(workspace.rancher->url, QUrl(QStringLiteral("http://127.0.0.1:1")));
        QCOMPARE(workspace.rancher->project, QStringLiteral("1a5"));
        QVERIFY(secrets);
        QCOMPARE(secrets->rancherSecretKey, QByteArray("secret"));
    }

    void anAddressLosesWhatToolsAppend()
    {
        QCOMPARE(serverAddress(QStringLiteral("https://git.example.org/sub/api/v4/")).origin,
            QUrl(QStringLiteral("https://git.example.org/sub")));
        QCOMPARE(
            serverAddress(QStringLiteral("http://r:8080/v1/projects/1a7/schemas")).rancherProject,
            QStringLiteral("1a7"));
        QVERIFY(!serverAddress(QStringLiteral("ftp://r")).origin.isValid());
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
