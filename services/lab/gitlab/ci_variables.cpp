// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_variables.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

constexpr std::size_t longestSlug = 63;

// Lower case, what is no letter or digit as "-", without "-" at the ends: CI_COMMIT_REF_SLUG.
std::string slug(const std::string &ref)
{
    std::string out;
    for (const char c : ref.substr(0, longestSlug)) {
        const auto byte = static_cast<unsigned char>(c);
        out += std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : '-';
    }
    while (out.ends_with('-'))
        out.pop_back();
    out.erase(0, std::min(out.find_first_not_of('-'), out.size()));
    return out;
}

} // namespace

VariableMap commitVariables(const std::string &source, const std::string &ref, bool tag,
    const std::string &beforeSha, const CommitRecord &commit, const std::string &projectPath)
{
    VariableMap variables = { { "CI", "true" }, { "GITLAB_CI", "true" }, { "CI_SERVER", "yes" },
        { "CI_SERVER_NAME", "GitLab" }, { "CI_PIPELINE_SOURCE", source },
        { "CI_COMMIT_SHA", commit.sha }, { "CI_COMMIT_SHORT_SHA", commit.sha.substr(0, 8) },
        { "CI_COMMIT_BEFORE_SHA", beforeSha }, { "CI_COMMIT_REF_NAME", ref },
        { "CI_COMMIT_REF_SLUG", slug(ref) }, { "CI_COMMIT_TITLE", commit.title },
        { "CI_COMMIT_MESSAGE", commit.message },
        { "CI_COMMIT_AUTHOR", commit.authorName + " <" + commit.authorEmail + ">" },
        { "CI_COMMIT_TIMESTAMP", commit.authored }, { "CI_PROJECT_ID", "1" },
        { "CI_PROJECT_PATH", projectPath },
        { "CI_PROJECT_NAME", projectPath.substr(projectPath.rfind('/') + 1) },
        { "CI_PROJECT_NAMESPACE", projectPath.substr(0, projectPath.rfind('/')) },
        { "CI_PROJECT_VISIBILITY", "private" }, { "CI_CONFIG_PATH", ".gitlab-ci.yml" },
        { "GITLAB_USER_ID", "1" }, { "GITLAB_USER_NAME", "Lab user" },
        { "GITLAB_USER_LOGIN", "lab" }, { "GITLAB_USER_EMAIL", "lab@localhost" } };
    variables[tag ? "CI_COMMIT_TAG" : "CI_COMMIT_BRANCH"] = ref;
    return variables;
}

} // namespace faultline::lab
