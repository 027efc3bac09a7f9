// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/invariant_watch.h"
#include "services/runs/probe_clock.h"
#include "services/runs/sql/sql_call.h"
#include "services/runs/sql_invariant.h"
#include "tests/support/mariadb_server.h"

#include <QDir>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace faultline;
using namespace faultline::runs;
using faultline::tests::MariaDbServer;
using std::chrono::seconds;

/// Statements, probes and invariants against a real MariaDB.
class tst_sql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void rowsComeAsTheClientPrintsThem();
    void errorsAreTheServersWords();
    void noServerIsAnErrorThatMayPass();
    void anAnswerThatIsTooLargeIsNotRead();
    void aSilentServerIsLeftInTime();
    void aServerGetsNoFileOfOurs();
    void aProbeLogsInAndMeasures();
    void aNameIsLookedUpWithoutWaiting();
    void aProbeTellsWhyItFailed();
    void aProbesStallIsMeasuredAndNotHidden();
    void theServersDeathIsAnOutage();
    void anInvariantIsJudgedByEveryServer();
    void whatIsWrongForAMomentIsNoticed();
    void serversThatAreGoneAreWatchedInVain();
    void passwordsAreFoundByReference();
    void nothingKeepsASocket();

private:
    [[nodiscard]] SqlServer server(const std::string &database = {}) const;
    /// An invariant of the sum of all balances, watched on these servers.
    [[nodiscard]] std::unique_ptr<InvariantWatch> watch(
        const cases::Check &check, const QStringList &addresses) const;
    [[nodiscard]] SqlEnd ask(const std::string &statement, const std::string &database = {}) const;

    MariaDbServer m_server;
};

