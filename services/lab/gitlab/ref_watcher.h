// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "services/lab/gitlab/gitlab_context.h"
#include "services/lab/gitlab/pipeline_starter.h"

namespace faultline::lab {

/// Notices that refs of the repository changed, by a push over HTTP or straight to the bare
/// repository, and starts a pipeline for each. Lab thread.
class RefWatcher
{
public:
    RefWatcher(GitLabContext &context, PipelineStarter &starter);

    /// Takes up the refs of the last time. May throw StoreFailure.
    void load();
    /// Looks in a worker whether something changed. Call it after a push, and every second.
    void check();

private:
    void compare(const std::map<std::string, std::string> &refs);
    void startFor(const std::string &ref, const std::string &before);

    GitLabContext &m_context;
    PipelineStarter &m_starter;
    std::map<std::string, std::string> m_known;
    std::string m_fingerprint;
    bool m_looking = false;
    bool m_again = false;
    int m_starting = 0;
};

} // namespace faultline::lab
