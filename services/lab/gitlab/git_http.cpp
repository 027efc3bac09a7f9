// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/git_http.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "services/lab/gitlab/random_token.h"
#include "services/lab/gitlab/run_program.h"
#include "services/lab/runner/base64.h"

namespace faultline::lab {

namespace {

constexpr std::size_t largestPush = 512U << 20U;

Response textResponse(int status, const std::string &text)
{
    Response response;
    response.status = status;
    response.contentType = "text/plain";
    response.body = text;
    return response;
}

std::string queryOf(const Request &request)
{
    std::string text;
    for (const auto &[key, value] : request.query)
        text += (text.empty() ? "" : "&") + key + "=" + value;
    return text;
}

bool isPush(const Request &request)
{
    return request.path.ends_with("/git-receive-pack")
        || request.queryValue("service") == "git-receive-pack";
}

std::string restOf(const Request &request)
{
    const auto found = request.parameters.find("rest");
    return found == request.parameters.end() ? std::string() : found->second;
}

ProgramCall backendCall(const Request &request, const std::filesystem::path &repository)
{
    ProgramCall call;
    call.arguments = { "git", "http-backend" };
    call.environment = GitRepository::safeEnvironment();
    const auto set = [&](const char *key, std::string_view value) {
        call.environment.push_back(std::string(key) + "=" + std::string(value));
    };
    set("GIT_PROJECT_ROOT", repository.parent_path().string());
    set("GIT_HTTP_EXPORT_ALL", "1");
    set("PATH_INFO", "/" + repository.filename().string() + "/" + restOf(request));
    set("REQUEST_METHOD", request.method);
    set("QUERY_STRING", queryOf(request));
    set("CONTENT_TYPE", request.header("content-type"));
    set("CONTENT_LENGTH", std::to_string(request.body.size()));
    set("HTTP_CONTENT_ENCODING", request.header("content-encoding"));
    set("GIT_PROTOCOL", request.header("git-protocol"));
    set("REMOTE_USER", "lab");
    set("REMOTE_ADDR", "127.0.0.1");
    call.input = request.body;
    call.timeout = std::chrono::minutes(10);
    call.largestOutput = 1024U << 20U;
    return call;
}

// A CGI answer: header lines, an empty line, the body.
Response responseOf(const ProgramResult &result)
{
    Response response;
    const std::string &text = result.output;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        at = end + 1;
        if (line.ends_with('\r'))
            line.pop_back();
        if (line.empty())
            break;
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos)
            return textResponse(500, "git's answer can't be read: " + result.error);
        const std::string name = line.substr(0, colon);
        const std::string value = line.substr(colon + 2);
        if (name == "Status")
            std::from_chars(value.data(), value.data() + value.size(), response.status);
        else if (name == "Content-Type")
            response.contentType = value;
        else if (name != "Content-Length")
            response.headers.emplace_back(name, value);
    }
    response.body = text.substr(std::min(at, text.size()));
    return response;
}

} // namespace

GitHttp::GitHttp(GitLabContext &context)
    : m_context(context)
{
}

void GitHttp::addRoutes(Router &router)
{
    const std::string base = "/" + m_context.options.projectPath + ".git/*rest";
    for (const char *method : { "GET", "POST" })
        router.add(method, base,
            [this](
                const Request &request, const Responder &responder) { serve(request, responder); },
            { false, largestPush });
}

GitHttp::Right GitHttp::rightOf(const Request &request) const
{
    const std::string_view header = request.header("authorization");
    if (!header.starts_with("Basic "))
        return Right::none;
    const std::string pair = decodedBase64(header.substr(6)).value_or("");
    const std::size_t colon = pair.find(':');
    if (colon == std::string::npos)
        return Right::none;
    const std::string password = pair.substr(colon + 1);
    if (sameSecret(password, m_context.options.secrets.personalToken))
        return Right::write;
    const auto job = pair.starts_with("gitlab-ci-token:") ? m_context.store.jobByToken(password)
                                                          : std::nullopt;
    return job && !isComplete(job->status) ? Right::read : Right::none;
}

void GitHttp::serve(const Request &request, const Responder &responder)
{
    const Right right = rightOf(request);
    if (right == Right::none) {
        Response refused = textResponse(401, "HTTP Basic: Access denied\n");
        refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"GitLab\"");
        return responder.reply(std::move(refused));
    }
    const bool push = isPush(request);
    if (push && right != Right::write)
        return responder.reply(
            textResponse(403, "You are not allowed to push code to this project.\n"));
    const auto kept = std::make_shared<const Request>(request);
    m_context.workers.run([this, kept, responder, push, repository = m_context.repository.path()] {
        auto result = runProgram(backendCall(*kept, repository));
        responder.reply(result ? responseOf(*result) : textResponse(500, result.error() + "\n"));
        if (push && kept->method == "POST")
            m_context.server.post([this] {
                if (onPushed)
                    onPushed();
            });
    });
}

} // namespace faultline::lab
