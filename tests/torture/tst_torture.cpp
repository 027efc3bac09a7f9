// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/chaos_lab.h"

#include <QElapsedTimer>
#include <QMap>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <iterator>

using namespace faultline::tests;

/// Many faults of mixed kinds, and SIGKILL to whoever could undo them: the program that injected,
/// the helper with its agent, the target, the lab. Afterwards nothing is left, or the ledger says
/// so.
class tst_torture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void noFaultLeaksSilently();

private:
    struct Running
    {
        std::unique_ptr<QProcess> program;
        int member = 0;
        QString kind;
        QByteArray said;
    };

    [[nodiscard]] std::vector<Running> begin();
    void strike(std::vector<Running> &running);
    void killLab();
    [[nodiscard]] QStringList leftInNetworks() const;
    [[nodiscard]] QString foreignStateOf(int member) const;
    [[nodiscard]] int draw(int bound);

    std::unique_ptr<ChaosLab> m_chaos;
    QRandomGenerator m_random;
    QMap<QString, int> m_kills;
    QMap<QString, int> m_kinds;
};

namespace {

constexpr int members = 4;
constexpr int lease = 3; // s
constexpr int grace = 10; // s

struct Kind
{
    const char *name;
    const char *arguments;
    bool endsByItself; ///< without a reaper, whoever was killed
};

constexpr Kind kinds[]{ { "network.delay", "delay=50ms from=node", true },
    { "network.partition", "", true }, { "network.loss", "percent=40 from=node", true },
    { "network.bandwidth", "rate=1MiB from=node", true }, { "clock.offset", "offset=300s", true },
    { "container.pause", "", false }, { "cpu.limit", "cpus=0.5", false } };

int wanted(const char *variable, int usual)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(variable, &isNumber);
    return isNumber ? number : usual;
}

} // namespace

int tst_torture::draw(int bound)
{
    return static_cast<int>(m_random.bounded(bound));
}

