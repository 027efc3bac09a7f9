// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/metrics_page.h"
#include "services/runs/record/event_lines.h"
#include "services/runs/workload_signs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::runs;
using namespace std::chrono_literals;

/// What a workload tells of itself, with times that the test sets.
class tst_workload_signs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void silenceLongerThanTheHeartbeatIsToldOnce();
    void aStepOfTheProgressIsASign();
    void progressTellsTheTimeLeft();
    void whatIsNoProgressIsPassedOver_data();
    void whatIsNoProgressIsPassedOver();
    void namedGroupsBecomeACurve();
    void aGroupWithoutANameIsCalledValue();
    void whatIsNoNumberIsPassedOver();
    void aPagesNumbersAreRead();

private:
    [[nodiscard]] std::unique_ptr<WorkloadSigns> signs();
    void writeProgress(const QByteArray &text) const;
    [[nodiscard]] std::vector<Json> eventsOf(const std::string &type) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<EventLog> m_events;
    cases::Workload m_workload;
    WorkloadSigns::Clock::time_point m_start;
};

void tst_workload_signs::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_events = std::make_unique<EventLog>("run", EventLog::Live());
    QVERIFY(!m_events->open(m_folder->filePath(QStringLiteral("events.jsonl")).toStdString()));
    m_workload = {};
    m_start = WorkloadSigns::Clock::now();
}

std::unique_ptr<WorkloadSigns> tst_workload_signs::signs()
{
    auto out = std::make_unique<WorkloadSigns>(
        m_workload, m_folder->filePath(QStringLiteral("progress")), *m_events);
    out->begin(m_start);
    return out;
}

void tst_workload_signs::writeProgress(const QByteArray &text) const
{
    QFile file(m_folder->filePath(QStringLiteral("progress")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

std::vector<Json> tst_workload_signs::eventsOf(const std::string &type) const
{
    std::vector<Json> out;
    const auto lines
        = readEventLines(m_folder->filePath(QStringLiteral("events.jsonl")).toStdString());
    for (const Json &event : lines.rows) {
        if (event.value("type", std::string()) == type)
            out.push_back(event);
    }
    return out;
}

void tst_workload_signs::silenceLongerThanTheHeartbeatIsToldOnce()
{
    m_workload.heartbeat = 5s;
    const auto told = signs();
    QVERIFY(!told->look(m_start + 5s));
    const auto silence = told->look(m_start + 5100ms);
    QVERIFY(silence.has_value());
    QCOMPARE(silence->kind, Finding::Kind::GaveUp);
    QVERIFY(!told->look(m_start + 9s));
    told->heard("still here", m_start + 10s);
    QVERIFY(!told->look(m_start + 15s));
    QVERIFY(told->look(m_start + 15100ms).has_value());
    // Without a heartbeat it may be silent for ever.
    m_workload.heartbeat = 0s;
    QVERIFY(!signs()->look(m_start + 24h));
}

void tst_workload_signs::aStepOfTheProgressIsASign()
{
    m_workload.heartbeat = 5s;
    m_workload.progress = "progress";
    const auto told = signs();
    writeProgress("1/10");
    QVERIFY(!told->look(m_start + 4s));
    QVERIFY(!told->look(m_start + 8s));
    writeProgress("1/10"); // written again, but no step
    QVERIFY(told->look(m_start + 10s).has_value());
}

void tst_workload_signs::progressTellsTheTimeLeft()
{
    m_workload.progress = "progress";
    const auto told = signs();
    QVERIFY(!told->look(m_start));
    QVERIFY(!told->timeLeft(m_start));
    writeProgress("25/100\n");
    QVERIFY(!told->look(m_start + 10s));
    QCOMPARE(told->timeLeft(m_start + 10s), std::optional<std::chrono::seconds>(30s));
    writeProgress("100/100");
    told->end(m_start + 12s); // also what came within the last second
    const auto events = eventsOf("workload.progress");
    QCOMPARE(events.size(), std::size_t(2));
    QCOMPARE(events[0].at("done").get<int>(), 25);
    QCOMPARE(events[0].at("leftMs").get<int>(), 30'000);
    QCOMPARE(events[1].at("done").get<int>(), 100);
    QVERIFY(!events[1].contains("leftMs"));
}

void tst_workload_signs::whatIsNoProgressIsPassedOver_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half written") << QByteArray("12/");
    QTest::newRow("words") << QByteArray("almost/done");
    QTest::newRow("too many") << QByteArray("11/10");
    QTest::newRow("of nothing") << QByteArray("0/0");
    QTest::newRow("below nothing") << QByteArray("-1/10");
    QTest::newRow("large") << QByteArray("99999999999999999999/1") + QByteArray(1'000'000, '0');
}

void tst_workload_signs::whatIsNoProgressIsPassedOver()
{
    QFETCH(const QByteArray, text);
    m_workload.progress = "progress";
    const auto told = signs();
    writeProgress(text);
    QVERIFY(!told->look(m_start + 2s));
    told->end(m_start + 3s);
    QVERIFY(eventsOf("workload.progress").empty());
}

void tst_workload_signs::namedGroupsBecomeACurve()
{
    m_workload.metrics = R"((?P<ops>[0-9.]+) ops/s, p99 (?P<p99>[0-9.]+) ms)";
    const auto told = signs();
    told->heard("100 ops/s, p99 2.5 ms", m_start + 100ms);
    told->heard("120 ops/s, p99 3 ms", m_start + 600ms); // the last of a second counts
    told->heard("something else: 7 ops", m_start + 700ms);
    told->heard("90.5 ops/s, p99 40 ms", m_start + 2100ms);
    told->end(m_start + 2200ms);
    QCOMPARE(
        told->csv(), std::string("second,name,value\n0,ops,120\n0,p99,3\n2,ops,90.5\n2,p99,40\n"));
    const auto events = eventsOf("workload.metrics");
    QCOMPARE(events.size(), std::size_t(2));
    QCOMPARE(events[1].at("values").at("p99").get<double>(), 40.0);
}

void tst_workload_signs::aGroupWithoutANameIsCalledValue()
{
    m_workload.metrics = "([0-9]+) writes";
    const auto told = signs();
    told->heard("7 writes", m_start);
    told->end(m_start);
    QCOMPARE(told->csv(), std::string("second,name,value\n0,value,7\n"));
}

void tst_workload_signs::whatIsNoNumberIsPassedOver()
{
    m_workload.metrics = "rate (?P<rate>[^ ]*)";
    const auto told = signs();
    for (const char *line : { "rate ", "rate nan", "rate inf", "rate 1e999", "rate x" })
        told->heard(line, m_start);
    told->end(m_start + 5s);
    QCOMPARE(told->csv(), std::string());
}

void tst_workload_signs::aPagesNumbersAreRead()
{
    const auto numbers = metricsOf(
        R"({"ops": 12.5, "name": "bank", "reads": {"p99": 3, "deep": {"x": 1}}, "list": [1]})");
    QCOMPARE(numbers, (std::map<std::string, double>{ { "ops", 12.5 }, { "reads.p99", 3 } }));
    QVERIFY(metricsOf("[1, 2]").empty());
    QVERIFY(metricsOf("{\"cut").empty());
    QVERIFY(metricsOf("").empty());
}

QTEST_GUILESS_MAIN(tst_workload_signs)
#include "tst_workload_signs.moc"
