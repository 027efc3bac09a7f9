// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/role_images.h"

#include "services/runs/record/plain_file.h"
#include "services/runs/text.h"
#include "services/stacks/engine_access.h"

#include <QFile>
#include <QRegularExpression>

namespace faultline::runs {

namespace {

constexpr std::chrono::seconds requestLimit{ 5 };

/// A branch may hold what a tag of an image may not.
QString tagOf(const std::string &version)
{
    static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9_.-]"));
    return QString::fromStdString(version).replace(others, QStringLiteral("-"));
}

domain::Result<QString> filledIn(const QString &image, const cases::Role &role)
{
    const cases::Version &version = role.version;
    const std::string &any = !version.commit.empty() ? version.commit
        : !version.tag.empty()                       ? version.tag
                                                     : version.branch;
    QString out = image;
    for (const auto &[word, value] :
        { std::pair("{version}", &any), std::pair("{branch}", &version.branch),
            std::pair("{tag}", &version.tag), std::pair("{commit}", &version.commit) }) {
        if (!out.contains(QLatin1StringView(word)))
            continue;
        if (value->empty())
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("The image of the role \"%1\" (%2) needs %3, which the case does not say.")
                    .arg(QString::fromStdString(role.name), image, QLatin1StringView(word)));
        out.replace(QLatin1StringView(word), tagOf(*value));
    }
    return out;
}

Json asked(RunState &state, stacks::EngineAccess &engine, const domain::HostId &host,
    const QByteArray &path)
{
    const auto answer = net::waitFor<stacks::EngineAnswer>(
        &state.backend,
        [&engine, host, request = stacks::EngineRequest{ "GET", path }](
            auto done) { return engine.askEngine(host, request, std::move(done)); },
        requestLimit, state.abort);
    if (!answer || answer->status != 200)
        return Json::object();
    Json out = Json::parse(answer->body.toStdString(), nullptr, /*exceptions*/ false);
    return out.is_object() ? out : Json::object();
}

Json imageOf(RunState &state, const domain::Container &container)
{
    Json out{ { "image", container.image.toStdString() } };
    auto *engine = dynamic_cast<stacks::EngineAccess *>(&state.backend);
    if (engine == nullptr)
        return out;
    const Json inspected = asked(state, *engine, container.hostId,
        "/containers/" + container.externalId.toLatin1() + "/json");
    const auto id = inspected.find("Image");
    if (id == inspected.end() || !id->is_string())
        return out;
    out["id"] = *id;
    const Json image = asked(state, *engine, container.hostId,
        "/images/" + QByteArray::fromStdString(id->get<std::string>()) + "/json");
    if (const auto digests = image.find("RepoDigests"); digests != image.end())
        out["digests"] = *digests; // none for an image that was never in a registry
    return out;
}

} // namespace

domain::Result<QMap<QString, QString>> chosenImages(
    const cases::CaseFile &caseFile, const QMap<QString, QString> &templates)
{
    QMap<QString, QString> out;
    for (const cases::Role &role : caseFile.topology.roles) {
        const cases::Version &version = role.version;
        const bool hasVersion
            = !version.branch.empty() || !version.tag.empty() || !version.commit.empty();
        if (role.image.empty() && !hasVersion)
            continue;
        const QString image = role.image.empty()
            ? templates.value(QString::fromStdString(role.name))
            : QString::fromStdString(role.image);
        if (image.isEmpty())
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("The version of the role \"%1\" needs a template: write \"images: {%1: "
                         "name:{version}}\" in suites.yaml.")
                    .arg(QString::fromStdString(role.name)));
        const auto filled = filledIn(image, role);
        if (!filled)
            return domain::failure(filled.error());
        out.insert(QString::fromStdString(role.service), *filled);
    }
    return out;
}

void recordImages(RunState &state)
{
    Json images = Json::object();
    for (const domain::Service &service : state.stack.services()) {
        const auto containers = state.stack.containersOf(service.name);
        if (!containers.isEmpty() && state.mayGoOn())
            images[service.name.toStdString()] = imageOf(state, containers.front());
    }
    Json plan = Json::parse(cases::planJson(state.request.plan), nullptr, /*exceptions*/ false);
    plan["images"] = images;
    const QString path = state.request.bundle + QStringLiteral("/plan.json");
    const auto problem = replaceFile(QFile::encodeName(path).toStdString(),
        plan.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
    if (problem)
        state.fail(
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
    state.events.write("images", { { "images", images } });
}

} // namespace faultline::runs
