// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/gitlab_side.h"

#include <cstdio>
#include <deque>
#include <exception>
#include <optional>
#include <utility>

#include "services/lab/gitlab/api_artifacts.h"
#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/api_jobs.h"
#include "services/lab/gitlab/api_lint.h"
#include "services/lab/gitlab/api_pipeline_start.h"
#include "services/lab/gitlab/api_pipelines.h"
#include "services/lab/gitlab/api_release_links.h"
#include "services/lab/gitlab/api_releases.h"
#include "services/lab/gitlab/api_reports.h"
#include "services/lab/gitlab/api_repository.h"
#include "services/lab/gitlab/api_resource_groups.h"
#include "services/lab/gitlab/api_runner.h"
#include "services/lab/gitlab/api_runners.h"
#include "services/lab/gitlab/api_schedules.h"
#include "services/lab/gitlab/api_statuses.h"
#include "services/lab/gitlab/api_trace.h"
#include "services/lab/gitlab/api_triggers.h"
#include "services/lab/gitlab/api_user.h"
#include "services/lab/gitlab/bridge_starter.h"
#include "services/lab/gitlab/git_http.h"
#include "services/lab/gitlab/gitlab_context.h"
#include "services/lab/gitlab/job_queue.h"
#include "services/lab/gitlab/pipeline_starter.h"
#include "services/lab/gitlab/ref_watcher.h"
#include "services/lab/gitlab/web_hooks.h"
#include "services/lab/runner/process_ledger.h"
#include "services/lab/runner/runner_slot.h"

namespace faultline::lab {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t workerThreads = 4;
constexpr Milliseconds silenceBeforeStuck = 3'600'000; // GitLab's own hour

Response apiError(const Request &, int status)
{
    static constexpr std::pair<int, const char *> texts[]
        = { { 400, "400 Bad request" }, { 403, "403 Forbidden" }, { 404, "404 Not Found" },
              { 405, "405 Method Not Allowed" }, { 413, "413 Request Entity Too Large" } };
    const char *text = "500 Internal Server Error";
    for (const auto &[code, words] : texts)
        if (code == status)
            text = words;
    Response response;
    response.status = status;
    const bool asError = status == 404 || status == 405;
    response.body = std::string(asError ? "{\"error\":\"" : "{\"message\":\"") + text + "\"}";
    return response;
}

} // namespace

struct GitLabSide::Parts
{
    Parts(Options givenOptions, Server &server, Router &router)
        : context(std::move(givenOptions), server, workers)
        , starter(context)
        , watcher(context, starter)
        , queue(context)
        , gitHttp(context)
        , routes(context, router)
        , bridges(context, starter)
        , pipelines(context)
        , pipelineStart(context, starter)
        , jobs(context)
        , runner(context, queue)
        , schedules(context, starter)
        , hooks(context)
    {
        context.progress.onJobsPending = [this] { queue.assign(); };
        context.progress.onBridge = [this](const JobRecord &bridge) { bridges.start(bridge); };
        context.progress.processMode = [this](const std::string &group) {
            return processModeOf(context.documents, group);
        };
        context.progress.cancelsGracefully
            = [this](std::int64_t id) { return context.runners.cancelsGracefully(id); };
        gitHttp.onPushed = [this] { watcher.check(); };
        addUserRoutes(routes);
        addRepositoryRoutes(routes);
        pipelines.addRoutes(routes);
        pipelineStart.addRoutes(routes);
        jobs.addRoutes(routes);
        addReportRoutes(routes);
        addRunnerRoutes(routes, queue);
        schedules.addRoutes(routes);
        addTriggerRoutes(routes);
        addStatusRoutes(routes);
        addReleaseRoutes(routes);
        addReleaseLinkRoutes(routes);
        addLintRoutes(routes);
        addResourceGroupRoutes(routes);
        hooks.addRoutes(routes);
        addTraceRoutes(routes);
        addArtifactRoutes(routes);
        runner.addRoutes(routes);
        gitHttp.addRoutes(router);
        router.addErrorWriter("/api/v4", apiError);
    }

    void endLostJobs();
    void tick();
    tl::expected<void, std::string> startSlots();

    Workers workers{ workerThreads };
    GitLabContext context;
    PipelineStarter starter;
    RefWatcher watcher;
    JobQueue queue;
    GitHttp gitHttp;
    ApiRoutes routes;
    BridgeStarter bridges;
    ApiPipelines pipelines;
    ApiPipelineStart pipelineStart;
    ApiJobs jobs;
    ApiRunner runner;
    ApiSchedules schedules;
    WebHooks hooks;
    std::optional<ProcessLedger> ledger;
    std::deque<RunnerSlot> slots;
    Timer timer;
    bool running = false;
};

