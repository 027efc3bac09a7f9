// SPDX-License-Identifier: GPL-3.0-or-later
// The patch on processes of this machine, without any container.
#include "services/agent/clock/process_clock.h"
#include "services/agent/process/process_memory.h"
#include "tests/agent_kinds/teller.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>

using namespace faultline::agent;
using State = ProcessClock::State;

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t hour = 3600 * second;
constexpr double near = 50; // milliseconds

std::int64_t monotonic()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * second + now.tv_nsec;
}

ClockPatchHead headOf(const ClockShift &shift, std::int64_t lease = hour)
{
    ClockPatchHead head;
    head.magic = clockPatchMagic;
    std::ranges::copy(std::string_view("f-0123456789abcdef"), head.fault.begin());
    head.start = monotonic();
    head.shift = shift;
    head.deadline = monotonic() + lease;
    return head;
}

bool isNear(double value, double wanted, double tolerance = near)
{
    const bool good = std::abs(value - wanted) < tolerance;
    if (!good)
        qInfo("%f ms instead of %f ms", value, wanted);
    return good;
}

} // namespace

class TestClockPatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void allThreeFunctionsAreShiftedAndNothingElseIs_data();
    void allThreeFunctionsAreShiftedAndNothingElseIs();
    void theClockIsRightAtTheDeadlineWithNobodyLeft();
    void aRenewalMovesTheDeadlineBothWays();
    void aRenewalOfAnotherFaultIsRefused();
    void aStrobeComesAndGoes();
    void aDriftGrows_data();
    void aDriftGrows();
    void whatSomebodyElseChangedIsLeftAsItIs();
    void aProcessWithAnotherMonotonicClockIsRefused();
    void aBodyWithoutJumpsIsTakenOut();
    void twoHundredRoundsUnderLoadLeaveTheProgramAlive();
    void brokenImagesAreRefusedWithAReason();

private:
    [[nodiscard]] pid_t startTeller(
        Teller &teller, const QStringList &arguments = {}, bool isStatic = false);

    VdsoImage m_image;
};

void TestClockPatch::initTestCase()
{
    if (clockPatchTemplate().empty())
        QSKIP("the clock patch exists for x86-64 only");
    std::string reason;
    const auto image = ownVdso(reason);
    QVERIFY2(image.has_value(), reason.c_str());
    m_image = *image;
    QVERIFY(ProcessClock::hasRoom(m_image));
    qInfo("patch of %zu bytes, %zu of the vDSO's %zu bytes are free", clockPatchTemplate().size(),
        m_image.bytes.size() - m_image.zeros, m_image.bytes.size());
}

pid_t TestClockPatch::startTeller(Teller &teller, const QStringList &arguments, bool isStatic)
{
    return teller.start(QStringList{ Teller::program(isStatic) } + arguments)
        ? static_cast<pid_t>(teller.processId())
        : 0;
}

void TestClockPatch::allThreeFunctionsAreShiftedAndNothingElseIs_data()
{
    QTest::addColumn<bool>("isStatic");
    QTest::addColumn<qint64>("offset");
    QTest::newRow("dynamic, ahead") << false << qint64(300) * second;
    QTest::newRow("static, ahead") << true << qint64(300) * second;
    QTest::newRow("behind by a fraction") << false << -qint64(300) * second - 250'000'000;
    QTest::newRow("ahead by a fraction") << true << qint64(999'999'999);
}

void TestClockPatch::allThreeFunctionsAreShiftedAndNothingElseIs()
{
    QFETCH(bool, isStatic);
    QFETCH(qint64, offset);
    Teller teller;
    const pid_t pid = startTeller(teller, {}, isStatic);
    QVERIFY(pid > 0);
    ProcessClock clock(pid, m_image);
    QCOMPARE(clock.state(), State::Pristine);
    const auto patched = clock.patch(headOf({ offset, 0, 0 }));
    QVERIFY2(patched.has_value(), patched ? "" : patched.error().text.c_str());
    QCOMPARE(clock.state(), State::Ours);
    QCOMPARE(clock.fault(), std::string("f-0123456789abcdef"));

    const double wanted = static_cast<double>(offset) / 1e6;
    const auto shifted = teller.next();
    QVERIFY(shifted.has_value());
    QVERIFY(isNear(shifted->clockGettime, wanted));
    QVERIFY(isNear(shifted->gettimeofday, wanted));
    QVERIFY(isNear(shifted->time, wanted - 500, 500 + near));
    QVERIFY(isNear(shifted->raw, 0));
    const auto measured = clock.measuredShift();
    QVERIFY(measured.has_value());
    QVERIFY(isNear(static_cast<double>(*measured) / 1e6, wanted, 1));

    const auto restored = ProcessClock(pid, m_image).restore();
    QVERIFY2(restored.has_value(), restored ? "" : restored.error().text.c_str());
    QCOMPARE(ProcessClock(pid, m_image).state(), State::Pristine);
    const auto right = teller.next();
    QVERIFY(right && isNear(right->clockGettime, 0) && isNear(right->gettimeofday, 0));
}

