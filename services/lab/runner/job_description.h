// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace faultline::lab {

/// A job as POST /jobs/request hands it out, as far as a shell runner needs it.
struct JobDescription
{
    struct Variable
    {
        std::string key;
        std::string value;
        bool masked = false;
        bool file = false;
    };
    struct Step
    {
        std::vector<std::string> script;
        std::int64_t timeoutSeconds = 0;
    };
    struct Artifact
    {
        std::vector<std::string> paths;
        std::vector<std::string> exclude;
        std::string when; ///< on_success, on_failure, always
        std::string type; ///< archive, junit
        std::string format; ///< zip, gzip
        std::string expireIn;
        std::string name;
    };
    struct Dependency
    {
        std::int64_t id = 0;
        std::string token;
        std::string name;
    };

    std::int64_t id = 0;
    std::string token;
    std::string name;
    std::string projectPath;
    std::string repositoryUrl;
    std::string ref;
    std::string sha;
    std::int64_t timeoutSeconds = 3600;
    std::vector<Variable> variables;
    Step script;
    Step afterScript;
    std::vector<Artifact> artifacts;
    std::vector<Dependency> dependencies;

    [[nodiscard]] static tl::expected<JobDescription, std::string> fromJson(std::string_view text);
    /// Values that must not show in the log.
    [[nodiscard]] std::vector<std::string> secrets() const;
};

} // namespace faultline::lab
