// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_backend.h"
#include "tests/support/fault_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMutex>
#include <QUrlQuery>

namespace faultline::tests {

/// A GitLab project that a test can change: lists with keyset and offset pages, single objects, one
/// job's log.
class GitLabScript
{
public:
    explicit GitLabScript(FaultServer &server)
        : m_server(server)
    {
        server.answerBy([this](const Received &request) { return answerTo(request); });
    }

    static constexpr const char *project = "/api/v4/projects/faultline%2Fsample";

    void setPipeline(int id, const QString &status,
        const QString &updated = QStringLiteral("2026-03-01T10:00:00Z"))
    {
        const QMutexLocker lock(&m_mutex);
        m_pipelines.insert(id,
            { { QStringLiteral("id"), id }, { QStringLiteral("status"), status },
                { QStringLiteral("ref"), QStringLiteral("main") },
                { QStringLiteral("updated_at"), updated } });
    }
    void setJob(int id, int pipeline, const QString &status)
    {
        const QMutexLocker lock(&m_mutex);
        m_jobs.insert(id,
            { { QStringLiteral("id"), id }, { QStringLiteral("status"), status },
                { QStringLiteral("name"), QStringLiteral("j") },
                { QStringLiteral("pipeline"),
                    QJsonObject{ { QStringLiteral("id"), pipeline } } } });
    }
    void setLog(const QByteArray &log)
    {
        const QMutexLocker lock(&m_mutex);
        m_log = log;
    }
    void sendParts(bool on)
    {
        const QMutexLocker lock(&m_mutex);
        m_sendsParts = on;
    }
    void overruleAll(const std::optional<Answer> &answer)
    {
        const QMutexLocker lock(&m_mutex);
        m_overruled = answer;
    }

private:
    [[nodiscard]] static Answer listOf(const QList<QJsonObject> &items)
    {
        QJsonArray out;
        for (const QJsonObject &one : items)
            out.append(one);
        return json(QJsonDocument(out).toJson(QJsonDocument::Compact));
    }

    /// Newest first, 100 at a time, `Link` by id.
    [[nodiscard]] Answer page(const QMap<int, QJsonObject> &all, const Received &request) const
    {
        const QUrlQuery query(QString::fromLatin1(request.query));
        const int before = query.queryItemValue(QStringLiteral("before")).toInt();
        const QString since
            = query.queryItemValue(QStringLiteral("updated_after"), QUrl::FullyDecoded);
        QList<QJsonObject> items;
        int last = 0;
        bool hasMore = false;
        for (auto it = all.cend(); it != all.cbegin();) {
            --it;
            if (before > 0 && it.key() >= before)
                continue;
            if (!since.isEmpty() && it->value(QStringLiteral("updated_at")).toString() < since)
                continue;
            if (items.size() == 100) {
                hasMore = true;
                break;
            }
            items.append(it.value());
            last = it.key();
        }
        Answer out = listOf(items);
        if (hasMore)
            out.with("Link",
                "<" + m_server.url().toEncoded() + request.path
                    + "?before=" + QByteArray::number(last) + ">; rel=\"next\"");
        return out;
    }

    [[nodiscard]] Answer log(const Received &request) const
    {
        Answer out = plainText(m_log);
        if (!m_sendsParts)
            return out;
        out.with("Accept-Ranges", "bytes");
        const QByteArray range = request.header("Range");
        if (range.isEmpty())
            return out;
        const qint64 from = range.mid(6).chopped(1).toLongLong();
        if (from >= m_log.size())
            return plainText({}, 416).with("Accept-Ranges", "bytes");
        out.body = m_log.mid(from);
        out.status = 206;
        return out;
    }

    [[nodiscard]] std::optional<Answer> answerTo(const Received &request)
    {
        const QMutexLocker lock(&m_mutex);
        if (m_overruled)
            return m_overruled;
        const QByteArray path = request.path.mid(qstrlen(project));
        const QList<QByteArray> parts = path.split('/');
        if (path == "/pipelines")
            return page(m_pipelines, request);
        if (path == "/jobs")
            return page(m_jobs, request);
        if (path.endsWith("/trace"))
            return log(request);
        if (parts.size() == 4 && parts[1] == "pipelines" && parts[3] == "jobs") {
            QList<QJsonObject> out;
            for (const QJsonObject &job : std::as_const(m_jobs)) {
                const int id = job.value(QStringLiteral("pipeline"))
                                   .toObject()
                                   .value(QStringLiteral("id"))
                                   .toInt();
                if (id == parts[2].toInt())
                    out.append(job);
            }
            return listOf(out);
        }
        if (parts.size() == 3 && parts[1] == "jobs" && m_jobs.contains(parts[2].toInt()))
            return json(QJsonDocument(m_jobs.value(parts[2].toInt())).toJson());
        return std::nullopt;
    }

    FaultServer &m_server;
    QMutex m_mutex;
    QMap<int, QJsonObject> m_pipelines;
    QMap<int, QJsonObject> m_jobs;
    QByteArray m_log;
    bool m_sendsParts = false;
    std::optional<Answer> m_overruled;
};

[[nodiscard]] inline std::unique_ptr<ci::GitLabBackend> gitlabBackend(
    const QUrl &url, net::Surroundings surroundings = {})
{
    settings::GitLabSettings settings;
    settings.url = url;
    settings.project = QStringLiteral("faultline/sample");
    return std::make_unique<ci::GitLabBackend>(settings, "canary-token", std::move(surroundings));
}

} // namespace faultline::tests