void TestClockPatch::theClockIsRightAtTheDeadlineWithNobodyLeft()
{
    Teller teller;
    const pid_t pid = startTeller(teller);
    QVERIFY(pid > 0);
    const auto head = headOf({ hour, 0, 0 }, second);
    QVERIFY(ProcessClock(pid, m_image).patch(head).has_value());
    const auto shifted = teller.next();
    QVERIFY(shifted && (isNear(shifted->clockGettime, 3'600'000) || monotonic() > head.deadline));
    QTRY_VERIFY_WITH_TIMEOUT(monotonic() > head.deadline, 10'000);
    const auto right = teller.next();
    QVERIFY(right && isNear(right->clockGettime, 0) && isNear(right->gettimeofday, 0));
    const ProcessClock clock(pid, m_image);
    QCOMPARE(clock.state(), State::Ours);
    QVERIFY(clock.measuredShift().has_value());
    QVERIFY(std::abs(*clock.measuredShift()) < 1'000'000);
}

void TestClockPatch::aRenewalMovesTheDeadlineBothWays()
{
    Teller teller;
    const pid_t pid = startTeller(teller);
    ProcessClock clock(pid, m_image);
    QVERIFY(clock.patch(headOf({ hour, 0, 0 }, 60 * second)).has_value());
    const auto deadline = [&] { return ProcessClock(pid, m_image).head().lastDeadline(); };
    for (const std::int64_t lease : { 70, 80, 90, 30, 100 }) {
        const std::int64_t until = monotonic() + lease * second;
        QVERIFY(ProcessClock::renew(pid, clock.headAddress(), "f-0123456789abcdef", until));
        QCOMPARE(deadline(), until);
    }
    QVERIFY(
        ProcessClock::renew(pid, clock.headAddress(), "f-0123456789abcdef", monotonic() - second));
    const auto right = teller.next();
    QVERIFY(right && isNear(right->clockGettime, 0));
}

void TestClockPatch::aRenewalOfAnotherFaultIsRefused()
{
    Teller teller;
    const pid_t pid = startTeller(teller);
    ProcessClock clock(pid, m_image);
    QVERIFY(clock.patch(headOf({ hour, 0, 0 })).has_value());
    QVERIFY(!ProcessClock::renew(pid, clock.headAddress(), "f-0000000000000000", monotonic()));
    const auto shifted = teller.next();
    QVERIFY(shifted && isNear(shifted->clockGettime, 3'600'000));
    // A patch on top of one of ours would lose the way back.
    const auto again = clock.patch(headOf({ second, 0, 0 }));
    QVERIFY(!again && again.error().refusal == Refusal::Foreign);
}

void TestClockPatch::aStrobeComesAndGoes()
{
    Teller teller;
    const pid_t pid = startTeller(teller);
    QVERIFY(ProcessClock(pid, m_image).patch(headOf({ hour, second / 10, 0 })).has_value());
    int changes = 0;
    for (bool on = false, first = true; changes < 4; first = false) {
        const auto seen = teller.next();
        QVERIFY(seen.has_value());
        const bool now = seen->clockGettime > 1'800'000;
        QVERIFY(isNear(seen->clockGettime, now ? 3'600'000 : 0));
        changes += !first && now != on ? 1 : 0;
        on = now;
    }
}

void TestClockPatch::aDriftGrows_data()
{
    QTest::addColumn<double>("rate");
    QTest::newRow("twice as fast") << 1.0;
    QTest::newRow("half as fast") << -0.5;
    QTest::newRow("stands") << -1.0;
}

void TestClockPatch::aDriftGrows()
{
    QFETCH(double, rate);
    Teller teller;
    const pid_t pid = startTeller(teller);
    const auto head = headOf({ 0, 0, static_cast<std::int64_t>(rate * 4294967296.0) });
    QVERIFY(ProcessClock(pid, m_image).patch(head).has_value());
    double last = 0;
    QTRY_VERIFY_WITH_TIMEOUT(monotonic() > head.start + second / 2, 10'000);
    const double before = static_cast<double>(monotonic() - head.start) / 1e6;
    const auto seen = teller.next();
    const double after = static_cast<double>(monotonic() - head.start) / 1e6;
    QVERIFY(seen.has_value());
    last = seen->clockGettime / rate;
    QVERIFY2(last > before - near && last < after + near,
        qPrintable(QStringLiteral("%1 is not within %2 and %3").arg(last).arg(before).arg(after)));
}

void TestClockPatch::whatSomebodyElseChangedIsLeftAsItIs()
{
    Teller teller;
    const pid_t pid = startTeller(teller);
    const std::uintptr_t begin = ProcessClock(pid, m_image).begin();
    const ProcessMemory memory(pid);
    const std::array<std::byte, 1> theirs{ std::byte{ 0xcc } };
    const std::uintptr_t address = begin + m_image.bytes.size() - 1;
    QVERIFY(memory.write(address, theirs));
    ProcessClock clock(pid, m_image);
    QCOMPARE(clock.state(), State::Foreign);
    const auto patched = clock.patch(headOf({ hour, 0, 0 }));
    QVERIFY(!patched && patched.error().refusal == Refusal::Foreign);
    QVERIFY(clock.restore().has_value());
    std::array<std::byte, 1> now{};
    QVERIFY(memory.read(address, now));
    QCOMPARE(now, theirs);
    const auto right = teller.next();
    QVERIFY(right && isNear(right->clockGettime, 0));
}

void TestClockPatch::aProcessWithAnotherMonotonicClockIsRefused()
{
    Teller teller;
    if (!teller.start({ QStringLiteral("unshare"), QStringLiteral("--time"),
            QStringLiteral("--monotonic"), QStringLiteral("100000"), QStringLiteral("--fork"),
            QStringLiteral("--kill-child"), Teller::program(true) }))
        QSKIP("this machine lets nobody make a time namespace");
    QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(teller.processId()));
    QVERIFY(children.open(QIODevice::ReadOnly));
    const auto pid = static_cast<pid_t>(children.readAll().trimmed().toInt());
    QVERIFY(pid > 0);
    const auto patched = ProcessClock(pid, m_image).patch(headOf({ hour, 0, 0 }));
    QVERIFY(!patched && patched.error().refusal == Refusal::CannotHere);
    QCOMPARE(ProcessClock(pid, m_image).state(), State::Pristine);
}

void TestClockPatch::aBodyWithoutJumpsIsTakenOut()
{
    Teller teller;
    const pid_t pid = startTeller(teller);
    ProcessClock clock(pid, m_image);
    QVERIFY(clock.patch(headOf({ hour, 0, 0 })).has_value());
    // As if the agent had been killed between the first jump and the second one of its undo.
    const ProcessMemory memory(pid);
    QVERIFY(memory.write(clock.begin() + m_image.gettimeofday,
        std::span(m_image.bytes).subspan(m_image.gettimeofday, 5)));
    ProcessClock partial(pid, m_image);
    QCOMPARE(partial.state(), State::Partial);
    QVERIFY(partial.restore().has_value());
    QCOMPARE(ProcessClock(pid, m_image).state(), State::Pristine);
    QVERIFY(teller.next().has_value());
}

void TestClockPatch::twoHundredRoundsUnderLoadLeaveTheProgramAlive()
{
    Teller teller;
    const pid_t pid = startTeller(teller, { QStringLiteral("2") });
    QVERIFY(pid > 0);
    quint64 readings = 0;
    std::chrono::nanoseconds longest{ 0 };
    for (int round = 0; round < 200; ++round) {
        ProcessClock clock(pid, m_image);
        const auto patched = clock.patch(headOf({ hour, 0, 0 }));
        QVERIFY2(patched.has_value(), patched ? "" : patched.error().text.c_str());
        longest = std::max(longest, clock.stopped());
        if (round % 50 == 0) {
            const auto seen = teller.next();
            QVERIFY(seen && isNear(seen->clockGettime, 3'600'000));
            QVERIFY(seen->readings > readings);
            readings = seen->readings;
        }
        const auto restored = clock.restore();
        QVERIFY2(restored.has_value(), restored ? "" : restored.error().text.c_str());
        longest = std::max(longest, clock.stopped());
        QVERIFY(teller.isRunning());
    }
    QCOMPARE(ProcessClock(pid, m_image).state(), State::Pristine);
    const auto right = teller.next();
    QVERIFY(right && isNear(right->clockGettime, 0) && right->readings > readings);
    qInfo("stopped for at most %.2f ms with 3 threads", static_cast<double>(longest.count()) / 1e6);
}

void TestClockPatch::brokenImagesAreRefusedWithAReason()
{
    std::string reason;
    QVERIFY(!parseVdso({}, reason));
    QVERIFY(!reason.empty());
    for (std::size_t length = 0; length < m_image.spare; length += 97)
        QVERIFY(!parseVdso(std::span(m_image.bytes).first(length), reason));
    // Whatever is broken in it, nothing is read outside of it (the sanitizers watch).
    for (std::size_t at = 0; at < m_image.spare; ++at) {
        auto bytes = m_image.bytes;
        bytes[at] = ~bytes[at];
        const auto image = parseVdso(bytes, reason);
        QVERIFY(!image || image->spare <= bytes.size());
    }
}

QTEST_GUILESS_MAIN(TestClockPatch)
#include "tst_clock_patch.moc"
