// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ctl/fake_ci_backend.h"

namespace faultline::tests {

template <typename T>
net::Call FakeCiBackend::answer(T value, domain::Done<T> done)
{
    const net::Promise<T> promise(std::move(done));
    promise.finishLater(this,
        failure ? domain::Result<T>(domain::failure(*failure))
                : domain::Result<T>(std::move(value)));
    return promise.call();
}

net::Call FakeCiBackend::identity(domain::Done<ci::CiIdentity> done)
{
    return answer<ci::CiIdentity>(
        { QStringLiteral("ada"), QStringLiteral("18.4.0") }, std::move(done));
}

net::Call FakeCiBackend::pipelines(int, domain::Done<QList<domain::Pipeline>> done)
{
    return answer<QList<domain::Pipeline>>({ present }, std::move(done));
}

net::Call FakeCiBackend::jobs(int, domain::Done<QList<domain::Job>> done)
{
    return answer<QList<domain::Job>>(presentJobs, std::move(done));
}

net::Call FakeCiBackend::pipelineJobs(domain::PipelineId, domain::Done<QList<domain::Job>> done)
{
    return answer<QList<domain::Job>>(presentJobs, std::move(done));
}

net::Call FakeCiBackend::pipeline(domain::PipelineId, domain::Done<domain::Pipeline> done)
{
    if (!nextStatuses.isEmpty()) {
        const auto status = domain::OpenEnum<domain::CiStatus>::fromText(nextStatuses.takeFirst());
        present.status = status;
        for (domain::Job &job : presentJobs)
            job.status = status;
    }
    return answer<domain::Pipeline>(present, std::move(done));
}

net::Call FakeCiBackend::job(domain::JobId, domain::Done<domain::Job> done)
{
    return answer<domain::Job>(presentJobs.value(0), std::move(done));
}

net::Call FakeCiBackend::runners(domain::Done<QList<domain::Runner>> done)
{
    return answer<QList<domain::Runner>>({}, std::move(done));
}

net::Call FakeCiBackend::branches(domain::Done<QStringList> done)
{
    return answer<QStringList>({}, std::move(done));
}

net::Call FakeCiBackend::file(QString, QString, domain::Done<QByteArray> done)
{
    return answer<QByteArray>({}, std::move(done));
}

net::Call FakeCiBackend::createPipeline(
    domain::PipelineRequest wanted, domain::Done<domain::Pipeline> done)
{
    request = std::move(wanted);
    return answer<domain::Pipeline>(present, std::move(done));
}

net::Call FakeCiBackend::triggerPipeline(
    domain::PipelineRequest wanted, QString triggerToken, domain::Done<domain::Pipeline> done)
{
    request = std::move(wanted);
    usedTriggerToken = std::move(triggerToken);
    return answer<domain::Pipeline>(present, std::move(done));
}

net::Call FakeCiBackend::cancelPipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done)
{
    asked += QStringLiteral("cancelPipeline %1").arg(id.value());
    return answer<domain::Pipeline>(present, std::move(done));
}

net::Call FakeCiBackend::retryPipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done)
{
    asked += QStringLiteral("retryPipeline %1").arg(id.value());
    return answer<domain::Pipeline>(present, std::move(done));
}

net::Call FakeCiBackend::cancelJob(domain::JobId id, domain::Done<domain::Job> done)
{
    asked += QStringLiteral("cancelJob %1").arg(id.value());
    return answer<domain::Job>(presentJobs.value(0), std::move(done));
}

net::Call FakeCiBackend::retryJob(domain::JobId id, domain::Done<domain::Job> done)
{
    asked += QStringLiteral("retryJob %1").arg(id.value());
    return answer<domain::Job>(presentJobs.value(0), std::move(done));
}

net::Call FakeCiBackend::playJob(
    domain::JobId, QMap<QString, QString>, domain::Done<domain::Job> done)
{
    return answer<domain::Job>(presentJobs.value(0), std::move(done));
}

net::Call FakeCiBackend::trace(domain::JobId id, domain::Done<QByteArray> done)
{
    asked += QStringLiteral("trace %1").arg(id.value());
    return answer<QByteArray>(traceBytes, std::move(done));
}

std::unique_ptr<ci::JobTrace> FakeCiBackend::openTrace(domain::JobId id)
{
    asked += QStringLiteral("openTrace %1").arg(id.value());
    auto trace = std::make_unique<ci::JobTrace>();
    QMetaObject::invokeMethod(
        trace.get(),
        [target = trace.get(), pieces = tracePieces] {
            for (const QByteArray &piece : pieces)
                Q_EMIT target->appended(piece);
            Q_EMIT target->ended();
        },
        Qt::QueuedConnection);
    return trace;
}

} // namespace faultline::tests
