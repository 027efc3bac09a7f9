// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_reader.h"
#include "services/lab/rancher/compose_variables.h"

#include <QElapsedTimer>
#include <QTest>

using namespace faultline::lab;

namespace {

using Environment = std::map<std::string, std::string>;

std::string errorOf(const std::string &docker, const std::string &rancher = {})
{
    const auto read = readCompose(docker, rancher, {});
    return read ? std::string() : read.error().key + "|" + read.error().message;
}

bool mentions(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class ComposeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bothVersionsAreRead();
    void commandsSplitLikeAShell();
    void rancherComposeSetsScale();
    void variablesAreFilledIn_data();
    void variablesAreFilledIn();
    void valuesThatLookLikeMoreStayValues();
    void linksBecomeAliases();
    void unsupportedKeysAreNamed_data();
    void unsupportedKeysAreNamed();
    void bombsAreRefusedQuickly_data();
    void bombsAreRefusedQuickly();
    void emptyFilesHaveNoServices();
};

void ComposeTest::bothVersionsAreRead()
{
    const std::string one = "web:\n  image: a:1\n  ports: ['80:8080']\n  environment: [A=b, C]\n";
    const std::string two
        = "version: '2'\nservices:\n  web:\n    image: a:1\n    ports: ['80:8080']\n"
          "    environment: {A: b, C: }\n";
    for (const std::string &text : { one, two }) {
        const auto read = readCompose(text, {}, {});
        QVERIFY(read);
        QCOMPARE(read->size(), std::size_t(1));
        const ComposeService &web = read->front();
        QCOMPARE(web.name, std::string("web"));
        QCOMPARE(textOf(web.launchConfig, "imageUuid"), std::string("docker:a:1"));
        QCOMPARE(textsOf(web.launchConfig, "ports"), std::vector<std::string>{ "80:8080" });
        QCOMPARE(textOf(objectOf(web.launchConfig, "environment"), "A"), std::string("b"));
        QCOMPARE(web.scale, 1);
    }
}

void ComposeTest::commandsSplitLikeAShell()
{
    const auto read
        = readCompose("a:\n  image: i\n  command: sh -c 'echo \"a  b\"' x\\ y\n", {}, {});
    QVERIFY(read);
    const std::vector<std::string> words{ "sh", "-c", "echo \"a  b\"", "x y" };
    QCOMPARE(textsOf(read->front().launchConfig, "command"), words);
    QVERIFY(mentions(errorOf("a: {image: i, command: \"sh 'x\"}"), "quote"));
}

void ComposeTest::rancherComposeSetsScale()
{
    const auto read = readCompose("a: {image: i}\nb: {image: i}\n",
        "a:\n  scale: 3\n  start_on_create: false\n  metadata: {k: {n: v}}\n  health_check: {port: "
        "80, interval: 2000}\n",
        {});
    QVERIFY(read);
    QCOMPARE(read->front().scale, 3);
    QVERIFY(!read->front().startOnCreate);
    QCOMPARE(textOf(objectOf(read->front().metadata, "k"), "n"), std::string("v"));
    QCOMPARE(numberOf(objectOf(read->front().launchConfig, "healthCheck"), "port"), 80);
    QCOMPARE(read->back().scale, 1);
    QVERIFY(mentions(errorOf("a: {image: i}", "zz: {scale: 2}"), "services.zz"));
    QVERIFY(mentions(errorOf("a: {image: i}", "a: {scale: many}"), "services.a.scale"));
}

void ComposeTest::variablesAreFilledIn_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("filled"); // "!" = an error
    QTest::newRow("plain") << "x$A.y"
                           << "xv.y";
    QTest::newRow("braces") << "${A}b"
                            << "vb";
    QTest::newRow("dollars") << "$$A $$$$"
                             << "$A $$";
    QTest::newRow("unknown") << "[${NO}]"
                             << "[]";
    QTest::newRow("default") << "${NO:-d}${EMPTY:-e}${EMPTY-f}${NO-g}"
                             << "deg";
    QTest::newRow("lone") << "costs 5$"
                          << "!";
    QTest::newRow("open") << "${A"
                          << "!";
    QTest::newRow("digit") << "$1"
                           << "!";
    QTest::newRow("operator") << "${A?x}"
                              << "!";
}

