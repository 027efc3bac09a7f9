// SPDX-License-Identifier: GPL-3.0-or-later
// Both servers are killed and started again many times while 500 rows change a second. Sockets are
// real, time is not: a step of the clock is the measure of everything, so that minutes of outage
// cost seconds.
#include "services/stacks/rancher/rancher_parse.h"
#include "tests/ci/gitlab_script.h"
#include "tests/restarts/shown_rows.h"
#include "tests/restarts/tombstone.h"
#include "tests/stacks/rancher_script.h"
#include "tests/support/virtual_clock.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>
#include <QWebSocket>

using namespace faultline;
using namespace faultline::tests;
using namespace std::chrono_literals;
using domain::FeedHealth;
using Kind = domain::FeedHealth::Kind;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds step{ 10 };
constexpr int changesPerStep = 5; // 500 a second
constexpr int rowCount = 200;
constexpr milliseconds longestCatchUp{ 35'000 };

int restarts()
{
    bool isSet = false;
    const int wanted = qEnvironmentVariableIntValue("FAULTLINE_RESTARTS", &isSet);
    return isSet ? wanted : 20;
}

/// Time, chance, and what is measured in one run.
struct World
{
    std::shared_ptr<VirtualClock> clock = std::make_shared<VirtualClock>();
    QRandomGenerator random{ 20'260'301 };
    FaultServer server;
    Tombstone tombstone{ [clock = clock.get()] { return qint64(clock->monotonic().count()); } };
    qint64 version = 0;
    int events = 0;
    milliseconds slowestCatchUp{ 0 };
    qsizetype mostInFirstSeconds = 0;
    double highestRate = 0;

    [[nodiscard]] net::Surroundings surroundings()
    {
        return { clock, [this] { return random.generateDouble(); } };
    }
    [[nodiscard]] QString nextVersion() { return QStringLiteral("v%1").arg(++version); }
};

/// The bounds of R1 on what was asked for while the server was gone, for each kind of request.
QString excessOf(
    const QMap<QByteArray, QList<qint64>> &asked, qint64 from, qint64 until, World &world)
{
    for (auto it = asked.cbegin(); it != asked.cend(); ++it) {
        const auto isEarly = [from](qint64 at) { return at - from < 5'000; };
        const qsizetype early = std::count_if(it->cbegin(), it->cend(), isEarly);
        const qsizetype late = it->size() - early;
        // One request may fall on the very begin of the time after.
        const double allowed
            = 1.0 + 0.25 * double(std::max<qint64>(0, until - from - 5'000)) / 1000.0;
        world.mostInFirstSeconds = std::max(world.mostInFirstSeconds, early);
        if (until - from > 15'000)
            world.highestRate = std::max(
                world.highestRate, double(late - 1) / (double(until - from - 5'000) / 1000.0));
        if (early > 3 || double(late) > allowed)
            return QStringLiteral("%1: %2 in the first 5 s, then %3 in %4 s")
                .arg(QString::fromLatin1(it.key()))
                .arg(early)
                .arg(late)
                .arg(double(until - from - 5'000) / 1000.0);
    }
    return {};
}

} // namespace

class TestRestarts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRancherSideComesBackWithoutLossAndWithoutHaste();
    void theGitLabSideComesBackWithoutLossAndWithoutHaste();
    void aHastyForgetfulClientIsNoticed();
    void aRowThatGoesBackIsNoticed();
};

namespace {

/// A feed under test with what it shows, on a server that lives and dies.
template <typename Feed>
class Watched
{
public:
    Watched(World &world, std::unique_ptr<Feed> feed)
        : m_world(world)
        , m_feed(std::move(feed))
    {
        QObject::connect(m_feed.get(), &Feed::healthChanged, m_feed.get(),
            [this](const FeedHealth &health) { m_health = health; });
    }

    ShownRows rows;
    std::function<void()> change; ///< one row of the server
    std::size_t steadyAlarms = 0; ///< of more than a minute that the feed itself keeps

    [[nodiscard]] Feed &feed() { return *m_feed; }
    [[nodiscard]] const FeedHealth &health() const { return m_health; }
    [[nodiscard]] bool isRight() const
    {
        return m_health.kind == Kind::Live || m_health.kind == Kind::Polling;
    }

    /// `time` passes while rows change.
    void pass(milliseconds time)
    {
        for (milliseconds gone{ 0 }; gone < time; gone += step) {
            for (int i = 0; i < changesPerStep; ++i, ++m_world.events)
                change();
            m_world.clock->advance(step);
            QCoreApplication::processEvents();
        }
    }

    /// A request is under way: only those have limits of a minute and more, but for the one alarm
    /// of `steadyAlarms`.
    [[nodiscard]] bool isAsking() const { return m_world.clock->alarmsBeyond(1min) > steadyAlarms; }

    /// An attempt that is under way ends, in real time.
    [[nodiscard]] bool endAttempt()
    {
        return holds([this] {
            return isRight() || m_health.kind == Kind::Refused
                || (m_health.nextAttempt.isValid() && m_health.nextAttempt > m_world.clock->utc());
        });
    }

    /// Waits in real time; where nothing happens, a limit must be what is waited for, so time goes
    /// on.
    template <typename Condition>
    [[nodiscard]] bool holds(Condition condition)
    {
        for (int round = 0; round < 400; ++round) {
            if (QTest::qWaitFor(condition, 50))
                return true;
            m_world.clock->advance(100ms);
        }
        return false;
    }

    [[nodiscard]] QString liveThroughOutage(milliseconds length)
    {
        m_world.server.stop();
        m_world.tombstone.forget();
        if (!m_world.tombstone.open(m_world.server.port()))
            return QStringLiteral("the port is taken");
        for (milliseconds gone{ 0 }; isRight(); gone += step) { // until it is noticed
            if (gone > 30s)
                return QStringLiteral("the outage was not noticed within 30 s");
            pass(step);
            if (!holds([this] { return !isRight() || !isAsking(); }))
                return QStringLiteral("a request has no end");
        }
        const qint64 from = m_world.clock->monotonic().count();
        for (milliseconds gone{ 0 }; gone < length; gone += step) {
            if (!endAttempt())
                return QStringLiteral("an attempt has no end");
            pass(step);
        }
        if (!endAttempt())
            return QStringLiteral("the last attempt has no end");
        m_world.tombstone.close();
        const qint64 until = m_world.clock->monotonic().count();
        return excessOf(m_world.tombstone.asked(), from, until, m_world);
    }

    [[nodiscard]] QString comeBack()
    {
        if (!m_world.server.restart())
            return QStringLiteral("the port is taken");
        const milliseconds from = m_world.clock->monotonic();
        while (!isRight()) {
            if (m_world.clock->monotonic() - from > longestCatchUp)
                return QStringLiteral("not back within 35 s");
            pass(100ms);
            if (!endAttempt())
                return QStringLiteral("an attempt has no end");
        }
        m_world.slowestCatchUp
            = std::max(m_world.slowestCatchUp, m_world.clock->monotonic() - from);
        return {};
    }

    /// No row changes any more; true once the same is shown as the server has.
    [[nodiscard]] bool agreesWith(const std::function<QMap<QString, QString>()> &truth)
    {
        return QTest::qWaitFor(
            [&] {
                m_world.clock->advance(50ms);
                return hashOf(rows.rows()) == hashOf(truth());
            },
            30'000);
    }

private:
    World &m_world;
    std::unique_ptr<Feed> m_feed;
    FeedHealth m_health;
};

template <typename Feed>
QString runThrough(World &world, Watched<Feed> &watched, milliseconds calm)
{
    for (int i = 0; i < restarts(); ++i) {
        watched.pass(calm);
        QString problem
            = watched.liveThroughOutage(milliseconds(1'000 + world.random.bounded(17'000)));
        if (problem.isEmpty())
            problem = watched.comeBack();
        if (!problem.isEmpty())
            return QStringLiteral("outage %1: %2").arg(i).arg(problem);
    }
    watched.pass(calm);
    return {};
}

void tell(const World &world, const char *side)
{
    qInfo("%s: %d outages, %d changes; at most %d requests of a kind in the first 5 s, %.2f a "
          "second after; "
          "caught up within %.1f s; %d GETs repeated by Qt on a broken connection",
        side, restarts(), world.events, int(world.mostInFirstSeconds), world.highestRate,
        double(world.slowestCatchUp.count()) / 1000.0, world.tombstone.repeats());
}

/// A project whose containers change, vanish and come.
class ChangingProject
{
public:
    ChangingProject(World &world, RancherScript &script)
        : m_world(world)
        , m_script(script)
    {
        while (m_rows.size() < rowCount)
            put(m_nextNumber++,
                [this](int number, const QString &state) { m_script.set(number, state); });
    }

    void change()
    {
        const int pick = m_world.random.bounded(100);
        const auto any
            = std::next(m_numbers.begin(), m_world.random.bounded(int(m_numbers.size())));
        const int number = *any;
        if (pick == 0) {
            m_numbers.erase(any);
            m_rows.remove(idOf(number));
            m_script.change(number, QStringLiteral("removed"));
            m_script.drop(number);
        }
        put(pick == 0 ? m_nextNumber++ : number,
            [this](int one, const QString &state) { m_script.change(one, state); });
    }
    [[nodiscard]] const QMap<QString, QString> &rows() const { return m_rows; }

private:
    [[nodiscard]] static QString idOf(int number) { return QStringLiteral("1i%1").arg(number); }

    template <typename Tell>
    void put(int number, Tell tellServer)
    {
        const QString state = m_world.nextVersion();
        if (!m_rows.contains(idOf(number)))
            m_numbers.append(number);
        m_rows.insert(idOf(number), state);
        tellServer(number, state);
    }

    World &m_world;
    RancherScript &m_script;
    QMap<QString, QString> m_rows;
    QList<int> m_numbers;
    int m_nextNumber = 1;
};

void showContainers(ShownRows &rows, const stacks::StackDelta &delta)
{
    if (delta.containers.isSnapshot)
        rows.clear();
    for (const domain::Container &one : delta.containers.added + delta.containers.changed)
        rows.show(one.id.value(), one.life.state.text());
    for (const domain::ContainerId &id : delta.containers.removed)
        rows.remove(id.value());
}

template <typename Batch>
void showStatuses(ShownRows &rows, QChar kind, const Batch &batch)
{
    if (batch.isSnapshot)
        rows.clear();
    for (const auto &one : batch.added + batch.changed)
        rows.show(kind + QString::number(one.id.value()), one.status.text());
    for (const auto &id : batch.removed)
        rows.remove(kind + QString::number(id.value()));
}

/// What a client does that was written in an afternoon: connects again at once, and believes that
/// frames are all there is to know.
class NaiveClient
{
public:
    explicit NaiveClient(const QUrl &server)
        : m_url(server)
    {
        m_url.setScheme(QStringLiteral("ws"));
        m_url.setPath(QString::fromLatin1(RancherScript::subscribe));
        QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &m_socket,
            [this](const QString &text) { take(text.toUtf8()); });
        QObject::connect(
            &m_socket, &QWebSocket::disconnected, &m_socket, [this] { connectNow(); },
            Qt::QueuedConnection);
        connectNow();
    }
    ~NaiveClient() { m_socket.disconnect(); }

    ShownRows rows;

private:
    void connectNow() { m_socket.open(m_url); }
    void take(const QByteArray &frame)
    {
        const auto event = stacks::rancher::parseEvent(frame);
        const auto *container = event ? std::get_if<domain::Container>(&*event) : nullptr;
        if (container)
            rows.show(container->id.value(), container->life.state.text());
    }

    QUrl m_url;
    QWebSocket m_socket;
};

} // namespace

void TestRestarts::theRancherSideComesBackWithoutLossAndWithoutHaste()
{
    World world;
    RancherScript script(world.server);
    ChangingProject project(world, script);
    settings::RancherSettings settings;
    settings.url = world.server.url();
    settings.project = QStringLiteral("1a5");
    stacks::RancherBackend backend(settings, "key", "secret", world.surroundings());
    Watched<stacks::StackFeed> watched(world, backend.openFeed());
    QObject::connect(&watched.feed(), &stacks::StackFeed::changed, &watched.feed(),
        [&](const stacks::StackDelta &delta) { showContainers(watched.rows, delta); });
    watched.change = [&] { project.change(); };
    watched.steadyAlarms = 1; // it reads its lists every ten minutes
    watched.feed().start();
    QTRY_VERIFY(watched.isRight());

    const QString problem = runThrough(world, watched, 1'500ms);
    tell(world, "Rancher");
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY(watched.agreesWith([&] { return project.rows(); }));
    QVERIFY2(watched.rows.mistakes().isEmpty(),
        qPrintable(watched.rows.mistakes().mid(0, 9).join(u'\n')));
}

void TestRestarts::theGitLabSideComesBackWithoutLossAndWithoutHaste()
{
    World world;
    GitLabScript script(world.server);
    constexpr int pipelines = 8;
    QMap<QString, QString> truth;
    const auto setPipeline = [&](int id) {
        const QString version = world.nextVersion();
        const QDateTime updated = world.clock->utc();
        script.setPipeline(id, version, updated.toString(Qt::ISODateWithMs));
        truth.insert(u'p' + QString::number(id), version);
    };
    const auto setJob = [&](int id) {
        const QString version = world.nextVersion();
        script.setJob(id, 1 + id % pipelines, version);
        truth.insert(u'j' + QString::number(id), version);
    };
    for (int id = 1; id <= pipelines; ++id)
        setPipeline(id);
    for (int id = 1; id <= 80; ++id)
        setJob(id);
    const auto backend = gitlabBackend(world.server.url(), world.surroundings());
    Watched<ci::CiFeed> watched(world, backend->openFeed());
    QObject::connect(
        &watched.feed(), &ci::CiFeed::changed, &watched.feed(), [&](const ci::CiDelta &delta) {
            showStatuses(watched.rows, u'p', delta.pipelines);
            if (!delta.jobs.isSnapshot)
                return showStatuses(watched.rows, u'j', delta.jobs);
            for (const domain::Job &job : delta.jobs.added)
                watched.rows.show(u'j' + QString::number(job.id.value()), job.status.text());
        });
    watched.change = [&] {
        const int pick = world.random.bounded(88);
        if (pick < pipelines)
            setPipeline(1 + pick);
        else
            setJob(pick - pipelines + 1);
    };
    watched.feed().start();
    QTRY_VERIFY(watched.isRight());

    const QString problem = runThrough(world, watched, 6'000ms);
    tell(world, "GitLab");
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY(watched.agreesWith([&] { return truth; }));
    QVERIFY2(watched.rows.mistakes().isEmpty(),
        qPrintable(watched.rows.mistakes().mid(0, 9).join(u'\n')));
}

void TestRestarts::aHastyForgetfulClientIsNoticed()
{
    // Negative control: both measures see a client that does it wrong.
    World world;
    RancherScript script(world.server);
    ChangingProject project(world, script);
    NaiveClient naive(world.server.url());
    QTRY_COMPARE(world.server.requestCount(RancherScript::subscribe), 1);
    for (int i = 0; i < 50; ++i)
        project.change();
    QTRY_VERIFY(!naive.rows.rows().isEmpty());
    world.server.stop();
    QVERIFY(world.tombstone.open(world.server.port()));
    for (int i = 0; i < 500; ++i)
        project.change();
    QTRY_VERIFY(world.tombstone.asked().value("subscribe socket").size() > 3);
    const qint64 now = world.clock->monotonic().count();
    QVERIFY(!excessOf(world.tombstone.asked(), now, now + 5'000, world).isEmpty());
    world.tombstone.close();
    QVERIFY(world.server.restart());
    QTRY_COMPARE(world.server.openConnections(), 1);
    QVERIFY(hashOf(naive.rows.rows()) != hashOf(project.rows()));
}

void TestRestarts::aRowThatGoesBackIsNoticed()
{
    ShownRows rows;
    rows.show(QStringLiteral("1i1"), QStringLiteral("v5"));
    rows.show(QStringLiteral("1i1"), QStringLiteral("v5"));
    QVERIFY(rows.mistakes().isEmpty());
    rows.show(QStringLiteral("1i1"), QStringLiteral("v4"));
    QCOMPARE(rows.mistakes().size(), 1);
    rows.remove(QStringLiteral("1i1"));
    rows.show(QStringLiteral("1i1"), QStringLiteral("v3"));
    QCOMPARE(rows.mistakes().size(), 2);
}

QTEST_GUILESS_MAIN(TestRestarts)
#include "tst_restarts.moc"
