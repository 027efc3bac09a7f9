// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench_ui/fixtures.h"

#include <QFile>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

namespace faultline::bench {

using domain::State;

namespace {

const QDateTime start(QDate(2026, 11, 23), QTime(6, 0), Qt::UTC);
constexpr const char *roles[] = { "pd", "tikv", "tidb", "load", "monitor" };

domain::Lifecycle life(State state, int age)
{
    domain::Lifecycle out;
    out.state = state;
    out.health = domain::Health::Healthy;
    out.transitioning = domain::Transitioning::No;
    out.created = start.addSecs(age);
    out.actions = { QStringLiteral("update"), QStringLiteral("remove"), QStringLiteral("restart") };
    return out;
}

domain::Service service(int id, int stack, int place)
{
    domain::Service out;
    out.id = domain::ServiceId(QStringLiteral("1s%1").arg(id));
    out.stackId = domain::StackId(QStringLiteral("1st%1").arg(stack));
    out.name = QStringLiteral("%1-%2").arg(QLatin1StringView(roles[place % 5])).arg(place);
    out.image = QStringLiteral("pingcap/%1:v8.5.1").arg(QLatin1StringView(roles[place % 5]));
    out.scale = out.currentScale = 3;
    out.life = life(State::Active, id);
    return out;
}

domain::Container container(int id, const domain::Service &of, int place)
{
    domain::Container out;
    out.id = domain::ContainerId(QStringLiteral("1i%1").arg(id));
    out.stackId = of.stackId;
    out.serviceId = of.id;
    out.hostId = domain::HostId(QStringLiteral("1h%1").arg(id % 8));
    out.name = QStringLiteral("%1-%2").arg(of.name).arg(place);
    out.image = of.image;
    out.primaryAddress = QStringLiteral("10.42.%1.%2").arg(id / 250 % 250).arg(id % 250);
    out.ports = { { {}, 32768 + id % 20000, 2379, QStringLiteral("tcp") } };
    out.labels = { { QStringLiteral("faultline.job"), QString::number(id / 9) } };
    out.life = life(State::Running, id);
    return out;
}

} // namespace

stacks::StackDelta stackSnapshot(int stackCount, int services, int containers)
{
    stacks::StackDelta delta;
    delta.stacks.isSnapshot = delta.services.isSnapshot = delta.containers.isSnapshot
        = delta.hosts.isSnapshot = true;
    for (int i = 0; i < 8; ++i) {
        domain::Host host;
        host.id = domain::HostId(QStringLiteral("1h%1").arg(i));
        host.name = QStringLiteral("bj-host-%1").arg(i);
        delta.hosts.added.append(host);
    }
    int serviceId = 0;
    int containerId = 0;
    for (int i = 0; i < stackCount; ++i) {
        domain::Stack stack;
        stack.id = domain::StackId(QStringLiteral("1st%1").arg(i));
        stack.name = QStringLiteral("case-%1-20261123").arg((i * 7919) % stackCount);
        stack.life = life(State::Active, i);
        delta.stacks.added.append(stack);
        for (int s = 0; s < services; ++s) {
            delta.services.added.append(service(serviceId++, i, s));
            for (int c = 0; c < containers; ++c)
                delta.containers.added.append(
                    container(containerId++, delta.services.added.last(), c));
        }
    }
    return delta;
}

ci::CiDelta jobSnapshot(int jobCount)
{
    constexpr domain::CiStatus statuses[] = { domain::CiStatus::Success, domain::CiStatus::Success,
        domain::CiStatus::Failed, domain::CiStatus::Running, domain::CiStatus::Pending };
    ci::CiDelta delta;
    delta.pipelines.isSnapshot = delta.jobs.isSnapshot = true;
    for (int i = 0; i < jobCount; ++i) {
        const int pipelineNumber = i / 50 + 1;
        if (i % 50 == 0) {
            domain::Pipeline pipeline;
            pipeline.id = domain::PipelineId(pipelineNumber);
            pipeline.number = pipelineNumber;
            pipeline.ref = QStringLiteral("master");
            pipeline.sha = QStringLiteral("4f2c1ab09d31e07");
            pipeline.source = QStringLiteral("trigger");
            pipeline.status = domain::CiStatus::Running;
            pipeline.createdAt = start.addSecs(i);
            delta.pipelines.added.append(pipeline);
        }
        domain::Job job;
        job.id = domain::JobId(i + 1);
        job.pipelineId = domain::PipelineId(pipelineNumber);
        job.name = QStringLiteral("case-node-shutdown-%1").arg(i % 50);
        job.stage = i % 50 < 45 ? QStringLiteral("test") : QStringLiteral("release");
        job.ref = QStringLiteral("master");
        job.sha = QStringLiteral("4f2c1ab09d31e07");
        job.userName = QStringLiteral("Ann");
        job.status = statuses[i % 5];
        job.createdAt = start.addSecs(i);
        if (job.status.known() != domain::CiStatus::Pending)
            job.startedAt = start.addSecs(i + 5);
        if (domain::isComplete(job.status.known()))
            job.finishedAt = start.addSecs(i + 605);
        job.runnerName = QStringLiteral("shell-%1").arg(i % 4);
        delta.jobs.added.append(job);
    }
    return delta;
}

qint64 heapBytes()
{
    const struct mallinfo2 state = mallinfo2();
    return static_cast<qint64>(state.uordblks + state.hblkhd);
}

qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return fields.value(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

qint64 processorMs()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
        + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

} // namespace faultline::bench