void tst_torture::initTestCase()
{
    if (const QString why = ChaosLab::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    const int seed = wanted(
        "FAULTLINE_TORTURE_SEED", static_cast<int>(QRandomGenerator::system()->bounded(1'000'000)));
    m_random.seed(static_cast<quint32>(seed));
    qInfo("seed %d (FAULTLINE_TORTURE_SEED)", seed);
    m_chaos = std::make_unique<ChaosLab>();
    const QString trouble = m_chaos->start(members);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
}

std::vector<tst_torture::Running> tst_torture::begin()
{
    std::vector<Running> out;
    for (int member = 1; member <= members; ++member) {
        const Kind &kind = kinds[draw(int(std::size(kinds)))];
        QStringList words{ QString::fromLatin1(kind.name),
            QStringLiteral("--name=node-%1").arg(member),
            QStringLiteral("--for=%1s").arg(1 + draw(5)),
            QStringLiteral("--lease=%1s").arg(lease) };
        for (const QString &argument :
            QString::fromLatin1(kind.arguments).split(u' ', Qt::SkipEmptyParts))
            words += QStringLiteral("--set=") + argument;
        ++m_kinds[QString::fromLatin1(kind.name)];
        out.push_back({ m_chaos->inject(words), member, QString::fromLatin1(kind.name), {} });
    }
    return out;
}

void tst_torture::killLab()
{
    const quint16 port = m_chaos->lab().port();
    m_chaos->lab().killHard();
    QVERIFY2(m_chaos->lab().start(port), qPrintable(m_chaos->lab().why()));
}

void tst_torture::strike(std::vector<Running> &running)
{
    Running &victim = running.at(static_cast<std::size_t>(draw(int(running.size()))));
    QTest::qWait(draw(2'500)); // a random moment is what this is about
    const int whom = draw(10);
    if (whom < 4) {
        ++m_kills[QStringLiteral("controller")];
        victim.program->kill();
    } else if (whom < 7) {
        const QStringList helpers = m_chaos->helpers();
        if (helpers.isEmpty())
            return;
        ++m_kills[QStringLiteral("helper and agent")];
        const QString name = helpers.at(draw(int(helpers.size()))).section(u' ', 0, 0);
        (void)m_chaos->lab().docker(
            { QStringLiteral("kill"), QStringLiteral("-s"), QStringLiteral("KILL"), name });
    } else if (whom < 9) {
        ++m_kills[QStringLiteral("target")];
        (void)m_chaos->lab().docker({ QStringLiteral("kill"), QStringLiteral("-s"),
            QStringLiteral("KILL"), m_chaos->member(victim.member) });
    } else {
        ++m_kills[QStringLiteral("lab")];
        killLab();
    }
}

QStringList tst_torture::leftInNetworks() const
{
    QStringList out;
    for (int member = 1; member <= members; ++member) {
        const QString id = m_chaos->member(member);
        const QString left = id.isEmpty() ? QString() : m_chaos->residue(id);
        if (!left.isEmpty() && !left.startsWith(QLatin1StringView("could not look")))
            out += QStringLiteral("node-%1: %2").arg(member).arg(left);
    }
    return out;
}

/// What is wrong with a member's clock, its freezer or its share of the processor.
QString tst_torture::foreignStateOf(int member) const
{
    const QString id = m_chaos->member(member);
    if (id.isEmpty())
        return {};
    const auto told = m_chaos->lab().docker({ QStringLiteral("run"), QStringLiteral("--rm"),
        QStringLiteral("--network=none"), QStringLiteral("--volume=/sys/fs/cgroup:/c:ro"),
        QStringLiteral("faultline/busybox:1"), QStringLiteral("/bin/sh"), QStringLiteral("-c"),
        QStringLiteral("cat /c/freezer/docker/%1/freezer.state /c/cpu/docker/%1/cpu.cfs_quota_us")
            .arg(id) });
    const QString text = QString::fromUtf8(told.out).simplified();
    if (text.contains(QLatin1StringView("FROZEN")) || text.contains(QLatin1StringView("FREEZING")))
        return QStringLiteral("node-%1 is frozen").arg(member);
    const QString quota = text.section(u' ', 1, 1);
    if (!quota.isEmpty() && quota != QLatin1StringView("-1"))
        return QStringLiteral("node-%1 has a quota of %2").arg(member).arg(quota);
    return {};
}

void tst_torture::noFaultLeaksSilently()
{
    const int rounds = (wanted("FAULTLINE_TORTURE_FAULTS", 8) + members - 1) / members;
    int silent = 0;
    int late = 0;
    for (int round = 0; round < rounds; ++round) {
        std::vector<Running> running = begin();
        strike(running);
        if (draw(2) == 0)
            strike(running);
        QElapsedTimer since;
        since.start();
        // Whoever lives ends by itself; whoever was killed leaves it to the target.
        for (Running &one : running) {
            const bool isOver = one.program->state() == QProcess::NotRunning
                || one.program->waitForFinished(60'000);
            if (!isOver) {
                ++m_kills[QStringLiteral("controller that hung")];
                one.program->kill();
                one.program->waitForFinished(5'000);
            }
            one.said += one.program->readAll();
        }
        if (!QTest::qWaitFor([this] { return leftInNetworks().isEmpty(); },
                std::max(1'000, int((lease + grace) * 1'000 - since.elapsed())))) {
            ++late;
            qWarning("still there without a reaper: %s", qPrintable(leftInNetworks().join(u'\n')));
        }
        const auto reaped = m_chaos->ctl({ QStringLiteral("chaos"), QStringLiteral("reap") });
        const bool saysLeaked = reaped.out.contains("leaked");
        QStringList left = leftInNetworks();
        for (int member = 1; member <= members; ++member) {
            if (const QString foreign = foreignStateOf(member); !foreign.isEmpty())
                left += foreign;
        }
        if (!left.isEmpty() && !saysLeaked) {
            ++silent;
            qWarning(
                "a silent leak: %s\n%s", qPrintable(left.join(u'\n')), reaped.text().constData());
            for (const Running &one : running)
                qWarning("%s", one.said.constData());
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_chaos->member(members).size() == 64, 30'000);
    }
    QStringList told;
    for (auto it = m_kills.begin(); it != m_kills.end(); ++it)
        told += QStringLiteral("%1 %2").arg(it.value()).arg(it.key());
    QStringList mixed;
    for (auto it = m_kinds.begin(); it != m_kinds.end(); ++it)
        mixed += QStringLiteral("%1 %2").arg(it.value()).arg(it.key());
    qInfo("%d faults (%s); killed: %s; late without a reaper: %d; silent leaks: %d",
        rounds * members, qPrintable(mixed.join(QStringLiteral(", "))),
        qPrintable(told.join(QStringLiteral(", "))), late, silent);
    QCOMPARE(silent, 0);
    QCOMPARE(late, 0);
    (void)m_chaos->ctl({ QStringLiteral("chaos"), QStringLiteral("reap") });
    QTRY_VERIFY_WITH_TIMEOUT(m_chaos->faults().isEmpty(), 30'000);
}

QTEST_GUILESS_MAIN(tst_torture)
#include "tst_torture.moc"
