// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_repository.h"

#include <algorithm>
#include <utility>

#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

namespace {

constexpr std::string_view branchPrefix = "refs/heads/";

std::string segment(const ApiCall &call, const std::string &name)
{
    const auto found = call.request().parameters.find(name);
    return found == call.request().parameters.end() ? std::string() : found->second;
}

void projectAnswer(const ApiCall &call)
{
    call.inWorker([call, repository = call.context().repository] {
        return [call, branch = repository.defaultBranch()] {
            OrderedJson project = call.entities().project(branch);
            project["runners_token"] = call.context().runners.registrationToken();
            call.reply(200, project);
        };
    });
}

OrderedJson branchList(const GitRepository &repository, const Entities &entities)
{
    const auto refs = repository.refs();
    if (!refs)
        throw ApiFailure::message(500, "500 " + refs.error());
    const std::string main = repository.defaultBranch();
    OrderedJson out = OrderedJson::array();
    for (const auto &[ref, sha] : *refs) {
        if (!ref.starts_with(branchPrefix))
            continue;
        const std::string name = ref.substr(branchPrefix.size());
        if (const auto commit = repository.commit(sha))
            out.push_back(entities.branch(name, *commit, name == main));
    }
    return out;
}

void branchesAnswer(const ApiCall &call)
{
    call.inWorker([call, repository = call.context().repository] {
        OrderedJson all = branchList(repository, call.entities());
        return [call, all = std::move(all)] {
            const Page page = Page::of(call.request());
            const auto total = static_cast<std::int64_t>(all.size());
            OrderedJson shown = OrderedJson::array();
            for (std::int64_t i = page.slice().offset;
                 i < std::min(total, page.slice().offset + page.size); ++i)
                shown.push_back(all[static_cast<std::size_t>(i)]);
            Response response;
            response.body = jsonText(shown);
            addPageHeaders(response, call.request(), page, page.number * page.size < total, total);
            call.reply(std::move(response));
        };
    });
}

void branchAnswer(const ApiCall &call)
{
    call.inWorker([call, repository = call.context().repository]() -> std::function<void()> {
        const auto ref = repository.resolve(segment(call, "branch"));
        const auto commit = ref ? repository.commit(ref->sha) : tl::unexpected(std::string());
        if (!ref || ref->tag || !commit)
            throw ApiFailure::notFound("Branch");
        const bool isDefault = ref->name == repository.defaultBranch();
        return [call, body = call.entities().branch(ref->name, *commit, isDefault)] {
            call.reply(200, body);
        };
    });
}

void commitAnswer(const ApiCall &call)
{
    call.inWorker([call, repository = call.context().repository]() -> std::function<void()> {
        const auto sha = repository.commitOf(segment(call, "sha"));
        const auto commit = sha ? repository.commit(*sha) : tl::unexpected(std::string());
        if (!commit)
            throw ApiFailure::notFound("Commit");
        return [call, body = call.entities().commit(*commit)] { call.reply(200, body); };
    });
}

void rawFileAnswer(const ApiCall &call)
{
    call.inWorker([call, repository = call.context().repository]() -> std::function<void()> {
        const std::string asked = call.text("ref");
        const auto sha = repository.commitOf(
            asked.empty() || asked == "HEAD" ? repository.defaultBranch() : asked);
        auto content = sha ? repository.file(*sha, segment(call, "path")) : std::nullopt;
        if (!content)
            throw ApiFailure::notFound(sha ? "File" : "Commit");
        return [call, sha = *sha, content = std::move(*content)] {
            Response response;
            response.contentType = "text/plain; charset=utf-8";
            response.body = content;
            response.headers.emplace_back("X-Gitlab-Commit-Id", sha);
            call.reply(std::move(response));
        };
    });
}

} // namespace

void addRepositoryRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "", projectAnswer);
    routes.addToProject("GET", "/repository/branches", branchesAnswer);
    routes.addToProject("GET", "/repository/branches/:branch", branchAnswer);
    routes.addToProject("GET", "/repository/commits/:sha", commitAnswer);
    routes.addToProject("GET", "/repository/files/:path/raw", rawFileAnswer);
}

} // namespace faultline::lab
