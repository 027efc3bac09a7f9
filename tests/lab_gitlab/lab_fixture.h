// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/gitlab_side.h"
#include "services/lab/http/http_server.h"
#include "services/lab/http/router.h"
#include "services/lab/runner/http_client.h"

namespace faultline::lab {

/// A GitLab side behind a real server on a free port, with a folder of its own.
class LabFixture
{
public:
    LabFixture();
    ~LabFixture();

    void start(std::size_t slots = 2);
    void stop();
    /// Writes the .gitlab-ci.yml into a clone and pushes it over HTTP as `branch`.
    [[nodiscard]] bool push(const std::string &ciFile, const std::string &branch = "main");
    /// The same for any files, by their paths.
    [[nodiscard]] bool pushFiles(const std::map<std::string, std::string> &files,
        const std::string &message = "A change", const std::string &branch = "main");

    [[nodiscard]] HttpReply call(const std::string &method, const std::string &path,
        const std::string &body = {}, HttpClient::Headers headers = {});
    /// A request with a body of any type and without the token of the user.
    [[nodiscard]] HttpReply send(const std::string &method, const std::string &path,
        const HttpClient::Headers &headers, const std::string &body = {});
    [[nodiscard]] nlohmann::json json(
        const std::string &method, const std::string &path, const std::string &body = {});
    /// Of the newest job of this name in a pipeline.
    [[nodiscard]] nlohmann::json job(std::int64_t pipeline, const std::string &name);
    [[nodiscard]] std::string jobStatus(std::int64_t pipeline, const std::string &name);
    [[nodiscard]] std::string pipelineStatus(std::int64_t pipeline);
    [[nodiscard]] std::string trace(std::int64_t job);

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::string url() const { return m_server->url(); }

    std::string masked = "a-masked-value";
    std::size_t requestsPerMinute = 0; ///< set before start()

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Router> m_router;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<GitLabSide> m_side;
    StopSignal m_stopSignal;
    std::unique_ptr<HttpClient> m_client;
};

} // namespace faultline::lab
