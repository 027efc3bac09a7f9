// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/command_invariant.h"

#include "services/runs/checks.h"
#include "services/runs/pause.h"
#include "services/runs/role_exec.h"
#include "services/runs/stack_setup.h"

#include <QFile>

namespace faultline::runs {

namespace {

constexpr auto lookGap = std::chrono::milliseconds(20);
constexpr qint64 longestQuote = 300;
constexpr qint64 longestOutput = 4'096;

CommandVerdict judge(const cases::Check &check, int exitCode, const QByteArray &output)
{
    const std::string quote = output.left(longestQuote).toStdString();
    if (exitCode == gaveUpExitCode)
        return { false,
            findingOf(check, Finding::Kind::GaveUp,
                "The checker gave up: exit code " + std::to_string(exitCode) + '.') };
    if (exitCode != 0)
        return { true,
            findingOf(check, Finding::Kind::Anomaly,
                "The invariant does not hold (exit code " + std::to_string(exitCode)
                    + "): " + quote) };
    const std::string expected = argumentOf(check, "expect");
    if (!expected.empty() && output.toStdString() != expected)
        return { true,
            findingOf(check, Finding::Kind::Anomaly,
                "The invariant's command printed \"" + quote + "\", not \"" + expected + "\".") };
    return { true, std::nullopt };
}

/// One word is a line of shell; of several each is an argument.
QString commandLine(const cases::Check &check)
{
    QString out;
    const auto words = argumentsOf(check, "command");
    for (const std::string &word : words) {
        QString text = QString::fromStdString(word);
        if (words.size() > 1)
            text = u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
        out += (out.isEmpty() ? QString() : QStringLiteral(" ")) + text;
    }
    return out;
}

CommandVerdict gaveUp(const cases::Check &check, const std::string &why)
{
    return { false, findingOf(check, Finding::Kind::GaveUp, why) };
}

CommandVerdict askHere(const RunState &state, const cases::Check &check, const QString &logFile,
    RunState::Clock::time_point deadline, const std::function<bool()> &mayGoOn)
{
    ProcessGroup::Start start;
    start.command = commandLine(check);
    start.folder = state.request.root;
    start.environment = commandEnvironment(state);
    start.outputFile = logFile;
    const auto process = ProcessGroup::start(start);
    if (!process)
        return gaveUp(check, process.error().message.toStdString());
    std::optional<ProcessEnd> end;
    while (!(end = (*process)->poll()) && mayGoOn() && RunState::Clock::now() < deadline)
        pauseFor(lookGap);
    if (!end)
        return gaveUp(check, "The checker did not end in time.");
    if (end->signal != 0)
        return gaveUp(check, "The checker gave up: " + end->text().toStdString() + '.');
    QFile log(logFile);
    return judge(check, end->exitCode,
        log.open(QIODevice::ReadOnly) ? log.read(longestOutput).trimmed() : QByteArray());
}

} // namespace

CommandVerdict askCommand(const RunState &state, const cases::Check &check, const QString &logName,
    RunState::Clock::time_point deadline, const std::function<bool()> &mayGoOn)
{
    const QString logFile = state.request.bundle + QStringLiteral("/logs/") + logName;
    QFile::remove(logFile); // of the time before
    const std::string where = argumentOf(check, "where", "runner");
    if (where == "runner")
        return askHere(state, check, logFile, deadline, mayGoOn);
    const auto inside = runInside(state, where, commandLine(check).toStdString(), deadline);
    if (!inside)
        return gaveUp(check, inside.error().message.toStdString());
    QFile log(logFile);
    if (log.open(QIODevice::WriteOnly))
        log.write(inside->output);
    return judge(check, inside->exitCode, inside->output.trimmed());
}

} // namespace faultline::runs
