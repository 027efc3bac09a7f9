// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/run_preparation.h"

#include "services/cases/case_files.h"
#include "services/cases/suites.h"
#include "services/domain/runner_identity.h"
#include "services/runs/record/run_name.h"
#include "services/runs/refusals.h"
#include "services/runs/resolved_case.h"
#include "services/runs/role_images.h"
#include "services/runs/run_parts.h"
#include "services/runs/scene_note.h"
#include "services/runs/text.h"
#include "services/stacks/compose_labels.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace faultline::runs {

using domain::ErrorKind;

namespace {

constexpr qint64 largestFile = 4 << 20;
/// More than heal, evidence and removal can take together.
constexpr std::chrono::minutes cleanupAllowance{ 15 };

domain::Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return domain::failure(
            ErrorKind::Local, Text::tr("Can't read the file: %1.").arg(file.errorString()), path);
    const QByteArray bytes = file.read(largestFile + 1);
    if (bytes.size() > largestFile)
        return domain::failure(
            ErrorKind::Invalid, Text::tr("The file is larger than 4 MiB."), path);
    return bytes;
}

/// A file of the repository by its path in the case.
domain::Result<QString> readInside(const QString &root, const std::string &relative)
{
    const QString inside = QDir::cleanPath(QString::fromStdString(relative));
    if (QDir::isAbsolutePath(inside) || inside.startsWith(QLatin1StringView("..")))
        return domain::failure(ErrorKind::Invalid,
            Text::tr("\"%1\" leads out of the case's repository.").arg(inside), root);
    const auto bytes = readFile(root + u'/' + inside);
    return bytes ? domain::Result<QString>(QString::fromUtf8(*bytes))
                 : domain::failure(bytes.error());
}

domain::Result<void> refuse(const cases::CaseFile &caseFile)
{
    QStringList lines;
    for (const cases::Diagnostic &item : refusals(caseFile))
        lines += QString::fromStdString(item.text());
    if (lines.isEmpty())
        return {};
    return domain::failure(ErrorKind::Invalid,
        Text::tr("The case asks for what can't be done:") + u'\n' + lines.join(u'\n'));
}

/// What a CI job tells about itself, under the names of labels and of ci.json.
const std::pair<const char *, QStringList> &sourceAt(std::size_t index)
{
    static const std::pair<const char *, QStringList> sources[] = {
        { "pipeline", { QStringLiteral("CI_PIPELINE_ID") } },
        { "job", { QStringLiteral("CI_JOB_ID") } },
        { "commit", { QStringLiteral("CI_COMMIT_SHA") } },
        { "runner", { QStringLiteral("CI_RUNNER_ID") } },
        { "project", { QStringLiteral("CI_PROJECT_PATH") } },
        { "jobUrl", { QStringLiteral("CI_JOB_URL") } },
        { "trigger",
            { QStringLiteral("FAULTLINE_TRIGGER"), QStringLiteral("CI_PIPELINE_SOURCE") } },
        { "person", { QStringLiteral("FAULTLINE_OWNER"), QStringLiteral("GITLAB_USER_LOGIN") } },
    };
    return sources[index];
}
constexpr std::size_t sourceCount = 8;

} // namespace

Json ciJson(const QProcessEnvironment &environment)
{
    Json out = Json::object();
    for (std::size_t i = 0; i < sourceCount; ++i) {
        const auto &[name, variables] = sourceAt(i);
        for (const QString &variable : variables) {
            if (const QString value = environment.value(variable); !value.isEmpty()) {
                out[name] = value.toStdString();
                break;
            }
        }
    }
    return out;
}

QMap<QString, QString> labelsOf(const RunRequest &request)
{
    QMap<QString, QString> out{
        { QStringLiteral("faultline.stack"), request.stackName },
        { QStringLiteral("faultline.run"), request.run },
        { QStringLiteral("faultline.case"),
            QString::fromStdString(request.caseFile.metadata.name) },
        { QStringLiteral("faultline.owner"),
            QString::fromStdString(request.caseFile.metadata.ownerTeam) },
        { QStringLiteral("faultline.seed"), QString::number(request.plan.seed) },
        { QStringLiteral("faultline.runner"), QString::fromStdString(request.record.runner) },
        { QStringLiteral("faultline.expires"),
            QString::fromStdString(timeText(request.record.expiresMicros)) },
    };
    for (const char *name : { "pipeline", "job", "jobUrl", "commit", "trigger", "person" }) {
        if (request.ci.contains(name))
            out.insert(QStringLiteral("faultline.") + QLatin1StringView(name),
                QString::fromStdString(request.ci[name].get<std::string>()));
    }
    const QString keeps
        = request.keepsAlways ? QStringLiteral("always") : retentionLabel(request.caseFile);
    if (!keeps.isEmpty())
        out.insert(QStringLiteral("faultline.keeps"), keeps);
    return out;
}

