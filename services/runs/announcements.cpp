// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/announcements.h"

#include "services/domain/runner_identity.h"
#include "services/notify/commit_status.h"
#include "services/notify/slack_message.h"
#include "services/runs/record/event_lines.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/run_notice.h"
#include "services/runs/text.h"

#include <QFile>

#include <algorithm>
#include <array>

namespace faultline::runs {

using namespace std::chrono_literals;
using notify::CommitStatus;
using notify::StatusTarget;

namespace {

constexpr auto usualLimit = 30s;
constexpr auto hurriedLimit = 5s;
constexpr const char *pending = "pending";

std::chrono::milliseconds limitOf(const Announcing &how)
{
    return how.hurry.isCancelled() ? hurriedLimit : usualLimit;
}

/// `commit-status.json`: whom a run tells what, and whether that arrived.
struct StatusFile
{
    StatusTarget target;
    CommitStatus status;
    bool isDelivered = false;
};

std::string pathOf(const QString &bundle)
{
    return QFile::encodeName(bundle).toStdString() + "/commit-status.json";
}

std::optional<std::string> save(const QString &bundle, const StatusFile &file)
{
    const bool isGitHub = file.target.kind == StatusTarget::Kind::GitHub;
    const Json json{ { "kind", isGitHub ? "github" : "gitlab" },
        { "origin", file.target.origin.toString().toStdString() },
        { "project", file.target.project.toStdString() }, { "sha", file.target.sha.toStdString() },
        { "ref", file.target.ref.toStdString() }, { "context", file.status.context.toStdString() },
        { "verdict", file.status.verdict.toStdString() },
        { "targetUrl", file.status.targetUrl.toStdString() }, { "delivered", file.isDelivered } };
    return replaceFile(pathOf(bundle), json.dump(2) + '\n', true);
}

std::optional<StatusFile> load(const QString &bundle)
{
    QFile file(QString::fromStdString(pathOf(bundle)));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const Json json = Json::parse(file.readAll().toStdString(), nullptr, /*exceptions*/ false);
    if (!json.is_object())
        return std::nullopt;
    const auto text
        = [&json](const char *key) { return QString::fromStdString(textAt(json, key)); };
    StatusFile out;
    out.target.kind
        = text("kind") == u"github" ? StatusTarget::Kind::GitHub : StatusTarget::Kind::GitLab;
    out.target.origin = QUrl(text("origin"));
    out.target.project = text("project");
    out.target.sha = text("sha");
    out.target.ref = text("ref");
    out.status.context = text("context");
    out.status.verdict = text("verdict");
    out.status.targetUrl = text("targetUrl");
    const auto delivered = json.find("delivered");
    out.isDelivered = delivered != json.end() && delivered->is_boolean() && delivered->get<bool>();
    return out;
}

QString descriptionOf(const QString &verdict)
{
    if (verdict == QLatin1StringView(pending))
        return QStringLiteral("Faultline: the run has begun");
    return QStringLiteral("Faultline: ") + verdict;
}

domain::Result<void> tell(const QString &bundle, StatusFile &file, const QString &verdict,
    const QMap<QString, QString> &environment, std::chrono::milliseconds limit)
{
    file.status.verdict = verdict;
    file.status.description = descriptionOf(verdict);
    file.isDelivered = false;
    if (const auto problem = save(bundle, file)) // first: what was tried must be known afterwards
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
    const auto posted = notify::postStatus(
        file.target, file.status, notify::statusToken(file.target, environment), limit);
    if (!posted)
        return posted;
    file.isDelivered = true;
    if (const auto problem = save(bundle, file))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
    return {};
}

/// One event about a message; errors never hold an address that is secret.
void report(
    EventLog &events, const char *to, const QString &what, const domain::Result<void> &result)
{
    if (result) {
        events.write("notify.sent", { { "to", to }, { "what", what.toStdString() } },
            Text::tr("told %1: %2").arg(QLatin1StringView(to), what).toStdString());
        return;
    }
    events.write("notify.failed",
        { { "to", to }, { "what", what.toStdString() },
            { "error", domain::errorKindName(result.error().kind).toStdString() },
            { "message", result.error().text().toStdString() } },
        Text::tr("could not tell %1 (%2): %3")
            .arg(QLatin1StringView(to), what, result.error().text())
            .toStdString());
}

void tellCommit(const RunRequest &request, const QString &verdict, EventLog &events,
    std::chrono::milliseconds limit)
{
    if (!request.caseFile.reportsCommitStatus)
        return;
    const auto target = notify::statusTarget(request.environment);
    if (!target) {
        report(events, "commit", verdict,
            domain::failure(domain::ErrorKind::Invalid,
                Text::tr(
                    "No commit is known: this is no CI job, and FAULTLINE_UPSTREAM_PROJECT and "
                    "FAULTLINE_UPSTREAM_SHA are not set.")));
        return;
    }
    StatusFile file;
    file.target = *target;
    file.status.context
        = QStringLiteral("faultline/") + QString::fromStdString(request.caseFile.metadata.name);
    file.status.targetUrl = request.environment.value(QStringLiteral("CI_JOB_URL"));
    report(
        events, "commit", verdict, tell(request.bundle, file, verdict, request.environment, limit));
}

/// Opened again after the run has closed it: what is told of a run belongs to its record.
void openEvents(const RunRequest &request, EventLog &events)
{
    const QString path = request.bundle + QStringLiteral("/events.jsonl");
    (void)events.open(QFile::encodeName(path).toStdString()); // the log hears of it in any case
}

} // namespace

void announceStart(const RunRequest &request, const Announcing &how)
{
    EventLog events(request.run.toStdString(), how.event); // into the job's log only
    tellCommit(request, QLatin1StringView(pending), events, limitOf(how));
}

void announceEnd(const RunRequest &request, const RunSummary &summary, const Announcing &how)
{
    const bool tellsAnybody = request.caseFile.reportsCommitStatus
        || std::any_of(request.caseFile.notify.begin(), request.caseFile.notify.end(),
            [&](const cases::Notify &entry) { return wantsToHear(entry, summary.verdict); });
    if (!tellsAnybody)
        return;
    EventLog events(request.run.toStdString(), how.event);
    openEvents(request, events);
    tellCommit(request, QString::fromUtf8(nameOf(summary.verdict).data()), events, limitOf(how));
    for (const cases::Notify &entry : request.caseFile.notify) {
        if (entry.slack.empty() || !wantsToHear(entry, summary.verdict))
            continue;
        const QString name = QString::fromStdString(entry.slack);
        notify::RunNotice notice = noticeOf(request, summary, how.workspace);
        for (const std::string &who : entry.mention)
            notice.mentions += QString::fromStdString(who);
        const auto sent
            = notify::slackWebhook(name, request.environment)
                  .and_then([&](const QByteArray &address) {
                      return notify::webhookDelivery(address, notify::slackMessage(notice));
                  })
                  .and_then([&](const notify::Delivery &delivery) {
                      return notify::deliver(delivery, limitOf(how));
                  });
        report(
            events, "slack", name, sent ? domain::Result<void>() : domain::failure(sent.error()));
    }
}

domain::Result<Reconciled> reconcileStatus(const QString &bundle,
    const QMap<QString, QString> &environment, std::chrono::milliseconds limit)
{
    Reconciled out;
    auto file = load(bundle);
    if (!file || (file->isDelivered && file->status.verdict != QLatin1StringView(pending)))
        return out;
    out.context = file->status.context;
    const EventLines events
        = readEventLines(QFile::encodeName(bundle).toStdString() + "/events.jsonl");
    const RunSummary summary = summaryOf(events.rows);
    const bool hasEnd = std::any_of(events.rows.begin(), events.rows.end(),
        [](const Json &event) { return textAt(event, "type") == "run.end"; });
    for (const Json &event : events.rows) {
        const auto runner = domain::RunnerIdentity::parse(textAt(event, "runner"));
        if (!hasEnd && runner && domain::stateOf(*runner) == domain::RunnerState::Lives) {
            out.what = Reconciled::What::RunnerLives;
            return out;
        }
    }
    const bool wasCancelled
        = environment.value(QStringLiteral("CI_JOB_STATUS")).startsWith(QStringLiteral("cancel"));
    out.verdict = hasEnd ? QString::fromUtf8(nameOf(summary.verdict).data())
        : wasCancelled   ? QStringLiteral("aborted")
                         : QStringLiteral("infrastructure");
    const auto told = tell(bundle, *file, out.verdict, environment, limit);
    if (!told)
        return domain::failure(told.error());
    out.what = Reconciled::What::Told;
    return out;
}

bool wantsToHear(const cases::Notify &entry, Verdict verdict)
{
    if (entry.events.empty())
        return verdict != Verdict::Pass;
    return std::any_of(entry.events.begin(), entry.events.end(), [&](const std::string &event) {
        return event == "end" || event == nameOf(verdict)
            || (event == "failure" && verdict != Verdict::Pass);
    });
}

bool isKnownNotifyEvent(const std::string &event)
{
    static constexpr std::array known{ Verdict::Pass, Verdict::Fail, Verdict::Unknown,
        Verdict::Infrastructure, Verdict::Aborted, Verdict::Leaked };
    return event == "end" || event == "failure"
        || std::any_of(
            known.begin(), known.end(), [&](Verdict verdict) { return event == nameOf(verdict); });
}

} // namespace faultline::runs
