// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/life_cycle.h"
#include "services/agent/frame/relay.h"
#include "tests/agent/scripted_fault.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <thread>

using namespace faultline::agent;
using faultline::tests::Script;
using faultline::tests::ScriptedFault;
using namespace std::chrono_literals;

namespace {

/// A life on a thread of its own, with a control socket in a folder of its own.
class Life
{
public:
    Life(Script &script, double lease, double duration = 0)
        : m_fault(script)
    {
        qputenv("FAULTLINE_AGENT_SOCKET",
            (m_folder.path() + QStringLiteral("/agent.sock")).toLocal8Bit());
        m_spec.id = "f-0123456789abcdef";
        m_spec.kind = "test.scripted";
        m_spec.lease = lease;
        m_spec.duration = duration;
        sigset_t stopping;
        sigemptyset(&stopping);
        sigaddset(&stopping, SIGUSR1);
        ::pthread_sigmask(SIG_BLOCK, &stopping, nullptr);
        m_stopping = Descriptor(::signalfd(-1, &stopping, SFD_CLOEXEC | SFD_NONBLOCK));
        m_control = *Control::listen();
        m_thread = std::thread([this] {
            LifeCycle life(m_spec, m_fault, m_control,
                { .tell = [this](const std::string &line) { keep(line); },
                    .stopSignals = m_stopping.get(),
                    .proveWithin = 300ms,
                    .recoverWithin = 600ms });
            m_code = life.run();
            m_control.close();
        });
    }
    ~Life() { (void)end(); }

    /// Only to its thread: QtTest's own would die of it.
    void interrupt() { ::pthread_kill(m_thread.native_handle(), SIGUSR1); }

    int end()
    {
        if (m_thread.joinable())
            m_thread.join();
        return m_code;
    }
    QStringList states()
    {
        const std::lock_guard lock(m_mutex);
        return m_states;
    }
    QString lastDetail()
    {
        const std::lock_guard lock(m_mutex);
        return m_detail;
    }

private:
    void keep(const std::string &line)
    {
        const nlohmann::json json = nlohmann::json::parse(line);
        const std::lock_guard lock(m_mutex);
        m_states << QString::fromStdString(json.at("state").get<std::string>());
        m_detail = QString::fromStdString(json.value("detail", ""));
    }

    QTemporaryDir m_folder;
    Spec m_spec;
    ScriptedFault m_fault;
    Descriptor m_stopping;
    Control m_control;
    std::mutex m_mutex;
    QStringList m_states;
    QString m_detail;
    int m_code = -1;
    std::thread m_thread;
};

/// A controller's stream.
class Stream
{
public:
    Stream()
        : m_stream(connectControl())
    {
    }
    nlohmann::json say(const std::string &line)
    {
        ::send(m_stream.get(), (line + '\n').c_str(), line.size() + 1, MSG_NOSIGNAL);
        std::string answer;
        char byte = 0;
        while (::read(m_stream.get(), &byte, 1) == 1 && byte != '\n')
            answer += byte;
        return nlohmann::json::parse(answer, nullptr, false);
    }

private:
    Descriptor m_stream;
};

const QStringList whole{ QStringLiteral("injecting"), QStringLiteral("in force"),
    QStringLiteral("recovering"), QStringLiteral("out") };

} // namespace

class TestAgentLife : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLeaseEndsIt();
    void theDurationEndsItBeforeTheLease();
    void anExtensionMovesTheDuration();
    void anUndoIsTriedAgain();
    void whatStaysIsSaidToLeak();
    void whatDoesNotBiteIsUndone();
    void halfAnInjectionIsUndone();
    void whatIsRefusedIsNotTouched();
    void aTargetThatGoesIsMoot();
    void aSignalUndoes();
    void aStreamThatRenewedAndClosesUndoes();
    void aStreamThatOnlyLookedMayClose();
    void afterAHoldNoStreamMatters();
    void aFailedRenewalUndoes();
    void aStrobeTicks();
    void badOrdersAreAnsweredAndChangeNothing();
    void anUndoBesideALivingAgentEndsIt();
    void aProbeClaimsOnlyWhatIsProven();
    void standardInputIsAControlStreamWhenAsked();
};

