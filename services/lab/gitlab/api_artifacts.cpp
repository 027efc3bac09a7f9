// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_artifacts.h"

#include <algorithm>
#include <utility>

#include "services/lab/gitlab/files.h"
#include "services/lab/gitlab/zip_reader.h"

namespace faultline::lab {

namespace {

// The archive that has not expired.
ArtifactRecord archiveOf(const ApiCall &call)
{
    const JobRecord job = call.job();
    for (const ArtifactRecord &artifact : call.context().store.artifacts(job.id))
        if (artifact.type == "archive"
            && (artifact.expires == 0 || artifact.expires > call.context().progress.now()))
            return artifact;
    throw ApiFailure::message(404, "404 Not found");
}

std::string quotedName(std::string name)
{
    std::erase_if(name, [](unsigned char c) { return c == '"' || c == '\\' || c < ' '; });
    return "\"" + name + "\"";
}

void zipAnswer(const ApiCall &call)
{
    const ArtifactRecord artifact = archiveOf(call);
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

void fileAnswer(const ApiCall &call)
{
    const ArtifactRecord artifact = archiveOf(call);
    const auto rest = call.request().parameters.find("path");
    std::string name = rest == call.request().parameters.end() ? std::string() : rest->second;
    call.inWorker([call, name = std::move(name),
                      path = call.context().artifactFile(artifact.job, "archive")] {
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

void keepAnswer(const ApiCall &call)
{
    ArtifactRecord artifact = archiveOf(call);
    artifact.expires = 0;
    call.context().store.saveArtifact(artifact);
    OrderedJson body;
    body["id"] = artifact.job;
    body["artifacts_expire_at"] = nullptr;
    call.reply(201, body);
}

void removeAnswer(const ApiCall &call)
{
    const JobRecord job = call.job();
    std::error_code ignored; // a job without artifacts has no folder
    std::filesystem::remove_all(
        call.context().artifactFile(job.id, "archive").parent_path(), ignored);
    call.context().store.removeArtifacts(job.id);
    Response response;
    response.status = 204;
    call.reply(std::move(response));
}

} // namespace

void addArtifactRoutes(ApiRoutes &routes)
{
    using enum ApiRoutes::Need;
    routes.addToProject("GET", "/jobs/:job/artifacts", zipAnswer, userOrJob);
    routes.addToProject("GET", "/jobs/:job/artifacts/*path", fileAnswer, userOrJob);
    routes.addToProject("POST", "/jobs/:job/artifacts/keep", keepAnswer);
    routes.addToProject("DELETE", "/jobs/:job/artifacts", removeAnswer);
}

} // namespace faultline::lab
