// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/yaml/yaml_value.h"

#include <QObject>
#include <QTest>

using namespace faultline::yaml;

namespace {

std::string bomb(int levels)
{
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < levels; ++level) {
        const std::string below = "*a" + std::to_string(level - 1);
        text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
        for (int i = 1; i < 10; ++i)
            text += ", " + below;
        text += "]\n";
    }
    return text;
}

} // namespace

class TestYamlValue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyValueKnowsItsPlace()
    {
        const auto documents = readDocuments("a:\n  b: 1\n  c: [x, 'on']\n");
        QVERIFY(documents.has_value());
        const Value *inner = documents->front().find("a");
        QVERIFY(inner != nullptr);
        QCOMPARE(inner->find("b")->place, (Place{ 2, 6 }));
        QCOMPARE(inner->entries.at(1).keyPlace, (Place{ 3, 3 }));
        QVERIFY(inner->find("c")->items.at(1).isQuoted);
        QVERIFY(!inner->find("c")->items.at(0).isQuoted);
    }

    void aMergedMapGivesWayToTheMapsOwnKeys()
    {
        const auto documents = readDocuments("x: &x {p: 1, q: 2}\ny:\n  <<: *x\n  q: 3\n");
        QVERIFY(documents.has_value());
        const Value *y = documents->front().find("y");
        QCOMPARE(y->find("p")->scalar, std::string("1"));
        QCOMPARE(y->find("q")->scalar, std::string("3"));
        QCOMPARE(y->entries.size(), std::size_t{ 2 });
    }

    void everyDocumentOfAFileIsRead()
    {
        const auto documents = readDocuments("a: 1\n---\nb: 2\n---\nc: ~\n");
        QVERIFY(documents.has_value());
        QCOMPARE(documents->size(), std::size_t{ 3 });
        QVERIFY(documents->at(2).find("c")->isNull());
    }

    void whatIsWrongIsNamedWithItsPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("a key twice") << QStringLiteral("a: 1\nb: 2\na: 3\n") << 3;
        QTest::newRow("a key that is a list") << QStringLiteral("a: 1\n? [x, y]\n: 2\n") << 2;
        QTest::newRow("an unknown alias") << QStringLiteral("a: 1\nb: *nowhere\n") << 2;
        QTest::newRow("a bracket that never closes") << QStringLiteral("a: 1\nb: [1, 2\n") << 3;
        QTest::newRow("a merge of a scalar") << QStringLiteral("a:\n  <<: text\n") << 2;
        QTest::newRow("an alias inside its own anchor") << QStringLiteral("a: &a\n  b: *a\n") << 2;
    }
    void whatIsWrongIsNamedWithItsPlace()
    {
        QFETCH(const QString, text);
        QFETCH(const int, line);
        const auto documents = readDocuments(text.toStdString());
        QVERIFY(!documents.has_value());
        QVERIFY(!documents.error().message.empty());
        QCOMPARE(documents.error().place.line, line);
    }

    void aBombEndsAtTheBoundAndASmallOneIsRead()
    {
        QVERIFY(!readDocuments(bomb(12)).has_value());
        QVERIFY(readDocuments(bomb(4)).has_value()); // the bound is what stopped the other one
    }

    void deepNestingEndsAtTheBound()
    {
        const std::string deep(200, '[');
        const auto documents = readDocuments(deep + std::string(200, ']'));
        QVERIFY(!documents.has_value());
        QCOMPARE(documents.error().message, std::string("values are nested too deeply"));
        QVERIFY(readDocuments(std::string(60, '[') + std::string(60, ']')).has_value());
    }
};

QTEST_GUILESS_MAIN(TestYamlValue)
#include "tst_yaml_value.moc"
