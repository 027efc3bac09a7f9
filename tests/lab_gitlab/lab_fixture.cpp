// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_fixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

namespace faultline::lab {

namespace {

bool git(const QString &folder, const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), QStringLiteral("/dev/null"));
    environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(QStringLiteral("git"),
        QStringList{ QStringLiteral("-c"), QStringLiteral("user.name=Test"), QStringLiteral("-c"),
            QStringLiteral("user.email=test@localhost") }
            + arguments);
    return process.waitForFinished() && process.exitCode() == 0;
}

} // namespace

LabFixture::LabFixture() = default;

LabFixture::~LabFixture()
{
    stop();
}

void LabFixture::start(std::size_t slots)
{
    m_router = std::make_unique<Router>();
    ServerOptions serverOptions;
    serverOptions.port = 0;
    m_server = std::make_unique<Server>(serverOptions, *m_router);
    GitLabSide::Options options;
    options.stateDirectory = folder() / "state";
    options.secrets = { "glpat-test", "glptt-test" };
    options.slots = slots;
    options.requestsPerMinute = requestsPerMinute;
    options.jobEnvironment = { { "PLAIN", "plain", false }, { "MASKED", masked, true } };
    options.pathPrefix = "/a/folder/first";
    m_side = std::make_unique<GitLabSide>(options, *m_server, *m_router);
    const auto port = m_server->listen();
    const auto started = m_side->start(m_server->url());
    if (!port || !started)
        qFatal("the lab did not start: %s", (port ? started.error() : port.error()).c_str());
    m_server->start();
    m_client = std::make_unique<HttpClient>(m_server->url(), m_stopSignal);
}

void LabFixture::stop()
{
    if (!m_server)
        return;
    m_client.reset();
    m_server->stop();
    m_side->stop();
    m_side.reset();
    m_server.reset();
    m_router.reset();
}

bool LabFixture::push(const std::string &ciFile, const std::string &branch)
{
    return pushFiles({ { ".gitlab-ci.yml", ciFile } }, "A change", branch);
}

bool LabFixture::pushFiles(const std::map<std::string, std::string> &files,
    const std::string &message, const std::string &branch)
{
    const QString clone = m_folder.filePath(QStringLiteral("clone"));
    if (!QDir(clone).exists()
        && !(QDir().mkpath(clone) && git(clone, { QStringLiteral("init"), QStringLiteral("-q") })))
        return false;
    for (const auto &[path, content] : files) {
        QFile file(clone + QLatin1Char('/') + QString::fromStdString(path));
        QDir().mkpath(QFileInfo(file.fileName()).path());
        if (!file.open(QIODevice::WriteOnly))
            return false;
        file.write(content.data(), static_cast<qint64>(content.size()));
    }
    QString remote = QString::fromStdString(url() + "/faultline/sample.git");
    remote.replace(QStringLiteral("http://"), QStringLiteral("http://any:glpat-test@"));
    return git(clone, { QStringLiteral("add"), QStringLiteral(".") })
        && git(clone,
            { QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("--allow-empty"),
                QStringLiteral("-m"), QString::fromStdString(message) })
        && git(clone,
            { QStringLiteral("push"), QStringLiteral("-q"), remote,
                QStringLiteral("HEAD:") + QString::fromStdString(branch) });
}

HttpReply LabFixture::send(const std::string &method, const std::string &path,
    const HttpClient::Headers &headers, const std::string &body)
{
    return m_client->send(method, "/api/v4" + path, headers, body).value_or(HttpReply());
}

HttpReply LabFixture::call(const std::string &method, const std::string &path,
    const std::string &body, HttpClient::Headers headers)
{
    headers.emplace_back("PRIVATE-TOKEN", "glpat-test");
    if (!body.empty())
        headers.emplace_back("Content-Type", "application/json");
    return m_client->send(method, "/api/v4" + path, headers, body).value_or(HttpReply());
}

nlohmann::json LabFixture::json(
    const std::string &method, const std::string &path, const std::string &body)
{
    return nlohmann::json::parse(call(method, path, body).body, nullptr, false);
}

nlohmann::json LabFixture::job(std::int64_t pipeline, const std::string &name)
{
    const auto jobs
        = json("GET", "/projects/1/pipelines/" + std::to_string(pipeline) + "/jobs?per_page=100");
    for (const auto &each : jobs)
        if (each.is_object() && each.value("name", "") == name)
            return each;
    return nlohmann::json::object();
}

std::string LabFixture::jobStatus(std::int64_t pipeline, const std::string &name)
{
    return job(pipeline, name).value("status", "none");
}

std::string LabFixture::pipelineStatus(std::int64_t pipeline)
{
    const auto object = json("GET", "/projects/1/pipelines/" + std::to_string(pipeline));
    return object.is_object() ? object.value("status", "none") : "none";
}

std::string LabFixture::trace(std::int64_t job)
{
    return call("GET", "/projects/1/jobs/" + std::to_string(job) + "/trace").body;
}

} // namespace faultline::lab
