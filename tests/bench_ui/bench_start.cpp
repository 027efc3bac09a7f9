// SPDX-License-Identifier: GPL-3.0-or-later
// The console as people start it, against a server with 200 x 3 x 3 stacks and 5,000 jobs in a
// process of its own: time from process start to first paint and to first live rows, and how long
// its UI thread makes others wait under 1,000 container events a second that come over a real
// socket. Its start races an empty Qt window.
#include "tests/bench_ui/goals.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace faultline;
using bench::Goals;
using bench::middleOf;

namespace {

QString besides(const char *program)
{
    return QCoreApplication::applicationDirPath() + QLatin1Char('/') + QLatin1StringView(program);
}

QString writeWorkspace(const QString &folder, int port)
{
    const QByteArray url = "http://127.0.0.1:" + QByteArray::number(port);
    QFile secret(folder + QStringLiteral("/secret"));
    if (!secret.open(QIODevice::WriteOnly))
        return {};
    secret.write("secret-of-the-benchmark\n");
    secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const QByteArray reference = "file:" + secret.fileName().toUtf8();
    QFile file(folder + QStringLiteral("/workspace.yaml"));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("apiVersion: faultline/v1\nkind: Workspace\nname: bench\ngitlab:\n  url: " + url
        + "\n  project: db/stability\n  token: " + reference + "\nrancher:\n  url: " + url
        + "\n  project: 1a5\n  accessKey: " + reference + "\n  secretKey: " + reference + "\n");
    return file.fileName();
}

/// The program's line of JSON; empty when it said none within a minute and a half.
QJsonObject measure(const QString &program, const QStringList &arguments, int seconds)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains(QStringLiteral("QT_QPA_PLATFORM")))
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("FAULTLINE_BENCH_SECONDS"), QString::number(seconds));
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    environment.insert(QStringLiteral("FAULTLINE_BENCH_BEGAN"),
        QString::number(now.tv_sec * 1'000'000'000LL + now.tv_nsec));
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForFinished(90'000 + seconds * 4000))
        process.kill();
    const QByteArrayList lines = process.readAllStandardOutput().trimmed().split('\n');
    const QJsonObject answer = QJsonDocument::fromJson(lines.last()).object();
    if (answer.isEmpty())
        std::fprintf(
            stderr, "%s: %s\n", qPrintable(program), process.readAllStandardError().data());
    return answer;
}

struct Starts
{
    std::vector<double> console;
    std::vector<double> empty;
    std::vector<double> ratio;
    std::vector<double> runs;
    std::vector<double> stacks;
    std::vector<double> allStacks;
    std::vector<double> allRuns;
    bool isRight = true;
};

Starts raceStarts(const QString &workspace, int rounds)
{
    const auto figure = [](const QJsonObject &from, const char *name) {
        return from.value(QLatin1StringView(name)).toDouble(-1);
    };
    Starts out;
    for (int round = 0; round <= rounds; ++round) {
        const double empty = figure(measure(besides("empty_window"), {}, 0), "firstPaintMs");
        const QJsonObject console
            = measure(besides("faultline"), { QStringLiteral("--workspace"), workspace }, 0);
        out.isRight = out.isRight && console.value(QLatin1StringView("runs")).toInt() == 5000
            && console.value(QLatin1StringView("stackRows")).toInt() == 200 + 600 + 1800;
        if (round == 0)
            continue; // files come into the cache
        out.console.push_back(figure(console, "firstPaintMs"));
        out.empty.push_back(empty);
        out.ratio.push_back(out.console.back() / empty);
        out.runs.push_back(figure(console, "firstRunsMs"));
        out.stacks.push_back(figure(console, "firstStacksMs"));
        out.allStacks.push_back(figure(console, "allStacksMs"));
        out.allRuns.push_back(figure(console, "allRunsMs"));
    }
    return out;
}

void print(const char *what, const std::vector<double> &values)
{
    const bench::Middle middle = middleOf(values);
    std::printf("  %-44s %8.1f ms (%.1f to %.1f), worst %.1f\n", what, middle.value, middle.low,
        middle.high, values.empty() ? 0 : *std::max_element(values.begin(), values.end()));
}

void printStarts(const Starts &starts, Goals &goals)
{
    print("empty Qt window, first paint", starts.empty);
    print("console, first paint", starts.console);
    print("console, first live rows of Runs, painted", starts.runs);
    print("console, first live rows of Stacks, painted", starts.stacks);
    print("console, all 2,600 rows of stacks", starts.allStacks);
    print("console, all 5,000 jobs", starts.allRuns);
    std::printf("  answers: %s\n", starts.isRight ? "right" : "WRONG");
    goals.add(
        QStringLiteral("P14 first paint / empty Qt window"), middleOf(starts.ratio), 1.5, "x");
    std::vector<double> both;
    for (std::size_t i = 0; i < starts.runs.size(); ++i)
        both.push_back(std::max(starts.runs[i], starts.stacks[i]));
    goals.add(QStringLiteral("first live rows in both pages"), middleOf(both), 1500, "ms");
}

void printStorm(const QJsonObject &figures, const char *phase, Goals &goals)
{
    const QJsonObject storm = figures.value(QLatin1StringView(phase)).toObject();
    const double p99 = storm.value(QLatin1StringView("p99")).toDouble(-1);
    const double most = storm.value(QLatin1StringView("max")).toDouble(-1);
    std::printf("  %-16s stall p50 %.2f p99 %.2f max %.2f ms | %.0f rows changed a second | CPU "
                "%.0f %% | RSS %.1f MiB\n",
        phase, storm.value(QLatin1StringView("p50")).toDouble(-1), p99, most,
        storm.value(QLatin1StringView("changedRowsPerSecond")).toDouble(),
        storm.value(QLatin1StringView("processor")).toDouble() * 100,
        storm.value(QLatin1StringView("residentMiB")).toDouble());
    const QString name = QStringLiteral("storm, tree %1: stall").arg(QLatin1StringView(phase));
    goals.add(name + QStringLiteral(" p99"), p99, 8, "ms");
    goals.add(name + QStringLiteral(" max"), most, 33, "ms");
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto number = [&arguments](const QString &name, int otherwise) {
        const qsizetype at = arguments.indexOf(name);
        return at < 0 ? otherwise : arguments.value(at + 1).toInt();
    };
    const int rounds = number(QStringLiteral("--rounds"), 15);
    const int seconds = number(QStringLiteral("--seconds"), 10);
    QProcess server;
    server.start(besides("fixture_server"), {});
    QTemporaryDir folder;
    const bool answers = server.waitForReadyRead(10'000);
    const QString workspace = writeWorkspace(folder.path(), server.readLine().trimmed().toInt());
    if (!answers || workspace.isEmpty()) {
        std::fprintf(stderr, "the fixture server does not start\n");
        return 1;
    }
    Goals goals;
    std::printf(
        "P14: start against 200 x 3 x 3 stacks and 5,000 jobs over HTTP, %d rounds\n", rounds);
    const Starts starts = raceStarts(workspace, rounds);
    printStarts(starts, goals);
    std::printf("storm over a real socket: 1,000 container events a second, %d s each\n", seconds);
    const QJsonObject figures
        = measure(besides("faultline"), { QStringLiteral("--workspace"), workspace }, seconds);
    for (const char *phase : { "closed", "open", "sortedByState" })
        printStorm(figures, phase, goals);
    const double before = figures.value(QLatin1StringView("residentBeforeMiB")).toDouble();
    const double after = figures.value(QLatin1StringView("sortedByState"))
                             .toObject()
                             .value(QLatin1StringView("residentMiB"))
                             .toDouble();
    goals.add(QStringLiteral("memory after the storms / before"), after / std::max(before, 1.0),
        1.05, "x");
    goals.print();
    server.terminate();
    server.waitForFinished(5000);
    return starts.isRight ? 0 : 1;
}
