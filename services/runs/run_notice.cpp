// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/run_notice.h"

#include "services/runs/evidence.h"
#include "services/scenes/secret_mask.h"

#include <QDir>
#include <QFile>
#include <QUrl>

#include <algorithm>

namespace faultline::runs {

namespace {

constexpr qint64 longestTail = 64 << 10;
constexpr qint64 longestSearch = 64 << 20;

QString textOf(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string()
        ? QString::fromStdString(found->get<std::string>())
        : QString();
}

QStringList lastLines(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max<qint64>(file.size() - longestTail, 0));
    const QStringList lines
        = QString::fromUtf8(file.read(longestTail)).split(u'\n', Qt::SkipEmptyParts);
    return lines.mid(std::max<qsizetype>(lines.size() - 2, 0));
}

/// The line that holds `quote`, and the one after it.
QStringList linesFrom(const QString &path, const QByteArray &quote)
{
    QFile file(path);
    if (quote.isEmpty() || !file.open(QIODevice::ReadOnly))
        return {};
    while (!file.atEnd() && file.pos() < longestSearch) {
        const QByteArray line = file.readLine();
        if (!line.contains(quote))
            continue;
        QStringList out{ QString::fromUtf8(line).trimmed() };
        if (const QByteArray next = file.readLine().trimmed(); !next.isEmpty())
            out += QString::fromUtf8(next);
        return out;
    }
    return {};
}

Json sceneJson(const QString &bundle)
{
    QFile file(bundle + QStringLiteral("/scene.json"));
    if (!file.open(QIODevice::ReadOnly))
        return Json::object();
    Json out = Json::parse(file.readAll().toStdString(), nullptr, /*exceptions*/ false);
    return out.is_object() ? out : Json::object();
}

QList<notify::RunNotice::Container> containersIn(const Json &scene)
{
    QList<notify::RunNotice::Container> out;
    const auto rows = scene.find("containers");
    if (rows == scene.end() || !rows->is_array())
        return out;
    for (const Json &row : *rows) {
        QStringList ports;
        for (const Json &port : row.value("ports", Json::array())) {
            if (port.value("hostPort", 0) > 0)
                ports += QStringLiteral("%1->%2")
                             .arg(port.value("hostPort", 0))
                             .arg(port.value("containerPort", 0));
        }
        out.append({ textOf(row, "name"), textOf(row, "host"), ports.join(u',') });
    }
    return out;
}

void addLinks(const RunRequest &request, const QString &workspace, notify::RunNotice &out)
{
    const auto encoded
        = [](const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); };
    if (!out.stack.isEmpty() && !workspace.isEmpty())
        out.links.append({ QStringLiteral("Faultline"),
            QStringLiteral("faultline://scene/%1/%2")
                .arg(encoded(workspace), encoded(out.stack)) });
    const std::pair<const char *, const char *> web[]
        = { { "CI_JOB_URL", "job" }, { "CI_PIPELINE_URL", "pipeline" } };
    for (const auto &[variable, label] : web) {
        const QString url = request.environment.value(QLatin1StringView(variable));
        if (!url.isEmpty())
            out.links.append({ QLatin1StringView(label), url });
    }
}

} // namespace

QStringList linesFor(const Finding &finding, const QString &bundle)
{
    const QString message = QString::fromStdString(finding.message);
    const QDir logs(bundle + QStringLiteral("/logs"));
    for (const QString &file : logs.entryList({ QStringLiteral("*.log") }, QDir::Files)) {
        const QString name = file.chopped(4);
        if (name == u"workload" || !message.contains(name))
            continue;
        const qsizetype quote = message.indexOf(QStringLiteral(" holds: "));
        QStringList out = quote < 0
            ? QStringList()
            : linesFrom(logs.filePath(file), message.mid(quote + 8).left(120).toUtf8());
        return out.isEmpty() ? lastLines(logs.filePath(file)) : out;
    }
    return lastLines(logs.filePath(QStringLiteral("workload.log")));
}

notify::RunNotice noticeOf(
    const RunRequest &request, const RunSummary &summary, const QString &workspace)
{
    const std::vector<std::string> secrets = secretsOf(request);
    const auto masked = [&secrets](const QString &text) {
        return QString::fromStdString(scenes::SecretMask::maskedText(secrets, text.toStdString()));
    };
    const cases::Metadata &metadata = request.caseFile.metadata;
    notify::RunNotice out;
    out.caseName = QString::fromStdString(summary.caseName);
    out.verdict = QString::fromUtf8(nameOf(summary.verdict).data());
    out.run = QString::fromStdString(summary.run);
    out.seed = QString::number(summary.seed);
    out.team = QString::fromStdString(metadata.ownerTeam);
    out.person = QString::fromStdString(metadata.ownerPerson);
    out.trouble = masked(QString::fromStdString(summary.trouble));
    out.commit = request.environment.value(QStringLiteral("CI_COMMIT_SHA"));
    const auto anomaly
        = std::find_if(summary.findings.begin(), summary.findings.end(), countsAsAnomaly);
    if (anomaly != summary.findings.end()) {
        out.anomaly = masked(QString::fromStdString(anomaly->message));
        for (const QString &line : linesFor(*anomaly, request.bundle))
            out.anomalyLines += masked(line);
    }
    if (summary.keptStack) {
        const Json scene = sceneJson(request.bundle);
        out.stack = QString::fromStdString(summary.stack);
        out.expires = QDateTime::fromString(textOf(scene, "expires"), Qt::ISODate);
        out.containers = containersIn(scene);
    }
    addLinks(request, workspace, out);
    return out;
}

} // namespace faultline::runs