namespace {

RunRecord recordOf(const RunRequest &request, const QString &server)
{
    using std::chrono::microseconds;
    RunRecord out;
    out.run = request.run.toStdString();
    out.caseName = request.caseFile.metadata.name;
    out.stack = request.stackName.toStdString();
    out.server = server.toStdString();
    out.runner = domain::RunnerIdentity::own().text();
    out.bundle = request.bundle.toStdString();
    out.startedMicros = Moment::now().wallMicros;
    const auto longest = request.caseFile.timeout + request.caseFile.needs.maxWait;
    out.expiresMicros = out.startedMicros
        + std::chrono::duration_cast<microseconds>(longest + cleanupAllowance).count();
    out.beatMicros = out.startedMicros;
    return out;
}

} // namespace

void fillIn(RunRequest &request, const std::string &run, const QString &bundle,
    const QString &server, const QProcessEnvironment &environment)
{
    request.run = QString::fromStdString(run);
    request.stackName = QString::fromStdString(
        stackName(request.caseFile.metadata.name, Moment::now().wallMicros, run));
    request.ci = ciJson(environment);
    request.bundle = QDir(bundle.isEmpty() ? QStringLiteral("out/runs/") + request.run : bundle)
                         .absolutePath();
    request.record = recordOf(request, server);
    request.recordFolder = runRecordFolder(environment);
    for (const QString &name : environment.keys())
        request.environment.insert(name, environment.value(name));
}

domain::Result<void> makeBundle(const QString &folder)
{
    if (QFileInfo::exists(folder + QStringLiteral("/events.jsonl")))
        return domain::failure(ErrorKind::Invalid,
            Text::tr("The folder holds the bundle of another run. Name an empty one."), folder);
    if (!QDir().mkpath(folder + QStringLiteral("/logs"))
        || !QDir().mkpath(folder + QStringLiteral("/series")))
        return domain::failure(
            ErrorKind::Local, Text::tr("The bundle's folder can't be made."), folder);
    return {};
}

namespace {

/// The compose file with the images that the case's roles choose.
domain::Result<QString> withChosenImages(const RunRequest &request, const QString &compose)
{
    const QString suitesFile = request.root + QStringLiteral("/suites.yaml");
    QMap<QString, QString> templates;
    if (QFile::exists(suitesFile)) {
        const auto bytes = readFile(suitesFile);
        const auto read = bytes ? cases::parseImageTemplates(*bytes, suitesFile)
                                : domain::failure(bytes.error());
        if (!read)
            return domain::failure(read.error());
        templates = *read;
    }
    const auto images = chosenImages(request.caseFile, templates);
    if (!images)
        return domain::failure(images.error());
    if (images->isEmpty())
        return compose;
    return stacks::withImages(
        compose, *images, QString::fromStdString(request.caseFile.topology.compose));
}

} // namespace

QString runRecordFolder(const QProcessEnvironment &environment)
{
    const QString state = environment.value(QStringLiteral("XDG_STATE_HOME"));
    if (state.startsWith(u'/'))
        return state + QStringLiteral("/faultline/runs");
    const QString home = environment.value(QStringLiteral("HOME"));
    return home.isEmpty() ? QString() : home + QStringLiteral("/.local/state/faultline/runs");
}

domain::Result<RunRequest> prepareRun(const RunChoice &choice)
{
    if (const auto able = refuse(choice.caseFile); !able)
        return domain::failure(able.error());
    RunRequest out;
    const auto passwords = readPasswords(choice.caseFile);
    if (!passwords)
        return domain::failure(passwords.error());
    out.passwords = *passwords;
    out.caseFile = choice.caseFile;
    out.plan = cases::makePlan(out.caseFile, choice.seed, cases::roleScales(out.caseFile));
    out.keepsAlways = choice.keepsAlways;
    fillIn(out, runId(choice.random), choice.bundle, choice.server, choice.environment);

    const QString file = QString::fromStdString(out.caseFile.file);
    out.root = QFileInfo(cases::repositoryOf(file)).absoluteFilePath();
    const auto text = readFile(file);
    const auto resolved = text ? resolvedCase(out.caseFile, *text) : domain::failure(text.error());
    if (!resolved)
        return domain::failure(resolved.error());
    out.resolvedCase = *resolved;
    const cases::Topology &topology = out.caseFile.topology;
    const auto compose = readInside(out.root, topology.compose);
    if (!compose)
        return domain::failure(compose.error());
    const auto chosen = withChosenImages(out, *compose);
    if (!chosen)
        return domain::failure(chosen.error());
    out.labels = labelsOf(out);
    const auto labelled
        = stacks::withLabels(*chosen, out.labels, QString::fromStdString(topology.compose));
    if (!labelled)
        return domain::failure(labelled.error());
    out.dockerCompose = *labelled;
    if (!topology.rancherCompose.empty()) {
        const auto rancher = readInside(out.root, topology.rancherCompose);
        if (!rancher)
            return domain::failure(rancher.error());
        out.rancherCompose = *rancher;
    }
    if (const auto made = makeBundle(out.bundle); !made)
        return domain::failure(made.error());
    return out;
}

} // namespace faultline::runs
