// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace faultline::lab {

class Router;
class Server;

/// The GitLab half of the lab: one project, its git repository, its pipelines, and the shell
/// runners that work for it. Everything it keeps is below the state directory, so that a restart
/// goes on where the last one ended.
class GitLabSide
{
public:
    /// A variable that every CI job gets. The value of a masked one never reaches a job's log.
    struct JobVariable
    {
        std::string key;
        std::string value;
        bool masked = false;
    };

    struct Secrets
    {
        std::string
            personalToken; ///< for PRIVATE-TOKEN and Bearer, and as the password of git over HTTP
        std::string triggerToken; ///< for POST …/trigger/pipeline
    };

    struct Options
    {
        std::filesystem::path stateDirectory;
        std::string projectPath = "faultline/sample";
        Secrets secrets;
        std::size_t slots = 2; ///< jobs that may run at once; 0 = none, jobs stay pending
        std::vector<JobVariable> jobEnvironment; ///< RANCHER_URL, …
        std::string pathPrefix; ///< folder put in front of the jobs' PATH; empty = none
        bool allowOtherHooks = false; ///< webhooks may go to other machines than this one
        std::size_t requestsPerMinute = 0; ///< of one token, as Rack::Attack counts; 0 = no limit
        std::size_t outputLimit = 4096 * 1024; ///< bytes of log that a job may write
    };

    /// Adds the routes of the GitLab API and of git over HTTP. Server and router must outlive this
    /// object.
    GitLabSide(Options options, Server &server, Router &router);
    ~GitLabSide();
    GitLabSide(const GitLabSide &) = delete;
    GitLabSide &operator=(const GitLabSide &) = delete;

    /// Opens repository and database, ends what a killed lab left behind, and starts the runners.
    /// `url` is Server::url(). Call it after Server::listen(), either before Server::start() or on
    /// the lab's thread. The error is one sentence for a person.
    [[nodiscard]] tl::expected<void, std::string> start(const std::string &url);

    /// Ends the runners with the processes of their jobs and returns when none is left. Their jobs
    /// become failed (runner_system_failure). On the lab's thread, or after Server::stop().
    /// Idempotent.
    void stop();

    /// The bare repository of the project, below the state directory.
    [[nodiscard]] std::filesystem::path repository() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts; // null when the database can't be opened
    std::string m_failure;
    std::filesystem::path m_repository;
};

} // namespace faultline::lab
