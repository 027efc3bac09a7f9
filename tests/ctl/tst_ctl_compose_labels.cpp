// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/compose_labels.h"
#include "services/yaml/yaml_value.h"

#include <QTest>

using namespace faultline;

namespace {

const QMap<QString, QString> ours{ { QStringLiteral("faultline.stack"), QStringLiteral("kv") },
    { QStringLiteral("team"), QStringLiteral("$storage") } };

std::string labelOf(const QString &compose, const std::string &service, const std::string &label)
{
    const auto documents = yaml::readDocuments(compose.toStdString());
    if (!documents)
        return documents.error().message;
    const yaml::Value *services = documents->front().find("services");
    const yaml::Value *found = (services ? services : &documents->front())->find(service);
    const yaml::Value *labels = found ? found->find("labels") : nullptr;
    const yaml::Value *value = labels ? labels->find(label) : nullptr;
    return value ? value->scalar : "missing";
}

} // namespace

class tst_ctl_compose_labels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyServiceGetsThem_data();
    void everyServiceGetsThem();
    void theFilesOwnLabelsStay();
    void everythingElseKeepsItsMeaning();
    void mistakesNameTheirPlace_data();
    void mistakesNameTheirPlace();
};

void tst_ctl_compose_labels::everyServiceGetsThem_data()
{
    QTest::addColumn<QString>("compose");
    QTest::newRow("version 2") << QStringLiteral(
        "version: '2'\nservices:\n  a: {image: x}\n  b: {image: y}\n");
    QTest::newRow("version 1") << QStringLiteral("a: {image: x}\nb:\n  image: y\n");
    QTest::newRow("labels as a list")
        << QStringLiteral("services:\n  a: {image: x, labels: [one=1, two]}\n  b: {image: y}\n");
    QTest::newRow("shared by merge keys") << QStringLiteral(
        "version: '2'\nservices:\n  a: &m {image: x, labels: {o: '1'}}\n  b: {<<: *m, image: y}\n");
}

void tst_ctl_compose_labels::everyServiceGetsThem()
{
    QFETCH(QString, compose);
    const auto labelled = stacks::withLabels(compose, ours, QStringLiteral("f.yml"));
    QVERIFY2(labelled, labelled ? "" : qPrintable(labelled.error().text()));
    for (const char *service : { "a", "b" }) {
        QCOMPARE(labelOf(*labelled, service, "faultline.stack"), std::string("kv"));
        QCOMPARE(labelOf(*labelled, service, "team"), std::string("$$storage"));
    }
}

void tst_ctl_compose_labels::theFilesOwnLabelsStay()
{
    const auto labelled = stacks::withLabels(
        QStringLiteral(
            "services:\n  a: {image: x, labels: {team: own, faultline.stack: other, n: '7'}}\n"),
        ours, QStringLiteral("f.yml"));
    QVERIFY(labelled);
    QCOMPARE(labelOf(*labelled, "a", "team"), std::string("own"));
    QCOMPARE(labelOf(*labelled, "a", "n"), std::string("7"));
    QCOMPARE(labelOf(*labelled, "a", "faultline.stack"), std::string("kv"));
}

void tst_ctl_compose_labels::everythingElseKeepsItsMeaning()
{
    const QString compose = QStringLiteral("version: '2'\n"
                                           "services:\n"
                                           "  a:\n"
                                           "    image: x\n"
                                           "    command: >-\n"
                                           "      etcd --name a\n"
                                           "      --other ${PORT}\n"
                                           "    ports:\n"
                                           "      - \"2379\"\n"
                                           "      - 80:80\n"
                                           "    privileged: true\n"
                                           "    environment: {YES: 'yes', EMPTY: , NUMBER: 5}\n");
    const auto labelled = stacks::withLabels(compose, {}, QStringLiteral("f.yml"));
    QVERIFY(labelled);
    const auto documents = yaml::readDocuments(labelled->toStdString());
    QVERIFY(documents);
    QVERIFY(documents->front().find("version")->isQuoted);
    const yaml::Value *service = documents->front().find("services")->find("a");
    QCOMPARE(service->find("command")->scalar, std::string("etcd --name a --other ${PORT}"));
    QVERIFY(service->find("ports")->items[0].isQuoted);
    QVERIFY(!service->find("ports")->items[1].isQuoted);
    QVERIFY(!service->find("privileged")->isQuoted);
    QVERIFY(service->find("environment")->find("YES")->isQuoted);
    QVERIFY(service->find("environment")->find("EMPTY")->isNull());
    QVERIFY(!service->find("environment")->find("NUMBER")->isQuoted);
}

void tst_ctl_compose_labels::mistakesNameTheirPlace_data()
{
    QTest::addColumn<QString>("compose");
    QTest::addColumn<QString>("where");
    QTest::newRow("not a service")
        << QStringLiteral("services:\n  a: x\n") << QStringLiteral("f.yml:2:3");
    QTest::newRow("labels of text")
        << QStringLiteral("services:\n  a:\n    labels: x\n") << QStringLiteral("f.yml:3:13");
    QTest::newRow("no services") << QStringLiteral("version: '2'\n") << QStringLiteral("f.yml");
    QTest::newRow("twice") << QStringLiteral("services:\n  a: {image: x}\n  a: {image: y}\n")
                           << QStringLiteral("f.yml:3:3");
    QTest::newRow("a list") << QStringLiteral("- a\n") << QStringLiteral("f.yml");
}

void tst_ctl_compose_labels::mistakesNameTheirPlace()
{
    QFETCH(QString, compose);
    QFETCH(QString, where);
    const auto labelled = stacks::withLabels(compose, ours, QStringLiteral("f.yml"));
    QVERIFY(!labelled);
    QCOMPARE(labelled.error().kind, domain::ErrorKind::Invalid);
    QCOMPARE(labelled.error().where, where);
}

QTEST_GUILESS_MAIN(tst_ctl_compose_labels)
#include "tst_ctl_compose_labels.moc"
