// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/store/database.h"
#include "services/lab/store/random_text.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline::lab;

class DatabaseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsSurviveAndMigrationsRunOnce();
    void aFileOfANewerProgramIsRefused();
    void aFailedMigrationChangesNothing();
    void anUncommittedTransactionIsRolledBack();
    void randomTextsDiffer();

private:
    std::filesystem::path file(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    QTemporaryDir m_folder;
};

void DatabaseTest::rowsSurviveAndMigrationsRunOnce()
{
    const std::string table = "CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT)";
    {
        auto database = Database::open(file("a.db"), { table });
        QVERIFY(database);
        auto insert = database->prepare("INSERT INTO a (text) VALUES (?)");
        QVERIFY(insert);
        QVERIFY(insert->bind(1, std::string_view("x\0y", 3)).run());
        QVERIFY(insert->bind(1, "second").run());
        QCOMPARE(database->lastInsertId(), 2);
    }
    auto again
        = Database::open(file("a.db"), { table, "ALTER TABLE a ADD COLUMN more TEXT DEFAULT 'm'" });
    QVERIFY(again);
    auto select = again->prepare("SELECT text, more FROM a ORDER BY id");
    QVERIFY(select);
    QVERIFY(select->step().value_or(false));
    QCOMPARE(select->text(0), std::string("x\0y", 3));
    QCOMPARE(select->text(1), std::string("m"));
    QCOMPARE(QFileInfo(QString::fromStdString(file("a.db").string())).permissions()
            & (QFile::ReadOther | QFile::ReadGroup),
        QFile::Permissions());
}

void DatabaseTest::aFileOfANewerProgramIsRefused()
{
    QVERIFY(Database::open(file("b.db"), { "CREATE TABLE a (x)", "CREATE TABLE b (x)" }));
    const auto older = Database::open(file("b.db"), { "CREATE TABLE a (x)" });
    QVERIFY(!older);
    QVERIFY(older.error().find("newer") != std::string::npos);
}

void DatabaseTest::aFailedMigrationChangesNothing()
{
    QVERIFY(!Database::open(file("c.db"), { "CREATE TABLE a (x); CREATE TABLE a (x)" }));
    QVERIFY(Database::open(file("c.db"), { "CREATE TABLE a (x)" }));
}

void DatabaseTest::anUncommittedTransactionIsRolledBack()
{
    auto database = Database::open(file("d.db"), { "CREATE TABLE a (x)" });
    QVERIFY(database);
    {
        auto transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(database->run("INSERT INTO a VALUES (1)"));
    }
    auto count = database->prepare("SELECT count(*) FROM a");
    QVERIFY(count && count->step().value_or(false));
    QCOMPARE(count->integer(0), 0);
}

void DatabaseTest::randomTextsDiffer()
{
    QCOMPARE(randomHex(32).size(), std::size_t(64));
    QVERIFY(randomHex(32) != randomHex(32));
    QCOMPARE(randomUuid().size(), std::size_t(36));
    QCOMPARE(randomUuid()[14], '4');
}

QTEST_GUILESS_MAIN(DatabaseTest)
#include "tst_lab_database.moc"
