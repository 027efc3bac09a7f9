// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe_attempt.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/sql_watch.h"

#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QTcpSocket>
#include <QTimer>

#include <charconv>

namespace faultline::runs {

namespace {

/// Where to look, another one first each time.
QStringList candidatesOf(const cases::Probe &probe, const Resolve &resolve, std::int64_t number)
{
    const ProbeTarget target = probeTarget(probe.target);
    const QStringList all = resolve(target.role, target.port);
    if (all.isEmpty())
        return all;
    const auto first = static_cast<qsizetype>(number % all.size());
    return all.mid(first) + all.mid(0, first);
}

/// One attempt while it lasts; deletes itself at its end.
class RunningAttempt : public QObject
{
public:
    using Done = std::function<void(const AttemptEnd &)>;

    RunningAttempt(QObject *owner, cases::Probe probe, const SqlPasswords &passwords, Done done)
        : QObject(owner)
        , m_probe(std::move(probe))
        , m_passwords(passwords)
        , m_done(std::move(done))
    {
        QTimer::singleShot(m_probe.timeout, this, [this] {
            end({ false, "no answer within " + cases::durationText(m_probe.timeout) });
        });
    }

    void start(const ProbeWays &ways, std::int64_t number)
    {
        const ProbeTarget target = probeTarget(m_probe.target);
        m_path = QString::fromStdString(target.path);
        if (m_probe.kind == cases::ProbeKind::Exec && m_probe.target != "runner")
            return runInside(ways, number);
        if (m_probe.kind == cases::ProbeKind::Exec)
            return run();
        if (m_probe.target.find("://") != std::string::npos)
            return get(QUrl(QString::fromStdString(m_probe.target)));
        m_candidates = candidatesOf(m_probe, ways.resolve, number);
        if (m_candidates.isEmpty())
            m_why = "no container of " + target.role + " runs and publishes the port "
                + std::to_string(target.port);
        tryNext();
    }

private:
    void tryNext()
    {
        if (m_candidates.isEmpty())
            return endSoon();
        const QString candidate = m_candidates.takeFirst();
        if (m_probe.kind == cases::ProbeKind::Http)
            return get(QUrl(QStringLiteral("http://") + candidate + m_path));
        if (m_probe.kind == cases::ProbeKind::Sql)
            return ask(candidate);
        connectTo(candidate);
    }

    void runInside(const ProbeWays &ways, std::int64_t number)
    {
        QStringList words;
        for (const std::string &word : m_probe.command)
            words += QString::fromStdString(word);
        if (!ways.inside)
            return endSoon();
        m_inside = ways.inside(m_probe.target, words, number,
            [this](domain::Result<int> code) { end({ code.value_or(1) == 0 }); });
    }

    void ask(const QString &candidate)
    {
        SqlServer server
            = sqlServer(candidate, m_probe.target, m_probe.user, m_probe.password, m_passwords);
        if (QHostAddress(QString::fromStdString(server.host)).isNull())
            return lookUp(server);
        auto *watch = new SqlWatch(
            std::move(server), m_probe.statement,
            [this, candidate](const SqlEnd &answer) {
                if (answer.isOk && m_probe.expect.value_or(answer.rows) == answer.rows)
                    return end({ true });
                m_why = candidate.toStdString() + ": "
                    + (answer.isOk ? "it answered \"" + plainWords(answer.rows, 100) + "\", not \""
                                + plainWords(*m_probe.expect, 100) + '"'
                                   : answer.problem);
                tryNext();
            },
            this);
        watch->start();
    }

    /// The library would look the name up itself, and this thread would wait for that.
    void lookUp(const SqlServer &server)
    {
        const QString name = QString::fromStdString(server.host);
        QHostInfo::lookupHost(name, this, [this, name, port = server.port](const QHostInfo &found) {
            QStringList known;
            for (const QHostAddress &address : found.addresses())
                known += QStringLiteral("[%1]:%2").arg(address.toString()).arg(port);
            if (known.isEmpty())
                m_why
                    = plainWords((name + QStringLiteral(": ") + found.errorString()).toStdString());
            m_candidates = known + m_candidates;
            tryNext();
        });
    }

