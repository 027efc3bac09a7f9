// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/lab_process.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>

#include <cstdio>

#include <unistd.h>

using namespace faultline::tests;

// What a run costs on the machine that it measures from: 20 probes, 10 attempts a second each.
// Prints the processor time of faultlinectl over 20 s of its main phase, and its largest size. Exit
// code 1 when it is above 2 % of a core or 50 MB and --check is given.

namespace {

constexpr int seconds = 20;
constexpr int probes = 20;

void save(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write %s", qPrintable(path));
}

QByteArray load(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray caseWith(const char *kind, const char *path)
{
    QByteArray out = "apiVersion: faultline/v1\nkind: Case\nmetadata:\n  name: cost\n"
                     "  owner: {team: storage}\ntopology:\n  compose: compose.yml\n"
                     "  roles: {web: {service: web}}\n"
                     "  ready: [{kind: tcp, target: \"web:8080\", every: 200ms}]\nprobes:\n";
    for (int i = 1; i <= probes; ++i)
        out += "  - {id: p" + QByteArray::number(i) + ", kind: " + kind + ", target: \"web:8080"
            + path + "\", every: 100ms, timeout: 1s}\n";
    return out
        + "phases: [{name: work, duration: 60s}]\ntimeout: 5m\n"
          "checks: [{id: answers, kind: probe.availability, with: {probe: p1, atLeast: \"90\"}}]\n";
}

/// Processor time of a process (without its children), in seconds.
double processorSeconds(qint64 process)
{
    const QByteArray stat = load(QStringLiteral("/proc/%1/stat").arg(process));
    const auto fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 13)
        return 0;
    return double(fields[11].toLongLong() + fields[12].toLongLong()) / double(sysconf(_SC_CLK_TCK));
}

double largestMegabytes(qint64 process)
{
    const QByteArray status = load(QStringLiteral("/proc/%1/status").arg(process));
    const qsizetype begin = status.indexOf("VmHWM:") + 6;
    return double(status.mid(begin, status.indexOf("kB", begin) - begin).trimmed().toLongLong())
        * 1'024 / 1e6;
}

bool waitFor(QProcess &process, const QByteArray &text)
{
    if (!process.waitForStarted())
        return false;
    QByteArray log;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 60'000 && process.state() == QProcess::Running) {
        process.waitForReadyRead(1'000);
        log += process.readAll();
        if (log.contains(text))
            return true;
    }
    std::fprintf(stderr, "%s\n", log.constData());
    return false;
}

bool measure(const LabProcess &lab, const char *kind, const char *path)
{
    QTemporaryDir folder;
    save(folder.filePath(QStringLiteral("suites.yaml")), "suites: {}\n");
    save(folder.filePath(QStringLiteral("compose.yml")),
        "version: '2'\nservices:\n  web:\n    image: faultline/busybox:1\n    ports: [\"8080\"]\n"
        "    command: [sh, -c, 'echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp']\n");
    save(folder.filePath(QStringLiteral("case.yaml")), caseWith(kind, path));
    QProcess process;
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(QStringLiteral("XDG_STATE_HOME"), folder.path());
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(ownProgram(QStringLiteral("faultlinectl")),
        { QStringLiteral("--workspace"), lab.workspaceFile(), QStringLiteral("run"),
            QStringLiteral("case.yaml"), QStringLiteral("--bundle"), QStringLiteral("bundle") });
    if (!waitFor(process, "\"type\":\"phase.begin\""))
        return false;
    const double before = processorSeconds(process.processId());
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < seconds * 1'000) {
        process.waitForReadyRead(1'000);
        (void)process.readAll();
    }
    const double wall = double(timer.elapsed()) / 1'000;
    const double share = 100 * (processorSeconds(process.processId()) - before) / wall;
    const double size = largestMegabytes(process.processId());
    process.terminate();
    process.waitForFinished(60'000);
    std::printf(
        "%-5s %d probes x 10/s over %.0f s: %.2f %% of a core, %.1f MB at most   (limits: 2 %%, "
        "50 MB)\n",
        kind, probes, wall, share, size);
    return share < 2 && size < 50;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (!LabProcess::dockerHost()) {
        std::puts("runner: not measured, no Docker Engine answers");
        return 0;
    }
    LabProcess lab;
    if (!lab.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(lab.why()));
        return 1;
    }
    const bool isTcpWell = measure(lab, "tcp", "");
    const bool isHttpWell = measure(lab, "http", "/index.html");
    (void)lab.stop();
    const bool isChecked = argc > 1 && std::string_view(argv[1]) == "--check";
    return isChecked && !(isTcpWell && isHttpWell) ? 1 : 0;
}
