// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/compose_labels.h"

#include <yaml-cpp/yaml.h>

#include <QTest>

using namespace faultline;

namespace {

const QMap<QString, QString> labels{ { QStringLiteral("faultline.run"), QStringLiteral("17") } };

domain::Result<QString> labelled(const char *compose)
{
    return stacks::withLabels(
        QString::fromLatin1(compose), labels, QStringLiteral("docker-compose.yml"));
}

QString labelOf(const QString &text, const char *service)
{
    const YAML::Node root = YAML::Load(text.toStdString());
    const YAML::Node node
        = root["services"].IsDefined() ? root["services"][service] : root[service];
    return QString::fromStdString(node["labels"]["faultline.run"].as<std::string>(""));
}

} // namespace

class TestComposeLabels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void servicesOfBothVersionsGetTheLabel()
    {
        const auto second
            = labelled("version: '2'\nservices:\n  a: {image: x}\n  b:\n    image: y\n");
        QVERIFY(second);
        QCOMPARE(labelOf(*second, "a"), QStringLiteral("17"));
        QCOMPARE(labelOf(*second, "b"), QStringLiteral("17"));
        const auto first = labelled("a:\n  image: x\n");
        QVERIFY(first);
        QCOMPARE(labelOf(*first, "a"), QStringLiteral("17"));
    }

    void labelsInAListStayAList()
    {
        const auto out = labelled("a:\n  labels: [one=1, faultline.run=3]\n");
        QVERIFY(out);
        const YAML::Node list = YAML::Load(out->toStdString())["a"]["labels"];
        QCOMPARE(list.size(), std::size_t(2));
        QCOMPARE(list[1].Scalar(), std::string("faultline.run=17"));
    }

    void quotesStay()
    {
        const auto out
            = labelled("version: '2'\nservices:\n  a:\n    ports: [\"22:22\"]\n    tty: true\n");
        QVERIFY(out);
        QVERIFY2(out->contains(QStringLiteral("version: \"2\"")), qPrintable(*out));
        QVERIFY(out->contains(QStringLiteral("\"22:22\"")));
        QVERIFY(out->contains(QStringLiteral("tty: true")));
        QVERIFY2(out->contains(QStringLiteral("\"17\"")), qPrintable(*out));
    }

    void mergedLabelsAreKept()
    {
        const auto out = labelled("base: &b\n  labels: {x: y}\na:\n  <<: *b\n  image: i\n");
        QVERIFY(out);
        const YAML::Node own = YAML::Load(out->toStdString())["a"]["labels"];
        QCOMPARE(own["x"].as<std::string>(""), std::string("y"));
        QCOMPARE(own["faultline.run"].as<std::string>(""), std::string("17"));
    }

    void mistakesNameTheirPlace()
    {
        const auto bad = labelled("version: '2'\nservices:\n  a: text\n");
        QVERIFY(!bad);
        QCOMPARE(bad.error().where, QStringLiteral("docker-compose.yml:3:6"));
        QVERIFY(!labelled("version: '2'\n"));
        QVERIFY(!labelled("a: [\n"));
        QVERIFY(!labelled(""));
    }

    void aBillionLaughsEndInAnError()
    {
        QByteArray bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
        for (char name = 'b'; name < 'k'; ++name) {
            const QByteArray before(1, static_cast<char>(name - 1));
            bomb += QByteArray(1, name) + ": &" + QByteArray(1, name) + " [";
            for (int i = 0; i < 10; ++i)
                bomb += (i ? ",*" : "*") + before;
            bomb += "]\n";
        }
        QVERIFY(!labelled(("version: '2'\n" + bomb + "services: {s: {image: x}}\n").constData()));
    }
};

QTEST_GUILESS_MAIN(TestComposeLabels)
#include "tst_compose_labels.moc"
