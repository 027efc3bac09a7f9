// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/version_command.h"

#include "app/ctl/table.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace faultline::ctl {

namespace {

struct ServerState
{
    QString kind;
    QString url;
    QString state = QStringLiteral("reachable"); ///< or "notConfigured", or an error's kind
    QString version;
    QString user;
    QString error;

    [[nodiscard]] QJsonObject json() const
    {
        return { { QStringLiteral("kind"), kind }, { QStringLiteral("url"), url },
            { QStringLiteral("state"), state }, { QStringLiteral("version"), version },
            { QStringLiteral("user"), user }, { QStringLiteral("error"), error } };
    }
};

template <typename T>
void note(ServerState &server, const domain::Result<T> &answer)
{
    if (answer)
        return;
    server.state = domain::errorKindName(answer.error().kind);
    server.error = answer.error().message;
}

ServerState ciState(Context &context)
{
    ServerState server;
    server.kind = QStringLiteral("gitlab");
    server.url = context.connections().ciUrl();
    if (server.url.isEmpty()) {
        server.state = QStringLiteral("notConfigured");
        return server;
    }
    const auto identity = context.askCi<ci::CiIdentity>(
        [](ci::CiBackend &backend, auto done) { return backend.identity(std::move(done)); });
    note(server, identity);
    if (identity) {
        server.version = identity->serverVersion;
        server.user = identity->userName;
    }
    return server;
}

ServerState stacksState(Context &context)
{
    ServerState server;
    server.kind = QStringLiteral("rancher");
    server.url = context.connections().stacksUrl();
    if (server.url.isEmpty()) {
        server.state = QStringLiteral("notConfigured");
        return server;
    }
    note(server,
        context.askStacks<QList<domain::Project>>([](stacks::StackBackend &backend, auto done) {
            return backend.projects(std::move(done));
        }));
    return server;
}

} // namespace

QString programVersion()
{
    return QStringLiteral(FAULTLINE_VERSION);
}

QString VersionCommand::name() const
{
    return QStringLiteral("version");
}

QString VersionCommand::summary() const
{
    return Text::tr("Show versions, and whether the servers answer");
}

QString VersionCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl version\n"
                    "The exit code is 0 also when a server does not answer; \"state\" tells.\n"
                    "JSON: {\"version\", \"servers\": [{kind, url, state, version, user, error}]}; "
                    "state is \"reachable\",\n"
                    "       \"notConfigured\", or what is wrong: network, tls, auth, forbidden, "
                    "notFound, server, timeout …");
}

void VersionCommand::addOptions(CLI::App &) { }

std::chrono::milliseconds VersionCommand::usualTimeout() const
{
    return std::chrono::seconds(15);
}

domain::Result<int> VersionCommand::execute(Context &context)
{
    if (const auto configuration = context.connections().check(); !configuration)
        return domain::failure(configuration.error());
    const QList<ServerState> servers{ ciState(context), stacksState(context) };
    if (context.token().isCancelled())
        return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
    if (context.isJson()) {
        QJsonArray array;
        for (const ServerState &server : servers)
            array += server.json();
        context.print(QJsonObject{ { QStringLiteral("version"), programVersion() },
            { QStringLiteral("servers"), array } });
        return 0;
    }
    context.print(QStringLiteral("faultlinectl %1\n\n").arg(programVersion()));
    Table table({ Text::tr("SERVER"), Text::tr("STATE"), Text::tr("VERSION"), Text::tr("USER"),
        Text::tr("URL"), Text::tr("REASON") });
    for (const ServerState &server : servers)
        table.add(
            { server.kind, server.state, server.version, server.user, server.url, server.error });
    context.print(table.text());
    return 0;
}

} // namespace faultline::ctl
