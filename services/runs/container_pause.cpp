// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/container_pause.h"

#include "services/net/across_threads.h"
#include "services/runs/text.h"
#include "services/stacks/engine_access.h"

namespace faultline::runs {

namespace {

constexpr std::chrono::seconds requestLimit{ 10 };

} // namespace

domain::Result<bool> setPaused(stacks::StackBackend &backend, const domain::HostId &host,
    const QString &dockerId, bool isPaused)
{
    auto *engine = dynamic_cast<stacks::EngineAccess *>(&backend);
    if (engine == nullptr)
        return domain::failure(
            domain::ErrorKind::Invalid, Text::tr("This orchestrator can't pause a container."));
    const QByteArray container = "/containers/" + dockerId.toLatin1();
    const auto asked = [&](const QByteArray &method, const QByteArray &path) {
        return net::waitFor<stacks::EngineAnswer>(
            &backend,
            [engine, host, request = stacks::EngineRequest{ method, path }](
                auto done) { return engine->askEngine(host, request, std::move(done)); },
            requestLimit);
    };
    const auto done = asked("POST", container + (isPaused ? "/pause" : "/unpause"));
    if (!done)
        return domain::failure(done.error());
    const auto now = asked("GET", container + "/json");
    if (!now)
        return domain::failure(now.error());
    if (now->status == 404)
        return false;
    if (now->status != 200)
        return domain::failure(
            domain::ErrorKind::Server, Text::tr("The engine answered %1.").arg(now->status));
    return now->body.contains("\"Paused\":true");
}

} // namespace faultline::runs