void ComposeTest::variablesAreFilledIn()
{
    QFETCH(const QString, text);
    QFETCH(const QString, filled);
    const auto result
        = substituted(text.toStdString(), Environment{ { "A", "v" }, { "EMPTY", "" } });
    QCOMPARE(result ? QString::fromStdString(*result) : QStringLiteral("!"), filled);
}

void ComposeTest::valuesThatLookLikeMoreStayValues()
{
    const auto read = readCompose(
        "a: {image: i, environment: {X: $V, Y: yes, Z: 1.0}}", {}, { { "V", "}\n evil: {x" } });
    QVERIFY(read);
    QCOMPARE(read->size(), std::size_t(1));
    const Json &environment = objectOf(read->front().launchConfig, "environment");
    QCOMPARE(textOf(environment, "X"), std::string("}\n evil: {x"));
    QCOMPARE(textOf(environment, "Y"), std::string("yes"));
    QCOMPARE(textOf(environment, "Z"), std::string("1.0"));
}

void ComposeTest::linksBecomeAliases()
{
    const auto read
        = readCompose("web: {image: i, links: ['db:database']}\ndb: {image: i}\n", {}, {});
    QVERIFY(read);
    QCOMPARE(textsOf(read->back().launchConfig, "networkAliases"),
        std::vector<std::string>{ "database" });
    QVERIFY(mentions(errorOf("web: {image: i, links: [nobody]}"), "nobody"));
}

void ComposeTest::unsupportedKeysAreNamed_data()
{
    QTest::addColumn<QString>("docker");
    QTest::addColumn<QString>("key");
    QTest::newRow("build") << "web: {image: i, build: .}"
                           << "services.web.build";
    QTest::newRow("no image") << "web: {command: x}"
                              << "services.web.image";
    QTest::newRow("networks") << "version: '2'\nservices: {}\nnetworks: {x: {driver: y}}"
                              << "networks";
    QTest::newRow("version") << "version: '3'\nservices: {}"
                             << "version";
    QTest::newRow("relative volume") << "web: {image: i, volumes: ['./a:/b']}"
                                     << "services.web.volumes";
    QTest::newRow("sidekicks") << "web: {image: i, labels: {io.rancher.sidekicks: x}}"
                               << "services.web.labels";
    QTest::newRow("twice") << "web: {image: i}\nweb: {image: j}"
                           << "";
    QTest::newRow("not yaml") << "a: ["
                              << "";
    QTest::newRow("bad name") << "'a/b': {image: i}"
                              << "services.a/b";
    QTest::newRow("bad size") << "web: {image: i, mem_limit: lots}"
                              << "services.web.mem_limit";
}

void ComposeTest::unsupportedKeysAreNamed()
{
    QFETCH(const QString, docker);
    QFETCH(const QString, key);
    const auto read = readCompose(docker.toStdString(), {}, {});
    QVERIFY(!read);
    QCOMPARE(QString::fromStdString(read.error().key), key);
    QVERIFY(!read.error().message.empty());
}

void ComposeTest::bombsAreRefusedQuickly_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QByteArray laughs = "x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n";
    for (int i = 1; i < 12; ++i) {
        const QByteArray last = "*x" + QByteArray::number(i - 1);
        laughs += "x" + QByteArray::number(i) + ": &x" + QByteArray::number(i) + " [" + last;
        for (int j = 0; j < 9; ++j)
            laughs += "," + last;
        laughs += "]\n";
    }
    QTest::newRow("aliases") << laughs;
    QTest::newRow("depth") << "a: " + QByteArray(100'000, '[');
    QTest::newRow("size") << "a: " + QByteArray(2 << 20, 'x');
    QTest::newRow("text") << "a: &a " + QByteArray(500'000, 'x') + "\nb: ["
            + QByteArray("*a,").repeated(100) + "]\n";
    QTest::newRow("cycle") << QByteArray("a: &a\n  b: *a\n");
}

void ComposeTest::bombsAreRefusedQuickly()
{
    QFETCH(const QByteArray, yaml);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!readCompose(yaml.toStdString(), {}, {}));
    QVERIFY2(clock.elapsed() < 5000, QByteArray::number(clock.elapsed()).constData());
}

void ComposeTest::emptyFilesHaveNoServices()
{
    for (const char *text : { "", "version: '2'", "# nothing", "version: '2'\nservices:\n" }) {
        const auto read = readCompose(text, {}, {});
        QVERIFY(read);
        QVERIFY(read->empty());
    }
}

QTEST_GUILESS_MAIN(ComposeTest)
#include "tst_lab_compose.moc"