void TestAgentLife::theLeaseEndsIt()
{
    Script script;
    Life life(script, 0.2);
    QCOMPARE(life.end(), 0);
    QCOMPARE(life.states(), whole);
    QVERIFY(life.lastDetail().contains(QStringLiteral("its lease ended")));
    QVERIFY(!script.in);
}

void TestAgentLife::theDurationEndsItBeforeTheLease()
{
    Script script;
    Life life(script, 60, 0.1);
    QCOMPARE(life.end(), 0);
    QVERIFY(life.lastDetail().contains(QStringLiteral("its duration is over")));
}

void TestAgentLife::anExtensionMovesTheDuration()
{
    Script script;
    Life life(script, 600, 300);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    Stream stream;
    QVERIFY(stream.say(R"({"state":true})").at("leaseLeft").get<double>() < 301);
    QVERIFY(stream.say(R"({"extend":200})").at("leaseLeft").get<double>() > 450);
    (void)stream.say(R"({"stop":true})");
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::anUndoIsTriedAgain()
{
    Script script;
    script.failingUndos = 2;
    Life life(script, 0.1);
    QCOMPARE(life.end(), 0);
    QCOMPARE(script.undos.load(), 3);
}

void TestAgentLife::whatStaysIsSaidToLeak()
{
    Script script;
    script.stays = true;
    Life life(script, 0.1);
    QCOMPARE(life.end(), 3);
    QCOMPARE(life.states().last(), QStringLiteral("leaked"));
    QVERIFY(life.lastDetail().contains(QStringLiteral("undo it")));
}

void TestAgentLife::whatDoesNotBiteIsUndone()
{
    Script script;
    script.bites = false;
    Life life(script, 60);
    QCOMPARE(life.end(), 1);
    QCOMPARE(life.states(),
        (QStringList{ QStringLiteral("injecting"), QStringLiteral("recovering"),
            QStringLiteral("did not bite") }));
    QVERIFY(!script.in);
}

void TestAgentLife::halfAnInjectionIsUndone()
{
    Script script;
    script.inject = refused(Refusal::CannotHere, "half of it is in");
    Life life(script, 60);
    QCOMPARE(life.end(), 4);
    QVERIFY(!script.in);
    QCOMPARE(life.states().last(), QStringLiteral("refused"));
}

void TestAgentLife::whatIsRefusedIsNotTouched()
{
    Script script;
    script.check = refused(Refusal::Foreign, "something is in the way");
    Life life(script, 60);
    QCOMPARE(life.end(), 5);
    QCOMPARE(life.states(), QStringList{ QStringLiteral("refused") });
    QCOMPARE(script.undos.load(), 0);
}

void TestAgentLife::aTargetThatGoesIsMoot()
{
    Script script;
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    script.gone = true;
    QCOMPARE(life.end(), 6);
    QCOMPARE(life.states().last(), QStringLiteral("moot"));
}

void TestAgentLife::aSignalUndoes()
{
    Script script;
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    life.interrupt();
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::aStreamThatRenewedAndClosesUndoes()
{
    Script script;
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    {
        Stream stream;
        QVERIFY(stream.say(R"({"renew":50})").at("leaseLeft").get<double>() > 40);
        QTRY_COMPARE(script.renewals.load(), 1);
    }
    QCOMPARE(life.end(), 0);
    QVERIFY(life.lastDetail().contains(QStringLiteral("stream closed")));
}

void TestAgentLife::aStreamThatOnlyLookedMayClose()
{
    Script script;
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    QCOMPARE(
        Stream().say(R"({"state":true})").at("state").get<std::string>(), std::string("in force"));
    // A later answer shows that the first stream's end was seen and did nothing.
    QCOMPARE(
        Stream().say(R"({"state":true})").at("state").get<std::string>(), std::string("in force"));
    (void)Stream().say(R"({"stop":true})");
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::afterAHoldNoStreamMatters()
{
    Script script;
    Life life(script, 60, 1);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    {
        Stream stream;
        (void)stream.say(R"({"renew":50})");
        QVERIFY(stream.say(R"({"hold":3600})").at("leaseLeft").get<double>() > 3500);
    }
    QCOMPARE(
        Stream().say(R"({"state":true})").at("state").get<std::string>(), std::string("in force"));
    (void)Stream().say(R"({"stop":true})");
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::aFailedRenewalUndoes()
{
    Script script;
    script.renew = refused(Refusal::Internal, "the rules are not there");
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    Stream stream;
    (void)stream.say(R"({"renew":50})");
    QCOMPARE(life.end(), 0);
    QVERIFY(life.lastDetail().contains(QStringLiteral("could not be renewed")));
}

void TestAgentLife::aStrobeTicks()
{
    Script script;
    script.tickEvery = 20ms;
    Life life(script, 60);
    QTRY_VERIFY(script.ticks >= 3);
    (void)Stream().say(R"({"stop":true})");
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::badOrdersAreAnsweredAndChangeNothing()
{
    Script script;
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    for (const char *const bad : { "{}", "[1]", "renew", R"({"renew":-1})", R"({"renew":"9"})",
             R"({"stop":false})", R"({"renew":1,"stop":true})" }) {
        const nlohmann::json answer = Stream().say(bad);
        QCOMPARE(answer.at("state").get<std::string>(), std::string("in force"));
        QVERIFY(answer.at("leaseLeft").get<double>() > 30);
    }
    (void)Stream().say(R"({"stop":true})");
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::anUndoBesideALivingAgentEndsIt()
{
    Script script;
    Life life(script, 60);
    QTRY_VERIFY(life.states().contains(QStringLiteral("in force")));
    {
        const LivingAgent living = stopLivingAgent(10);
        QVERIFY(living.ended);
        QVERIFY(!script.in);
    }
    QCOMPARE(life.end(), 0);
}

void TestAgentLife::aProbeClaimsOnlyWhatIsProven()
{
    Script script;
    ScriptedFault fault(script);
    Control none;
    std::string told;
    const Spec spec;
    LifeCycle life(
        spec, fault, none, { .tell = [&told](const std::string &line) { told = line; } });
    QCOMPARE(life.probe(), 0);
    QVERIFY(told.find("\"state\":\"out\"") != std::string::npos);
    script.in = true;
    QCOMPARE(life.probe(), 0);
    QVERIFY(told.find("\"state\":\"in force\"") != std::string::npos);
    script.bites = false;
    QCOMPARE(life.probe(), 3);
    QVERIFY(told.find("\"state\":\"leaked\"") != std::string::npos);
}

void TestAgentLife::standardInputIsAControlStreamWhenAsked()
{
    std::array<int, 2> ends{};
    QCOMPARE(::pipe2(ends.data(), O_CLOEXEC), 0);
    Descriptor controller(ends[1]);
    Script script;
    ScriptedFault fault(script);
    Control control;
    control.add(Descriptor(ends[0]), true);
    const std::string orders = "{\"renew\":500}\n{\"state\":true}\n";
    QCOMPARE(::write(controller.get(), orders.data(), orders.size()),
        static_cast<ssize_t>(orders.size()));
    QStringList states;
    double left = 0;
    Spec spec;
    spec.lease = 60;
    LifeCycle life(spec, fault, control, { .tell = [&](const std::string &line) {
        const nlohmann::json told = nlohmann::json::parse(line);
        states << QString::fromStdString(told.at("state").get<std::string>());
        left = std::max(left, told.at("leaseLeft").get<double>());
        // Injecting, in force, and an answer to each order: then the stream ends, which is the
        // fault's end.
        if (states.size() == 4)
            controller.close();
    } });
    QCOMPARE(life.run(), 0);
    QVERIFY(left > 400);
    QCOMPARE(states.size(), 6);
    QCOMPARE(states.last(), QStringLiteral("out"));
}

QTEST_GUILESS_MAIN(TestAgentLife)
#include "tst_agent_life.moc"
