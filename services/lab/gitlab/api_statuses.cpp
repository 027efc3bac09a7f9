// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_statuses.h"

#include <algorithm>
#include <cstdlib>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/body_parameters.h"
#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

namespace {

constexpr const char *noSha = "0000000000000000000000000000000000000000";
constexpr int externalStage = 1'000'000; // after all stages of the file

OrderedJson statusJson(
    const JobRecord &job, const PipelineRecord &pipeline, const Entities &entities)
{
    const auto time = [](Milliseconds value) {
        return value == 0 ? OrderedJson(nullptr) : OrderedJson(timeText(value));
    };
    const auto extra = OrderedJson::parse(job.extra.empty() ? "{}" : job.extra, nullptr, false);
    const auto told = [&extra](const char *key) {
        return extra.is_object() && extra.contains(key) ? extra.at(key) : OrderedJson(nullptr);
    };
    return { { "id", job.id }, { "sha", pipeline.sha }, { "ref", pipeline.ref },
        { "status", job.status }, { "name", job.name },
        { "target_url",
            job.kind == "status"
                ? told("target_url")
                : OrderedJson(entities.web() + "/-/jobs/" + std::to_string(job.id)) },
        { "description", told("description") }, { "created_at", timeText(job.created) },
        { "started_at", time(job.started) }, { "finished_at", time(job.finished) },
        { "allow_failure", job.allowFailure }, { "coverage", told("coverage") },
        { "pipeline_id", pipeline.id }, { "author", entities.userBasic() } };
}

// GitLab's own words for a step that its state machine does not have.
void checkStep(const std::string &from, const std::string &to)
{
    static constexpr std::pair<std::string_view, std::string_view> events[]
        = { { "pending", "enqueue" }, { "running", "run" }, { "success", "success" },
              { "failed", "drop" }, { "canceled", "cancel" }, { "skipped", "skip" } };
    const bool allowed = from != to && !(to == "running" && isComplete(from))
        && !(to == "pending" && (from == "running" || isComplete(from)))
        && !(isComplete(to) && isComplete(from));
    if (allowed)
        return;
    for (const auto &[state, event] : events)
        if (state == to)
            throw ApiFailure::message(400,
                "Cannot transition status via :" + std::string(event) + " from :" + from
                    + " (Reason(s): Status cannot transition via \"" + std::string(event) + "\")");
}

PipelineRecord pipelineFor(const ApiCall &call, const Ref &ref, const CommitRecord &commit)
{
    PipelineStore &store = call.context().store;
    if (const std::string id = call.text("pipeline_id"); !id.empty()) {
        auto found = store.pipeline(std::atoll(id.c_str()));
        if (!found || found->sha != ref.sha)
            throw ApiFailure::notFound("Pipeline");
        return *found;
    }
    PipelineFilter filter;
    filter.sha = ref.sha;
    filter.ref = ref.name;
    if (auto found = store.pipelines(filter, { 0, 1 }); !found.empty())
        return found.front();
    PipelineRecord made;
    made.sha = ref.sha;
    made.beforeSha = noSha;
    made.ref = ref.name;
    made.tag = ref.tag;
    made.source = "external";
    made.created = made.updated = call.context().progress.now();
    made.committed = parseTime(commit.committed).value_or(0);
    store.saveCommit(commit);
    store.insert(made);
    return made;
}

std::string extraOf(const ApiCall &call, const std::string &before)
{
    OrderedJson extra = OrderedJson::parse(before.empty() ? "{}" : before, nullptr, false);
    for (const char *key : { "target_url", "description" })
        if (const auto value = call.given(key))
            extra[key] = value->empty() ? OrderedJson(nullptr) : OrderedJson(*value);
    if (const auto coverage = call.given("coverage"))
        extra["coverage"] = std::strtod(coverage->c_str(), nullptr);
    return jsonText(extra);
}

void store(const ApiCall &call, const Ref &ref, const CommitRecord &commit)
{
    const std::string state = call.required("state");
    std::string name = call.text("name").empty() ? call.text("context") : call.text("name");
    if (name.empty())
        name = "default";
    const PipelineRecord pipeline = pipelineFor(call, ref, commit);
    JobRecord status;
    for (const JobRecord &job : call.context().store.currentJobs(pipeline.id))
        if (job.kind == "status" && job.name == name)
            status = job;
    if (status.id != 0)
        checkStep(status.status, state);
    status.pipeline = pipeline.id;
    status.name = name;
    status.stage = "external";
    status.stageIndex = externalStage;
    status.kind = "status";
    status.when = "on_success";
    status.extra = extraOf(call, status.extra);
    const JobRecord saved = call.context().progress.saveStatus(status, state);
    call.reply(201, statusJson(saved, pipeline, call.entities()));
}

void createAnswer(const ApiCall &call)
{
    static constexpr std::string_view states[]
        = { "pending", "running", "success", "failed", "canceled", "skipped" };
    const std::string state = call.required("state");
    if (std::find(std::begin(states), std::end(states), state) == std::end(states))
        throw ApiFailure::parameter("state does not have a valid value");
    call.inWorker([call, repository = call.context().repository]() -> std::function<void()> {
        const auto sha = repository.commitOf(call.segment("sha"));
        const auto commit = sha ? repository.commit(*sha) : tl::unexpected(std::string());
        if (!sha || !commit)
            throw ApiFailure::notFound("Commit");
        Ref ref;
        const std::string asked = call.text("ref");
        if (const auto found
            = repository.resolve(asked.empty() ? repository.defaultBranch() : asked))
            ref = *found;
        else
            throw ApiFailure::notFound("References for commit");
        ref.sha = *sha;
        return [call, ref, commit = *commit] { store(call, ref, commit); };
    });
}

void listAnswer(const ApiCall &call)
{
    const bool all = flagParameter(call.parameters(), "all");
    const bool descending = call.text("sort") == "desc";
    std::vector<OrderedJson> found;
    for (const JobRecord &job : call.context().store.jobsOfCommit(call.segment("sha"))) {
        const auto pipeline = call.context().store.pipeline(job.pipeline);
        const std::string pipelineId = call.text("pipeline_id");
        if (!pipeline || (job.retried && !all)
            || (!call.text("ref").empty() && call.text("ref") != pipeline->ref)
            || (!call.text("stage").empty() && call.text("stage") != job.stage)
            || (!call.text("name").empty() && call.text("name") != job.name)
            || (!pipelineId.empty() && pipelineId != std::to_string(pipeline->id)))
            continue;
        found.push_back(statusJson(job, *pipeline, call.entities()));
    }
    if (descending)
        std::reverse(found.begin(), found.end());
    const Page page = Page::of(call.request());
    const auto total = static_cast<std::int64_t>(found.size());
    OrderedJson body = OrderedJson::array();
    for (std::int64_t i = page.slice().offset; i < std::min(total, page.slice().offset + page.size);
         ++i)
        body.push_back(std::move(found[static_cast<std::size_t>(i)]));
    Response response;
    response.body = jsonText(body);
    addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
    call.reply(std::move(response));
}

} // namespace

void addStatusRoutes(ApiRoutes &routes)
{
    routes.addToProject("POST", "/statuses/:sha", createAnswer);
    routes.addToProject("GET", "/repository/commits/:sha/statuses", listAnswer);
}

} // namespace faultline::lab
