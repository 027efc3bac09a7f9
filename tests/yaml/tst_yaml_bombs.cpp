// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/yaml/yaml_value.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <yaml-cpp/yaml.h>

using namespace faultline::yaml;

/// Row R15 of the robustness list: small texts that cost a careless reader everything.
class tst_yaml_bombs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBombCostsNoMemory_data();
    void aBombCostsNoMemory();
    void tagsOfLanguagesMakeNothing();
    void nothingElseIsRead();
    void aCarelessReaderExpandsTheLaughs();
};

namespace {

constexpr qint64 mostGrowthKiB = 32 * 1024;

std::string laughs()
{
    std::string out = "x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*x" + std::to_string(i - 1);
        out += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + last;
        for (int j = 0; j < 9; ++j)
            out += "," + last;
        out += "]\n";
    }
    return out;
}

std::string repeated(const std::string &text, int times)
{
    std::string out;
    out.reserve(text.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

/// A field of /proc/self/status in KiB.
qint64 status(const QByteArray &field)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(field + ':'))
            return line.mid(field.size() + 1).trimmed().split(' ').first().toLongLong();
    }
    return -1;
}

/// How far the process's memory grew at its highest, in KiB.
qint64 growthWhile(const std::function<void()> &work)
{
    QFile reset(QStringLiteral("/proc/self/clear_refs"));
    if (!reset.open(QIODevice::WriteOnly) || reset.write("5") != 1)
        return -1;
    reset.close();
    const qint64 before = status("VmRSS");
    work();
    return status("VmHWM") - before;
}

/// Counts as a reader does that walks what it was given, up to a bound.
void walk(const YAML::Node &node, std::int64_t &count, std::int64_t most)
{
    if (++count > most)
        return;
    if (node.IsSequence() || node.IsMap()) {
        for (const auto &child : node) {
            walk(node.IsMap() ? child.second : YAML::Node(child), count, most);
            if (count > most)
                return;
        }
    }
}

} // namespace

void tst_yaml_bombs::aBombCostsNoMemory_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a billion laughs") << QByteArray::fromStdString(laughs());
    QTest::newRow("one long text many times") << QByteArray(
        "a: &a " + QByteArray(500'000, 'x') + "\nb: [" + QByteArray("*a,").repeated(1'000) + "]\n");
    QTest::newRow("nested 100,000 deep") << QByteArray(100'000, '[');
    QTest::newRow("maps nested 100,000 deep") << QByteArray("{a: ").repeated(100'000);
    QTest::newRow("a million anchors")
        << QByteArray::fromStdString(repeated("- &a 1\n", 1'000'000));
    QTest::newRow("merges of merges") << QByteArray::fromStdString([] {
        std::string out = "m0: &m0 {a: 1}\n";
        for (int i = 1; i < 40; ++i) {
            const std::string last = "*m" + std::to_string(i - 1);
            out += "m" + std::to_string(i) + ": &m" + std::to_string(i) + " {k" + std::to_string(i)
                + ": {<<: [" + last + ", " + last + "]}, l" + std::to_string(i) + ": " + last
                + "}\n";
        }
        return out;
    }());
    QTest::newRow("an alias of itself") << QByteArray("a: &a\n  <<: *a\n");
    QTest::newRow("a comma for ever") << QByteArray(",");
}

void tst_yaml_bombs::aBombCostsNoMemory()
{
    QFETCH(const QByteArray, text);
    const std::string bytes = text.toStdString();
    bool isRead = true;
    std::string message;
    QElapsedTimer clock;
    clock.start();
    const qint64 growth = growthWhile([&] {
        const auto documents = readDocuments(bytes);
        isRead = documents.has_value();
        if (!isRead)
            message = documents.error().message;
    });
    qInfo("%lld ms, %lld KiB more, %s", clock.elapsed(), growth, message.c_str());
    QVERIFY(!isRead);
    QVERIFY(!message.empty());
    QVERIFY2(growth >= 0, "this kernel does not tell the highest use of memory");
#if !defined(__SANITIZE_ADDRESS__) // which keeps what was freed
    QVERIFY2(growth <= mostGrowthKiB, QByteArray::number(growth).constData());
#endif
}

void tst_yaml_bombs::tagsOfLanguagesMakeNothing()
{
    const auto documents = readDocuments(
        "a: !!python/object/apply:os.system ['touch /tmp/x']\nb: !ruby/object:Gem {c: 1}\n");
    if (!documents) {
        QVERIFY(!documents.error().message.empty());
        return;
    }
    QCOMPARE(documents->at(0).find("a")->items.at(0).scalar, std::string("touch /tmp/x"));
    QVERIFY(documents->at(0).find("b")->isMap());
}

/// Neither a tag nor a text that looks like a path or an address opens anything.
void tst_yaml_bombs::nothingElseIsRead()
{
    const QTemporaryDir folder;
    QFile secret(folder.filePath(QStringLiteral("secret")));
    QVERIFY(secret.open(QIODevice::WriteOnly) && secret.write("canary") == 6);
    secret.close();
    const std::string path = secret.fileName().toStdString();
    const auto documents = readDocuments(
        "a: !include " + path + "\nb: !!binary " + path + "\nc: file://" + path + "\n");
    if (!documents)
        return;
    for (const Entry &entry : documents->at(0).entries)
        QVERIFY(entry.value.scalar.find("canary") == std::string::npos);
}

void tst_yaml_bombs::aCarelessReaderExpandsTheLaughs()
{
    constexpr std::int64_t bound = 2'000'000;
    std::int64_t count = 0;
    walk(YAML::Load(laughs()), count, bound);
    QVERIFY(count > bound);
}

QTEST_GUILESS_MAIN(tst_yaml_bombs)
#include "tst_yaml_bombs.moc"