    void connectTo(const QString &candidate)
    {
        const qsizetype colon = candidate.lastIndexOf(u':');
        auto *socket = new QTcpSocket(this);
        connect(socket, &QTcpSocket::connected, this, [this] { end({ true }); });
        connect(socket, &QTcpSocket::errorOccurred, this, [this, socket] {
            socket->deleteLater();
            tryNext();
        });
        socket->connectToHost(candidate.left(colon), candidate.mid(colon + 1).toUShort());
    }

    void get(const QUrl &url)
    {
        if (!m_network)
            m_network = new QNetworkAccessManager(this);
        QNetworkReply *reply = m_network->get(QNetworkRequest(url));
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            reply->deleteLater();
            if (reply->error() == QNetworkReply::NoError && status > 0 && status < 400)
                end({ true });
            else
                tryNext();
        });
    }

    void run()
    {
        m_process = new QProcess(this);
        QProcess *const process = m_process;
        process->setStandardInputFile(QProcess::nullDevice());
        process->setStandardOutputFile(QProcess::nullDevice());
        process->setStandardErrorFile(QProcess::nullDevice());
        QStringList arguments;
        for (const std::string &word : m_probe.command)
            arguments += QString::fromStdString(word);
        connect(process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus how) {
            end({ how == QProcess::NormalExit && code == 0 });
        });
        connect(process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                endSoon();
        });
        const QString program = arguments.takeFirst();
        process->start(program, arguments);
    }

    void endSoon()
    {
        QTimer::singleShot(0, this, [this] { end({ false, m_why }); });
    }

    void end(const AttemptEnd &how)
    {
        if (!m_done)
            return;
        const auto done = std::exchange(m_done, nullptr);
        if (m_process && m_process->state() != QProcess::NotRunning) {
            m_process->disconnect(this);
            m_process->kill();
            m_process->waitForFinished(1'000); // a killed process is gone at once
        }
        deleteLater();
        done(how);
    }

    const cases::Probe m_probe;
    const SqlPasswords &m_passwords;
    Done m_done;
    QStringList m_candidates;
    std::string m_why; // the last candidate failed
    net::Call m_inside;
    QString m_path;
    QNetworkAccessManager *m_network = nullptr;
    QProcess *m_process = nullptr;
};

} // namespace

ProbeTarget probeTarget(const std::string &text)
{
    ProbeTarget out;
    const std::size_t colon = text.find(':');
    out.role = text.substr(0, std::min(colon, text.find('/')));
    if (colon == std::string::npos)
        return out;
    const std::size_t slash = text.find('/', colon);
    const std::size_t end = slash == std::string::npos ? text.size() : slash;
    std::from_chars(text.data() + colon + 1, text.data() + end, out.port);
    if (slash != std::string::npos)
        out.path = text.substr(slash);
    return out;
}

void startAttempt(const ProbeWays &ways, const cases::Probe &probe, std::int64_t number,
    std::function<void(const AttemptEnd &)> done)
{
    const bool isPlain
        = probe.kind == cases::ProbeKind::Tcp || probe.kind == cases::ProbeKind::Http;
    if (isPlain && probe.target.find("://") == std::string::npos) {
        const QStringList candidates = candidatesOf(probe, ways.resolve, number);
        QByteArray path;
        if (probe.kind == cases::ProbeKind::Http)
            path = QByteArray::fromStdString(probeTarget(probe.target).path);
        if (probe.kind == cases::ProbeKind::Http && path.isEmpty())
            path = "/";
        if (ways.sockets.canReach(candidates))
            return ways.sockets.start(candidates, path, ProbeSockets::Clock::now() + probe.timeout,
                [done = std::move(done)](bool isOk) { done({ isOk }); });
    }
    auto *attempt = new RunningAttempt(&ways.sockets, probe, ways.passwords, std::move(done));
    attempt->start(ways, number);
}

} // namespace faultline::runs