namespace {

constexpr const char *password = "canary-in-sql-7241";

SqlEnd askAt(const SqlServer &server, const std::string &statement, int limitMs = 20'000)
{
    return askSql(server, statement, std::chrono::steady_clock::now() + milliseconds(limitMs),
        [] { return true; });
}

cases::Probe sqlProbe(const std::string &statement, int every, int timeout)
{
    cases::Probe out;
    out.id = "probe";
    out.kind = cases::ProbeKind::Sql;
    out.target = "db:3306/bank";
    out.user = "teller";
    out.password = "env:TELLER";
    out.statement = statement;
    out.every = milliseconds(every);
    out.timeout = milliseconds(timeout);
    return out;
}

struct Running
{
    Running(const cases::Probe &probe, const QStringList &addresses,
        const SqlPasswords &passwords = { { "env:TELLER", password } })
        : clock(
            { probe }, [=](const std::string &, int) { return addresses; },
            [](const std::string &, const ProbeSecond &) {}, {}, passwords)
    {
        clock.start();
    }
    [[nodiscard]] ProbeSeries now() const { return clock.series().at("probe"); }

    ProbeClock clock;
};

std::string whyOf(const ProbeSeries &series)
{
    for (const ProbeSecond &second : series.seconds()) {
        if (!second.why.empty())
            return second.why;
    }
    return {};
}

cases::Check invariant(const std::string &expect)
{
    cases::Check out;
    out.id = "money";
    out.kind = "sql.invariant";
    yaml::Value value;
    value.kind = yaml::Value::Kind::Scalar;
    value.scalar = expect;
    out.arguments["expect"] = value;
    return out;
}

cases::Check liveInvariant()
{
    cases::Check out = invariant("100");
    out.when = cases::Check::When::During;
    const auto add = [&out](const char *name, const char *text) {
        yaml::Value value;
        value.kind = yaml::Value::Kind::Scalar;
        value.scalar = text;
        out.arguments[name] = value;
    };
    add("statement", "SELECT SUM(balance) FROM bank.accounts");
    add("user", "teller");
    add("password", "env:TELLER");
    add("every", "50ms");
    return out;
}

SqlSaid said(const std::string &where, const std::string &rows)
{
    return { where, { true, rows, {}, 0 } };
}

/// Its queue is full: the kernel drops who wants to connect, as a partition does.
struct FullServer
{
    FullServer()
    {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        auto *const address = reinterpret_cast<sockaddr *>(&where);
        const int listening = keep(::socket(AF_INET, SOCK_STREAM, 0));
        if (::bind(listening, address, size) != 0 || ::listen(listening, 0) != 0
            || ::getsockname(listening, address, &size) != 0)
            return;
        port = ntohs(where.sin_port);
        for (int i = 0; i < 4; ++i)
            (void)::connect(keep(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), address, size);
    }
    ~FullServer()
    {
        for (const int descriptor : descriptors)
            ::close(descriptor);
    }
    FullServer(const FullServer &) = delete;
    FullServer &operator=(const FullServer &) = delete;
    int keep(int descriptor)
    {
        descriptors.push_back(descriptor);
        return descriptor;
    }

    std::vector<int> descriptors;
    int port = 0;
};

qsizetype openSockets()
{
    qsizetype out = 0;
    const QDir folder(QStringLiteral("/proc/self/fd"));
    const auto entries = folder.entryInfoList(QDir::Files | QDir::System | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries)
        out += entry.symLinkTarget().contains(QLatin1StringView("socket:")) ? 1 : 0;
    return out;
}

} // namespace

SqlServer tst_sql::server(const std::string &database) const
{
    return sqlServer(m_server.address(), "db:3306/" + database, "teller", "env:TELLER",
        { { "env:TELLER", password } });
}

SqlEnd tst_sql::ask(const std::string &statement, const std::string &database) const
{
    return askAt(server(database), statement);
}

void tst_sql::initTestCase()
{
    if (!MariaDbServer::isInstalled())
        QSKIP("no MariaDB server is installed (mariadb-server-core)");
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    QVERIFY2(
        m_server.execute("CREATE DATABASE bank; CREATE TABLE bank.accounts (id INT PRIMARY KEY, "
                         "balance INT NOT NULL, owner VARCHAR(20));"
                         "INSERT INTO bank.accounts VALUES (1, 40, 'Ada'), (2, 60, NULL);"
                         "CREATE USER teller IDENTIFIED BY 'canary-in-sql-7241';"
                         "GRANT ALL ON bank.* TO teller"),
        qPrintable(m_server.why()));
}

void tst_sql::rowsComeAsTheClientPrintsThem()
{
    const SqlEnd rows = ask("SELECT id, balance, owner FROM accounts ORDER BY id", "bank");
    QVERIFY2(rows.isOk, rows.problem.c_str());
    QCOMPARE(rows.rows, std::string("1\t40\tAda\n2\t60\tNULL"));
    QCOMPARE(ask("SELECT SUM(balance) FROM bank.accounts").rows, std::string("100"));
    const SqlEnd none = ask("UPDATE bank.accounts SET balance = balance WHERE id = 1");
    QVERIFY2(none.isOk, none.problem.c_str());
    QCOMPARE(none.rows, std::string());
    QVERIFY(ask("SELECT id FROM bank.accounts WHERE id > 7").isOk);
}

void tst_sql::errorsAreTheServersWords()
{
    const SqlEnd table = ask("SELECT * FROM nothing", "bank");
    QVERIFY(!table.isOk);
    QCOMPARE(table.problem, std::string("Table 'bank.nothing' doesn't exist (1146, 42S02)"));
    QVERIFY(!mayPass(table));
    SqlServer stranger = server();
    stranger.password = "wrong";
    const SqlEnd denied = askAt(stranger, "SELECT 1");
    QCOMPARE(denied.code, 1045U);
    QVERIFY2(denied.problem.find("Access denied for user 'teller'") == 0, denied.problem.c_str());
    QVERIFY(denied.problem.find("wrong") == std::string::npos);
    QVERIFY(!mayPass(denied));
    QCOMPARE(plainWords("a\nb\x1b[31m"), std::string("a b [31m"));
    QCOMPARE(plainWords("\xc3\xa4\xc3\xb6", 3), std::string("\xc3\xa4"));
}

void tst_sql::noServerIsAnErrorThatMayPass()
{
    QTcpServer gone;
    QVERIFY(gone.listen(QHostAddress::LocalHost));
    SqlServer nobody = server();
    nobody.port = gone.serverPort();
    gone.close();
    const SqlEnd end = askAt(nobody, "SELECT 1");
    QVERIFY(!end.isOk);
    QVERIFY2(end.code >= 2000 && end.code < 3000, end.problem.c_str());
    QVERIFY(mayPass(end));
}

void tst_sql::anAnswerThatIsTooLargeIsNotRead()
{
    const SqlEnd end = ask("SELECT REPEAT('x', 1000) FROM seq_1_to_1000000", "bank");
    QVERIFY(!end.isOk);
    QCOMPARE(end.problem, std::string("the answer is larger than 64 KiB"));
    QCOMPARE(end.rows, std::string());
    const SqlEnd one = ask("SELECT REPEAT('x', 3000000)");
    QVERIFY2(!one.isOk, "a packet of 3 MB was taken");
}

void tst_sql::aSilentServerIsLeftInTime()
{
    QTcpServer silent; // takes connections, never greets
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    SqlServer where = server();
    where.port = silent.serverPort();
    const SqlEnd end = askAt(where, "SELECT 1", 300);
    QCOMPARE(end.problem, std::string("no answer in time"));
    QVERIFY(mayPass(end));
    QCOMPARE(askAt(server(), "SELECT SLEEP(30)", 300).problem, std::string("no answer in time"));
    bool isAsked = false;
    const SqlEnd stopped
        = askSql(server(), "SELECT SLEEP(30)", std::chrono::steady_clock::now() + seconds(30),
            [&] { return !std::exchange(isAsked, true); });
    QCOMPARE(stopped.problem, std::string("the run ended"));
}

void tst_sql::aServerGetsNoFileOfOurs()
{
    QVERIFY(m_server.execute("SET GLOBAL local_infile = 1"));
    const SqlEnd end
        = ask("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE accounts (owner)", "bank");
    QVERIFY(!end.isOk);
    QCOMPARE(ask("SELECT COUNT(*) FROM bank.accounts").rows, std::string("2"));
}

void tst_sql::aProbeLogsInAndMeasures()
{
    cases::Probe probe = sqlProbe("SELECT SUM(balance) FROM accounts", 50, 20'000);
    probe.expect = "100";
    const Running running(probe, { m_server.address() });
    QTRY_VERIFY_WITH_TIMEOUT(running.now().okCount() >= 20, 20'000);
    QCOMPARE(running.now().failedCount(), 0);
    QVERIFY(running.now().latencies().quantile(0.5) > 0);
}

void tst_sql::aNameIsLookedUpWithoutWaiting()
{
    const QString port = m_server.address().section(u':', 1);
    const Running running(
        sqlProbe("SELECT 1", 50, 20'000), { QStringLiteral("localhost:") + port });
    QTRY_VERIFY_WITH_TIMEOUT(running.now().okCount() >= 3, 20'000);
    QCOMPARE(running.now().failedCount(), 0);
}

void tst_sql::aProbeTellsWhyItFailed()
{
    const auto why = [&](const cases::Probe &probe, const QStringList &addresses) {
        Running running(probe, addresses);
        if (!QTest::qWaitFor([&] { return running.now().failedCount() >= 2; }, 20'000))
            return std::string("it did not fail");
        running.clock.stop();
        return whyOf(running.now());
    };
    const std::string where = m_server.address().toStdString();
    QCOMPARE(why(sqlProbe("SELECT * FROM nothing", 50, 10'000), { m_server.address() }),
        where + ": Table 'bank.nothing' doesn't exist (1146, 42S02)");
    cases::Probe wrong = sqlProbe("SELECT 1", 50, 10'000);
    wrong.expect = "2";
    QCOMPARE(why(wrong, { m_server.address() }), where + ": it answered \"1\", not \"2\"");
    QCOMPARE(why(sqlProbe("SELECT 1", 50, 10'000), {}),
        std::string("no container of db runs and publishes the port 3306"));
    QCOMPARE(why(sqlProbe("SELECT SLEEP(30)", 50, 200), { m_server.address() }),
        std::string("no answer within 200ms"));
}

void tst_sql::aProbesStallIsMeasuredAndNotHidden()
{
    QVERIFY(m_server.execute("CREATE TABLE bank.held (n INT)"));
    // Another connection holds the table's lock for a second.
    QVERIFY(m_server.execute("SET GLOBAL max_connections = 400"));
    Running running(sqlProbe("INSERT INTO held VALUES (1)", 50, 20'000), { m_server.address() });
    QTRY_VERIFY_WITH_TIMEOUT(running.now().okCount() >= 5, 20'000);
    QVERIFY(m_server.execute("LOCK TABLES bank.held WRITE; SELECT SLEEP(1)"));
    const auto before = running.now().okCount();
    QTRY_VERIFY_WITH_TIMEOUT(running.now().okCount() >= before + 10, 20'000);
    running.clock.stop();
    const ProbeSeries series = running.now();
    QCOMPARE(series.failedCount(), 0);
    // Open loop: those that fell into the stall were made, and waited each for its own time.
    QVERIFY2(series.latencies().quantile(1) >= 700,
        qPrintable(QString::number(series.latencies().quantile(1))));
}

void tst_sql::theServersDeathIsAnOutage()
{
    Running running(sqlProbe("SELECT 1", 50, 5'000), { m_server.address() });
    QTRY_VERIFY_WITH_TIMEOUT(running.now().okCount() >= 5, 20'000);
    m_server.kill();
    QTRY_VERIFY_WITH_TIMEOUT(running.now().failedCount() >= 5, 20'000);
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    const auto before = running.now().okCount();
    QTRY_VERIFY_WITH_TIMEOUT(running.now().okCount() >= before + 5, 20'000);
    running.clock.stop();
    const ProbeSeries series = running.now();
    QVERIFY(!series.outages().empty());
    QVERIFY(series.outages().back().end.has_value());
    QVERIFY2(whyOf(series).find("Can't connect to server") != std::string::npos
            || whyOf(series).find("Lost connection") != std::string::npos,
        whyOf(series).c_str());
}

void tst_sql::anInvariantIsJudgedByEveryServer()
{
    const cases::Check check = invariant("100");
    QVERIFY(!judgeSql(check, { said("a", "100"), said("b", "100") }));
    const auto broken = judgeSql(check,
        { said("a", "100"), { "b", { false, {}, "gone (2002, HY000)", 2002 } },
            said("c (127.0.0.1:3)", "107") });
    QVERIFY(broken);
    QCOMPARE(broken->kind, Finding::Kind::Anomaly);
    QCOMPARE(broken->anomaly, std::string("consistency"));
    QCOMPARE(broken->message,
        std::string("The invariant does not hold: c (127.0.0.1:3) answered \"107\", not \"100\". "
                    "1 of 3 servers answered as expected."));
    const auto silent
        = judgeSql(check, { said("a", "100"), { "b", { false, {}, "gone (2002, HY000)", 2002 } } });
    QVERIFY(silent);
    QCOMPARE(silent->kind, Finding::Kind::GaveUp);
    QCOMPARE(
        silent->message, std::string("The invariant could not be asked of b: gone (2002, HY000)."));
    const auto none = judgeSql(check, {});
    QVERIFY(none);
    QCOMPARE(none->kind, Finding::Kind::GaveUp);
}

std::unique_ptr<InvariantWatch> tst_sql::watch(
    const cases::Check &check, const QStringList &addresses) const
{
    auto out = std::make_unique<InvariantWatch>(
        std::vector<cases::Check>{ check },
        [addresses](const cases::Check &) {
            std::vector<SqlPlace> places;
            for (const QString &address : addresses)
                places.push_back({ "db", address, "db:3306/bank" });
            return places;
        },
        SqlPasswords{ { "env:TELLER", password } });
    out->start();
    return out;
}

void tst_sql::whatIsWrongForAMomentIsNoticed()
{
    const cases::Check check = liveInvariant();
    const auto watched = watch(check, { m_server.address() });
    QTRY_VERIFY_WITH_TIMEOUT(watched->tallyOf(check)->answered >= 3, 20'000);
    QVERIFY(watched->takeFindings().empty());
    QVERIFY(m_server.execute("UPDATE bank.accounts SET balance = balance + 5 WHERE id = 1"));
    QTRY_VERIFY_WITH_TIMEOUT(watched->tallyOf(check)->isBroken, 20'000);
    QVERIFY(m_server.execute("UPDATE bank.accounts SET balance = balance - 5 WHERE id = 1"));
    watched->stop();
    const Findings found = watched->takeFindings();
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().kind, Finding::Kind::Anomaly);
    QVERIFY2(found.front().message.find("answered \"105\", not \"100\"") != std::string::npos,
        found.front().message.c_str());
    QVERIFY(watched->takeFindings().empty());
}

void tst_sql::serversThatAreGoneAreWatchedInVain()
{
    QTcpServer gone;
    QVERIFY(gone.listen(QHostAddress::LocalHost));
    const QString nobody = QStringLiteral("127.0.0.1:%1").arg(gone.serverPort());
    gone.close();
    const cases::Check check = liveInvariant();
    const auto watched = watch(check, { QString(), nobody, m_server.address() });
    QTRY_VERIFY_WITH_TIMEOUT(watched->tallyOf(check)->answered >= 3, 20'000);
    watched->stop();
    QVERIFY(watched->tallyOf(check)->unanswered >= 2);
    QVERIFY2(watched->tallyOf(check)->lastProblem.find("Can't connect") != std::string::npos,
        watched->tallyOf(check)->lastProblem.c_str());
    QVERIFY(watched->takeFindings().empty());
}

void tst_sql::passwordsAreFoundByReference()
{
    cases::CaseFile caseFile;
    caseFile.probes.push_back(sqlProbe("SELECT 1", 50, 1'000));
    qunsetenv("TELLER");
    const auto missing = readPasswords(caseFile);
    QVERIFY(!missing);
    QVERIFY2(missing.error().text().contains(QStringLiteral("TELLER")),
        qPrintable(missing.error().text()));
    qputenv("TELLER", password);
    const auto found = readPasswords(caseFile);
    QVERIFY(found);
    QCOMPARE(found->at("env:TELLER"), std::string(password));
    qunsetenv("TELLER");
    const SqlServer plain = sqlServer(QStringLiteral("[::1]:3306"), "db:3306", {}, {}, *found);
    QCOMPARE(plain.host, std::string("::1"));
    QCOMPARE(plain.user, std::string("root"));
    QCOMPARE(plain.password, std::string());
    QCOMPARE(plain.database, std::string());
}

void tst_sql::nothingKeepsASocket()
{
    const FullServer full;
    QVERIFY(full.port > 0);
    const auto before = openSockets();
    for (int i = 0; i < 20; ++i) {
        (void)askAt(server(), "SELECT SLEEP(30)", 20);
        SqlServer nowhere = server();
        nowhere.port = full.port;
        QCOMPARE(askAt(nowhere, "SELECT 1", 20).problem, std::string("no answer in time"));
        QVERIFY(askAt(server(), "SELECT 1").isOk);
    }
    QCOMPARE(openSockets(), before);
}

QTEST_GUILESS_MAIN(tst_sql)
#include "tst_sql.moc"
