// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/log_watch.h"

#include "services/runs/checks.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace faultline::runs {

namespace {

constexpr int firstLines = 5'000;
constexpr int linesAgain = 500;
constexpr qsizetype longestQuote = 300;
constexpr qsizetype longestLine = 64 << 10;
constexpr qsizetype mostWaiting = 16
    << 20; // of one log; what a loop can't follow is left to the end

} // namespace

struct LogWatch::Line
{
    cases::Check check;
    re2::RE2 pattern;
    std::vector<std::string> services; // empty = all
    bool isBroken = false;

    Line(cases::Check c, std::vector<std::string> s)
        : check(std::move(c))
        , pattern(argumentOf(check, "pattern"), re2::RE2::Quiet)
        , services(std::move(s))
    {
    }
};

/// The logs that are open. Sockets are made, and destroyed, on the backend's thread.
struct LogWatch::Tails
{
    struct Tail
    {
        QString container;
        std::string service;
        QByteArray bytes; // that came and were not looked at
        std::unique_ptr<stacks::ContainerLog> log; // touched on the backend's thread only
        bool isOpen = false;
        bool wasOpen = false;
    };
    std::mutex mutex;
    std::map<domain::ContainerId, Tail> all;
    bool isOver = false;

    void took(const domain::ContainerId &id, const QByteArray &bytes)
    {
        const std::lock_guard lock(mutex);
        Tail &tail = all[id];
        if (tail.bytes.size() + bytes.size() <= mostWaiting)
            tail.bytes += bytes;
    }

    void closed(const domain::ContainerId &id)
    {
        const std::lock_guard lock(mutex);
        Tail &tail = all[id];
        tail.isOpen = false;
        if (tail.log)
            tail.log.release()->deleteLater(); // its signal is being handled
    }
};

LogWatch::LogWatch(const RunState &state, const std::vector<cases::Check> &checks)
    : m_state(state)
    , m_tails(std::make_shared<Tails>())
{
    const auto serviceOf = servicesByRole(state.request.caseFile);
    for (const cases::Check &check : checks) {
        if (check.kind != "log.pattern" || check.when != cases::Check::When::During)
            continue;
        std::vector<std::string> services;
        for (const std::string &role : argumentsOf(check, "roles")) {
            const auto found = serviceOf.find(role);
            services.push_back(found == serviceOf.end() ? role : found->second);
        }
        m_lines.push_back(std::make_unique<Line>(check, std::move(services)));
    }
}

LogWatch::~LogWatch()
{
    QMetaObject::invokeMethod(
        &m_state.backend,
        [tails = m_tails] {
            const std::lock_guard lock(tails->mutex);
            tails->isOver = true;
            tails->all.clear();
        },
        Qt::QueuedConnection);
}

void LogWatch::follow()
{
    if (m_lines.empty())
        return;
    std::map<domain::ServiceId, std::string> names;
    for (const domain::Service &service : m_state.stack.services())
        names[service.id] = service.name.toStdString();
    for (const domain::Container &container : m_state.stack.containers()) {
        if (!isAlive(container))
            continue;
        const std::lock_guard lock(m_tails->mutex);
        Tails::Tail &tail = m_tails->all[container.id];
        if (tail.isOpen)
            continue;
        tail.container = container.name;
        tail.service = names[container.serviceId];
        tail.isOpen = true;
        const stacks::LogOptions options{
            std::exchange(tail.wasOpen, true) ? linesAgain : firstLines, true, false
        };
        QMetaObject::invokeMethod(
            &m_state.backend,
            [tails = m_tails, &backend = m_state.backend, id = container.id, options] {
                auto log = backend.openLog(id, options);
                QObject::connect(log.get(), &stacks::ContainerLog::received, log.get(),
                    [tails, id](
                        stacks::LogChannel, const QByteArray &bytes) { tails->took(id, bytes); });
                QObject::connect(log.get(), &stacks::ContainerLog::ended, log.get(),
                    [tails, id] { tails->closed(id); });
                QObject::connect(log.get(), &stacks::ContainerLog::failed, log.get(),
                    [tails, id](const domain::Error &) { tails->closed(id); });
                const std::lock_guard inner(tails->mutex);
                if (!tails->isOver)
                    tails->all[id].log = std::move(log);
            },
            Qt::QueuedConnection);
    }
}

Findings LogWatch::look()
{
    struct Piece
    {
        QString container;
        std::string service;
        QByteArray bytes;
    };
    std::vector<Piece> pieces;
    {
        const std::lock_guard lock(m_tails->mutex);
        for (auto &[id, tail] : m_tails->all) {
            const qsizetype end = tail.bytes.size() > longestLine && !tail.bytes.contains('\n')
                ? tail.bytes.size()
                : tail.bytes.lastIndexOf('\n') + 1;
            if (end <= 0)
                continue;
            pieces.push_back({ tail.container, tail.service, tail.bytes.left(end) });
            tail.bytes.remove(0, end);
        }
    }
    Findings out;
    for (const Piece &piece : pieces) {
        for (const QByteArray &line : piece.bytes.split('\n'))
            searchIn(piece.container, piece.service, line, out);
    }
    return out;
}

void LogWatch::searchIn(const QString &container, const std::string &service,
    const QByteArray &line, Findings &findings)
{
    for (const auto &each : m_lines) {
        const bool isItsOwn = each->services.empty()
            || std::find(each->services.begin(), each->services.end(), service)
                != each->services.end();
        if (each->isBroken || !isItsOwn
            || !re2::RE2::PartialMatch(
                re2::StringPiece(line.constData(), static_cast<std::size_t>(line.size())),
                each->pattern))
            continue;
        each->isBroken = true;
        findings.push_back(findingOf(each->check, Finding::Kind::Anomaly,
            "The log of " + container.toStdString()
                + " holds: " + line.left(longestQuote).toStdString()));
    }
}

std::optional<bool> LogWatch::isBroken(const cases::Check &check) const
{
    for (const auto &each : m_lines) {
        if (idOf(each->check) == idOf(check) && each->check.place == check.place)
            return each->isBroken;
    }
    return std::nullopt;
}

} // namespace faultline::runs
