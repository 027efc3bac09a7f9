// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/notify/commit_status.h"

#include "services/notify/text.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::notify {

namespace {

constexpr qsizetype longestDescription = 140; // GitHub's limit; GitLab's is 255
constexpr QLatin1StringView gitHubApi("https://api.github.com");

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

} // namespace

std::optional<StatusTarget> statusTarget(const QMap<QString, QString> &environment)
{
    const auto upstream = [&](const char *name) {
        return environment.value(QStringLiteral("FAULTLINE_UPSTREAM_") + QLatin1StringView(name));
    };
    StatusTarget out;
    out.project = upstream("PROJECT");
    out.sha = upstream("SHA");
    if (!out.project.isEmpty() && !out.sha.isEmpty()) {
        const bool isGitHub = upstream("KIND") == u"github";
        out.kind = isGitHub ? StatusTarget::Kind::GitHub : StatusTarget::Kind::GitLab;
        out.ref = upstream("REF");
        QString url = upstream("URL");
        if (url.isEmpty())
            url = isGitHub ? gitHubApi : environment.value(QStringLiteral("CI_SERVER_URL"));
        out.origin = QUrl(url);
    } else {
        out.project = environment.value(QStringLiteral("CI_PROJECT_PATH"));
        out.sha = environment.value(QStringLiteral("CI_COMMIT_SHA"));
        out.ref = environment.value(QStringLiteral("CI_COMMIT_REF_NAME"));
        out.origin = QUrl(environment.value(QStringLiteral("CI_SERVER_URL")));
    }
    const bool isWhole = !out.project.isEmpty() && !out.sha.isEmpty() && out.origin.isValid()
        && !out.origin.host().isEmpty();
    return isWhole ? std::optional(out) : std::nullopt;
}

QByteArray statusToken(const StatusTarget &target, const QMap<QString, QString> &environment)
{
    const QString own = environment.value(QStringLiteral("FAULTLINE_UPSTREAM_TOKEN"));
    const bool isOwnServer = target.kind == StatusTarget::Kind::GitLab
        && target.origin == QUrl(environment.value(QStringLiteral("CI_SERVER_URL")));
    if (!own.isEmpty() || !isOwnServer)
        return own.toUtf8();
    return environment.value(QStringLiteral("FAULTLINE_GITLAB_TOKEN")).toUtf8();
}

QString stateWord(StatusTarget::Kind kind, const QString &verdict)
{
    const bool isGitHub = kind == StatusTarget::Kind::GitHub;
    if (verdict == u"pending")
        return verdict;
    if (verdict == u"pass")
        return QStringLiteral("success");
    if (verdict == u"fail")
        return isGitHub ? QStringLiteral("failure") : QStringLiteral("failed");
    if (verdict == u"aborted" && !isGitHub)
        return QStringLiteral("canceled");
    return isGitHub ? QStringLiteral("error") : QStringLiteral("failed");
}

Delivery statusDelivery(
    const StatusTarget &target, const CommitStatus &status, const QByteArray &token)
{
    QJsonObject body{ { QStringLiteral("state"), stateWord(target.kind, status.verdict) },
        { QStringLiteral("description"), status.description.left(longestDescription) } };
    if (!status.targetUrl.isEmpty())
        body.insert(QStringLiteral("target_url"), status.targetUrl);
    Delivery out;
    out.origin = target.origin;
    out.expectJson = true;
    if (target.kind == StatusTarget::Kind::GitHub) {
        body.insert(QStringLiteral("context"), status.context);
        QStringList parts;
        for (const QString &part : target.project.split(u'/'))
            parts += encoded(part);
        out.path
            = QStringLiteral("/repos/%1/statuses/%2").arg(parts.join(u'/'), encoded(target.sha));
        out.authHeaders.append(net::Header("Authorization", "Bearer " + token));
        out.headers = { { "Accept", "application/vnd.github+json" },
            { "X-GitHub-Api-Version", "2022-11-28" } };
    } else {
        body.insert(QStringLiteral("name"), status.context);
        if (!target.ref.isEmpty())
            body.insert(QStringLiteral("ref"), target.ref);
        out.path = QStringLiteral("/api/v4/projects/%1/statuses/%2")
                       .arg(encoded(target.project), encoded(target.sha));
        out.authHeaders.append(net::Header("PRIVATE-TOKEN", token));
    }
    out.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return out;
}

domain::Result<void> postStatus(const StatusTarget &target, const CommitStatus &status,
    const QByteArray &token, std::chrono::milliseconds limit, const net::CancelToken &stop)
{
    if (token.isEmpty())
        return domain::failure(domain::ErrorKind::Auth,
            Text::tr("There is no token for the commit's status: set FAULTLINE_UPSTREAM_TOKEN."));
    const auto answer = deliver(statusDelivery(target, status, token), limit, stop);
    if (answer)
        return {};
    const QString same = QStringLiteral("from :") + stateWord(target.kind, status.verdict);
    const bool hasIt = answer.error().status == 400
        && answer.error().serverWords.contains(QStringLiteral("Cannot transition status"))
        && answer.error().serverWords.contains(same);
    return hasIt ? domain::Result<void>() : domain::failure(answer.error());
}

} // namespace faultline::notify
