// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ctl/command_run.h"

#include "app/ctl/program.h"

#include <QJsonDocument>
#include <QTimer>

#include <sstream>

namespace faultline::tests {

domain::Result<stacks::StackBackend *> FakeConnections::stacks()
{
    if (!isConfigured)
        return domain::failure(
            domain::ErrorKind::Invalid, QStringLiteral("No Rancher server is configured."));
    return &stackBackend;
}

domain::Result<ci::CiBackend *> FakeConnections::ci()
{
    if (!isConfigured)
        return domain::failure(
            domain::ErrorKind::Invalid, QStringLiteral("No GitLab server is configured."));
    return &ciBackend;
}

QString FakeConnections::stacksUrl()
{
    return isConfigured ? QStringLiteral("http://rancher.example.org") : QString();
}

QString FakeConnections::ciUrl()
{
    return isConfigured ? QStringLiteral("http://gitlab.example.org") : QString();
}

QJsonObject Outcome::json() const
{
    return QJsonDocument::fromJson(out.toUtf8()).object();
}

Outcome runCommand(
    FakeConnections &connections, const QStringList &arguments, const RunOptions &options)
{
    std::ostringstream out;
    std::ostringstream err;
    ctl::Program program(out, err);
    std::vector<std::string> words;
    for (const QString &argument : arguments)
        words.push_back(argument.toStdString());
    Outcome outcome;
    if (const auto exitCode = program.parse(words)) {
        outcome.exitCode = *exitCode;
    } else {
        const net::CancelToken token;
        if (options.cancelAfter)
            QTimer::singleShot(*options.cancelAfter, [token] { token.cancel(); });
        outcome.exitCode = program.run({ connections, options.environment, token,
            std::chrono::milliseconds(20), options.outIsTerminal });
    }
    outcome.out = QString::fromStdString(out.str());
    outcome.err = QString::fromStdString(err.str());
    return outcome;
}

} // namespace faultline::tests
