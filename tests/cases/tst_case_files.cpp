// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/case_files.h"
#include "tests/cases/case_text.h"

#include <QDir>
#include <QFile>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::cases;
using namespace faultline::tests;

class TestCaseFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void foldersAreSearchedAndForeignOnesLeftOut()
    {
        write(QStringLiteral("tests/a/case.yaml"), "x");
        write(QStringLiteral("tests/b/case.yml"), "x");
        write(QStringLiteral("tests/b/compose.yaml"), "x");
        write(QStringLiteral("node_modules/c/case.yaml"), "x");
        write(QStringLiteral(".git/case.yaml"), "x");
        QVERIFY(QFile::link(path(QStringLiteral("tests")), path(QStringLiteral("tests/b/loop"))));
        const auto found
            = findCaseFiles({ path(QString()), path(QStringLiteral("tests/a/case.yaml")) });
        QVERIFY(found.has_value());
        QStringList names;
        for (const QString &file : *found)
            names += QDir(m_folder->path()).relativeFilePath(file);
        names.removeDuplicates();
        QCOMPARE(names,
            (QStringList{
                QStringLiteral("tests/a/case.yaml"), QStringLiteral("tests/b/case.yml") }));
    }

    void aPathThatDoesNotExistIsSaid()
    {
        const auto found = findCaseFiles({ path(QStringLiteral("nowhere")) });
        QVERIFY(!found);
        QCOMPARE(found.error().kind, domain::ErrorKind::NotFound);
        QVERIFY(found.error().message.contains(QStringLiteral("nowhere")));
    }

    void theScaleComesFromTheRepositorysComposeFile()
    {
        write(QStringLiteral("suites.yaml"), "suites: {}");
        write(QStringLiteral("compose/rancher-compose.yml"),
            "version: '2'\nservices: {etcd: {scale: 2}}");
        write(QStringLiteral("tests/a/case.yaml"),
            changedCase("service: etcd, scale: 3", "service: etcd"));
        const CheckedFile checked = check(QStringLiteral("tests/a/case.yaml"));
        QCOMPARE(checked.diagnostics.size(), std::size_t(1));
        QCOMPARE(checked.diagnostics.front().rule, std::string("target-unsatisfiable"));
    }

    void aComposePathOutOfTheRepositoryIsNotFollowed()
    {
        write(QStringLiteral("outside.yml"), "services: {etcd: {scale: 2}}");
        write(QStringLiteral("repo/suites.yaml"), "suites: {}");
        std::string text = changedCase("service: etcd, scale: 3", "service: etcd");
        const std::string name = "compose/rancher-compose.yml";
        text.replace(text.find(name), name.size(), "../outside.yml");
        write(QStringLiteral("repo/case.yaml"), text);
        QVERIFY(check(QStringLiteral("repo/case.yaml")).diagnostics.empty());
    }

    void aFileThatIsTooLargeOrNoneIsADiagnostic()
    {
        write(QStringLiteral("large/case.yaml"), std::string((4U << 20U) + 1, ' '));
        QCOMPARE(check(QStringLiteral("large/case.yaml")).diagnostics.front().rule,
            std::string("unreadable"));
        QCOMPARE(
            check(QStringLiteral("large")).diagnostics.front().rule, std::string("unreadable"));
    }

private:
    [[nodiscard]] QString path(const QString &relative) const
    {
        return m_folder->filePath(relative);
    }

    [[nodiscard]] CheckedFile check(const QString &relative) const
    {
        return checkFile(path(relative), {}, QDate(2026, 11, 23));
    }

    void write(const QString &relative, const std::string &text) const
    {
        const QString name = path(relative);
        QVERIFY(QDir().mkpath(QFileInfo(name).path()));
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text.data(), qint64(text.size())), qint64(text.size()));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestCaseFiles)
#include "tst_case_files.moc"