// What ran when the lab ended has no runner any more.
void GitLabSide::Parts::endLostJobs()
{
    constexpr std::int64_t many = 10'000;
    for (const char *status : { "running", "canceling" })
        for (const JobRecord &job : context.store.jobsWithStatus(status, many)) {
            const LabRunner *host = context.runners.find(job.runner);
            const bool isOurs = job.kind.empty() && (!host || host->slot != 0);
            if (isOurs) // other machines' runners go on without us
                context.progress.finish(
                    job, false, "runner_system_failure", std::nullopt, context.traces.size(job.id));
        }
}

tl::expected<void, std::string> GitLabSide::Parts::startSlots()
{
    auto opened = ProcessLedger::open(context.options.stateDirectory / "processes.db");
    if (!opened)
        return tl::unexpected(opened.error());
    ledger.emplace(std::move(*opened));
    if (auto ended = ledger->endLeftovers(); !ended)
        return tl::unexpected(ended.error());
    endLostJobs();
    for (const std::int64_t pipeline : context.store.activePipelines())
        context.progress.advance(pipeline);
    bridges.startWaiting();
    schedules.skipMissed();
    for (const LabRunner &each : context.runners.all()) {
        if (each.slot == 0)
            continue;
        RunnerSettings settings;
        settings.url = context.url;
        settings.description = each.description;
        settings.token = each.token;
        settings.systemId = "s_faultlinelab" + std::to_string(each.slot);
        settings.buildsDirectory
            = context.options.stateDirectory / "builds" / std::to_string(each.slot);
        settings.pathPrefix = context.options.pathPrefix;
        settings.outputLimit = context.options.outputLimit;
        slots.emplace_back(std::move(settings), *ledger);
    }
    return {};
}

void GitLabSide::Parts::tick()
{
    try {
        watcher.check();
        queue.expire();
        context.progress.startDelayed();
        removeExpired(context);
        schedules.tick();
        const Milliseconds now = context.progress.now();
        for (const JobRecord &job : context.store.jobsWithStatus("running", 100))
            if (job.kind.empty() && now - job.heardOf > silenceBeforeStuck)
                context.progress.finish(job, false, "stuck_or_timeout_failure", std::nullopt,
                    context.traces.size(job.id));
    } catch (const StoreFailure &failure) {
        std::fprintf(
            stderr, "faultline-lab: the database of the GitLab side failed: %s\n", failure.what());
    }
}

GitLabSide::GitLabSide(Options options, Server &server, Router &router)
{
    std::error_code error; // a folder that is missing shows when the database is opened
    options.stateDirectory = std::filesystem::absolute(options.stateDirectory);
    for (const char *name : { "traces", "artifacts", "builds", "repositories" })
        std::filesystem::create_directories(options.stateDirectory / name, error);
    m_repository = options.stateDirectory / "repositories" / (options.projectPath + ".git");
    try {
        m_parts = std::make_unique<Parts>(std::move(options), server, router);
    } catch (const StoreFailure &failure) {
        m_failure = failure.what(); // start() tells
    }
}

GitLabSide::~GitLabSide()
{
    stop();
}

tl::expected<void, std::string> GitLabSide::start(const std::string &url)
try {
    if (!m_parts)
        return tl::unexpected("The lab's database can't be opened: " + m_failure);
    Parts &parts = *m_parts;
    parts.context.url = url;
    if (auto made = parts.context.repository.create(); !made)
        return tl::unexpected("The lab's git repository can't be made: " + made.error());
    parts.context.runners.load(parts.context.options.slots, parts.context.progress.now());
    parts.watcher.load();
    if (auto started = parts.startSlots(); !started)
        return started;
    parts.timer = parts.context.server.every(1s, [&parts] { parts.tick(); });
    parts.running = true;
    return {};
} catch (const std::exception &failure) {
    return tl::unexpected(std::string("The GitLab side of the lab can't start: ") + failure.what());
}

void GitLabSide::stop()
{
    if (!m_parts || !std::exchange(m_parts->running, false))
        return;
    Parts &parts = *m_parts;
    parts.timer.cancel();
    parts.queue.release();
    for (RunnerSlot &slot : parts.slots)
        slot.requestStop();
    parts.slots.clear();
    parts.workers.stop();
    try {
        parts.endLostJobs();
    } catch (const StoreFailure &failure) {
        std::fprintf(
            stderr, "faultline-lab: the jobs that ran could not be ended: %s\n", failure.what());
    }
}

std::filesystem::path GitLabSide::repository() const
{
    return m_repository;
}

} // namespace faultline::lab
