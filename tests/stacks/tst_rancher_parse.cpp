// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_log.h"
#include "services/stacks/rancher/rancher_parse.h"
#include "services/stacks/rancher/rancher_paths.h"

#include <QCoreApplication>
#include <QFile>
#include <QTest>

using namespace faultline;
using namespace faultline::stacks::rancher;

namespace {

QByteArray recorded(const char *name)
{
    QFile file(QStringLiteral(FAULTLINE_TEST_SOURCE_DIR "/data/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString dump(const QMap<QString, QString> &map)
{
    QStringList out;
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        out.append(it.key() + QLatin1Char('=') + it.value());
    return out.join(QLatin1Char(','));
}

QString dump(const domain::Lifecycle &life)
{
    return QStringList{ life.state.text(),
        life.state.isUnknown() ? QStringLiteral("unknown") : QStringLiteral("known"),
        life.health.text(), life.transitioning.text(), life.transitioningMessage,
        life.created.toString(Qt::ISODateWithMs), life.actions.join(QLatin1Char(',')) }
        .join(QStringLiteral(" ; "));
}

QString dump(const domain::Stack &stack)
{
    QStringList services;
    for (const domain::ServiceId &id : stack.serviceIds)
        services.append(id.value());
    return QStringList{ stack.id.value(), stack.name, stack.description,
        stack.system ? QStringLiteral("system") : QStringLiteral("user"),
        services.join(QLatin1Char(',')), dump(stack.life) }
        .join(QStringLiteral(" | "));
}

QString dump(const domain::Service &service)
{
    return QStringList{ service.id.value(), service.stackId.value(), service.name, service.kind,
        service.image, QString::number(service.scale), QString::number(service.currentScale),
        dump(service.labels), dump(service.life) }
        .join(QStringLiteral(" | "));
}

QString dump(const domain::Container &container)
{
    QStringList ports;
    for (const domain::PortBinding &port : container.ports)
        ports.append(QStringLiteral("%1:%2>%3/%4")
                         .arg(port.hostAddress)
                         .arg(port.hostPort)
                         .arg(port.containerPort)
                         .arg(port.protocol));
    return QStringList{ container.id.value(), container.stackId.value(),
        container.serviceId.value(), container.hostId.value(), container.name, container.image,
        container.externalId, container.primaryAddress, ports.join(QLatin1Char(',')),
        dump(container.labels), QString::number(container.startCount), dump(container.life) }
        .join(QStringLiteral(" | "));
}

QString dump(const domain::Host &host)
{
    return QStringList{ host.id.value(), host.name, host.address, dump(host.labels),
        QString::number(host.cpuCount), QString::number(host.memoryTotalMiB),
        QString::number(host.memoryFreeMiB), dump(host.life) }
        .join(QStringLiteral(" | "));
}

template <typename T>
QString dumpAll(const domain::Result<Page<T>> &page)
{
    if (!page)
        return page.error().text();
    QString out;
    for (const T &item : page->items)
        out += dump(item) + QLatin1Char('\n');
    return out + QStringLiteral("next: ") + QString::fromUtf8(page->next) + QLatin1Char('\n');
}

/// Compares with a recorded dump; on failure the actual one is left beside the program for a diff.
bool isAsRecorded(const QString &actual, const char *name)
{
    if (actual == QString::fromUtf8(recorded(name)))
        return true;
    QFile file(QCoreApplication::applicationDirPath() + QStringLiteral("/actual-")
        + QString::fromLatin1(name));
    if (file.open(QIODevice::WriteOnly))
        file.write(actual.toUtf8());
    qWarning("differs from data/%s: see %s", name, qPrintable(file.fileName()));
    return false;
}

} // namespace

class TestRancherParse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordedAnswersBecomeValues()
    {
        const QString all = dumpAll(parseStacks(recorded("stacks.json"), {}))
            + dumpAll(parseServices(recorded("services.json"), {}))
            + dumpAll(parseContainers(recorded("containers.json"), {}))
            + dumpAll(parseHosts(recorded("hosts.json"), {}));
        QVERIFY(isAsRecorded(all, "all.txt"));
    }

    void aFrameIsReadWhereverItsTypeStands()
    {
        const auto event = parseEvent(recorded("event.json"));
        QVERIFY(event);
        const auto *container = std::get_if<domain::Container>(&*event);
        QVERIFY(container);
        QCOMPARE(container->life.state.known(), domain::State::Stopped);
        QCOMPARE(container->labels.value(QStringLiteral("faultline.run")), QStringLiteral("17"));
        QVERIFY(container->life.created.isValid());
    }

    void framesAreToldApart()
    {
        const auto kind = [](const QByteArray &frame) {
            const auto event = parseEvent(frame);
            return event ? static_cast<int>(event->index()) : -1;
        };
        QCOMPARE(kind("{\"name\":\"ping\"}"), 1);
        QCOMPARE(kind("{\"name\":\"logout\"}"), 2);
        const auto change = [](const QByteArray &type, const QByteArray &resource) {
            return "{\"name\":\"resource.change\",\"resourceType\":\"" + type
                + "\",\"data\":{\"resource\":" + resource + "}}";
        };
        QCOMPARE(kind(change("volume", R"({"id":"1v1"})")), 0);
        QCOMPARE(kind(change("stack", R"({"id":"1st1"})")), 3);
        QCOMPARE(kind(change("dnsService", R"({"id":"1s1"})")), 4);
        QCOMPARE(kind(change("container", R"({"id":"1i1"})")), 5);
        QCOMPARE(kind(change("host", R"({"id":"1h1"})")), 6);
        QCOMPARE(kind(change("container", "null")), 0);
        QCOMPARE(kind(change("container", "{}")), -1);
        QCOMPARE(kind("<html>"), -1);
        QCOMPARE(kind("{\"name\":"), -1);
    }

    void brokenPagesAreServerErrors()
    {
        for (const char *text :
            { "", "<html></html>", "[]", "{}", R"({"data":null})", R"({"data":[{"name":"x"}]})",
                R"({"data":[{"id":"1i1"})", "{\"data\":[{\"id\":\"\xff\"}]}" }) {
            const auto page = parseContainers(text, QStringLiteral("GET x"));
            QVERIFY2(!page, text);
            QCOMPARE(page.error().kind, domain::ErrorKind::Server);
        }
    }

    void aPageCutAnywhereNeverCrashes()
    {
        const QByteArray whole = recorded("containers.json").trimmed();
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY(!parseContainers(whole.left(length), {}));
    }

    void linksAreAnchoredToOurOrigin()
    {
        const QUrl origin(QStringLiteral("https://rancher.example.org/base"));
        const auto path = [&origin](const char *link) {
            return pathOfLink(QString::fromLatin1(link), origin)
                .value_or(QStringLiteral("refused"));
        };
        QCOMPARE(path("http://10.0.0.1:8080/v2-beta/projects/1a5/stacks/1st5/?action=remove"),
            QStringLiteral("/v2-beta/projects/1a5/stacks/1st5/?action=remove"));
        QCOMPARE(path("https://rancher.example.org/base/v2-beta/x"), QStringLiteral("/v2-beta/x"));
        QCOMPARE(path("ws://10.0.0.1/v1/logs/"), QStringLiteral("/v1/logs/"));
        QCOMPARE(path("https://evil.example.org/admin"), QStringLiteral("refused"));
        QCOMPARE(path("javascript:alert(1)"), QStringLiteral("refused"));
    }

    void logFramesAreSplitIntoChannelAndText()
    {
        using faultline::stacks::LogChannel;
        QCOMPARE(parseLogFrame("01 out\n").channel, LogChannel::Stdout);
        QCOMPARE(parseLogFrame("02 \xff\n").bytes, QByteArray("\xff\n"));
        QCOMPARE(parseLogFrame("00 tty").channel, LogChannel::Combined);
        QCOMPARE(parseLogFrame("no head").bytes, QByteArray("no head"));
        QVERIFY(parseLogFrame("").bytes.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRancherParse)
#include "tst_rancher_parse.moc"
