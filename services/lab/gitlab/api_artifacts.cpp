// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_artifacts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/lab/gitlab/files.h"
#include "services/lab/gitlab/zip_reader.h"

namespace faultline::lab {

namespace {

constexpr std::int64_t everything = 1'000'000;

// Expired ones are gone from the store.
ArtifactRecord archiveOf(const ApiCall &call, const JobRecord &job)
{
    for (const ArtifactRecord &artifact : call.context().store.artifacts(job.id))
        if (artifact.type == "archive")
            return artifact;
    throw ApiFailure::message(404, "404 Not found");
}

std::string quotedName(std::string name)
{
    std::erase_if(name, [](unsigned char c) { return c == '"' || c == '\\' || c < ' '; });
    return "\"" + name + "\"";
}

void sendZip(const ApiCall &call, const ArtifactRecord &artifact)
{
    call.inWorker([call, artifact, path = call.context().artifactFile(artifact.job, "archive")] {
        auto content = readFile(path);
        if (!content)
            throw ApiFailure::message(404, "404 Not found");
        return [call, artifact, content = std::move(*content)] {
            Response response;
            response.contentType = "application/zip";
            response.headers.emplace_back(
                "Content-Disposition", "attachment; filename=" + quotedName(artifact.fileName));
            response.body = content;
            call.reply(std::move(response));
        };
    });
}

void sendFile(const ApiCall &call, const ArtifactRecord &artifact, const std::string &name)
{
    if (name.empty() || name.front() == '/' || ("/" + name + "/").find("/../") != std::string::npos)
        throw ApiFailure::message(400, "400 Bad request - Invalid artifact path");
    call.inWorker([call, name, path = call.context().artifactFile(artifact.job, "archive")] {
        auto content = fileOfZip(path, name);
        if (!content)
            throw ApiFailure::message(404, "404 Not found");
        return [call, name, content = std::move(*content)] {
            Response response;
            // Never a type that a browser would run.
            response.contentType = "application/octet-stream";
            response.headers.emplace_back("Content-Disposition",
                "attachment; filename=" + quotedName(name.substr(name.rfind('/') + 1)));
            response.body = content;
            call.reply(std::move(response));
        };
    });
}

void removeAnswer(const ApiCall &call)
{
    const JobRecord job = call.job();
    std::error_code ignored; // a job without artifacts has no folder
    std::filesystem::remove_all(call.context().artifactFolder(job.id), ignored);
    call.context().store.removeArtifacts(job.id);
    Response response;
    response.status = 204;
    call.reply(std::move(response));
}

// "main/download", "feature/x/raw/out/a.txt": a ref may hold slashes.
struct RefPath
{
    std::string ref;
    std::string file; ///< empty: the whole archive
};

RefPath refPathOf(const std::string &rest)
{
    constexpr std::string_view download = "/download";
    if (rest.ends_with(download))
        return { rest.substr(0, rest.size() - download.size()), {} };
    const std::size_t raw = rest.find("/raw/");
    if (raw == std::string::npos)
        throw ApiFailure::notFound("Not");
    return { rest.substr(0, raw), rest.substr(raw + 5) };
}

// Of the newest pipeline of the ref that succeeded.
void byRefAnswer(const ApiCall &call)
{
    const RefPath path = refPathOf(call.segment("rest"));
    const std::string name = call.required("job");
    PipelineFilter filter;
    filter.ref = path.ref;
    filter.status = "success";
    const auto newest = call.context().store.pipelines(filter, { 0, 1 });
    if (!newest.empty())
        for (const JobRecord &job : call.context().store.currentJobs(newest.front().id))
            if (job.name == name && job.kind.empty()) {
                const ArtifactRecord artifact = archiveOf(call, job);
                return path.file.empty() ? sendZip(call, artifact)
                                         : sendFile(call, artifact, path.file);
            }
    throw ApiFailure::message(404, "404 Not found");
}

void removeAllAnswer(const ApiCall &call)
{
    JobFilter all;
    for (const JobRecord &job : call.context().store.jobs(all, { 0, everything })) {
        std::error_code ignored; // a job without artifacts has no folder
        std::filesystem::remove_all(call.context().artifactFolder(job.id), ignored);
        if (!call.context().store.artifacts(job.id).empty())
            call.context().store.removeArtifacts(job.id);
    }
    call.reply(202, { { "message", "202 Accepted" } });
}

} // namespace

void addArtifactRoutes(ApiRoutes &routes)
{
    using enum ApiRoutes::Need;
    const auto zipOfJob = [](const ApiCall &call) { sendZip(call, archiveOf(call, call.job())); };
    const auto fileOfJob = [](const ApiCall &call) {
        sendFile(call, archiveOf(call, call.job()), call.segment("path"));
    };
    routes.addToProject("GET", "/jobs/:job/artifacts", zipOfJob, userOrJob);
    routes.addToProject("GET", "/jobs/:job/artifacts/*path", fileOfJob, userOrJob);
    routes.addToProject("GET", "/jobs/artifacts/*rest", byRefAnswer, userOrJob);
    routes.addToProject("DELETE", "/artifacts", removeAllAnswer);
    routes.addToProject("DELETE", "/jobs/:job/artifacts", removeAnswer);
}

void removeExpired(GitLabContext &context)
{
    constexpr std::int64_t atOnce = 10'000; // those that are kept are met again each time
    std::map<std::string, std::int64_t> kept; // the newest successful pipeline of each ref
    for (const ArtifactRecord &artifact :
        context.store.expiredArtifacts(context.progress.now(), atOnce)) {
        const auto job = context.store.job(artifact.job);
        const auto pipeline = job ? context.store.pipeline(job->pipeline) : std::nullopt;
        if (pipeline && !isComplete(pipeline->status))
            continue;
        if (pipeline && !kept.contains(pipeline->ref)) {
            PipelineFilter newest;
            newest.ref = pipeline->ref;
            newest.status = "success";
            const auto found = context.store.pipelines(newest, { 0, 1 });
            kept[pipeline->ref] = found.empty() ? 0 : found.front().id;
        }
        if (pipeline && kept[pipeline->ref] == pipeline->id)
            continue;
        std::error_code ignored; // the record counts
        std::filesystem::remove(context.artifactFile(artifact.job, artifact.type), ignored);
        context.store.removeArtifact(artifact.job, artifact.type);
    }
}

} // namespace faultline::lab
